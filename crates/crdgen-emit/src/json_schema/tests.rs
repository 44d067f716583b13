use crdgen_model::{FieldUnion, ListType, Model, Resource, Type};
use serde_json::{Value as Json, json};

use super::*;
use crate::api::fixture::{Builder, STRING, field, filled_field, hostile, list, resource};

fn written(model: &Model) -> Vec<(String, Json)> {
    let files = emit(model, &Options::default()).expect("the schemas are written");
    files.into_iter().map(|(path, text)| (path, serde_json::from_str(&text).expect("is JSON"))).collect()
}

/// Returns the schemas of a property of `Run`, in the read form and in the write form.
fn property(field: crdgen_model::Field) -> [Json; 2] {
    let wire = field.wire.clone();
    let mut builder = Builder::default();
    builder.kind(resource("Run", "runs"), vec![field]);
    let files = written(&builder.model);
    ["Run.schema.json", "RunInput.schema.json"].map(|name| {
        let (_, schema) = files.iter().find(|(path, _)| path == name).expect("is written");
        schema["properties"][&wire].clone()
    })
}

#[test]
fn every_reference_leads_somewhere_and_every_definition_is_used() {
    for (path, schema) in written(&hostile()) {
        let text = schema.to_string();
        for reference in text.split("\"$ref\":\"#").skip(1) {
            let pointer = reference.split('"').next().expect("split gives one");
            assert!(schema.pointer(pointer).is_some(), "{path}: {pointer} leads nowhere");
        }
        for name in schema["$defs"].as_object().expect("is an object").keys() {
            assert!(text.contains(&format!("\"#/$defs/{name}\"")), "{path}: {name} is not used");
        }
    }
}

#[test]
fn invisible_characters_of_a_crd_are_escaped() {
    let files = emit(&hostile(), &Options::default()).expect("the schemas are written");
    assert!(files.values().all(|text| !text.contains(['\u{2028}', '\u{202e}', '\u{0}'])));
}

#[test]
fn names_and_ids_say_kind_and_form() {
    let mut builder = Builder::default();
    builder.kind(Resource { deprecated: Some(String::new()), ..resource("Run", "runs") }, Vec::new());
    let [(read, schema), (write, input)] = &written(&builder.model)[..] else { panic!("two files") };
    assert_eq!([read.as_str(), write.as_str()], ["Run.schema.json", "RunInput.schema.json"]);
    assert_eq!(schema["$id"], "https://ci.example.com/v1/Run.schema.json");
    assert_eq!(input["$id"], "https://ci.example.com/v1/RunInput.schema.json");
    assert_eq!((&schema["deprecated"], &schema["title"]), (&json!(true), &json!("Run")));
    assert_eq!(input["required"], json!(["apiVersion", "kind", "metadata"]));
    assert_eq!((schema.get("additionalProperties"), &input["additionalProperties"]), (None, &json!(false)));
}

#[test]
fn choices_are_all_that_may_be_written_and_examples_of_what_is_read() {
    let mut nullable = field("a", STRING);
    nullable.slot.allowed = vec![json!("x"), json!("y")];
    nullable.slot.nullable = true;
    let read = json!({ "type": ["string", "null"], "examples": ["x", "y"] });
    // The server refuses null there, even if the field is `nullable`.
    let write = json!({ "type": "string", "enum": ["x", "y"] });
    assert_eq!(property(nullable), [read, write]);
}

#[test]
fn defaults_are_filled_in_by_the_server() {
    let size = filled_field("size", Type::Integer { int32: true }, json!(1));
    let read = json!({ "description": "Default: `1`", "type": "integer", "format": "int32" });
    let mut write = read.clone();
    write["default"] = json!(1);
    assert_eq!(property(size), [read, write]);
}

#[test]
fn a_set_of_fields_need_not_name_what_has_a_default() {
    let mut builder = Builder::default();
    let spec = builder.object("RunSpec", vec![field("url", STRING), filled_field("port", STRING, json!("http"))]);
    let sets = |exactly_one| FieldUnion {
        exactly_one,
        branches: vec![vec!["url".into(), "port".into()], vec!["port".into()]],
    };
    builder.object_mut(spec).unions = vec![sets(true), sets(false)];
    builder.kind(resource("Run", "runs"), vec![field("spec", Type::Named(spec))]);
    let files = written(&builder.model);
    let read = json!([{ "required": ["url", "port"] }, { "required": ["port"] }]);
    let write = json!([{ "required": ["url"] }, {}]);
    assert_eq!(files[0].1["$defs"]["RunSpec"]["allOf"], json!([{ "oneOf": read }, { "anyOf": read }]));
    assert_eq!(files[1].1["$defs"]["RunSpecInput"]["allOf"], json!([{ "oneOf": write }, { "anyOf": write }]));
}

#[test]
fn bounds_that_json_schema_forbids_are_left_out() {
    let mut number = field("a", Type::Number { float32: false });
    number.slot.bounds = crdgen_model::Bounds {
        multiple_of: Some(0.0),
        min_length: Some(-1),
        minimum: Some(0.5),
        exclusive_minimum: true,
        maximum: Some(2.0),
        pattern: Some("(?i)a".to_owned()),
        ..Default::default()
    };
    let expected = json!({ "type": "number", "x-crdgen-pattern": "(?i)a", "exclusiveMinimum": 0.5, "maximum": 2 });
    assert_eq!(property(number), [expected.clone(), expected]);
}

#[test]
fn a_set_holds_a_value_once_when_it_is_written() {
    let Type::List { items, keys, .. } = list(STRING) else { unreachable!("a list") };
    let set = field("a", Type::List { items, list_type: Some(ListType::Set), keys });
    let [read, write] = property(set);
    assert_eq!((read.get("uniqueItems"), &write["uniqueItems"]), (None, &json!(true)));
    assert_eq!((&read["x-kubernetes-list-type"], &read["items"]["type"]), (&json!("set"), &json!("string")));
}
