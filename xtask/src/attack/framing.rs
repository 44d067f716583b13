//! Requests that are not HTTP, or that two parsers would read differently.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::caller::Caller;
use super::entry::Attack;
use super::route::Route;
use super::siege::{Expected, Siege};
use super::wire::Request;
use super::{http2, objects};

pub const ATTACKS: &[Attack] = &[
    Attack::new(
        "request-smuggling",
        "a request whose end is not certain is refused, and nothing behind it is read",
        smuggling,
    ),
    Attack::new("paths", "a path leads to what it says, or nowhere", paths),
    Attack::new("methods", "a method does what it says", methods),
    Attack::new("long-heads", "a head that is too long is refused", long_heads),
    Attack::new("rapid-reset", "requests that are given up at once leave the processor to others", rapid_reset),
    Attack::new("frame-floods", "frames that mean nothing are not waited for", floods),
];

const CHUNKED: &str = "transfer-encoding: chunked\r\n";
const BEHIND: &str = "GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n";

fn ambiguous() -> Vec<(&'static str, String)> {
    let post = |headers: &str, body: &str| {
        format!(
            "POST /apis/ci.example.com/v1/namespaces/a/pipelines HTTP/1.1\r\nhost: x\r\nauthorization: Bearer developer-token\r\ncontent-type: application/json\r\n{headers}\r\n{body}{BEHIND}"
        )
    };
    let both = format!("content-length: 4\r\n{CHUNKED}");
    vec![
        ("a length and chunks", post(&both, "0\r\n\r\n")),
        ("chunks and a length", post(&format!("{CHUNKED}content-length: 4\r\n"), "0\r\n\r\n")),
        ("two lengths", post("content-length: 0\r\ncontent-length: 5\r\n", "")),
        ("a list of lengths", post("content-length: 0, 5\r\n", "")),
        ("a signed length", post("content-length: +0\r\n", "")),
        ("a negative length", post("content-length: -1\r\n", "")),
        ("a hexadecimal length", post("content-length: 0x0\r\n", "")),
        ("a huge length", post("content-length: 18446744073709551616\r\n", "")),
        ("an unknown coding", post("transfer-encoding: xchunked\r\n", "0\r\n\r\n")),
        ("chunks that are not last", post("transfer-encoding: chunked, identity\r\n", "0\r\n\r\n")),
        ("a blank before the colon", post("content-length : 0\r\n", "")),
        ("a folded header", post("x-folded: a\r\n content-length: 0\r\n", "")),
        ("a header without a name", post(": x\r\n", "")),
        ("a null in a header", post("x-null: a\0b\r\n", "")),
        ("a return alone", post("x-return: a\rcontent-length: 0\r\n", "")),
        ("a chunk of an overflowing length", post(CHUNKED, "FFFFFFFFFFFFFFFFF\r\n\r\n")),
        ("a chunk of a signed length", post(CHUNKED, "-1\r\n\r\n")),
        ("a chunk without its end", post(CHUNKED, "2\r\n{}0\r\n\r\n")),
        ("no version", "GET /openapi.json\r\n\r\n".to_owned()),
        ("an unknown version", "GET /openapi.json HTTP/3.0\r\nhost: x\r\n\r\n".to_owned()),
        ("two blanks", "GET  /openapi.json  HTTP/1.1\r\nhost: x\r\n\r\n".to_owned()),
        ("a blank in the path", "GET /openapi.json x HTTP/1.1\r\nhost: x\r\n\r\n".to_owned()),
        ("TLS", "\u{16}\u{3}\u{1}\0\u{5}hello".to_owned()),
    ]
}

fn smuggling(siege: &mut Siege) -> Result<()> {
    let route = siege.route;
    let cases = ambiguous();
    siege.requests += cases.len() as u64;
    let sent: Vec<_> = cases
        .into_iter()
        .map(|(case, bytes)| (case, thread::spawn(move || exchange(route, bytes.as_bytes()))))
        .collect();
    for (case, answers) in sent {
        let Ok(answers) = answers.join() else { continue };
        let answers = answers?;
        let statuses: Vec<_> =
            answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..answer.len().min(3)]).collect();
        let is_refused = statuses.iter().all(|status| status.starts_with('4') || *status == "505");
        siege.check(is_refused && statuses.len() <= 1, || format!("{case}: answered with {}", statuses.join(" and ")));
    }
    Ok(())
}

/// Sends bytes, and reads until nothing more arrives.
fn exchange(route: Route, bytes: &[u8]) -> Result<String> {
    let mut stream = route.connect(Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_millis(1500)))?;
    // The service may close the connection before it has received everything.
    _ = stream.write_all(bytes);
    let (mut answers, mut part) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stream.read(&mut part) {
        answers.extend_from_slice(&part[..read]);
    }
    _ = stream.shutdown(Shutdown::Both);
    Ok(String::from_utf8_lossy(&answers).into_owned())
}

fn paths(siege: &mut Siege) -> Result<()> {
    siege.pipeline("a")?;
    let one = siege.object("pipelines", "a");
    let namespace = siege.namespace.clone();
    let below = format!("{}/namespaces", objects::GROUP);
    for path in [
        format!("{below}/../runners"),
        format!("{below}/%2e%2e/runners"),
        format!("{below}/{namespace}/../{namespace}/pipelines/a"),
        format!("/{one}"),
        format!("{below}//pipelines"),
        format!("{below}/%2F/pipelines"),
        format!("{below}/{namespace}%2Fpipelines/a/x"),
        format!("{below}/{namespace}%00/pipelines"),
        format!("{below}/%FF/pipelines"),
        format!("{below}/A/pipelines"),
        format!("{below}/a%20b/pipelines"),
        format!("{below}/{}/pipelines", "a".repeat(64)),
        format!("{one};x=1"),
        format!("{one}/"),
        format!("{one}%0d%0aset-cookie:%20a=b"),
        format!("{one}%2fstatus"),
        one.replace("/apis/", "/APIS/"),
        one.replace("pipelines", "Pipelines"),
        "/metrics/../apis/ci.example.com/v1/runners".to_owned(),
        "/ui/../../etc/passwd".to_owned(),
        "/ui/..%2f..%2f..%2fetc%2fpasswd".to_owned(),
        "/%2e%2e/%2e%2e/etc/passwd".to_owned(),
    ] {
        siege.expect(&path, &Request::get(&path).by(Caller::Viewer), Expected::Refusal);
    }
    // A name written with escapes is the same name.
    let escaped = one.replace("/pipelines/a", "/pipelines/%61");
    siege.expect(&escaped, &Request::get(&escaped).by(Caller::Viewer), Expected::Success);
    Ok(())
}

fn methods(siege: &mut Siege) -> Result<()> {
    siege.pipeline("a")?;
    let one = siege.object("pipelines", "a");
    for header in ["x-http-method-override", "x-http-method", "x-method-override"] {
        for request in [Request::get(&one), Request::post(&one, "{}")] {
            siege.expect(header, &request.with(header, "DELETE").by(Caller::Developer), Expected::Answer);
        }
    }
    for method in ["TRACE", "CONNECT", "OPTIONS", "PROPFIND", "delete", "DELETE\u{a0}", "LINK"] {
        siege.expect(method, &Request::new(method, &one).by(Caller::Developer), Expected::Answer);
    }
    let query = format!("{one}?_method=DELETE&method=DELETE");
    siege.expect("by query", &Request::get(query).by(Caller::Developer), Expected::Answer);
    let is_there = siege.is_there(&one)?;
    siege.check(is_there, || "the object was deleted".to_owned());
    Ok(())
}

fn long_heads(siege: &mut Siege) -> Result<()> {
    let get = || Request::get(siege.collection("pipelines")).by(Caller::Viewer);
    let refused = Expected::Status(&[400, 414, 431]);
    let many = (0..2_000).fold(get(), |request, _| request.with("x-many", "a"));
    let cases = [
        ("a long URL", Request::get(format!("{}?labelSelector={}", get().path, "a".repeat(20_000))).by(Caller::Viewer)),
        ("a longer URL", Request::get(format!("/{}", "a".repeat(100_000)))),
        ("a long header", get().with("x-long", "a".repeat(100_000))),
        ("many headers", many),
    ];
    for (case, request) in cases {
        siege.expect(case, &request, refused);
    }
    Ok(())
}

fn rapid_reset(siege: &mut Siege) -> Result<()> {
    let request = Request::post(siege.collection("pipelines"), "").by(Caller::Developer);
    let route = siege.route;
    while siege.has_time() {
        siege.requests += http2::block_on(async {
            let mut connection = http2::Connection::open(route, 64 << 10).await?;
            for sent in 0..10_000 {
                // The service may end the connection. An attacker would then open another one.
                if connection.reset(&request).await.is_err() {
                    return Ok(sent);
                }
                if sent % 50 == 0 {
                    tokio::task::yield_now().await;
                }
            }
            Ok(10_000)
        })?;
    }
    Ok(())
}

/// Sends frames of HTTP/2 that no client library sends.
fn floods(siege: &mut Siege) -> Result<()> {
    let (ping, settings) = (frame(6, 0, 0, &[0; 8]), frame(4, 0, 0, &[]));
    let begun = frame(1, 0, 1, &[0x82, 0x86, 0x84, 0x41, 0x01, b'x']);
    let more = frame(9, 0, 1, &[&[0x00, 0x01, b'a', 0x7f, 0x01][..], &[b'a'; 128]].concat());
    let empty = frame(0, 0, 1, &[]);
    let reset = frame(3, 0, 1, &[0, 0, 0, 8]);
    for (first, flood) in [
        (Vec::new(), ping),
        (Vec::new(), settings.clone()),
        (begun, more),
        (frame(1, 4, 1, &[0x83, 0x86, 0x84, 0x41, 0x01, b'x']), empty),
        (Vec::new(), reset),
    ] {
        siege.requests += 1;
        let mut stream = siege.route.connect(Duration::from_secs(5))?;
        stream.set_write_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(&[b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &settings[..], &first].concat())?;
        let many = flood.repeat(1_000);
        // Nobody reads the answers. A service that ends the connection or stops reading has held.
        for _ in 0..siege.pick(20, 200) {
            if stream.write_all(&many).is_err() {
                break;
            }
        }
    }
    Ok(())
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}
