//! Admission rules of the example, and ways around them.

use anyhow::Result;
use serde_json::{Value, json};

use super::caller::Caller;
use super::entry::Attack;
use super::form::Backend;
use super::objects;
use super::siege::{Expected, Siege};
use super::wire::{APPLY, MERGE, Request, STEPS};

pub const ATTACKS: &[Attack] = &[
    Attack::new(
        "busy-branch",
        "two runs are never under way on a branch, whichever way the second one is asked for",
        busy,
    ),
    Attack::new("busy-branch-by-apply", "an apply that would create a run is refused as its creation is", apply)
        .only_on(Backend::Server),
    Attack::new("own-tasks", "a run has the tasks of its pipeline, whatever a developer sends", tasks),
    Attack::new("own-status", "a developer writes no status, and nothing that belongs to the cluster", status),
];

fn runs(siege: &Siege) -> String {
    siege.collection("pipelineruns")
}

/// Checks that the run `name` is the only one under way on a branch.
fn check_only(siege: &mut Siege, branch: &str, name: &str) -> Result<()> {
    let list = siege.ask(&Request::get(runs(siege)).by(Caller::Operator))?.json();
    let items = list["items"].as_array().cloned().unwrap_or_default();
    let names: Vec<_> = items
        .iter()
        .filter(|run| run["spec"]["source"]["branch"] == branch)
        .map(|run| run["metadata"]["name"].as_str().unwrap_or_default())
        .collect();
    siege.check(names == [name], || format!("runs under way on {branch}: {}", names.join(", ")));
    Ok(())
}

fn busy(siege: &mut Siege) -> Result<()> {
    siege.pipeline("build")?;
    let start = |name: &str| Request::post(runs(siege), objects::run(name, "main").to_string()).by(Caller::Developer);
    let (first, second) = (start("first"), start("second"));
    siege.expect("the first run", &first, Expected::Status(&[201]));
    siege.expect("a second run", &second, Expected::Status(&[409]));
    check_only(siege, "main", "first")?;
    // Of many at once, exactly one must succeed.
    let rush = |index: usize| Request::post(runs(siege), objects::run(&format!("rush-{index}"), "rush").to_string());
    let rush = (0..20).map(|index| rush(index).by(Caller::Developer)).collect();
    let answers = siege.volley(rush, 20);
    let won = answers.iter().flatten().filter(|answer| answer.status == 201).count();
    siege.check(won == 1, || format!("{won} of 20 runs at once were started on one branch"));
    // An existing run cannot move to another branch.
    siege.expect("a run of another branch", &other_branch(siege), Expected::Status(&[201]));
    let moved = r#"{"spec":{"source":{"branch":"main"}}}"#;
    let patch = Request::patch(MERGE, siege.object("pipelineruns", "elsewhere"), moved).by(Caller::Developer);
    siege.expect("a move to the busy branch", &patch, Expected::Refusal);
    check_only(siege, "main", "first")
}

fn other_branch(siege: &Siege) -> Request {
    Request::post(runs(siege), objects::run("elsewhere", "elsewhere").to_string()).by(Caller::Developer)
}

fn apply(siege: &mut Siege) -> Result<()> {
    siege.pipeline("build")?;
    let first = Request::post(runs(siege), objects::run("first", "main").to_string()).by(Caller::Developer);
    siege.expect("the first run", &first, Expected::Status(&[201]));
    for query in ["fieldManager=mallory", "fieldManager=mallory&force=true"] {
        let path = format!("{}?{query}", siege.object("pipelineruns", "second"));
        let apply = Request::patch(APPLY, path, objects::run("second", "main").to_string()).by(Caller::Developer);
        siege.expect(format!("a second run by apply, {query}"), &apply, Expected::Status(&[409, 403, 405, 422]));
        check_only(siege, "main", "first")?;
    }
    Ok(())
}

fn tasks(siege: &mut Siege) -> Result<()> {
    siege.pipeline("build")?;
    let own = json!([{ "name": "own", "image": "miner:1", "script": "mine" }]);
    let mut forged = objects::run("first", "main");
    forged["spec"]["tasks"] = own.clone();
    let create = Request::post(runs(siege), forged.to_string()).by(Caller::Developer);
    let created = siege.expect("a run with tasks", &create, Expected::Status(&[201]));
    let created = created.map(|answer| answer.json()).unwrap_or_default();
    let path = siege.object("pipelineruns", "first");
    check_tasks(siege, "POST", &path)?;

    let mut put = created.clone();
    put["spec"]["tasks"] = own.clone();
    let steps = json!([{ "op": "replace", "path": "/spec/tasks", "value": own }]);
    let image = json!([{ "op": "replace", "path": "/spec/tasks/0/image", "value": "miner:1" }]);
    let merge = json!({ "spec": { "tasks": own } });
    let mut applied = objects::run("first", "main");
    applied["spec"]["tasks"] = own.clone();
    for (way, request) in [
        ("PUT", Request::put(&path, put.to_string())),
        ("merge patch", Request::patch(MERGE, &path, merge.to_string())),
        ("merge patch to nothing", Request::patch(MERGE, &path, r#"{"spec":{"tasks":null}}"#)),
        ("JSON patch", Request::patch(STEPS, &path, steps.to_string())),
        ("JSON patch of an image", Request::patch(STEPS, &path, image.to_string())),
        ("apply", Request::patch(APPLY, format!("{path}?fieldManager=m&force=true"), applied.to_string())),
    ] {
        let expected = if way.ends_with("nothing") { Expected::Answer } else { Expected::Refusal };
        siege.expect(way, &request.by(Caller::Developer), expected);
        check_tasks(siege, way, &path)?;
    }
    // All other fields can be changed.
    let cancel = Request::patch(MERGE, &path, r#"{"spec":{"cancelled":true}}"#).by(Caller::Developer);
    siege.expect("cancelling", &cancel, Expected::Success);
    let same = siege.ask(&Request::get(&path).by(Caller::Developer))?;
    siege.expect("writing it as it is", &Request::put(&path, same.body).by(Caller::Developer), Expected::Success);
    Ok(())
}

fn check_tasks(siege: &mut Siege, way: &str, path: &str) -> Result<()> {
    let stored = siege.ask(&Request::get(path).by(Caller::Operator))?.json();
    let image = stored["spec"]["tasks"][0]["image"].as_str().unwrap_or("none").to_owned();
    siege.check(image == "rust:1", || format!("{way}: the run has an image of the caller's, {image}"));
    Ok(())
}

fn status(siege: &mut Siege) -> Result<()> {
    siege.pipeline("build")?;
    let mut forged = objects::run("first", "main");
    forged["status"] = json!({ "phase": "Succeeded" });
    let create = Request::post(runs(siege), forged.to_string()).by(Caller::Developer);
    siege.expect("a run with a status", &create, Expected::Status(&[201]));
    let path = siege.object("pipelineruns", "first");
    let runners = format!("{}/runners", objects::GROUP);
    let done = r#"{"status":{"phase":"Succeeded"}}"#;
    let steps = r#"[{"op":"add","path":"/status","value":{"phase":"Succeeded"}}]"#;
    let runner = r#"{"apiVersion":"ci.example.com/v1","kind":"Runner","metadata":{"name":"r"},"spec":{"image":"r:1"}}"#;
    let forbidden = Expected::Status(&[403]);
    for (case, request, expected) in [
        ("a patch of the status", Request::patch(MERGE, format!("{path}/status"), done), forbidden),
        ("steps on the status", Request::patch(STEPS, format!("{path}/status"), steps), forbidden),
        ("a new status", Request::put(format!("{path}/status"), forged.to_string()), forbidden),
        ("a status by the way", Request::patch(MERGE, &path, done), Expected::Answer),
        ("a status by steps", Request::patch(STEPS, &path, steps), Expected::Answer),
        ("a runner", Request::post(&runners, runner), forbidden),
        ("a scale", Request::patch(MERGE, format!("{runners}/r/scale"), r#"{"spec":{"replicas":9}}"#), forbidden),
        ("the end of a runner", Request::delete(format!("{runners}/r")), forbidden),
        ("a runner in a namespace", Request::post(siege.collection("runners"), runner), Expected::Status(&[404])),
    ] {
        siege.expect(case, &request.by(Caller::Developer), expected);
        let stored = siege.ask(&Request::get(&path).by(Caller::Operator))?.json();
        siege.check(stored["status"]["phase"] == Value::Null, || format!("{case}: the run has a status"));
    }
    Ok(())
}
