//! Requests that would make the service keep, or hold for a while, more than its memory.

use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::caller::Caller;
use super::entry::Attack;
use super::form::Backend;
use super::objects;
use super::siege::{Expected, Siege};
use super::wire::{MERGE, Request};

pub const ATTACKS: &[Attack] = &[
    Attack::new("large-object-history", "what is remembered for watches is bounded in bytes", history)
        .only_on(Backend::Memory)
        .long(),
    Attack::new("small-object-history", "what is remembered of many small changes is bounded", small_history)
        .only_on(Backend::Memory)
        .long(),
    Attack::new("objects-without-end", "objects that there is no room for are refused", endless)
        .only_on(Backend::Memory)
        .long(),
    Attack::new("bodies-at-once", "bodies that arrive together take no more memory than there is", bodies),
    Attack::new("readers-that-stop", "lists that nobody reads take no more memory than there is", unread).long(),
    Attack::new(
        "too-large",
        "an object that is larger than one may be is refused as that, and is no failure",
        too_large,
    ),
    Attack::new("deleted-and-created", "objects that are gone take no memory", churn).only_on(Backend::Memory).long(),
];

/// Returns an object of 1.44 MB. That is below the size limit of objects, but needs much more memory once it
/// is decoded.
fn large(name: &str) -> String {
    objects::pipeline_with(name, &objects::list_of(480_000, "{}"))
}

fn history(siege: &mut Siege) -> Result<()> {
    let create = Request::post(siege.collection("pipelines"), large("large")).by(Caller::Developer);
    siege.expect("a large object", &create, Expected::AnswerOrNoRoom);
    let path = siege.object("pipelines", "large");
    for index in 0..60 {
        let label = format!(r#"{{"metadata":{{"labels":{{"turn":"t{index}"}}}}}}"#);
        let patch = Request::patch(MERGE, &path, label).by(Caller::Developer);
        siege.expect("a label", &patch, Expected::AnswerOrNoRoom);
    }
    Ok(())
}

fn small_history(siege: &mut Siege) -> Result<()> {
    let name = "middling";
    let body = objects::pipeline_with(name, &objects::list_of(30_000, "{}"));
    siege.ready(&Request::post(siege.collection("pipelines"), body).by(Caller::Developer))?;
    let path = siege.object("pipelines", name);
    for index in 0..1_500 {
        let label = format!(r#"{{"metadata":{{"labels":{{"turn":"t{index}"}}}}}}"#);
        siege.expect("a label", &Request::patch(MERGE, &path, label).by(Caller::Developer), Expected::AnswerOrNoRoom);
    }
    Ok(())
}

/// Creates objects until they are refused, or until there should long be no room for more.
fn endless(siege: &mut Siege) -> Result<()> {
    let mut refused = 0;
    for index in 0..600 {
        let name = format!("large-{index}");
        let create = Request::post(siege.collection("pipelines"), large(&name)).by(Caller::Developer);
        let answer = siege.expect("a large object", &create, Expected::AnswerOrNoRoom);
        refused += usize::from(answer.is_some_and(|answer| !answer.is_success()));
        if refused == 3 {
            break;
        }
    }
    siege.check(refused > 0, || "no object was refused".to_owned());
    // Deleting must work when there is no room.
    let delete = Request::delete(siege.object("pipelines", "large-0")).by(Caller::Developer);
    siege.expect("a deletion when there is no room", &delete, Expected::Success);
    Ok(())
}

fn bodies(siege: &mut Siege) -> Result<()> {
    let value = siege.pick(objects::text(3_000_000), objects::list_of(1_000_000, "{}"));
    let body = objects::pipeline_with("new", &value);
    let request = Request::post(format!("{}?dryRun=All", siege.collection("pipelines")), body).by(Caller::Developer);
    let count = siege.pick(40, 240);
    // A request that is refused while it is being sent may lose its answer with the connection.
    for answer in siege.volley(vec![request; count], 60).into_iter().flatten() {
        siege.judge("a body of 3 MB", Ok(answer), Expected::AnswerOrNoRoom);
    }
    Ok(())
}

/// Requests lists on many connections, and reads none of them.
fn unread(siege: &mut Siege) -> Result<()> {
    let body = |index| objects::pipeline_with(&format!("large-{index}"), &objects::text(1_000_000));
    for index in 0..30 {
        let create = Request::post(siege.collection("pipelines"), body(index)).by(Caller::Developer);
        siege.expect("a large object", &create, Expected::AnswerOrNoRoom);
    }
    let list = Request::get(siege.collection("pipelines")).by(Caller::Viewer).bytes();
    let mut connections = Vec::new();
    for _ in 0..siege.pick(30, 120) {
        siege.requests += 1;
        let mut connection = siege.connect()?;
        connection.send(&list)?;
        connections.push(connection);
    }
    thread::sleep(siege.pick(Duration::from_secs(2), Duration::from_secs(5)));
    Ok(())
}

fn too_large(siege: &mut Siege) -> Result<()> {
    siege.pipeline("old")?;
    let value = objects::text(2_500_000);
    let merge = format!(r#"{{"spec":{{"notifications":{{"any":{{"value":{value}}}}}}}}}"#);
    let old = siege.object("pipelines", "old");
    for (way, request) in [
        ("POST", Request::post(siege.collection("pipelines"), objects::pipeline_with("new", &value))),
        ("PUT", Request::put(&old, objects::pipeline_with("old", &value))),
        ("merge patch", Request::patch(MERGE, &old, merge)),
    ] {
        siege.expect(way, &request.by(Caller::Developer), Expected::Status(&[413, 422]));
    }
    Ok(())
}

fn churn(siege: &mut Siege) -> Result<()> {
    let body = objects::pipeline_with("large", &objects::text(1_000_000));
    let create = Request::post(siege.collection("pipelines"), body).by(Caller::Developer);
    let delete = Request::delete(siege.object("pipelines", "large")).by(Caller::Developer);
    for _ in 0..600 {
        siege.expect("a large object", &create, Expected::Status(&[201]));
        siege.expect("its deletion", &delete, Expected::Status(&[200]));
    }
    Ok(())
}
