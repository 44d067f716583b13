//! Continue tokens that the service did not issue for this list.

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::caller::Caller;
use super::entry::Attack;
use super::objects;
use super::siege::{Expected, Siege};
use super::wire::Request;

pub const ATTACKS: &[Attack] = &[
    Attack::new("forged-tokens", "a continue token that the service did not write is refused", forged),
    Attack::new("foreign-tokens", "a continue token shows no object of another list", foreign),
];

const REFUSED: Expected = Expected::Status(&[400, 410]);

/// Creates objects of two kinds, in two lists.
fn fill(siege: &mut Siege) -> Result<()> {
    for name in ["a", "b", "c"] {
        siege.pipeline(name)?;
        let project = serde_json::json!({
            "apiVersion": "ci.example.com/v1", "kind": "Project", "metadata": { "name": name },
            "spec": { "repository": { "url": "https://git.example.com/shop/web.git" } },
        });
        siege.ready(&Request::post(siege.collection("projects"), project.to_string()).by(Caller::Operator))?;
    }
    Ok(())
}

fn page(path: &str, query: &str, caller: Caller) -> Request {
    Request::get(format!("{path}?{query}")).by(caller)
}

/// Returns the continue token of the first page of a list.
fn token(siege: &mut Siege, path: &str, query: &str, caller: Caller) -> Result<String> {
    let list = siege.ready(&page(path, query, caller))?.json();
    list["metadata"]["continue"].as_str().map(str::to_owned).context("the list has no next page")
}

fn forged(siege: &mut Siege) -> Result<()> {
    fill(siege)?;
    let all = siege.collection("pipelines");
    let token = token(siege, &all, "limit=1", Caller::Viewer)?;
    let next = siege.expect("the token as it is", &next(&all, &token, Caller::Viewer), Expected::Success);
    let name = next.map(|answer| answer.json()["items"][0]["metadata"]["name"].clone()).unwrap_or_default();
    siege.check(name == "b", || format!("the second page begins with {name}"));
    for (case, forged) in forgeries(&token, &siege.namespace) {
        siege.expect(case, &self::next(&all, &forged, Caller::Viewer), REFUSED);
    }
    Ok(())
}

fn next(path: &str, token: &str, caller: Caller) -> Request {
    page(path, &format!("limit=1&continue={}", encoded(token)), caller)
}

/// Returns a token percent-encoded for a URL.
fn encoded(token: &str) -> String {
    token
        .bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

fn forgeries(token: &str, namespace: &str) -> Vec<(String, String)> {
    let mut forgeries: Vec<(String, String)> = Vec::new();
    let mut add = |case: &str, token: String| forgeries.push((case.to_owned(), token));
    for (case, token) in [
        ("a word", "x"),
        ("a blank", " "),
        ("slashes", "../../secrets"),
        ("an empty object", "e30"),
        ("not ASCII", "ü"),
    ] {
        add(case, token.to_owned());
    }
    add("half of it", token[..token.len() / 2].to_owned());
    add("without its end", token[..token.len() - 2].to_owned());
    add("with an end", format!("{token}AAAA"));
    add("twice", token.repeat(2));
    add("7 kB", "A".repeat(7_000));
    for place in [0, token.len() / 4, token.len() / 2, token.len() * 3 / 4] {
        let other = if token.as_bytes()[place] == b'A' { "B" } else { "A" };
        let mut changed = token.to_owned();
        changed.replace_range(place..=place, other);
        add(&format!("another character at {place}"), changed);
    }
    for (case, json) in [
        ("of the version 0", format!(r#"{{"rv":0,"last":["{namespace}","a"]}}"#)),
        ("of the version 1", format!(r#"{{"rv":1,"last":["{namespace}","a"]}}"#)),
        ("of another start", format!(r#"{{"rv":3,"last":["","{}"]}}"#, "z".repeat(300))),
        ("of a version that is to come", format!(r#"{{"rv":18446744073709551615,"last":["{namespace}","a"]}}"#)),
        ("as an API server writes it", r#"{"v":"meta.k8s.io/v1","rv":3,"start":"../../../secrets/x"}"#.to_owned()),
        ("of deep JSON", objects::lists(3_000)),
    ] {
        add(case, URL_SAFE_NO_PAD.encode(json));
    }
    forgeries
}

/// Uses tokens of other lists. The memory backend refuses them. An API server may accept them, and a caller
/// who sees everything may use the token of another caller. Then the answer must have objects of the
/// requested list only.
fn foreign(siege: &mut Siege) -> Result<()> {
    fill(siege)?;
    let (pipelines, projects) = (siege.collection("pipelines"), siege.collection("projects"));
    let everywhere = format!("{}/pipelines", objects::GROUP);
    let elsewhere = objects::collection(super::neighbour::PEACE, "pipelines");
    let of_pipelines = token(siege, &pipelines, "limit=1", Caller::Viewer)?;
    let of_projects = token(siege, &projects, "limit=1", Caller::Viewer)?;
    let of_selected = token(siege, &pipelines, "limit=1&labelSelector=a%21%3Db", Caller::Viewer)?;
    let (token, selected) = (encoded(&of_pipelines), encoded(&of_selected));
    let refused = if siege.range.kubeconfig.is_none() { REFUSED } else { Expected::Answer };
    for (case, request, expected) in [
        ("of another kind", next(&pipelines, &of_projects, Caller::Viewer), refused),
        ("of a namespace, for all", next(&everywhere, &of_pipelines, Caller::Viewer), refused),
        ("of another namespace", next(&elsewhere, &of_pipelines, Caller::Viewer), refused),
        ("of another caller", next(&pipelines, &of_pipelines, Caller::Developer), Expected::Answer),
        (
            "of no selector",
            page(&pipelines, &format!("limit=1&labelSelector=a%21%3Db&continue={token}"), Caller::Viewer),
            refused,
        ),
        ("of a selector", page(&pipelines, &format!("limit=1&continue={selected}"), Caller::Viewer), refused),
        (
            "of no field selector",
            page(&pipelines, &format!("limit=1&fieldSelector=spec.project%3Dweb&continue={token}"), Caller::Viewer),
            refused,
        ),
    ] {
        let namespace =
            if case == "of another namespace" { super::neighbour::PEACE } else { siege.namespace.as_str() }.to_owned();
        if let Some(answer) = siege.expect(case, &request, expected) {
            let list = answer.json();
            let strangers = list["items"].as_array().into_iter().flatten().filter(|item| {
                item["kind"] != "Pipeline"
                    || case != "of a namespace, for all" && item["metadata"]["namespace"] != *namespace
            });
            let count = strangers.count();
            siege.check(count == 0, || format!("{case}: {count} objects of another list"));
        }
    }
    let larger = page(&pipelines, &format!("limit=2&continue={token}"), Caller::Viewer);
    siege.expect("with another limit", &larger, Expected::Success);
    Ok(())
}
