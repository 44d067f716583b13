use crdgen_model::{Bounds, Model, Type};
use serde_json::{Value as Json, json};

use super::*;
use crate::api::fixture::{Builder, STRING, field, filled_field, hostile, resource};

fn written(model: &Model, docs: Docs) -> Json {
    let options = Options { docs, ..Options::default() };
    let files = emit(model, &options).expect("the document reads back");
    serde_json::from_str(&files["openapi.json"]).expect("is JSON")
}

/// The schema of a property of the read form of `Run`.
fn property(field: crdgen_model::Field) -> Json {
    let wire = field.wire.clone();
    let mut builder = Builder::default();
    builder.kind(resource("Run", "runs"), vec![field]);
    written(&builder.model, Docs::None)["components"]["schemas"]["Run"]["properties"][&wire].take()
}

#[test]
fn defaulted_fields_are_required_where_the_server_filled_them() {
    let mut builder = Builder::default();
    let size = crdgen_model::Field { required: true, ..filled_field("size", STRING, json!("small")) };
    let spec = builder.object("RunSpec", vec![size]);
    builder.kind(resource("Run", "runs"), vec![field("spec", Type::Named(spec))]);
    let schemas = &written(&builder.model, Docs::Full)["components"]["schemas"];
    assert_eq!(schemas["RunSpec"]["required"], json!(["size"]));
    assert_eq!(schemas["RunSpecInput"].get("required"), None, "an empty list is not valid");
    let size = &schemas["RunSpecInput"]["properties"]["size"];
    assert_eq!((size.get("default"), &size["x-crdgen-default"]), (None, &json!("small")));
    assert_eq!(size["description"], "Default: `\"small\"`");
    assert_eq!(schemas["RunInput"]["properties"]["spec"], json!({ "$ref": "#/components/schemas/RunSpecInput" }));
    assert_eq!(schemas["RunInput"]["required"], json!(["metadata"]));
    assert_eq!(schemas["Run"]["required"], json!(["apiVersion", "kind", "metadata"]));
    assert_eq!(schemas["Run"]["properties"]["kind"]["enum"], json!(["Run"]));
}

#[test]
fn every_type_says_what_generators_need() {
    assert_eq!(property(field("a", Type::Integer { int32: false })), json!({ "type": "integer", "format": "int64" }));
    assert_eq!(property(field("a", Type::AnyObject)), json!({ "type": "object", "additionalProperties": true }));
    assert_eq!(property(field("a", Type::Any)), json!({}));
    assert_eq!(property(field("a", Type::IntOrString)), json!({ "$ref": "#/components/schemas/IntOrString" }));
    let duration = Type::String { format: Some("duration".to_owned()) };
    assert_eq!(property(field("a", duration)), json!({ "type": "string", "x-crdgen-format": "duration" }));
}

#[test]
fn what_stands_beside_a_reference_is_not_lost() {
    let mut nullable = field("a", Type::IntOrString);
    nullable.slot.nullable = true;
    assert_eq!(property(nullable), json!({ "$ref": "#/components/schemas/IntOrStringOrNull" }));
    let mut bound = field("a", Type::IntOrString);
    bound.slot.bounds = Bounds { pattern: Some("^[0-9]+%$".to_owned()), ..Bounds::default() }.into();
    assert_eq!(
        property(bound),
        json!({ "pattern": "^[0-9]+%$", "allOf": [{ "$ref": "#/components/schemas/IntOrString" }] })
    );
    let mut builder = Builder::default();
    let spec = builder.object("RunSpec", Vec::new());
    let mut nullable = field("spec", Type::Named(spec));
    nullable.slot.nullable = true;
    builder.kind(resource("Run", "runs"), vec![nullable]);
    assert_eq!(
        written(&builder.model, Docs::None)["components"]["schemas"]["Run"]["properties"]["spec"],
        json!({ "nullable": true, "type": "object", "allOf": [{ "$ref": "#/components/schemas/RunSpec" }] })
    );
}

#[test]
fn requests_have_null_that_the_server_drops_if_a_project_wants_so() {
    let mut builder = Builder::default();
    let below = builder.object("Below", vec![field("port", Type::IntOrString)]);
    let mut code = field("code", Type::Integer { int32: true });
    code.slot.allowed = vec![json!(1)];
    builder.kind(resource("Run", "runs"), vec![field("below", Type::Named(below)), code]);
    let options = Options { nulls: Nulls::Dropped, docs: Docs::None, ..Options::default() };
    let text =
        emit(&builder.model, &options).expect("the document is written").remove("openapi.json").expect("is JSON");
    let document: Json = serde_json::from_str(&text).expect("is JSON");
    let schemas = &document["components"]["schemas"];
    let port = |name: &str| schemas[name]["properties"]["port"]["$ref"].clone();
    assert_eq!(port("Below"), "#/components/schemas/IntOrString");
    assert_eq!(port("BelowInput"), "#/components/schemas/IntOrStringOrNull");
    assert!(schemas["IntOrStringOrNull"].is_object());
    let properties = &schemas["RunInput"]["properties"];
    let reference = json!([{ "$ref": "#/components/schemas/BelowInput" }]);
    assert_eq!(properties["below"], json!({ "nullable": true, "type": "object", "allOf": reference }));
    let code = json!({ "nullable": true, "type": "integer", "format": "int32", "enum": [1, null] });
    assert_eq!(properties["code"], code);
}

#[test]
fn values_that_are_no_names_get_names() {
    let mut builder = Builder::default();
    let odd = builder.enumeration("Odd", &[("", "Empty"), ("=~", "Matches")]);
    let folded = builder.enumeration("Folded", &[("True", "True"), ("true", "True2")]);
    let plain = builder.enumeration("Plain", &[("Always", "Always"), ("never", "Never")]);
    let fields = [("odd", odd), ("folded", folded), ("plain", plain)];
    builder.kind(resource("Run", "runs"), fields.map(|(wire, id)| field(wire, Type::Named(id))).to_vec());
    let schemas = &written(&builder.model, Docs::Full)["components"]["schemas"];
    assert_eq!(schemas["Odd"]["x-enum-varnames"], json!(["Empty", "Matches"]));
    assert_eq!(schemas["Folded"]["x-enum-varnames"], json!(["TrueValue", "True2"]));
    assert_eq!(schemas["Plain"].get("x-enum-varnames"), None);
}

#[test]
fn patterns_of_go_are_kept_as_data() {
    let mut pattern = field("a", STRING);
    pattern.slot.bounds.pattern = Some("(?i)^a$".to_owned());
    assert_eq!(property(pattern), json!({ "type": "string", "x-crdgen-pattern": "(?i)^a$" }));
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    let document = written(&hostile(), Docs::Full);
    let text = document.to_string();
    for (section, components) in document["components"].as_object().expect("is an object") {
        for name in components.as_object().expect("is an object").keys() {
            assert!(text.contains(&format!("\"#/components/{section}/{name}\"")), "{section}/{name} is not used");
        }
    }
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().expect("split gives one");
        assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
}

#[test]
fn a_created_object_links_to_what_can_be_done_with_it() {
    let mut builder = Builder::default();
    builder.kind(resource("Run", "runs"), Vec::new());
    let document = written(&builder.model, Docs::Full);
    let create = &document["paths"]["/apis/ci.example.com/v1/namespaces/{namespace}/runs"]["post"];
    let links = create["responses"]["201"]["links"].as_object().expect("has links");
    assert_eq!(links.keys().collect::<Vec<_>>(), ["getRun", "replaceRun", "patchRun", "deleteRun"]);
    assert_eq!(links["getRun"]["parameters"]["namespace"], "$request.path.namespace");
}

#[test]
fn no_docs_leaves_no_description_of_the_crd() {
    let text = written(&hostile(), Docs::None)["components"]["schemas"].to_string();
    assert!(!text.contains("\"description\":\"a */ b"));
}

#[test]
fn a_model_without_resources_is_a_document_without_components() {
    let document = written(&Model::default(), Docs::Full);
    assert_eq!((&document["paths"], &document["components"]), (&json!({}), &json!({})));
}

/// The document of `hostile` with everything that a project can say about it.
fn introduced(spec: Spec) -> Json {
    let options = Options {
        description: "Ships of a *harbour*.".to_owned(),
        contact: Some(Contact { name: Some("Harbour team".to_owned()), ..Contact::default() }),
        servers: vec![Server {
            url: "https://harbour.example.org".to_owned(),
            description: Some("Production".to_owned()),
        }],
        security: vec![Security::Bearer, Security::OpenIdConnect { discovery: "https://id.example.org/d".to_owned() }],
        spec,
        ..Options::default()
    };
    let files = emit(&hostile(), &options).expect("the document reads back");
    serde_json::from_str(&files["openapi.json"]).expect("is JSON")
}

#[test]
fn the_document_says_how_callers_authenticate() {
    for spec in [Spec::V3_0, Spec::V3_1] {
        let document = introduced(spec);
        let schemes = &document["components"]["securitySchemes"];
        assert_eq!((&schemes["bearer"]["type"], &schemes["bearer"]["scheme"]), (&json!("http"), &json!("bearer")));
        assert_eq!(schemes["oidc"]["openIdConnectUrl"], "https://id.example.org/d");
        assert_eq!(document["security"], json!([{ "bearer": [] }, { "oidc": [] }]));
        let operations = document["paths"].as_object().expect("is an object").values();
        let operations = operations.flat_map(|item| item.as_object().expect("is an object").values());
        for operation in operations {
            let responses = &operation["responses"];
            assert_eq!(responses["401"]["$ref"], "#/components/responses/Unauthorized");
            assert_eq!(responses["403"]["$ref"], "#/components/responses/Forbidden");
            assert_eq!(responses["406"]["$ref"], "#/components/responses/Problem");
        }
        assert_eq!(document["info"]["description"], "Ships of a *harbour*.");
        assert_eq!(document["info"]["contact"], json!({ "name": "Harbour team" }));
        let server = json!({ "url": "https://harbour.example.org", "description": "Production" });
        assert_eq!(document["servers"], json!([server]));
    }
}

#[test]
fn a_document_without_security_asks_for_nothing() {
    let document = written(&hostile(), Docs::Full);
    assert_eq!((&document["security"], document["components"].get("securitySchemes")), (&json!([]), None));
    assert_eq!(document["components"]["responses"].as_object().map(|responses| responses.len()), Some(1));
}

#[test]
fn callers_can_read_their_permissions_if_a_project_wants_so() {
    let without = written(&hostile(), Docs::Full);
    assert_eq!(
        (without["paths"].get("/permissions"), without["components"]["schemas"].get("Permissions")),
        (None, None)
    );
    let model = Model { permissions: true, ..hostile() };
    let document = written(&model, Docs::Full);
    let operation = &document["paths"]["/permissions"]["get"];
    assert_eq!(operation["operationId"], "readPermissions");
    assert_eq!(operation["parameters"][0]["name"], "namespace");
    let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"];
    let schema =
        document.pointer(answer.as_str().expect("is a reference").trim_start_matches('#')).expect("leads somewhere");
    assert_eq!(schema["required"], json!(["items"]));
    assert!(document["tags"].as_array().expect("is a list").iter().any(|tag| tag["name"] == "Permissions"));
}

fn in_3_1(model: &Model) -> Json {
    let files = emit(model, &Options { spec: Spec::V3_1, ..Options::default() }).expect("the document reads back");
    serde_json::from_str(&files["openapi.json"]).expect("is JSON")
}

/// The schema of a property of the read form of `Run`, in 3.1.
fn property_in_3_1(field: crdgen_model::Field) -> Json {
    let wire = field.wire.clone();
    let mut builder = Builder::default();
    builder.kind(resource("Run", "runs"), vec![field]);
    in_3_1(&builder.model)["components"]["schemas"]["Run"]["properties"][&wire].take()
}

#[test]
fn null_is_a_type_in_3_1() {
    let mut text = field("a", STRING);
    text.slot.nullable = true;
    assert_eq!(property_in_3_1(text), json!({ "type": ["string", "null"] }));
    let mut choice = field("a", STRING);
    choice.slot.nullable = true;
    choice.slot.allowed = vec![json!("x")];
    assert_eq!(property_in_3_1(choice), json!({ "type": ["string", "null"], "enum": ["x", null] }));
    let mut builder = Builder::default();
    let spec = builder.object("RunSpec", Vec::new());
    let mut nullable = crdgen_model::Field { docs: Some("Wanted.".into()), ..field("spec", Type::Named(spec)) };
    nullable.slot.nullable = true;
    builder.kind(resource("Run", "runs"), vec![nullable]);
    assert_eq!(
        in_3_1(&builder.model)["components"]["schemas"]["Run"]["properties"]["spec"],
        json!({ "description": "Wanted.", "anyOf": [{ "$ref": "#/components/schemas/RunSpec" }, { "type": "null" }] })
    );
}

#[test]
fn references_of_3_1_have_siblings() {
    let mut bound = field("a", Type::IntOrString);
    bound.slot.bounds = Bounds { pattern: Some("^[0-9]+%$".to_owned()), ..Bounds::default() }.into();
    assert_eq!(property_in_3_1(bound), json!({ "$ref": "#/components/schemas/IntOrString", "pattern": "^[0-9]+%$" }));
}

#[test]
fn bounds_of_3_1_exclude_themselves() {
    let mut above = field("a", Type::Integer { int32: false });
    above.slot.bounds = Bounds { minimum: Some(0.0), exclusive_minimum: true, ..Bounds::default() }.into();
    assert_eq!(property_in_3_1(above), json!({ "type": "integer", "format": "int64", "exclusiveMinimum": 0 }));
}

#[test]
fn an_inline_enum_of_one_value_is_a_constant_in_3_1() {
    let mut builder = Builder::default();
    let only = builder.enumeration("Only", &[("a", "A")]);
    builder.kind(resource("Run", "runs"), vec![field("only", Type::Named(only))]);
    let schemas = &in_3_1(&builder.model)["components"]["schemas"];
    assert_eq!(schemas["Run"]["properties"]["kind"]["const"], "Run");
    assert_eq!(schemas["Only"]["enum"], json!(["a"]), "what has a name stays an enum");
}

#[test]
fn both_versions_say_the_same_but_for_schemas() {
    fn without_schemas(node: &mut Json) {
        match node {
            Json::Object(entries) => {
                entries.retain(|key, _| key != "schema" && key != "schemas" && key != "openapi");
                entries.values_mut().for_each(without_schemas);
            }
            Json::Array(items) => items.iter_mut().for_each(without_schemas),
            _ => {}
        }
    }
    let (mut old, mut new) = (written(&hostile(), Docs::Full), in_3_1(&hostile()));
    assert_eq!((&old["openapi"], &new["openapi"]), (&json!("3.0.3"), &json!("3.1.0")));
    let names = |document: &Json| document["components"]["schemas"].as_object().map(|schemas| schemas.len());
    assert_eq!(names(&old), names(&new));
    assert!(!new.to_string().contains("\"nullable\":"));
    [&mut old, &mut new].into_iter().for_each(without_schemas);
    assert_eq!(old, new);
}

#[test]
fn yaml_says_what_json_says() {
    let options = Options { format: Format::Yaml, ..Options::default() };
    let files = emit(&hostile(), &options).expect("the document reads back");
    let back: Json = serde_yaml::from_str(&files["openapi.yaml"]).expect("is YAML");
    assert_eq!(back, written(&hostile(), Docs::Full));
    let shown = files["openapi.yaml"].chars().find(|c| *c != '\n' && crate::invisible::is_invisible(*c));
    assert_eq!(shown, None);
}

#[test]
fn progenitor_gets_json_by_its_plain_name() {
    let options = Options { profile: Profile::Progenitor, ..Options::default() };
    let files = emit(&hostile(), &options).expect("the document reads back");
    let text = &files["openapi.json"];
    assert!(!text.contains("+json\"") && text.contains("\"text/event-stream\""));
    assert!(!text.contains("\"default\": {") && text.contains("\"5XX\": {"), "a default would be success, too");
    assert!(written(&hostile(), Docs::Full).to_string().contains("+json\""));
    let document: Json = serde_json::from_str(text).expect("is JSON");
    let mode = &document["components"]["schemas"]["Mode"];
    assert_eq!(mode.get("enum"), None, "no name can be made of two of its values");
    assert_eq!(mode["x-crdgen-validation"][0]["enum"][1], "=~");
}
