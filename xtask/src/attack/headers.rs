//! Headers of requests and of answers.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use rcgen::{CertificateParams, KeyPair};
use serde_json::json;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::caller::Caller;
use super::entry::Attack;
use super::objects;
use super::siege::{Expected, Siege};
use super::target::Conditions;
use super::wire::{Answer, MERGE, Request};

pub const ATTACKS: &[Attack] = &[
    Attack::new(
        "authorizations",
        "a request with more than one token, or none that is known, is refused",
        authorizations,
    ),
    Attack::new("hosts", "a request names one host", hosts),
    Attack::new("headers-of-answers", "an answer is of the type that it says, and is not kept by caches", of_answers),
    Attack::new("headers-over-tls", "over TLS, browsers are told to stay with TLS", over_tls),
    Attack::new("many-warnings", "warnings end before a head is too long", warnings),
    Attack::new("bad-versions", "a version that is none is a bad request", versions),
    Attack::new("metrics-series", "callers make no series in the metrics", metrics),
];

fn authorizations(siege: &mut Siege) -> Result<()> {
    let path = siege.collection("pipelines");
    let bearer = |caller: Caller| format!("Bearer {}", caller.token());
    let (known, unknown, other) = (bearer(Caller::Viewer), bearer(Caller::Stranger), bearer(Caller::Operator));
    let get = || Request::get(&path);
    let refused = Expected::Status(&[400, 401]);
    siege.expect("one", &get().by(Caller::Viewer), Expected::Success);
    for (first, second) in
        [(&known, &unknown), (&unknown, &known), (&known, &other), (&other, &known), (&known, &known)]
    {
        let request = get().with("authorization", first).with("authorization", second);
        siege.expect(format!("{first} and {second}"), &request, refused);
    }
    for header in [
        String::new(),
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        format!("{known}, {other}"),
        format!("{known} {other}"),
        format!("{known}x"),
        format!("Basic {}", Caller::Viewer.token()),
        Caller::Viewer.token().to_owned(),
        "Bearer viewer-toke\u{fc}".to_owned(),
        format!("Bearer {}", "a".repeat(30_000)),
    ] {
        siege.expect(&header[..header.len().min(40)], &get().with("authorization", &header), refused);
    }
    siege.expect("none", &get(), refused);
    Ok(())
}

fn hosts(siege: &mut Siege) -> Result<()> {
    let path = siege.collection("pipelines");
    let get = |hosts: &str| format!("GET {path} HTTP/1.1\r\n{hosts}authorization: Bearer viewer-token\r\n\r\n");
    for (case, hosts) in [
        ("none", ""),
        ("two", "host: a.example.com\r\nhost: b.example.com\r\n"),
        ("the same twice", "host: a.example.com\r\nhost: a.example.com\r\n"),
        ("with a blank", "host: a b\r\n"),
        ("with a path", "host: a/b\r\n"),
        ("with a user", "host: admin@a\r\n"),
    ] {
        siege.requests += 1;
        let answer = siege.connect().and_then(|mut connection| {
            connection.send(get(hosts).as_bytes())?;
            connection.receive()
        });
        siege.judge(case, answer, Expected::Status(&[400]));
    }
    Ok(())
}

fn of_answers(siege: &mut Siege) -> Result<()> {
    siege.pipeline("a")?;
    let all = siege.collection("pipelines");
    let one = siege.object("pipelines", "a");
    for (case, request) in [
        ("an object", Request::get(&one).by(Caller::Viewer)),
        ("a list", Request::get(&all).by(Caller::Viewer)),
        ("not found", Request::get(format!("{one}x")).by(Caller::Viewer)),
        ("no such route", Request::get("/%3Cscript%3Ealert(1)%3C/script%3E")),
        ("not known", Request::get(&one)),
        ("not allowed", Request::delete(&one).by(Caller::Viewer)),
        ("a bad query", Request::get(format!("{all}?limit=%3Cb%3Ex%3C/b%3E")).by(Caller::Viewer)),
        ("a bad body", Request::post(&all, "{\"<b>\": <b>").by(Caller::Developer)),
        ("a bad name", Request::get(format!("{all}/%3Cb%3E")).by(Caller::Viewer)),
        ("a method", Request::new("PROPFIND", &one).by(Caller::Viewer)),
    ] {
        if let Some(answer) = siege.expect(case, &request, Expected::Answer) {
            check_headers(siege, case, &answer);
        }
    }
    let watch = format!("{}/watch/namespaces/{}/pipelines", objects::GROUP, siege.namespace);
    let answer = siege.connect().and_then(|mut connection| {
        connection.send(&Request::get(watch).by(Caller::Viewer).bytes())?;
        connection.receive_head()
    });
    if let Some(answer) = siege.judge("a watch", answer, Expected::Status(&[200])) {
        check_headers(siege, "a watch", &answer);
    }
    Ok(())
}

fn check_headers(siege: &mut Siege, case: &str, answer: &Answer) {
    let has = |name: &str, part: &str| answer.values(name).any(|value| value.to_ascii_lowercase().contains(part));
    let lacks: Vec<_> = [("x-content-type-options", "nosniff"), ("cache-control", "no-store")]
        .into_iter()
        .filter(|(name, part)| !has(name, part))
        .map(|(name, part)| format!("{name}: {part}"))
        .collect();
    siege.check(lacks.is_empty(), || format!("{case}: no {}", lacks.join(", no ")));
    siege.check(!has("content-type", "html"), || format!("{case}: it is HTML"));
}

/// Attacks a second service, which serves TLS.
fn over_tls(siege: &mut Siege) -> Result<()> {
    let folder = siege.range.folder();
    let (certificate, key) = (folder.join("tls.crt"), folder.join("tls.key"));
    let pair = KeyPair::generate()?;
    let signed = CertificateParams::new(["127.0.0.1".to_owned()])?.self_signed(&pair)?;
    fs::write(&certificate, signed.pem())?;
    fs::write(&key, pair.serialize_pem())?;
    let conditions = Conditions { tls: Some((certificate, key)), ..Conditions::default() };
    let target = siege.range.start("headers-over-tls-second", &conditions)?;
    let roots = RootCerts::from(vec![Certificate::from_der(signed.der()).to_owned()]);
    let agent = ureq::Agent::config_builder().tls_config(TlsConfig::builder().root_certs(roots).build()).proxy(None);
    let agent: ureq::Agent =
        agent.http_status_as_error(false).timeout_global(Some(Duration::from_secs(10))).build().into();
    for path in ["/healthz", "/openapi.json", "/apis/ci.example.com/v1/runners", "/nothing"] {
        siege.requests += 1;
        let answer = agent.get(format!("https://{}{path}", target.address)).call()?;
        let policy = answer.headers().get("strict-transport-security").map(|value| value.to_str().unwrap_or_default());
        let age =
            policy.and_then(|policy| policy.strip_prefix("max-age=")?.split(';').next()?.trim().parse::<u64>().ok());
        siege.check(age.is_some_and(|age| age > 0), || format!("{path}: strict-transport-security is {policy:?}"));
    }
    // A service without TLS must not tell clients to use it.
    let plain = siege.ask(&Request::get("/healthz"))?;
    let is_told = plain.values("strict-transport-security").next().is_some();
    siege.check(!is_told, || "strict-transport-security without TLS".to_owned());
    Ok(())
}

fn warnings(siege: &mut Siege) -> Result<()> {
    siege.pipeline("old")?;
    let all = format!("{}?dryRun=All", siege.collection("pipelines"));
    let old = format!("{}?dryRun=All", siege.object("pipelines", "old"));
    for (count, length) in [(200, 10), (3_000, 10), (200, 1_000)] {
        let mut pipeline = objects::pipeline("new");
        for index in 0..count {
            pipeline["spec"][format!("{}{index}", "x".repeat(length))] = json!(1);
        }
        let merge = json!({ "spec": pipeline["spec"] }).to_string();
        let case = format!("{count} unknown fields of {length} characters");
        for (way, request) in
            [("POST", Request::post(&all, pipeline.to_string())), ("merge patch", Request::patch(MERGE, &old, merge))]
        {
            let case = format!("{case} by {way}");
            if let Some(answer) = siege.expect(&case, &request.by(Caller::Developer), Expected::Success) {
                check_warnings(siege, &case, &answer);
            }
        }
    }
    Ok(())
}

fn check_warnings(siege: &mut Siege, case: &str, answer: &Answer) {
    let (count, head) = (answer.values("warning").count(), answer.head_bytes());
    siege.check(count > 0, || format!("{case}: nobody is warned"));
    siege.check(count <= 200 && head <= 12 << 10, || format!("{case}: {count} warnings in a head of {head} bytes"));
}

fn versions(siege: &mut Siege) -> Result<()> {
    siege.pipeline("a")?;
    let all = siege.collection("pipelines");
    let watch = format!("{}/watch/namespaces/{}/pipelines", objects::GROUP, siege.namespace);
    for version in ["abc", "-1", "1.5", "1e3", "0x10", "%00", "99999999999999999999999999", "1%0A2"] {
        let request = Request::get(format!("{watch}?resourceVersion={version}")).by(Caller::Viewer);
        siege.requests += 1;
        let answer = siege.connect().and_then(|mut connection| {
            connection.send(&request.bytes())?;
            connection.receive_head()
        });
        siege.judge(format!("a watch from {version}"), answer, Expected::Status(&[400]));
    }
    for (case, version) in [("an old version", "1"), ("a word", "abc")] {
        let create = objects::pipeline_with_metadata("new", "resourceVersion", &format!("{version:?}"));
        let create = Request::post(&all, create).by(Caller::Developer);
        siege.expect(format!("a creation with {case}"), &create, Expected::Status(&[400]));
    }
    let put = objects::pipeline_with_metadata("a", "resourceVersion", "\"abc\"");
    let put = Request::put(siege.object("pipelines", "a"), put).by(Caller::Developer);
    siege.expect("a replacement with a word", &put, Expected::Status(&[400, 409, 422]));
    for tag in ["abc", "\"abc\"", "\"1\", \"2\"", "W/", "\"", "\u{fc}"] {
        let delete = Request::delete(siege.object("pipelines", "a")).with("if-match", tag).by(Caller::Developer);
        siege.expect(format!("If-Match: {tag}"), &delete, Expected::Status(&[400, 409, 412]));
    }
    Ok(())
}

fn metrics(siege: &mut Siege) -> Result<()> {
    let before = series(siege)?;
    for index in 0..siege.pick(100, 500) {
        for request in [
            Request::get(format!("/nothing/{index}")),
            Request::get(format!("/apis/ci.example.com/v1/namespaces/n{index}/pipelines/p{index}?limit={index}")),
            Request::get(format!("/apis/g{index}/v1/things")),
        ] {
            let request = request.by(Caller::Viewer).with("x-request-id", format!("id-{index}"));
            siege.expect("a request of no use", &request, Expected::Refusal);
        }
    }
    for method in ["BREW", "FROBNICATE", "get", "PROPFIND", "X1", "X2", "X3"] {
        siege.expect(method, &Request::new(method, "/healthz"), Expected::Answer);
    }
    let after = series(siege)?;
    siege.check(after <= before + 120, || format!("{after} series after, {before} before"));
    Ok(())
}

/// Returns the number of metric series, or 0 if the service does not show metrics to this caller.
fn series(siege: &mut Siege) -> Result<usize> {
    let answer = siege.ask(&Request::get("/metrics").by(Caller::Viewer)).context("/metrics")?;
    let text = answer.text();
    Ok(if answer.status == 200 { text.lines().filter(|line| !line.starts_with('#')).count() } else { 0 })
}
