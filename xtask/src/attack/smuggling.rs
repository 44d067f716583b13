//! JSON inside a string, which a decoder could unpack after the body was checked.

use anyhow::Result;
use serde_json::{Value, json};

use super::caller::Caller;
use super::entry::Attack;
use super::objects;
use super::siege::{Expected, Siege};
use super::wire::{APPLY, Answer, MERGE, Request, STEPS};

pub const ATTACKS: &[Attack] = &[
    Attack::new("smuggled-json", "JSON inside of a text is refused or stays a text, whoever sends it", smuggled),
    Attack::new("smuggled-by-path", "a key in the path of a JSON patch unpacks no text", by_path),
    Attack::new("deep-bodies", "a body that is nested deeper than 125 or has a key twice is a bad request", deep),
];

/// Keys that `serde_json` uses internally for values of its own.
const RAW: &str = "$serde_json::private::RawValue";
const NUMBER: &str = "$serde_json::private::Number";

/// A value: its description and its JSON text.
type Load = (&'static str, String);

fn loads() -> Vec<Load> {
    vec![
        ("lists", raw(&objects::lists(120))),
        ("maps in a list", format!("[{}]", raw(&objects::maps(120)))),
        ("six times as deep", (0..6).fold("1".to_owned(), |inner, _| raw(&around(100, &inner)))),
        ("behind as many levels as a body may have", around(90, &raw(&objects::lists(120)))),
        ("a key twice", raw(r#"{"a":1,"a":2}"#)),
        ("written with an escape", raw(&objects::lists(120)).replacen('$', "\\u0024", 1)),
        ("with another key", format!(r#"{{"{RAW}":"[[[1]]]","other":1}}"#)),
        ("no JSON", raw("[[[")),
        ("no text", format!(r#"{{"{RAW}":[1]}}"#)),
        ("a number", format!(r#"{{"{NUMBER}":"1e999"}}"#)),
        ("a number of many digits", format!(r#"{{"{NUMBER}":"{}"}}"#, "9".repeat(10_000))),
    ]
}

fn raw(json: &str) -> String {
    format!("{{\"{RAW}\":{}}}", Value::from(json))
}

fn around(depth: usize, inner: &str) -> String {
    format!("{}{inner}{}", "[".repeat(depth), "]".repeat(depth))
}

fn smuggled(siege: &mut Siege) -> Result<()> {
    build(siege)?;
    siege.pipeline("old")?;
    let old = siege.object("pipelines", "old");
    for (index, (load, value)) in loads().into_iter().enumerate() {
        let name = format!("n{index}");
        let notifications = format!(r#"{{"notifications":{{"any":{{"value":{value}}}}}}}"#);
        let run = objects::run_with(&name, &format!("[{value}]"));
        let merge = format!(r#"{{"spec":{notifications}}}"#);
        let steps = format!(r#"[{{"op":"add","path":"/spec/params/0/default","value":{value}}}]"#);
        let apply = objects::pipeline_with(&name, &value);
        let applied = format!("{}?fieldManager=mallory&force=true", siege.object("pipelines", &name));
        let create = Request::post(siege.collection("pipelines"), objects::pipeline_with(&name, &value));
        for (way, request, stored) in [
            ("POST of a pipeline", create.clone(), siege.object("pipelines", &name)),
            (
                "POST of a run",
                Request::post(siege.collection("pipelineruns"), run),
                siege.object("pipelineruns", &name),
            ),
            ("PUT", Request::put(&old, objects::pipeline_with("old", &value)), old.clone()),
            ("merge patch", Request::patch(MERGE, &old, merge.clone()), old.clone()),
            ("dry run", Request::patch(MERGE, format!("{old}?dryRun=All"), merge), old.clone()),
            ("JSON patch", Request::patch(STEPS, &old, steps), old.clone()),
            ("apply", Request::patch(APPLY, &applied, apply), siege.object("pipelines", &name)),
        ] {
            let case = format!("{load} by {way}");
            let answer = siege.ask(&request.by(Caller::Developer));
            let answer = siege.judge(&case, answer, Expected::Answer);
            judge(siege, &case, answer, &stored);
        }
        let seen = siege.ask(&create.by(Caller::Viewer));
        siege.judge(format!("{load} by a viewer"), seen, Expected::Status(&[400, 403]));
    }
    Ok(())
}

/// Creates a pipeline with a parameter that takes lists.
fn build(siege: &mut Siege) -> Result<()> {
    let mut build = objects::pipeline("build");
    build["spec"]["params"] = json!([{ "name": "target", "type": "array", "default": [] }]);
    let create = Request::post(siege.collection("pipelines"), build.to_string()).by(Caller::Operator);
    siege.ready(&create).map(drop)
}

/// Reports an answer or a stored object in which a string that was sent is unpacked.
fn judge(siege: &mut Siege, case: &str, answer: Option<Answer>, stored: &str) {
    let Some(answer) = answer else { return };
    let stored = siege.check_stored(case, stored).unwrap_or_default();
    if answer.is_success() {
        for (place, text) in [("answered", answer.text()), ("stored", stored)] {
            let is_as_sent = place == "stored" && case.contains("dry run") || text.contains("$serde_json::private::");
            siege.check(is_as_sent, || format!("{case}: it was unpacked in the object that is {place}"));
        }
    }
}

/// Adds such a key by the path of a JSON patch. It must be stored as a key, and later readers must not see it
/// unpacked.
fn by_path(siege: &mut Siege) -> Result<()> {
    siege.pipeline("old")?;
    let old = siege.object("pipelines", "old");
    for (load, text) in [("lists", objects::lists(120)), ("a key twice", r#"{"a":1,"a":2}"#.to_owned())] {
        let steps = json!([
            { "op": "add", "path": "/spec/notifications", "value": { "any": { "value": {} } } },
            { "op": "add", "path": format!("/spec/notifications/any/value/{RAW}"), "value": text },
        ]);
        let patch = Request::patch(STEPS, &old, steps.to_string()).by(Caller::Developer);
        let answer = siege.expect(load, &patch, Expected::Answer);
        judge(siege, load, answer, &old);
        let touch = Request::patch(MERGE, &old, r#"{"metadata":{"labels":{"touched":"yes"}}}"#).by(Caller::Developer);
        siege.expect(format!("{load}: the patch after it"), &touch, Expected::Success);
        siege.check_stored(load, &old);
    }
    Ok(())
}

fn deep(siege: &mut Siege) -> Result<()> {
    siege.pipeline("old")?;
    let old = siege.object("pipelines", "old");
    for (load, value) in [
        ("127 lists", objects::lists(127)),
        ("100,000 lists", objects::lists(100_000)),
        ("100,000 maps", objects::maps(100_000)),
        ("brackets without end", "[".repeat(1_000_000)),
        ("a key twice", r#"{"a":1,"\u0061":2}"#.to_owned()),
    ] {
        let merge = format!(r#"{{"spec":{{"notifications":{{"any":{value}}}}}}}"#);
        let steps = format!(r#"[{{"op":"add","path":"/spec/notifications","value":{{"any":{value}}}}}]"#);
        let apply = format!("{old}?fieldManager=mallory");
        let body = objects::pipeline_with("old", &value);
        for (way, request) in [
            ("POST", Request::post(siege.collection("pipelines"), body.clone())),
            ("PUT", Request::put(&old, body.clone())),
            ("merge patch", Request::patch(MERGE, &old, merge)),
            ("JSON patch", Request::patch(STEPS, &old, steps)),
            ("apply", Request::patch(APPLY, &apply, body)),
        ] {
            siege.expect(format!("{load} by {way}"), &request.by(Caller::Developer), Expected::Refusal);
        }
        siege.check_stored(load, &old);
    }
    Ok(())
}
