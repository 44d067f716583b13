//! Names in a generated OpenAPI document: operations, tags and components.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use crdgen_emit::Files;
use serde_json::{Map, Value as Json};

use super::names::{Member, Surface};

const COMPONENT: &str = "#/components/schemas/";

/// Reads the names of the document.
pub fn surface(files: &Files) -> Result<Surface> {
    let text = files.values().next().context("no document")?;
    let document: Json = serde_json::from_str(text)?;
    let mut surface = Surface::default();
    for (path, item) in entries(&document["paths"]) {
        for (method, operation) in entries(item) {
            add_operation(&mut surface, &format!("{} {path}", method.to_uppercase()), operation);
        }
    }
    for (name, schema) in entries(&document["components"]["schemas"]) {
        surface.types.insert(name.clone(), members(schema));
    }
    Ok(surface)
}

fn entries(value: &Json) -> impl Iterator<Item = (&String, &Json)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

/// Adds the names of an operation. Only one response and one body of each resource are roots, because the other
/// operations have the same types.
fn add_operation(surface: &mut Surface, name: &str, operation: &Json) {
    surface.words.insert(format!("operationId of {name}"), operation["operationId"].to_string());
    surface.words.insert(format!("tags of {name}"), operation["tags"].to_string());
    for (what, value) in entries(&operation["responses"]).chain([(&"body".to_owned(), &operation["requestBody"])]) {
        let Some(component) = refer(value).into_iter().next() else { continue };
        let place = format!("{what} of {name}");
        let entered = match name.split_once(' ') {
            Some(("GET", path)) => path.ends_with("/{name}") && what == "200",
            Some(("POST", _)) => what == "body",
            _ => false,
        };
        let names = if entered { &mut surface.roots } else { &mut surface.words };
        names.insert(place, component);
    }
}

fn members(schema: &Json) -> Vec<Member> {
    let required: BTreeSet<&str> =
        schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let mut members: Vec<Member> = entries(&schema["properties"])
        .map(|(name, property)| {
            let optional = if required.contains(name.as_str()) { "" } else { "?" };
            Member {
                step: name.clone(),
                declared: format!("{optional}{}", bare(property)),
                ty: refer(property).into_iter().next(),
            }
        })
        .collect();
    let values = schema["enum"].as_array().into_iter().flatten();
    members.extend(values.map(|value| Member { step: value.to_string(), declared: String::new(), ty: None }));
    members
}

/// Returns the components that a value refers to, in order.
fn refer(value: &Json) -> Vec<String> {
    match value {
        Json::Object(map) => map
            .iter()
            .flat_map(|(key, value)| match value.as_str().and_then(|text| text.strip_prefix(COMPONENT)) {
                Some(component) if key == "$ref" => vec![component.to_owned()],
                _ => refer(value),
            })
            .collect(),
        Json::Array(items) => items.iter().flat_map(refer).collect(),
        _ => Vec::new(),
    }
}

/// Returns a schema without documentation and without the names of other schemas.
fn bare(value: &Json) -> Json {
    match value {
        Json::Object(map) => {
            let kept = map
                .iter()
                .filter(|(key, value)| !(value.is_string() && matches!(key.as_str(), "description" | "$ref")));
            Json::Object(kept.map(|(key, value)| (key.clone(), bare(value))).collect())
        }
        Json::Array(items) => items.iter().map(bare).collect(),
        other => other.clone(),
    }
}
