//! Small patches with large results.

use anyhow::Result;
use serde_json::{Value, json};

use super::caller::Caller;
use super::entry::Attack;
use super::form::Backend;
use super::objects;
use super::siege::{Expected, Siege};
use super::wire::{APPLY, MERGE, Request, STEPS};

pub const ATTACKS: &[Attack] = &[
    Attack::new("patch-doubling", "a JSON patch makes no object larger than one that may be stored", doubling),
    Attack::new("patch-nesting", "a JSON patch makes no object deeper than one that may be stored", nesting),
    Attack::new("patch-copies", "what a JSON patch copies is bounded, also what it takes away again", copies),
    Attack::new("patch-inserts", "many steps on a long list leave the processor to others", inserts)
        .only_on(Backend::Memory),
    Attack::new(
        "patch-of-patches",
        "merge patches and applies make no object deeper than one that may be stored",
        merges,
    ),
    Attack::new("patch-tricks", "a patch that cannot be carried out is refused and changes nothing", tricks),
];

/// Field that accepts any JSON, in the pipelines of this file.
const ANY: &str = "/spec/notifications/any";

/// Creates the pipeline `old` with `value` in the field for any JSON. Returns the path of the object.
fn old(siege: &mut Siege, value: &str) -> Result<String> {
    let create = Request::post(siege.collection("pipelines"), objects::pipeline_with("old", value));
    siege.ready(&create.by(Caller::Operator))?;
    Ok(siege.object("pipelines", "old"))
}

fn steps(path: &str, steps: &[Value]) -> Request {
    Request::patch(STEPS, path, Value::from(steps).to_string()).by(Caller::Developer)
}

/// Expects a refusal of the patch, both with and without dry run.
fn refused_both_ways(siege: &mut Siege, case: &str, path: &str, patch: &[Value]) {
    siege.expect(format!("{case}, dry run"), &steps(&format!("{path}?dryRun=All"), patch), Expected::Refusal);
    siege.expect(case, &steps(path, patch), Expected::Refusal);
    siege.check_stored(case, path);
}

fn doubling(siege: &mut Siege) -> Result<()> {
    let path = old(siege, r#"["0123456789"]"#)?;
    for count in [19, 30] {
        // Each step copies a list into itself, which doubles its number of items.
        let inwards =
            vec![json!({ "op": "copy", "from": format!("{ANY}/value"), "path": format!("{ANY}/value/0") }); count];
        refused_both_ways(siege, &format!("{count} copies of a list into itself"), &path, &inwards);
        // Each step copies an object into a field of itself.
        let in_turns: Vec<_> =
            (0..count).map(|index| json!({ "op": "copy", "from": ANY, "path": format!("{ANY}/c{index}") })).collect();
        refused_both_ways(siege, &format!("{count} copies of an object into itself"), &path, &in_turns);
    }
    Ok(())
}

fn nesting(siege: &mut Siege) -> Result<()> {
    let path = old(siege, "{}")?;
    for depth in [130, 400, 2_000] {
        // The value moves into a new object, which then takes its place.
        let level = [
            json!({ "op": "add", "path": format!("{ANY}/next"), "value": {} }),
            json!({ "op": "move", "from": format!("{ANY}/value"), "path": format!("{ANY}/next/n") }),
            json!({ "op": "move", "from": format!("{ANY}/next"), "path": format!("{ANY}/value") }),
        ];
        let moves: Vec<_> = level.iter().cycle().take(3 * depth).cloned().collect();
        refused_both_ways(siege, &format!("{depth} levels by moves"), &path, &moves);
    }
    let down: Vec<_> = (1..300)
        .map(|depth| json!({ "op": "add", "path": format!("{ANY}/value{}", "/n".repeat(depth)), "value": {} }))
        .collect();
    refused_both_ways(siege, "300 levels by paths", &path, &down);
    let deep: Value = serde_json::from_str(&objects::maps(100))?;
    let twice = [
        json!({ "op": "add", "path": format!("{ANY}/value"), "value": deep }),
        json!({ "op": "add", "path": format!("{ANY}/value{}", "/n".repeat(99)), "value": deep }),
    ];
    refused_both_ways(siege, "100 levels below 100 levels", &path, &twice);
    Ok(())
}

fn copies(siege: &mut Siege) -> Result<()> {
    let path = old(siege, &objects::text(100_000))?;
    let over_and_over =
        |count| vec![json!({ "op": "copy", "from": format!("{ANY}/value"), "path": format!("{ANY}/other") }); count];
    for count in [200, 10_000] {
        let mut patch = over_and_over(count - 1);
        patch.push(json!({ "op": "remove", "path": format!("{ANY}/other") }));
        refused_both_ways(siege, &format!("{count} copies of 100 kB over each other"), &path, &patch);
    }
    let patch = vec![json!({ "op": "remove", "path": format!("{ANY}/absent") }); 10_001];
    refused_both_ways(siege, "10,001 steps", &path, &patch);
    Ok(())
}

fn inserts(siege: &mut Siege) -> Result<()> {
    let path = old(siege, &objects::list_of(siege.pick(50_000, 400_000), "1"))?;
    let first = format!("{ANY}/value/0");
    let patches = [
        ("add", vec![json!({ "op": "add", "path": first, "value": 1 }); 9_990]),
        ("remove", vec![json!({ "op": "remove", "path": first }); 9_990]),
        ("move", vec![json!({ "op": "move", "from": format!("{ANY}/value/9"), "path": first }); 9_990]),
    ];
    let requests: Vec<_> = patches.iter().map(|(_, patch)| steps(&format!("{path}?dryRun=All"), patch)).collect();
    siege.hammer(&requests);
    Ok(())
}

fn merges(siege: &mut Siege) -> Result<()> {
    let path = old(siege, &objects::maps(100))?;
    // The patch goes below the present value, and is as deep as a body may be.
    let below = objects::maps(123);
    let merge = format!(r#"{{"spec":{{"notifications":{{"any":{below}}}}}}}"#);
    let apply = objects::pipeline_with("old", &objects::lists(122));
    for (way, request) in [
        ("merge patch", Request::patch(MERGE, &path, merge.clone())),
        ("merge patch, dry run", Request::patch(MERGE, format!("{path}?dryRun=All"), merge)),
        ("apply", Request::patch(APPLY, format!("{path}?fieldManager=mallory&force=true"), apply)),
        ("merge patch of 130 levels", Request::patch(MERGE, &path, objects::maps(130))),
        ("apply of 130 levels", Request::patch(APPLY, format!("{path}?fieldManager=mallory"), objects::maps(130))),
    ] {
        siege.expect(way, &request.by(Caller::Developer), Expected::Answer);
        siege.check_stored(way, &path);
        check_listed(siege, way)?;
    }
    Ok(())
}

/// Reports a list that a client with the limit of `serde_json`, 127 levels, cannot read. One object must not
/// make the others unreadable.
fn check_listed(siege: &mut Siege, way: &str) -> Result<()> {
    let list = siege.ask(&Request::get(siege.collection("pipelines")).by(Caller::Viewer))?;
    let depth = objects::depth(&list.body);
    siege.check(list.json().is_object(), || {
        format!("{way}: clients cannot read the list, which is {depth} levels deep")
    });
    Ok(())
}

fn tricks(siege: &mut Siege) -> Result<()> {
    let path = old(siege, "[1,2,3]")?;
    let before = siege.check_stored("before", &path);
    let value = format!("{ANY}/value");
    for (case, step) in [
        ("below itself", json!({ "op": "move", "from": ANY, "path": format!("{ANY}/value/x") })),
        ("the whole document", json!({ "op": "replace", "path": "", "value": {} })),
        ("an index of 20 digits", json!({ "op": "add", "path": format!("{value}/18446744073709551616"), "value": 1 })),
        ("a far index", json!({ "op": "add", "path": format!("{value}/4294967295"), "value": 1 })),
        ("no pointer", json!({ "op": "add", "path": "spec", "value": 1 })),
        ("a bad escape", json!({ "op": "remove", "path": format!("{ANY}/~2") })),
        ("another name", json!({ "op": "replace", "path": "/metadata/name", "value": "other" })),
        ("another kind", json!({ "op": "replace", "path": "/kind", "value": "Project" })),
        ("a long path", json!({ "op": "remove", "path": format!("{ANY}{}", "/x".repeat(500_000)) })),
        ("no such operation", json!({ "op": "grow", "path": ANY })),
    ] {
        siege.expect(case, &steps(&path, &[step]), Expected::Refusal);
    }
    let after = siege.check_stored("after", &path);
    siege.check(before == after, || "a patch that was refused changed the object".to_owned());
    Ok(())
}
