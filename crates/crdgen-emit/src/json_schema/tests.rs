use crdgen_model::{Field, FieldUnion, Junctor, ListType, Model, Resource, Type, Validation};
use serde_json::{Value as Json, json};

use super::*;
use crate::api::fixture::{Builder, STRING, field, filled_field, hostile, list, resource, slot};

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
fn a_crd_may_restrict_names() {
    let mut name = field("name", Type::String { format: Some("uri".to_owned()) });
    name.slot.bounds.max_length = Some(16);
    name.slot.bounds.pattern = Some("^a".to_owned());
    let mut generate_name = field("generateName", STRING);
    generate_name.slot.allowed = vec![json!("a-")];
    let mut builder = Builder::default();
    builder.kind(Resource { metadata: vec![name, generate_name], ..resource("Run", "runs") }, Vec::new());
    let [read, write] = &written(&builder.model)[..] else { panic!("two files") };
    let properties = |schema: &Json| {
        let mut definitions = schema["$defs"].as_object().expect("definitions").values();
        definitions.find(|definition| definition["properties"]["namespace"].is_object()).expect("metadata")["properties"].clone()
    };
    for schema in [properties(&read.1), properties(&write.1)] {
        let name = &schema["name"];
        assert_eq!(
            (&name["maxLength"], &name["pattern"], &name["type"]),
            (&json!(16), &json!("^a"), &json!(["string", "null"]))
        );
    }
    assert_eq!(properties(&read.1)["generateName"]["examples"], json!(["a-"]));
    assert_eq!(properties(&write.1)["generateName"]["enum"], json!(["a-", null]));
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
    write["type"] = json!(["integer", "null"]);
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
    let not_null = json!({ "url": { "not": { "type": "null" } } });
    let write = json!([{ "required": ["url"], "properties": not_null }, {}]);
    assert_eq!(files[0].1["$defs"]["RunSpec"]["allOf"], json!([{ "oneOf": read }, { "anyOf": read }]));
    assert_eq!(files[1].1["$defs"]["RunSpecInput"]["allOf"], json!([{ "oneOf": write }, { "anyOf": write }]));
}

/// The schema of an optional and of a required property of `Run` in the write form.
fn written_null(field: Field) -> [Json; 2] {
    [false, true].map(|required| property(Field { required, ..field.clone() })[1].clone())
}

#[test]
fn null_may_be_written_where_the_server_drops_it() {
    let null_or = |schema: Json| json!({ "anyOf": [schema, { "type": "null" }] });
    assert_eq!(written_null(field("a", STRING)), [json!({ "type": ["string", "null"] }), json!({ "type": "string" })]);
    assert_eq!(written_null(field("a", Type::Any)), [json!({}), json!({ "not": { "type": "null" } })]);
    let mut code = field("a", Type::Integer { int32: false });
    code.slot.allowed = vec![json!(1), json!(null)];
    let choice = |values: Json, types: Json| json!({ "type": types, "enum": values });
    let expected = [choice(json!([1, null]), json!(["integer", "null"])), choice(json!([1]), json!("integer"))];
    assert_eq!(written_null(code), expected);
    let mut builder = Builder::default();
    let mode = builder.enumeration("Mode", &[("x", "X")]);
    builder
        .kind(resource("Run", "runs"), vec![field("mode", Type::Named(mode)), field("modes", list(Type::Named(mode)))]);
    let properties = &written(&builder.model)[1].1["properties"];
    assert_eq!(properties["mode"], null_or(json!({ "$ref": "#/$defs/Mode" })));
    assert_eq!(properties["modes"]["items"], json!({ "$ref": "#/$defs/Mode" }), "null in a list is refused");
}

#[test]
fn null_that_the_server_drops_is_no_key() {
    let mut map = field("a", Type::Map(Box::new(slot(STRING))));
    let not = json!({ "not": { "required": ["x"] } });
    let junctor = Junctor { stored: not.clone(), written: Some(not.clone()) };
    map.slot.validation =
        Some(Box::new(Validation { required: vec!["y".to_owned()], junctors: vec![junctor], ..Validation::default() }));
    let [_, written] = written_null(map.clone());
    let not_null = |key: &str| json!({ "properties": { key: { "not": { "type": "null" } } } });
    assert_eq!(written["not"], json!({ "required": ["x"], "allOf": [not_null("x")] }));
    assert_eq!(written["allOf"], json!([not_null("y")]));
    assert_eq!(written["additionalProperties"], json!({ "type": ["string", "null"] }));
    map.slot.bounds.min_properties = Some(1);
    assert_eq!(written_null(map)[1]["additionalProperties"], json!({ "type": "string" }), "it would count");
}

#[test]
fn for_forms_null_stands_only_where_it_is_stored() {
    let mut builder = Builder::default();
    builder.kind(resource("Run", "runs"), vec![field("a", STRING)]);
    let options = Options { nulls: Nulls::Values, ..Options::default() };
    let files = emit(&builder.model, &options).expect("the schemas are written");
    let input: Json = serde_json::from_str(&files["RunInput.schema.json"]).expect("is JSON");
    assert_eq!(input["properties"]["a"], json!({ "type": "string" }));
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
    }
    .into();
    let mut expected = json!({ "type": "number", "x-crdgen-pattern": "(?i)a", "exclusiveMinimum": 0.5, "maximum": 2 });
    let mut number = Field { required: true, ..number };
    assert_eq!(property(number.clone()), [expected.clone(), expected.clone()]);
    number.required = false;
    expected["type"] = json!(["number", "null"]);
    assert_eq!(property(number)[1], expected);
}

#[test]
fn a_set_holds_a_value_once_when_it_is_written() {
    let Type::List { items, keys, .. } = list(STRING) else { unreachable!("a list") };
    let set = field("a", Type::List { items, list_type: Some(ListType::Set), keys });
    let [read, write] = property(set);
    assert_eq!((read.get("uniqueItems"), &write["uniqueItems"]), (None, &json!(true)));
    assert_eq!((&read["x-kubernetes-list-type"], &read["items"]["type"]), (&json!("set"), &json!("string")));
}
