//! Objects of small schemas, each with one construct. `Objects` itself checks that a server accepts them.

use std::io;
use std::sync::Arc;

use crdgen_objects::{Objects, Step, Unmade, values};
use crdgen_schema::{Crd, Schema, Source, crd, crds, documents, source};
use serde_json::{Value, json};

/// Returns the CRD of a kind with a schema of `spec`.
fn boats(spec: &Value) -> Crd {
    let schema = json!({"type": "object", "properties": {"spec": spec}});
    of_schema(&schema)
}

fn of_schema(schema: &Value) -> Crd {
    let version = json!({"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}});
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "boats.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Boat", "plural": "boats"},
            "scope": "Namespaced",
            "versions": [version],
        },
    });
    let source = Arc::new(Source { name: "boats.json".to_owned(), text: crd.to_string() });
    let mut diagnostics = Vec::new();
    let found = crds(documents(&source, &mut diagnostics), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    found.crds.into_iter().next().expect("there is one")
}

fn minimal(spec: &Value) -> Result<Value, Unmade> {
    let crd = boats(spec);
    Ok(Objects::for_version(&crd, &crd.versions[0]).minimal()?["spec"].take())
}

fn full(spec: &Value) -> Result<Value, Unmade> {
    let crd = boats(spec);
    Ok(Objects::for_version(&crd, &crd.versions[0]).full()?["spec"].take())
}

fn with(spec: &Value, path: &[Step], value: Value) -> Result<Value, Unmade> {
    let crd = boats(spec);
    let path: Vec<Step> = [field("spec")].into_iter().chain(path.iter().cloned()).collect();
    Ok(Objects::for_version(&crd, &crd.versions[0]).with(&path, value)?["spec"].take())
}

fn field(name: &str) -> Step {
    Step::Field(name.to_owned())
}

#[test]
fn a_minimal_object_has_what_is_required_and_no_defaults() {
    let spec = json!({
        "type": "object",
        "required": ["size", "at", "image", "port", "names", "crew"],
        "properties": {
            "size": {"type": "string", "enum": ["small", "large"]},
            "at": {"type": "string", "format": "date-time"},
            "image": {"type": "string", "pattern": "^[a-z.]+/[a-z]+$"},
            "port": {"type": "integer", "minimum": 10_000},
            "names": {"type": "array", "minItems": 2, "x-kubernetes-list-type": "set", "items": {"type": "string"}},
            "crew": {"type": "integer", "default": 3},
            "free": {"type": "string"},
        },
    });
    let wanted = json!({
        "size": "small",
        "at": "2026-01-01T00:00:00Z",
        "image": "example.com/example",
        "port": 10_000,
        "names": ["example", "Example"],
    });
    assert_eq!(minimal(&spec), Ok(wanted));
}

#[test]
fn a_full_object_has_every_field_with_telling_values() {
    let spec = json!({
        "type": "object",
        "properties": {
            "replicas": {"type": "integer"},
            "containerPort": {"type": "integer"},
            "image": {"type": "string"},
            "timeout": {"type": "string", "default": "5m"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "annotations": {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 2},
            "nodeSelector": {"type": "object", "additionalProperties": {"type": "string"}},
            "limits": {"type": "object", "additionalProperties": {"type": "string"}},
            "items": {"type": "array", "items": {"type": "object", "properties": {"on": {"type": "boolean"}}}},
        },
    });
    let wanted = json!({
        "replicas": 3,
        "containerPort": 8080,
        "image": "registry.example.com/app:1.0.0",
        "timeout": "5m",
        "labels": {"app.kubernetes.io/name": "example"},
        "annotations": {"example.com/note": "example", "example.com/note-2": "Example"},
        "nodeSelector": {"kubernetes.io/os": "example"},
        "limits": {"memory": "1Gi"},
        "items": [{"on": true}],
    });
    assert_eq!(full(&spec), Ok(wanted));
}

#[test]
fn fields_that_exclude_each_other_are_left_out_but_for_one() {
    let properties = json!({"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}});
    let one_of = json!([{"required": ["a"]}, {"required": ["b"]}, {"required": ["c"]}]);
    let spec = json!({"type": "object", "properties": properties, "oneOf": one_of});
    assert_eq!(full(&spec), Ok(json!({"a": "example"})));
    let rule = "[has(self.a), has(self.b), has(self.c)].filter(x, x).size() == 1";
    let spec = json!({"type": "object", "properties": properties, "x-kubernetes-validations": [{"rule": rule}]});
    assert_eq!(full(&spec), Ok(json!({"a": "example"})));
    assert_eq!(minimal(&spec), Ok(json!({"a": "example"})));
    let spec = json!({"type": "object", "properties": properties, "not": {"required": ["b"]}});
    assert_eq!(full(&spec), Ok(json!({"a": "example", "c": "example"})));
}

#[test]
fn of_many_fields_that_exclude_each_other_one_is_left_as_it_is() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let mut properties: serde_json::Map<String, Value> = names
        .iter()
        .map(|name| ((*name).to_owned(), json!({"type": "object", "properties": {"x": {"type": "string"}}})))
        .collect();
    properties.insert("other".to_owned(), json!({"type": "string"}));
    let rule = format!("[{}].filter(x, x).size() == 1", names.map(|name| format!("has(self.{name})")).join(", "));
    let spec = json!({"type": "object", "properties": properties, "x-kubernetes-validations": [{"rule": rule}]});
    assert_eq!(full(&spec), Ok(json!({"a": {"x": "example"}, "other": "example"})));
}

#[test]
fn a_value_that_a_branch_refuses_is_not_made() {
    let properties = json!({"a": {"type": "string", "enum": ["x", "y"]}, "b": {"type": "string"}});
    let not = json!({"properties": {"a": {"enum": ["x"]}}});
    let spec = json!({"type": "object", "required": ["a", "b"], "properties": properties, "not": not});
    assert_eq!(minimal(&spec), Ok(json!({"a": "y", "b": "example"})));
}

#[test]
fn the_smallest_number_of_fields_is_reached_without_a_field_that_must_be_absent() {
    let properties = json!({"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}});
    let not = json!({"required": ["a"]});
    let spec = json!({"type": "object", "properties": properties, "minProperties": 2, "not": not});
    assert_eq!(minimal(&spec), Ok(json!({"b": "example", "c": "example"})));
}

#[test]
fn a_full_object_leaves_out_a_field_without_a_value() {
    let nothing = json!({"type": "string", "pattern": "^a$", "not": {"pattern": "a"}});
    let spec =
        json!({"type": "object", "properties": {"a": {"type": "string"}, "b": nothing, "c": {"type": "string"}}});
    assert_eq!(full(&spec), Ok(json!({"a": "example", "c": "example"})));
}

#[test]
fn a_full_object_has_the_smallest_value_of_a_field_whose_full_value_is_refused() {
    let fields = json!({"x": {"type": "string"}, "y": {"type": "string"}});
    let value = json!({"type": "object", "properties": fields, "not": {"minProperties": 2}});
    let labels = json!({"type": "object", "additionalProperties": value, "minProperties": 1});
    let spec = json!({"type": "object", "properties": {"labels": labels}});
    assert_eq!(full(&spec), Ok(json!({"labels": {"app.kubernetes.io/name": {}}})));
}

#[test]
fn a_full_object_has_no_status_if_the_status_is_a_subresource() {
    let properties =
        json!({"spec": {"type": "object"}, "status": {"type": "object", "properties": {"on": {"type": "boolean"}}}});
    let mut crd = of_schema(&json!({"type": "object", "properties": properties}));
    let full = |crd: &Crd| Objects::for_version(crd, &crd.versions[0]).full().expect("there is an object");
    assert_eq!(full(&crd)["status"], json!({"on": true}));
    crd.versions[0].status = true;
    assert_eq!(full(&crd).get("status"), None);
}

#[test]
fn a_text_is_split_as_a_rule_splits_it() {
    let rule = "self.split('/').size() == 2 && self.split('/')[0].matches('^[a-z]{2}$') && self.split('/')[1].matches('^[0-9]$')";
    let code = json!({"type": "string", "x-kubernetes-validations": [{"rule": rule}]});
    let spec = json!({"type": "object", "required": ["code"], "properties": {"code": code}});
    assert_eq!(minimal(&spec), Ok(json!({"code": "aa/1"})));
}

#[test]
fn a_type_asks_for_the_field_beside_it() {
    let spec = json!({
        "type": "object",
        "required": ["source"],
        "properties": {"source": {
            "type": "object",
            "required": ["type"],
            "properties": {
                "type": {"type": "string", "enum": ["Git", "Image"]},
                "git": {"type": "object", "required": ["url"], "properties": {"url": {"type": "string"}}},
                "image": {"type": "string"},
            },
            "x-kubernetes-validations": [
                {"rule": "self.type == 'Git' ? has(self.git) : !has(self.git)"},
                {"rule": "self.type == 'Image' ? has(self.image) : !has(self.image)"},
            ],
        }},
        "x-kubernetes-validations": [{"rule": "self.source.type != 'Git'"}],
    });
    let wanted = json!({"source": {"type": "Image", "image": "registry.example.com/app:1.0.0"}});
    assert_eq!(minimal(&spec), Ok(wanted));
}

#[test]
fn rules_about_texts_and_numbers_hold() {
    let spec = json!({
        "type": "object",
        "required": ["prefix", "min", "max", "key", "same", "twin"],
        "properties": {
            "prefix": {
                "type": "string",
                "x-kubernetes-validations": [{"rule": "self.startsWith('arn:') && self.endsWith(':end')"}],
            },
            "min": {"type": "integer"},
            "max": {"type": "integer", "x-kubernetes-validations": [{"rule": "self > 41"}]},
            "key": {
                "type": "string",
                "format": "byte",
                "x-kubernetes-validations": [{"rule": "string(self).startsWith('-----BEGIN')"}],
            },
            "same": {"type": "string", "enum": ["x", "y"]},
            "twin": {"type": "string", "enum": ["y"]},
        },
        "x-kubernetes-validations": [{"rule": "self.min > 10 && self.min + 30 <= self.max"}, {"rule": "self.same == self.twin"}],
    });
    let made = minimal(&spec).expect("there is an object");
    assert_eq!((&made["same"], made["min"].as_i64()), (&json!("y"), Some(11)));
}

#[test]
fn a_kind_with_one_allowed_name_has_it() {
    let mut schema = json!({"type": "object", "properties": {"spec": {"type": "object"}}});
    schema["x-kubernetes-validations"] = json!([{"rule": "self.metadata.name == 'cluster'"}]);
    let crd = of_schema(&schema);
    let object = Objects::for_version(&crd, &crd.versions[0]).minimal().expect("there is an object");
    assert_eq!(object["metadata"]["name"], "cluster");
}

#[test]
fn a_wished_value_brings_what_its_parents_require() {
    let item = json!({
        "type": "object",
        "required": ["name"],
        "properties": {"name": {"type": "string"}, "port": {"type": "integer"}},
    });
    let spec = json!({
        "type": "object",
        "properties": {
            "tcp": {"type": "array", "items": item},
            "udp": {"type": "array", "items": item},
            "limits": {"type": "object", "additionalProperties": {"x-kubernetes-int-or-string": true}},
        },
        "oneOf": [{"required": ["tcp"]}, {"required": ["udp"]}],
    });
    let port = [field("udp"), Step::Item, field("port")];
    assert_eq!(with(&spec, &port, json!(7)), Ok(json!({"udp": [{"name": "example", "port": 7}]})));
    let limit = [field("limits"), field("cpu")];
    assert_eq!(with(&spec, &limit, json!("1")).map(|spec| spec["limits"].clone()), Ok(json!({"cpu": "1"})));
    let unmade = with(&spec, &port, json!("seven")).expect_err("the port is an integer");
    assert_eq!(unmade.path, "spec.udp[0].port");
    assert!(with(&spec, &[field("sctp")], json!(1)).is_err());
}

#[test]
fn a_wish_may_be_about_the_metadata_of_an_embedded_resource() {
    let template =
        json!({"type": "object", "x-kubernetes-embedded-resource": true, "properties": {"data": {"type": "string"}}});
    let spec = json!({"type": "object", "properties": {"template": template}});
    let name = [field("template"), field("metadata"), field("name")];
    let template = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}});
    assert_eq!(with(&spec, &name, json!("other")), Ok(json!({"template": template})));
}

#[test]
fn the_reason_names_the_path_and_the_constraint() {
    let code = json!({"type": "string", "pattern": "^a$", "not": {"pattern": "a"}});
    let unmade = minimal(&json!({"type": "object", "required": ["code"], "properties": {"code": code.clone()}}));
    assert_eq!(unmade.unwrap_err().to_string(), "spec.code: no value was found for pattern `^a$`");
    let codes = json!({"type": "array", "minItems": 1, "items": code});
    let unmade = minimal(&json!({"type": "object", "required": ["codes"], "properties": {"codes": codes}}));
    assert_eq!(unmade.unwrap_err().to_string(), "spec.codes[]: no value was found for pattern `^a$`");
    let rule = json!([{"rule": "self.a == 'x' && self.a == 'y'", "message": "a is x and y"}]);
    let spec = json!({"type": "object", "properties": {"a": {"type": "string"}}, "x-kubernetes-validations": rule});
    assert_eq!(minimal(&spec).unwrap_err().to_string(), "spec: a is x and y");
}

#[test]
fn random_objects_differ_and_depend_on_the_seed_alone() {
    let properties: serde_json::Map<String, Value> =
        (0..20).map(|number| (format!("field{number}"), json!({"type": "integer", "minimum": 5}))).collect();
    let crd = boats(&json!({"type": "object", "properties": properties}));
    let objects = Objects::for_version(&crd, &crd.versions[0]);
    let draw = |seed| {
        let mut rng = fastrand::Rng::with_seed(seed);
        (0..5).map(|_| objects.random(&mut rng).expect("there is an object")).collect::<Vec<_>>()
    };
    assert_eq!(draw(1), draw(1));
    assert_ne!(draw(1), draw(2));
    assert_ne!(draw(1)[0], draw(1)[1]);
}

/// Returns 100 random values of a schema of `spec`.
fn draws(spec: &Value) -> Vec<Value> {
    let crd = boats(spec);
    let objects = Objects::for_version(&crd, &crd.versions[0]);
    let mut rng = fastrand::Rng::with_seed(1);
    (0..100).map(|_| objects.random(&mut rng).expect("there is an object")["spec"].take()).collect()
}

#[test]
fn a_random_object_has_few_of_many_optional_fields() {
    let properties: serde_json::Map<String, Value> =
        (0..100).map(|number| (format!("field{number}"), json!({"type": "boolean"}))).collect();
    let drawn = draws(&json!({"type": "object", "properties": properties}));
    let fields: usize = drawn.iter().filter_map(Value::as_object).map(serde_json::Map::len).sum();
    assert!((200..400).contains(&fields), "{fields} fields in 100 objects");
}

#[test]
fn every_branch_is_drawn_sometimes() {
    let field = json!({"type": "boolean"});
    let branches = json!([{"required": ["a"]}, {"required": ["b"]}, {"required": ["c"]}]);
    let properties = json!({"a": field, "b": field, "c": field});
    let drawn = draws(&json!({"type": "object", "properties": properties, "oneOf": branches}));
    for name in ["a", "b", "c"] {
        assert!(drawn.iter().any(|spec| spec.get(name).is_some()), "{name}");
    }
}

#[test]
fn a_nullable_value_is_drawn_as_null_sometimes() {
    let properties = json!({"a": {"type": "string", "nullable": true}});
    let drawn = draws(&json!({"type": "object", "required": ["a"], "properties": properties}));
    let nulls = drawn.iter().filter(|spec| spec["a"].is_null()).count();
    assert!((1..50).contains(&nulls), "{nulls} nulls in 100 objects");
}

#[test]
fn the_work_for_an_object_is_limited_and_includes_the_checks_of_rules() {
    let items = json!({"type": "array", "minItems": 50, "items": {"type": "boolean"}});
    let mut spec = json!({"type": "object", "required": ["items"], "properties": {"items": items}});
    let is_made = |spec: &Value, work| {
        let crd = boats(spec);
        Objects::for_version(&crd, &crd.versions[0]).limited(work).minimal().is_ok()
    };
    assert!(is_made(&spec, 180) && !is_made(&spec, 50), "each item is made and checked");
    spec["x-kubernetes-validations"] = json!([{"rule": "size(self.items) > 1"}]);
    assert!(is_made(&spec, 300) && !is_made(&spec, 180), "each item is checked once more with the whole");
}

#[test]
fn the_search_ends_where_every_level_has_alternatives_and_none_fits() {
    let mut schema = json!({"type": "string", "pattern": "^a$", "not": {"pattern": "a"}});
    for _ in 0..12 {
        let branches: Vec<Value> = (0..6).map(|_| json!({"required": ["x"]})).collect();
        schema = json!({"type": "object", "required": ["x"], "properties": {"x": schema}, "anyOf": branches});
    }
    assert!(minimal(&schema).is_err());
}

#[test]
fn there_are_objects_of_all_fixtures() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures/accepted");
    let collected = source::collect(&[format!("{folder}/*/*.yaml")], io::empty());
    let found = crd::load(collected, &mut Vec::new());
    assert!(found.crds.len() > 50, "{}", found.crds.len());
    for crd in &found.crds {
        for version in &crd.versions {
            let objects = Objects::for_version(crd, version);
            let mut rng = fastrand::Rng::with_seed(1);
            for made in [objects.minimal(), objects.full(), objects.random(&mut rng)] {
                made.unwrap_or_else(|unmade| panic!("{} {}: {unmade}", crd.name, version.name));
            }
        }
    }
}

#[test]
fn a_rule_may_ask_for_several_items_of_a_kind() {
    let kinds = ["Add", "Remove", "Mirror", "Redirect", "Rewrite", "Extend", "Check", "CORS"];
    let mut properties = json!({"type": {"type": "string", "enum": kinds}});
    let mut rules = Vec::new();
    for kind in kinds {
        let name = kind.to_ascii_lowercase();
        properties[&name] = json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}});
        rules.push(json!({"rule": format!("!(has(self.{name}) && self.type != '{kind}')")}));
        rules.push(json!({"rule": format!("!(!has(self.{name}) && self.type == '{kind}')")}));
    }
    let item =
        json!({"type": "object", "required": ["type"], "properties": properties, "x-kubernetes-validations": rules});
    let rules = json!([
        {"rule": "self.filter(f, f.type == 'Redirect').size() <= 1"},
        {"rule": "self.filter(f, f.type == 'CORS').size() > 1"},
    ]);
    let filters = json!({"type": "array", "maxItems": 16, "items": item, "x-kubernetes-validations": rules});
    let filters = Schema::from_json(&filters).expect("the schema can be read");
    let cors = json!({"type": "CORS", "cors": {"name": "example"}});
    assert_eq!(values(&filters, 1), [json!([cors, cors])]);
}
