//! Random objects, judged by an API server's rules and by the schema of what users write.

use std::cell::Cell;
use std::io;
use std::path::Path;

use crdgen::pipeline;
use crdgen_schema::Admission;
use proptest::collection::btree_map;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

use super::{broken, schemas, validator};

const FIXTURE: &str = "../../fixtures/accepted/undeclared-keys";

/// Junctors that JSON Schema cannot say in full: the server may refuse more.
const INEXACT: [&str; 2] = ["filled", "text"];

fn scalar() -> impl Strategy<Value = Value> {
    select(vec![Value::Null, json!(0), json!(1), json!(2), json!("a"), json!("home"), json!("2024-01-02")])
}

fn object() -> impl Strategy<Value = Value> {
    let key = select(vec!["a", "b", "c", "z", "home", "a-b", "name", "mode"]).prop_map(str::to_owned);
    btree_map(key, scalar(), 0..4).prop_map(|fields| Value::Object(fields.into_iter().collect()))
}

fn value() -> impl Strategy<Value = Value> {
    let list = proptest::collection::vec(object(), 0..3).prop_map(Value::from);
    prop_oneof![2 => scalar(), 5 => object(), 2 => list, 1 => Just(Value::Null)]
}

fn spec() -> impl Strategy<Value = Value> {
    let names = ["env", "steps", "anything", "open", "opens", "choice", "plain", "filled", "text", "code", "port"];
    let field = |name: &str| (Just(name.to_owned()), option::weighted(0.2, value()));
    Vec::from(names.map(field)).prop_map(|fields| {
        let there = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
        Value::Object(there.collect::<Map<_, _>>())
    })
}

/// Whether a key with null counts in the schema, which the server drops before it counts.
fn counts_null(spec: &Value) -> bool {
    spec["choice"].as_object().is_some_and(|choice| choice.values().any(Value::is_null))
}

#[test]
fn keys_and_junctors_bind_as_on_the_server() {
    let crds =
        pipeline::read(&[Path::new(env!("CARGO_MANIFEST_DIR")).join(FIXTURE).display().to_string()], io::empty());
    let admission = Admission::for_version(&crds.crds[0], &crds.crds[0].versions[0]);
    let input = validator(&schemas(FIXTURE), "LockInput.schema.json");
    let mut runner = TestRunner::new(Config { cases: 4000, failure_persistence: None, ..Config::default() });
    let (accepted, refused) = (Cell::new(0), Cell::new(0));
    let outcome = runner.run(&spec(), |spec| {
        let object = json!({
            "apiVersion": "undeclared-keys.example.com/v1", "kind": "Lock", "metadata": {"name": "x"}, "spec": spec,
        });
        let verdict = admission.validate(&object, None);
        let is_accepted = verdict.is_accepted() && verdict.unknown_fields.is_empty();
        let places = broken(&input, &object);
        if is_accepted && (places.is_empty() || !counts_null(&object["spec"])) {
            accepted.set(accepted.get() + 1);
            prop_assert!(places.is_empty(), "{places:?} refused in {object}");
        } else if !is_accepted && INEXACT.iter().all(|name| object["spec"].get(name).is_none()) {
            refused.set(refused.get() + 1);
            prop_assert!(!places.is_empty(), "{:?} {:?} accepted: {object}", verdict.causes, verdict.unknown_fields);
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
    let (accepted, refused) = (accepted.get(), refused.get());
    assert!(accepted > 300 && refused > 300, "{accepted} accepted, {refused} refused");
}

#[test]
fn what_json_schema_cannot_say_is_data() {
    let files = schemas(FIXTURE);
    let text = |name: &str| -> Value { serde_json::from_str(&files[name]).expect("it is JSON") };
    let data = |schema: &Value| schema["x-crdgen-validation"][0]["anyOf"][2].clone();
    let field = text("LockInput.schema.json")["$defs"]["LockSpecInput"]["properties"]["text"].clone();
    assert_eq!(data(&field), json!({"format": "date"}));
}
