//! Small example objects of a kind, which an API server would accept.

use crdgen_schema::crd::Version;
use crdgen_schema::schema::{Additional, SchemaType};
use crdgen_schema::{Admission, Crd, Schema, admission};
use serde_json::{Map, Value as Json, json};

/// Texts to try for a string, the most telling first.
const TEXTS: [&str; 19] = [
    "example",
    "Example",
    "a",
    "1",
    "example.com",
    "example.com/example",
    "https://example.com",
    "2026-01-01T00:00:00Z",
    "2026-01-01",
    "1h",
    "10Gi",
    "1.0.0",
    "v1.0.0",
    "10.0.0.1",
    "10.0.0.0/8",
    "user@example.com",
    "0 0 * * *",
    "5f0c1a3e-4d6b-4c8e-9a7f-2b1d3c5e7f90",
    "/example",
];

/// Returns an object with the required fields, or `None` if none is found that an API server accepts.
pub fn object(crd: &Crd, version: &Version) -> Option<Json> {
    let Json::Object(fields) = fields(&version.schema, &["spec"])? else { return None };
    let mut object = Map::from_iter([
        ("apiVersion".to_owned(), json!(format!("{}/{}", crd.group, version.name))),
        ("kind".to_owned(), json!(crd.names.kind)),
        ("metadata".to_owned(), json!({ "name": "example" })),
    ]);
    let is_own = |name: &str| !matches!(name, "apiVersion" | "kind" | "metadata" | "status");
    object.extend(fields.into_iter().filter(|(name, _)| is_own(name)));
    let object = Json::Object(object);
    let verdict = Admission::for_version(crd, version).validate(&object, None);
    (verdict.is_accepted() && verdict.is_decided()).then_some(object)
}

/// Returns an object with the required properties of `schema` and the declared ones among `wanted`.
fn fields(schema: &Schema, wanted: &[&str]) -> Option<Json> {
    let branches = [&schema.one_of, &schema.any_of].into_iter().filter_map(|branches| branches.first());
    let schemas = std::iter::once(schema).chain(branches).chain(&schema.all_of);
    let required: Vec<&str> = schemas.flat_map(|schema| &schema.required).map(String::as_str).collect();
    let is_needed = |name: &str| required.contains(&name) || wanted.contains(&name);
    let mut fields = Map::new();
    for (name, property) in schema.properties.iter().filter(|(name, _)| is_needed(name)) {
        if property.default.is_none() {
            fields.insert(name.clone(), value(property)?);
        }
    }
    if let (0, Some(1..), Some(Additional::Schema(of_all))) =
        (fields.len(), schema.bounds.min_properties, &schema.additional_properties)
    {
        fields.insert("example".to_owned(), value(of_all)?);
    }
    Some(Json::Object(fields))
}

fn value(schema: &Schema) -> Option<Json> {
    let is_valid = checker(schema);
    if let Some(value) = schema.enum_.iter().find(|value| !value.is_null() && is_valid(value)) {
        return Some(value.clone());
    }
    match schema.type_ {
        Some(SchemaType::Object) => fields(schema, &[]),
        Some(SchemaType::Array) => list(schema),
        Some(SchemaType::String) => texts(schema).find(|text| is_valid(text)),
        Some(SchemaType::Integer | SchemaType::Number) => numbers(schema).find(|number| is_valid(number)),
        Some(SchemaType::Boolean) => [json!(true), json!(false)].into_iter().find(|value| is_valid(value)),
        None => numbers(schema).chain(texts(schema)).chain([json!({})]).find(|value| is_valid(value)),
    }
}

/// Returns whether a value is valid by `schema`, taken by itself.
fn checker(schema: &Schema) -> impl Fn(&Json) -> bool {
    let admission = Admission::new(schema, admission::Options::default());
    move |value| admission.check_value(value).is_empty()
}

fn list(schema: &Schema) -> Option<Json> {
    let least = usize::try_from(schema.bounds.min_items.unwrap_or(0)).ok()?;
    match (least, &schema.items) {
        (0, _) => Some(json!([])),
        (1, Some(items)) => Some(json!([value(items)?])),
        // Several items often have to differ.
        _ => None,
    }
}

fn texts(schema: &Schema) -> impl Iterator<Item = Json> {
    let least = usize::try_from(schema.bounds.min_length.unwrap_or(0)).unwrap_or(0).min(256);
    TEXTS.into_iter().map(str::to_owned).chain(["a".repeat(least)]).map(Json::String)
}

fn numbers(schema: &Schema) -> impl Iterator<Item = Json> {
    let bounds = &schema.bounds;
    let near = |bound: Option<f64>| {
        bound.into_iter().flat_map(|bound| [bound.ceil(), bound.ceil() + 1.0, bound.floor() - 1.0])
    };
    let numbers =
        [1.0, 0.0].into_iter().chain(bounds.multiple_of).chain(near(bounds.minimum)).chain(near(bounds.maximum));
    let whole = |number: &f64| number.fract() == 0.0 && number.abs() < 1e15;
    #[expect(clippy::cast_possible_truncation, reason = "only whole numbers that fit are left")]
    let numbers: Vec<_> = numbers.filter(whole).map(|number| json!(number as i64)).collect();
    numbers.into_iter()
}

#[cfg(test)]
mod tests {
    use crdgen_schema::{Source, crds, documents};

    use super::*;

    fn sample(spec: &str) -> Option<Json> {
        let text = format!(
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: boats.example.com}}\n\
             spec:\n  group: example.com\n  names: {{kind: Boat, plural: boats}}\n  scope: Namespaced\n  versions:\n\
             \x20 - {{name: v1, served: true, storage: true, schema: {{openAPIV3Schema: {{type: object, properties: {{\
             spec: {spec}}}}}}}}}\n"
        );
        let source = std::sync::Arc::new(Source { name: "boats.yaml".to_owned(), text });
        let mut found = Vec::new();
        let crds = crds(documents(&source, &mut found), &mut found).crds;
        assert!(found.is_empty(), "{found:?}");
        let object = object(&crds[0], &crds[0].versions[0])?;
        Some(object["spec"].clone())
    }

    #[test]
    fn a_sample_has_the_required_fields_with_valid_values() {
        let spec = "{type: object, required: [size, at, image, port, names], properties: {\
                    size: {type: string, enum: [small, large]}, at: {type: string, format: date-time},\
                    image: {type: string, pattern: '^[a-z.]+/[a-z]+$'}, port: {type: integer, minimum: 1024},\
                    names: {type: array, minItems: 1, items: {type: string, minLength: 9}},\
                    free: {type: string}}}";
        assert_eq!(
            sample(spec),
            Some(json!({
                "size": "small",
                "at": "2026-01-01T00:00:00Z",
                "image": "example.com/example",
                "port": 1024,
                "names": ["example.com"],
            }))
        );
    }

    #[test]
    fn the_first_of_several_alternatives_is_taken_and_defaults_are_left_to_the_server() {
        let spec = "{type: object, required: [size], properties: {size: {type: integer, default: 3}, a: {type: string},\
                    b: {x-kubernetes-int-or-string: true}}, oneOf: [{required: [b]}, {required: [a]}]}";
        assert_eq!(sample(spec), Some(json!({"b": 1})));
    }

    #[test]
    fn there_is_no_sample_that_an_api_server_would_refuse() {
        assert_eq!(
            sample("{type: object, required: [code], properties: {code: {type: string, pattern: '^[XYZ]{9}$'}}}"),
            None
        );
    }
}
