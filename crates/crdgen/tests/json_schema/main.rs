//! JSON Schemas checked with a JSON Schema validator.

mod keys;

use std::fs;
use std::io;
use std::path::Path;

use crdgen::pipeline::{self, Selection, Targets, Versions};
use crdgen_emit::{Files, json_schema};
use crdgen_model::Names;
use jsonschema::{Validator, draft202012};
use serde_json::{Value, json};

/// Returns the schemas of all CRDs below a path of this package.
fn schemas(path: &str) -> Files {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let input = pipeline::read(&[path.to_string_lossy().into_owned()], io::empty());
    let targets = Targets { json_schema: Some(json_schema::Options::default()), ..Targets::default() };
    let selection = Selection { versions: Versions::All, ..Selection::default() };
    pipeline::generate(&input.crds, &selection, &targets, &Names::default()).expect("they are generated").json_schema
}

fn gauges() -> Files {
    schemas("tests/json_schema/gauges.yaml")
}

fn validator(files: &Files, name: &str) -> Validator {
    let schema: Value = serde_json::from_str(&files[name]).expect("it is JSON");
    draft202012::new(&schema).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Returns the paths at which a value violates a schema.
fn broken(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| error.instance_path().to_string()).collect()
}

fn gauge() -> Value {
    json!({
        "apiVersion": "example.com/v1",
        "kind": "Gauge",
        "metadata": { "name": "x", "labels": { "a": "b" } },
        "spec": { "name": "a", "port": "http", "source": { "file": "/a" }, "extra": { "any": [null] } },
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut gauge = gauge();
    let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
    gauge.pointer_mut(parent).expect("its parent is there")[key] = value;
    gauge
}

#[test]
fn the_schemas_of_every_fixture_are_valid_and_complete_in_themselves() {
    let files = schemas("../../fixtures/accepted");
    assert!(files.len() > 100, "{}", files.len());
    for (name, text) in &files {
        let schema: Value = serde_json::from_str(text).expect("it is JSON");
        draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        // A reference to a missing place or out of the file is an error here, because nothing is fetched.
        validator(&files, name);
    }
}

#[test]
fn what_is_written_is_judged_as_by_the_server() {
    let files = gauges();
    let input = validator(&files, "GaugeInput.schema.json");
    assert_eq!(broken(&input, &gauge()), [""; 0]);
    let accepted = [
        with("/spec/since", Value::Null),
        with("/spec/source", Value::Null),
        with("/spec/source", json!({ "url": "https://a.b" })),
        with("/spec/size", json!(1.0)),
        with("/spec/label", json!("not what the pattern says, which is Go's own")),
        with("/metadata/creationTimestamp", Value::Null),
        // Null is dropped, or the default stands in its place.
        with("/spec/label", Value::Null),
        with("/spec/mode", Value::Null),
        with("/spec/source", json!({ "url": null, "file": "/a", "interval": null })),
    ];
    for object in accepted {
        assert_eq!(broken(&input, &object), [""; 0], "{object}");
    }
    let refused = [
        (with("/spec/naem", json!("a")), "/spec"),
        (with("/metadata/lables", json!({})), "/metadata"),
        (with("/kind", json!("Gouge")), "/kind"),
        (with("/spec/name", json!("A")), "/spec/name"),
        (with("/spec/name", Value::Null), "/spec/name"),
        (with("/spec/tags", json!([null])), "/spec/tags"),
        (with("/spec/source", json!({ "url": null })), "/spec/source"),
        (with("/spec/mode", json!("Medium")), "/spec/mode"),
        (with("/spec/level", json!(4)), "/spec/level"),
        (with("/spec/size", json!(0)), "/spec/size"),
        (with("/spec/ratio", json!(0.3)), "/spec/ratio"),
        (with("/spec/port", json!(1.5)), "/spec/port"),
        (with("/spec/tags", json!(["a", "a"])), "/spec/tags"),
        (with("/spec/limits", json!({})), "/spec/limits"),
        (with("/spec/source", json!({ "url": "https://a.b", "file": "/a" })), "/spec/source"),
        (with("/spec/ports", json!([{ "open": true }])), "/spec/ports/0"),
        (with("/status", json!({})), ""),
    ];
    for (object, place) in refused {
        let places = broken(&input, &object);
        assert!(places.iter().any(|found| found.starts_with(place)), "{places:?} {object}");
    }
}

#[test]
fn a_name_is_restricted_as_by_the_server() {
    let files = schemas("../../fixtures/accepted/restricted-metadata");
    let input = validator(&files, "SingletonInput.schema.json");
    let named = |name: Value| {
        let (api_version, kind) = ("restricted-metadata.example.com/v1", "Singleton");
        broken(&input, &json!({ "apiVersion": api_version, "kind": kind, "metadata": { "name": name } }))
    };
    assert_eq!(named(json!("cluster")), [""; 0]);
    assert_eq!(named(Value::Null), [""; 0], "null is no name, and a server asks for one elsewhere");
    assert_eq!(named(json!("other")), ["/metadata/name"]);
}

#[test]
fn what_is_read_may_be_newer_than_the_schema_and_has_its_defaults() {
    let files = gauges();
    let read = validator(&files, "Gauge.schema.json");
    let mut stored = with("/spec/mode", json!("Medium"));
    stored["spec"]["every"] = json!("1h");
    stored["spec"]["source"]["interval"] = json!(30);
    stored["spec"]["news"] = json!(true);
    stored["status"] = json!({ "phase": "Sideways" });
    assert_eq!(broken(&read, &stored), [""; 0]);
    assert_eq!(broken(&read, &gauge()).len(), 3, "`mode`, `every` and `interval` are there when read");
}

#[test]
fn the_files_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/json_schema");
    for (name, text) in gauges() {
        let golden = folder.join(&name);
        if std::env::var_os("CRDGEN_UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &text).unwrap();
        }
        let known = fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(text, known, "{name} changed; CRDGEN_UPDATE_GOLDEN=1 writes it anew");
    }
}
