//! Deletions with a body (`DeleteOptions`).

use anyhow::Result;
use serde_json::json;

use super::caller::Caller;
use super::entry::Attack;
use super::objects;
use super::siege::{Expected, Siege};
use super::wire::Request;

pub const ATTACKS: &[Attack] = &[
    Attack::new("delete-options", "a deletion does what its body says, or refuses it", one),
    Attack::new("delete-many-options", "a deletion of a collection does what its body says, or refuses it", many),
    Attack::new(
        "delete-selectors",
        "a deletion of a collection with a parameter that is not understood deletes nothing",
        selectors,
    ),
];

const FOREIGN: &str = "00000000-0000-4000-8000-000000000000";

/// Returns bodies that must not delete the object, with the answers that are allowed.
fn kept() -> Vec<(&'static str, String, Expected)> {
    use Expected::{Refusal, Status, Success};
    let preconditions = |field: &str, value: &str| json!({ "preconditions": { field: value } }).to_string();
    vec![
        ("dryRun", r#"{"dryRun":["All"]}"#.to_owned(), Success),
        ("dryRun with a kind", r#"{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"]}"#.to_owned(), Success),
        ("the uid of another", preconditions("uid", FOREIGN), Status(&[409])),
        ("an older version", preconditions("resourceVersion", "1"), Status(&[409])),
        ("an unknown dryRun", r#"{"dryRun":["None"]}"#.to_owned(), Refusal),
        ("dryRun as a text", r#"{"dryRun":"All"}"#.to_owned(), Refusal),
        ("an unknown policy", r#"{"propagationPolicy":"Sideways"}"#.to_owned(), Refusal),
        ("a policy that is a number", r#"{"propagationPolicy":1}"#.to_owned(), Refusal),
        ("both ways to orphan", r#"{"orphanDependents":true,"propagationPolicy":"Orphan"}"#.to_owned(), Refusal),
        ("a grace period in words", r#"{"gracePeriodSeconds":"soon"}"#.to_owned(), Refusal),
        ("a misspelt field", r#"{"preconditons":{"uid":"x"}}"#.to_owned(), Refusal),
        ("a misspelt precondition", r#"{"preconditions":{"uuid":"x"}}"#.to_owned(), Refusal),
        (
            "a field twice",
            format!(r#"{{"dryRun":["All"],"dryRun":[],"preconditions":{{"uid":"{FOREIGN}"}}}}"#),
            Refusal,
        ),
        ("another kind", r#"{"kind":"CreateOptions","apiVersion":"v1"}"#.to_owned(), Refusal),
        ("a list", "[]".to_owned(), Refusal),
        ("no JSON", "{dryRun".to_owned(), Refusal),
        ("deep JSON", objects::lists(100_000), Refusal),
        ("more than a body may have", format!("{{{}\"dryRun\":[\"All\"]}}", " ".repeat(4 << 20)), Refusal),
    ]
}

/// Returns bodies that must delete the object, as clients send them.
fn gone() -> Vec<(&'static str, &'static str)> {
    vec![
        ("nothing", ""),
        ("no options", "{}"),
        ("a kind", r#"{"kind":"DeleteOptions","apiVersion":"v1"}"#),
        ("a policy", r#"{"propagationPolicy":"Background"}"#),
        ("a grace period", r#"{"gracePeriodSeconds":0}"#),
    ]
}

fn one(siege: &mut Siege) -> Result<()> {
    let victim = siege.object("pipelines", "victim");
    siege.pipeline("victim")?;
    for (case, body, expected) in kept() {
        siege.expect(case, &Request::delete(&victim).json(body).by(Caller::Developer), expected);
        if !siege.is_there(&victim)? {
            siege.wrong(format!("{case}: the object is gone"));
            siege.pipeline("victim")?;
        }
    }
    for (case, body) in gone() {
        siege.expect(case, &Request::delete(&victim).json(body).by(Caller::Developer), Expected::Success);
        let is_there = siege.is_there(&victim)?;
        siege.check(!is_there, || format!("{case}: the object is still there"));
        if !is_there {
            siege.pipeline("victim")?;
        }
    }
    Ok(())
}

/// Creates three runs, which a deletion of the collection would delete.
fn runs(siege: &mut Siege) -> Result<()> {
    siege.pipeline("build")?;
    (0..3).try_for_each(|index| run(siege, index))
}

fn run(siege: &mut Siege, index: usize) -> Result<()> {
    let name = format!("run-{index}");
    let create = Request::post(siege.collection("pipelineruns"), objects::run(&name, &name).to_string());
    siege.ready(&create.by(Caller::Operator)).map(drop)
}

/// Returns the number of runs.
fn count(siege: &mut Siege) -> Result<usize> {
    let list = siege.ask(&Request::get(siege.collection("pipelineruns")).by(Caller::Operator))?;
    Ok(list.json()["items"].as_array().map_or(0, Vec::len))
}

/// Reports runs that are gone, and creates them again.
fn check_all_there(siege: &mut Siege, case: &str) -> Result<()> {
    let left = count(siege)?;
    if left == 3 {
        return Ok(());
    }
    siege.wrong(format!("{case}: {left} of 3 objects are left"));
    for index in 0..3 {
        if !siege.is_there(&siege.object("pipelineruns", &format!("run-{index}")))? {
            run(siege, index)?;
        }
    }
    Ok(())
}

fn many(siege: &mut Siege) -> Result<()> {
    runs(siege)?;
    let all = siege.collection("pipelineruns");
    for (case, body, expected) in kept() {
        // A precondition that fails for every object may be reported for each object or for the whole
        // request.
        let expected = if matches!(expected, Expected::Status(_)) { Expected::Answer } else { expected };
        siege.expect(case, &Request::delete(&all).json(body).by(Caller::Developer), expected);
        check_all_there(siege, case)?;
    }
    let delete = Request::delete(&all).json(r#"{"propagationPolicy":"Background"}"#).by(Caller::Developer);
    siege.expect("a policy", &delete, Expected::Success);
    let left = count(siege)?;
    siege.check(left == 0, || format!("{left} objects are left"));
    Ok(())
}

fn selectors(siege: &mut Siege) -> Result<()> {
    runs(siege)?;
    let all = siege.collection("pipelineruns");
    for query in [
        "labelselector=a%3Db",
        "fieldSelectors=a%3Db",
        "labelSelector=a%3Db&labelSelector=",
        "labelSelector=a%3D%3D%3Db",
        "fieldSelector=metadata.uid%3Dx",
        "fieldSelector=spec.nothing%3Dx",
        "dryRun=All",
        "dryRun=all",
        "limit=1&continue=x",
        "timeoutSeconds=x",
        "propagationPolicy=Sideways",
    ] {
        let expected = if query == "dryRun=All" { Expected::Success } else { Expected::Refusal };
        siege.expect(query, &Request::delete(format!("{all}?{query}")).by(Caller::Developer), expected);
        check_all_there(siege, query)?;
    }
    siege.expect("by a viewer", &Request::delete(&all).by(Caller::Viewer), Expected::Status(&[403]));
    check_all_there(siege, "by a viewer")
}
