//! Requests that are cheap to send and expensive to answer. Other callers must not wait for them.

use anyhow::Result;
use serde_json::json;

use super::caller::Caller;
use super::entry::Attack;
use super::form::Backend;
use super::objects;
use super::siege::{Expected, Siege};
use super::wire::{APPLY, MERGE, Request, STEPS};

pub const ATTACKS: &[Attack] = &[
    Attack::new("many-owners", RULE, |siege| metadata(siege, "ownerReferences", owners, 2_000, 6_000)),
    Attack::new("same-owners", RULE, |siege| metadata(siege, "ownerReferences", same_owners, 0, 20_000))
        .only_on(Backend::Memory)
        .long(),
    Attack::new("many-finalizers", RULE, |siege| metadata(siege, "finalizers", finalizers, 0, 60_000))
        .only_on(Backend::Memory)
        .long(),
    Attack::new("many-labels", RULE, |siege| metadata(siege, "labels", labels, 15_000, 60_000)).long(),
    Attack::new("many-managers", RULE, |siege| metadata(siege, "managedFields", managers, 0, 20_000))
        .only_on(Backend::Memory)
        .long(),
    Attack::new("bad-labels", BOUNDED, bad_labels).only_on(Backend::Memory).long(),
    Attack::new("list-maps", RULE, list_maps),
    Attack::new("list-sets", RULE, list_sets).only_on(Backend::Memory).long(),
    Attack::new("small-values", RULE, |siege| any(siege, ones, 250_000, 1_400_000)),
    Attack::new("empty-objects", RULE, |siege| any(siege, empty_objects, 0, 900_000)).only_on(Backend::Memory).long(),
    Attack::new("many-keys", RULE, |siege| any(siege, keys, 0, 200_000)).only_on(Backend::Memory).long(),
    Attack::new("unknown-fields", BOUNDED, unknown_fields),
    Attack::new("selectors", RULE, selectors).long(),
    Attack::new("large-lists", RULE, large_lists).long(),
];

const RULE: &str = "a request that costs much time does not make others wait";
const BOUNDED: &str = "a request with many faults is answered soon and shortly";

/// Maximum size of the body of a refusal, in bytes.
const MAX_REFUSAL: usize = 1 << 20;

/// Returns JSON with the given number of values.
type Many = fn(usize) -> String;

/// Writes a pipeline with a field of `metadata` by every kind of write request.
fn metadata(siege: &mut Siege, field: &str, value: Many, short: usize, full: usize) -> Result<()> {
    siege.pipeline("old")?;
    let value = &value(siege.size(short, full));
    let old = siege.object("pipelines", "old");
    let merge = format!(r#"{{"metadata":{{"{field}":{value}}}}}"#);
    let steps = format!(r#"[{{"op":"add","path":"/metadata/{field}","value":{value}}}]"#);
    let apply = objects::pipeline_with_metadata("old", field, value);
    hammer(
        siege,
        vec![
            Request::post(siege.collection("pipelines"), objects::pipeline_with_metadata("new", field, value)),
            Request::put(&old, objects::pipeline_with_metadata("old", field, value)),
            Request::patch(MERGE, &old, merge),
            Request::patch(STEPS, &old, steps),
            Request::patch(APPLY, format!("{old}?fieldManager=mallory"), apply),
        ],
    )
}

/// Writes a pipeline with a value of any JSON by every kind of write request. All are dry runs, so nothing is
/// stored; most of the values are larger than a stored object may be.
fn any(siege: &mut Siege, value: Many, short: usize, full: usize) -> Result<()> {
    siege.pipeline("old")?;
    let value = &value(siege.size(short, full));
    let all = format!("{}?dryRun=All", siege.collection("pipelines"));
    let old = format!("{}?dryRun=All", siege.object("pipelines", "old"));
    let merge = format!(r#"{{"spec":{{"notifications":{{"any":{{"value":{value}}}}}}}}}"#);
    let steps = format!(r#"[{{"op":"add","path":"/spec/params/0/default","value":{value}}}]"#);
    hammer(
        siege,
        vec![
            Request::post(all, objects::pipeline_with("new", value)),
            Request::put(&old, objects::pipeline_with("old", value)),
            Request::patch(MERGE, &old, merge),
            Request::patch(STEPS, &old, steps),
        ],
    )
}

fn hammer(siege: &mut Siege, requests: Vec<Request>) -> Result<()> {
    let requests: Vec<_> = requests.into_iter().map(|request| request.by(Caller::Developer)).collect();
    siege.hammer(&requests);
    Ok(())
}

fn owner(index: usize) -> String {
    format!(
        r#"{{"apiVersion":"v1","kind":"ConfigMap","name":"owner-{index}","uid":"00000000-0000-4000-8000-{index:012}"}}"#
    )
}

fn owners(count: usize) -> String {
    objects::list_by(count, owner)
}

fn same_owners(count: usize) -> String {
    objects::list_of(count, &owner(1))
}

fn finalizers(count: usize) -> String {
    objects::list_by(count, |index| format!("\"example.com/f{index}\""))
}

fn labels(count: usize) -> String {
    objects::map_by(count, |index| format!("\"example.com/l{index}\":\"v\""))
}

fn ones(count: usize) -> String {
    objects::list_of(count, "1")
}

fn empty_objects(count: usize) -> String {
    objects::list_of(count, "{}")
}

fn keys(count: usize) -> String {
    objects::map_by(count, |index| format!("\"k{index}\":1"))
}

fn managers(count: usize) -> String {
    objects::list_by(count, |index| {
        let fields = format!(r#"{{"f:spec":{{"f:f{index}":{{}}}}}}"#);
        format!(
            r#"{{"manager":"m{index}","operation":"Update","apiVersion":"ci.example.com/v1","fieldsType":"FieldsV1","fieldsV1":{fields}}}"#
        )
    })
}

/// Reports refusals whose head or body is too long.
fn check_short(siege: &mut Siege, requests: Vec<Request>) {
    for request in requests {
        let case = format!("{} {}", request.method, request.path);
        if let Some(answer) = siege.expect(&case, &request.by(Caller::Developer), Expected::Answer) {
            let (head, body) = (answer.head_bytes(), answer.body.len());
            let is_short = head <= 16 << 10 && (answer.is_success() || body <= MAX_REFUSAL);
            siege.check(is_short, || format!("{case}: a head of {head} bytes and a body of {body}"));
        }
    }
}

fn bad_labels(siege: &mut Siege) -> Result<()> {
    siege.pipeline("old")?;
    let labels = objects::map_by(100_000, |index| format!("\"-{index}\":\"--\""));
    let merge = format!(r#"{{"metadata":{{"labels":{labels}}}}}"#);
    let old = siege.object("pipelines", "old");
    let create = objects::pipeline_with_metadata("new", "labels", &labels);
    check_short(siege, vec![Request::post(siege.collection("pipelines"), create), Request::patch(MERGE, old, merge)]);
    Ok(())
}

fn unknown_fields(siege: &mut Siege) -> Result<()> {
    siege.pipeline("old")?;
    let fields = objects::map_by(siege.size(30_000, 150_000), |index| format!("\"unknown{index}\":1"));
    let create = objects::pipeline("new")
        .to_string()
        .replace(r#""project":"web""#, &format!(r#""project":"web","tags":{fields}"#));
    let inner = &fields[1..fields.len() - 1];
    let flat =
        objects::pipeline("new").to_string().replace(r#""project":"web""#, &format!(r#""project":"web",{inner}"#));
    let all = siege.collection("pipelines");
    let old = siege.object("pipelines", "old");
    let merge = format!(r#"{{"spec":{fields}}}"#);
    let mut requests = Vec::new();
    for validation in ["Strict", "Warn", "Ignore"] {
        requests.push(Request::post(format!("{all}?dryRun=All&fieldValidation={validation}"), create.clone()));
        requests.push(Request::post(format!("{all}?dryRun=All&fieldValidation={validation}"), flat.clone()));
        requests.push(Request::patch(MERGE, format!("{old}?fieldValidation={validation}"), merge.clone()));
    }
    check_short(siege, requests);
    Ok(())
}

fn list_maps(siege: &mut Siege) -> Result<()> {
    let with = |field: &str, value: &str| {
        let mut pipeline = objects::pipeline("new");
        pipeline["spec"][field] = json!("filled in");
        pipeline.to_string().replace("\"filled in\"", value)
    };
    let same = objects::list_of(siege.size(10_000, 60_000), r#"{"name":"same"}"#);
    let different = objects::list_by(siege.size(10_000, 60_000), |index| format!(r#"{{"name":"p{index}"}}"#));
    let tasks = objects::list_by(siege.size(6_000, 40_000), |index| {
        format!(r#"{{"name":"t{index}","image":"i","script":"s"}}"#)
    });
    let all = siege.collection("pipelines");
    let bodies =
        [with("params", &same), with("params", &different), with("workspaces", &different), with("tasks", &tasks)];
    hammer(siege, bodies.into_iter().map(|body| Request::post(&all, body)).collect())
}

fn list_sets(siege: &mut Siege) -> Result<()> {
    let with = |value: &str| {
        let mut pipeline = objects::pipeline("new");
        pipeline["spec"]["tasks"][0]["runAfter"] = json!("filled in");
        pipeline.to_string().replace("\"filled in\"", value)
    };
    let same = objects::list_of(300_000, "\"same\"");
    let different = objects::list_by(200_000, |index| format!("\"t{index}\""));
    let long = objects::list_of(40, &objects::text(70_000));
    let all = siege.collection("pipelines");
    hammer(siege, [same, different, long].iter().map(|value| Request::post(&all, with(value))).collect())
}

/// Sends selectors of the maximum length of a URL, with 1,000 objects to select from.
fn selectors(siege: &mut Siege) -> Result<()> {
    for index in 0..1_000 {
        siege.pipeline(&format!("p{index}"))?;
    }
    let all = siege.collection("pipelines");
    let labels: Vec<_> = (0..600).map(|index| format!("l{index}!%3Dv")).collect();
    let names: Vec<_> = (0..1_000).map(|index| format!("v{index}")).collect();
    let fields: Vec<_> = (0..200).map(|_| "spec.project%21%3Dnone".to_owned()).collect();
    hammer(
        siege,
        vec![
            Request::get(format!("{all}?labelSelector={}", labels.join(","))),
            Request::get(format!("{all}?labelSelector=a+notin+({})", names.join(","))),
            Request::get(format!("{all}?fieldSelector={}", fields.join(","))),
            Request::get(format!("{all}?limit=1&labelSelector={}", labels.join(","))),
        ],
    )
}

/// Reads large lists to their ends, several at once.
fn large_lists(siege: &mut Siege) -> Result<()> {
    let value = objects::list_of(siege.size(5_000, 60_000), "{\"a\":1}");
    for index in 0..siege.size(10, 30) {
        let body = objects::pipeline_with(&format!("large-{index}"), &value);
        siege.ready(&Request::post(siege.collection("pipelines"), body).by(Caller::Developer))?;
    }
    let list = Request::get(siege.collection("pipelines")).by(Caller::Developer);
    while siege.has_time() {
        for answer in siege.volley(vec![list.clone(); 8], 4) {
            siege.judge("a list", answer, Expected::Answer);
        }
    }
    Ok(())
}
