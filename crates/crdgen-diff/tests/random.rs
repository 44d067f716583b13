//! Random changes of CRDs: an object that the old CRD accepts and the new one refuses or cuts has a breaking finding.
//!
//! `CRDGEN_CHANGES` sets the number of changes, `CRDGEN_SEED` the first seed.

use std::env;
use std::sync::Arc;

use crdgen_diff::{compare, spot_check};
use crdgen_schema::{Crd, Document, Node, Source, crds};
use serde_json::{Value as Json, json};

/// Number of random changes, and of objects for each.
const CHANGES: u64 = 200;
const OBJECTS: usize = 30;

#[test]
fn no_random_change_breaks_objects_without_a_finding() {
    let number = |name: &str, default| env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (changes, first): (u64, u64) = (number("CRDGEN_CHANGES", CHANGES), number("CRDGEN_SEED", 0));
    let bases = bases();
    let (mut compared, mut objects) = (0, 0);
    for seed in first..first + changes {
        let mut rng = fastrand::Rng::with_seed(seed);
        let old = &bases[rng.usize(..bases.len())];
        let mut new = old.clone();
        for _ in 0..rng.usize(1..4) {
            change(&mut new, &mut rng);
        }
        // A server refuses some of the changed schemas.
        let (Some(before), Some(after)) = (read(old), read(&new)) else { continue };
        let findings = compare(&before, &after);
        assert!(findings.iter().all(|finding| finding.rule.id != "unhandled"), "seed {seed}: {findings:#?}");
        let check = spot_check(&before, &after, &findings, OBJECTS);
        compared += 1;
        objects += check.objects;
        if let Some(missed) = check.missed.first() {
            let ids: Vec<String> =
                findings.iter().map(|finding| format!("{} {}", finding.rule.id, finding.path)).collect();
            panic!(
                "seed {seed}: {:?}\nobject {}\nold {old}\nnew {new}\nfindings {ids:?}",
                missed.breach, missed.object
            );
        }
    }
    assert!(compared * 4 > changes, "only {compared} of {changes} changes give a CRD");
    assert!(objects as u64 > compared * 10, "only {objects} objects for {compared} changes");
}

/// Schemas of `spec` with every keyword.
fn bases() -> Vec<Json> {
    vec![
        json!({"type": "object", "required": ["name"], "minProperties": 1, "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 20, "pattern": "^[a-z]+$"},
            "count": {"type": "integer", "minimum": 0, "maximum": 10, "default": 3},
            "ratio": {"type": "number", "multipleOf": 0.5},
            "mode": {"type": "string", "enum": ["fast", "safe", "off"], "default": "safe"},
            "port": {"x-kubernetes-int-or-string": true},
            "since": {"type": "string", "format": "date-time"},
            "note": {"type": "string", "nullable": true},
        }}),
        json!({"type": "object", "properties": {
            "ports": {"type": "array", "maxItems": 4, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name", "protocol"],
                "items": {"type": "object", "required": ["name"], "properties": {
                    "name": {"type": "string", "maxLength": 10}, "protocol": {"type": "string", "default": "TCP"},
                    "number": {"type": "integer", "format": "int32"}}}},
            "tags": {"type": "array", "maxItems": 5, "x-kubernetes-list-type": "set", "items": {"type": "string", "maxLength": 10}},
            "labels": {"type": "object", "maxProperties": 4, "additionalProperties": {"type": "string"}},
            "limits": {"type": "object", "additionalProperties": {"type": "object", "properties": {
                "low": {"type": "integer"}, "high": {"type": "integer", "nullable": true}}}},
            "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": true, "properties": {"known": {"type": "string"}}},
        }}),
        json!({"type": "object", "properties": {
            "source": {"type": "object", "properties": {"git": {"type": "string"}, "image": {"type": "string"}, "branch": {"type": "string"}},
                "oneOf": [{"required": ["git"]}, {"required": ["image"]}]},
            "target": {"type": "object", "properties": {"low": {"type": "integer", "default": 1}, "high": {"type": "integer"}},
                "x-kubernetes-validations": [{"rule": "!has(self.high) || self.low <= self.high"}]},
            "first": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
            "second": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "not": {"required": ["b"]}},
            "texts": {"type": "array", "maxItems": 4, "items": {"type": "string", "maxLength": 9, "enum": ["a", "b", "c"]},
                "x-kubernetes-validations": [{"rule": "self.all(x, x != 'c') || size(self) > 1"}]},
        }, "anyOf": [{"required": ["source"]}, {"required": ["target"]}, {"required": ["first"]}],
        "x-kubernetes-validations": [{"rule": "!has(self.first) || !has(self.second) || self.first == self.second"},
            {"rule": "has(self.source) || has(self.first) || has(self.target)"}]}),
        json!({"type": "object", "properties": {
            "data": {"type": "string", "format": "byte", "maxLength": 12,
                "x-kubernetes-validations": [{"rule": "size(self) <= 6"}]},
            "wait": {"type": "string", "format": "duration", "maxLength": 12},
            "set": {"type": "array", "maxItems": 3, "x-kubernetes-list-type": "set", "items": {"type": "object",
                "x-kubernetes-map-type": "atomic", "properties": {"a": {"type": "integer"}, "b": {"type": "boolean"}}}},
            "nested": {"type": "object", "default": {}, "properties": {"on": {"type": "boolean", "default": true},
                "level": {"type": "integer", "maximum": 5}}, "required": ["on"], "maxProperties": 2},
            "object": {"type": "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true},
            "fixed": {"type": "object", "enum": [{"a": 1}, {"a": 2, "b": 1}], "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}},
        }}),
    ]
}

/// Changes a schema in one place.
fn change(schema: &mut Json, rng: &mut fastrand::Rng) {
    let mut places = Vec::new();
    nodes(schema, &mut String::new(), &mut places);
    let place = rng.choice(places).expect("the schema itself is a place");
    let node = schema.pointer_mut(&place).and_then(Json::as_object_mut).expect("the place was found");
    let keys: Vec<String> = node.keys().filter(|key| *key != "type" && *key != "properties").cloned().collect();
    let names: Vec<String> =
        node.get("properties").and_then(Json::as_object).into_iter().flatten().map(|(name, _)| name.clone()).collect();
    match rng.u8(..10) {
        // Remove a keyword, a property, or one entry of a list.
        0 | 1 if !keys.is_empty() => drop(node.remove(&keys[rng.usize(..keys.len())])),
        2 if !names.is_empty() => {
            let name = &names[rng.usize(..names.len())];
            node["properties"].as_object_mut().expect("it is an object").remove(name);
        }
        3 if !keys.is_empty() => {
            if let Some(Json::Array(items)) = node.get_mut(&keys[rng.usize(..keys.len())])
                && items.len() > 1
            {
                items.remove(rng.usize(..items.len()));
            }
        }
        // Declare or require a field.
        4 if !names.is_empty() => {
            let others = [
                json!({"type": "string"}),
                json!({"type": "integer", "default": 7}),
                json!({"type": "string", "default": "new"}),
            ];
            node["properties"]["added"] = others[rng.usize(..others.len())].clone();
        }
        5 if !names.is_empty() => {
            let required = node.entry("required").or_insert_with(|| json!([]));
            let items = required.as_array_mut().expect("it is a list");
            let name = json!(names[rng.usize(..names.len())]);
            if !items.contains(&name) {
                items.push(name);
            }
        }
        // Set a keyword.
        _ => {
            let type_ = node.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
            let name = names.first().cloned().unwrap_or_default();
            let (keyword, value) = keyword(&type_, &name, rng);
            node.insert(keyword.to_owned(), value);
        }
    }
}

/// Returns a keyword for a type, and a value.
fn keyword(type_: &str, name: &str, rng: &mut fastrand::Rng) -> (&'static str, Json) {
    let any = [("nullable", json!(true)), ("nullable", json!(false)), ("description", json!("changed"))];
    let special = match type_ {
        "string" => vec![
            ("maxLength", json!(rng.u8(..12))),
            ("minLength", json!(rng.u8(..4))),
            ("pattern", json!("^[a-m]*$")),
            ("pattern", json!("^[a-z]*$")),
            ("enum", json!(["fast", "a", "b"])),
            ("format", json!("byte")),
            ("format", json!("date-time")),
            ("format", json!("duration")),
            ("default", json!("fast")),
            ("default", json!("a")),
            ("type", json!("integer")),
            ("type", json!("boolean")),
            ("x-kubernetes-validations", json!([{"rule": "size(self) < 4"}])),
        ],
        "integer" | "number" => vec![
            ("minimum", json!(rng.u8(..6))),
            ("maximum", json!(rng.u8(1..9))),
            ("multipleOf", json!(rng.u8(1..4))),
            ("exclusiveMinimum", json!(true)),
            ("type", json!("number")),
            ("type", json!("integer")),
            ("type", json!("string")),
            ("default", json!(rng.u8(..6))),
            ("format", json!("int32")),
            ("enum", json!([1, 2, 3])),
            ("x-kubernetes-validations", json!([{"rule": "self != 2"}])),
        ],
        "array" => vec![
            ("maxItems", json!(rng.u8(..4))),
            ("minItems", json!(rng.u8(..3))),
            ("x-kubernetes-list-type", json!("set")),
            ("x-kubernetes-list-type", json!("atomic")),
            ("x-kubernetes-list-type", json!("map")),
            ("x-kubernetes-list-map-keys", json!(["name"])),
            ("default", json!([])),
        ],
        "object" => vec![
            ("maxProperties", json!(rng.u8(1..4))),
            ("minProperties", json!(rng.u8(..3))),
            ("x-kubernetes-preserve-unknown-fields", json!(true)),
            ("x-kubernetes-map-type", json!("atomic")),
            ("additionalProperties", json!({"type": "string"})),
            ("additionalProperties", json!(true)),
            ("default", json!({})),
            ("not", json!({"required": [name]})),
            ("anyOf", json!([{"required": [name]}])),
            ("x-kubernetes-validations", json!([{"rule": format!("!has(self.{name}) || !has(self.added)")}])),
            ("x-kubernetes-validations", json!([{"rule": format!("has(self.{name})")}])),
        ],
        _ => vec![("type", json!("string")), ("x-kubernetes-int-or-string", json!(true)), ("maximum", json!(5))],
    };
    let all: Vec<_> = any.into_iter().chain(special).collect();
    all[rng.usize(..all.len())].clone()
}

/// Collects the places of all schemas, except for those in unions.
fn nodes(schema: &Json, place: &mut String, places: &mut Vec<String>) {
    places.push(place.clone());
    let length = place.len();
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        place.push_str(&format!("/properties/{name}"));
        nodes(property, place, places);
        place.truncate(length);
    }
    for below in ["items", "additionalProperties"] {
        if schema[below].is_object() {
            place.push_str(&format!("/{below}"));
            nodes(&schema[below], place, places);
            place.truncate(length);
        }
    }
}

/// Reads a CRD with a schema of `spec`. Returns `None` if a server refuses it.
fn read(spec: &Json) -> Option<Vec<Crd>> {
    let root = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": "boats.example.com"},
        "spec": {"group": "example.com", "names": {"kind": "Boat", "plural": "boats"}, "scope": "Namespaced", "versions": [
            {"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema":
                {"type": "object", "properties": {"spec": spec}}}}]}});
    let source = Arc::new(Source { name: "boats.yaml".to_owned(), text: String::new() });
    let document = Document { source, index: 0, root: Node::from_json(&root) };
    let found = crds(vec![document], &mut Vec::new());
    (found.refused == 0).then_some(found.crds)
}
