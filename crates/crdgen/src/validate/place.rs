//! Source positions for a field path from an API server's answer: in the object as written, and in its
//! schema.
//!
//! A path alone is ambiguous, because the server does not escape dots in keys. The object or the schema
//! decides where a key ends.

use crdgen_schema::schema::{Additional, Schema};
use crdgen_schema::{Node, Span, Value, nearest};

/// Returns the place of a value, or of the nearest value above if `object` does not have it.
pub fn in_object(object: &Node, field: &str) -> Span {
    let rest = field.strip_prefix('.').unwrap_or(field);
    let child = match &object.value {
        Value::Map(entries) => {
            let children = entries.iter().filter_map(|entry| Some((&entry.value, behind(rest, &entry.key)?)));
            children.min_by_key(|(_, rest)| rest.len())
        }
        Value::List(items) => index(rest).and_then(|(index, rest)| Some((items.get(index)?, rest))),
        _ => None,
    };
    match child {
        Some((child, rest)) if !rest.is_empty() => in_object(child, rest),
        Some((child, _)) => child.span,
        None => object.span,
    }
}

/// Place of a schema node.
#[derive(Debug, PartialEq)]
pub struct SchemaPlace {
    pub span: Span,
    /// Path from the root of the schema, for example `properties.spec.properties.ports.items`.
    pub path: String,
}

/// Returns the schema of a value, or the nearest schema above if the value has none.
pub fn in_schema(schema: &Schema, field: &str) -> SchemaPlace {
    walk(schema, field, |_, _| false).0
}

/// Returns the schema that requires a missing value: the value's own schema if declared, else the schema with
/// `required`.
pub fn of_required(schema: &Schema, field: &str) -> SchemaPlace {
    let asks = |schema: &Schema, rest: &str| {
        schema.required.iter().any(|name| name == rest) && !schema.properties.contains_key(rest)
    };
    let (mut place, schema, rest) = walk(schema, field, asks);
    if asks(schema, rest) {
        place.step("required");
    }
    place
}

/// Returns the declared field of the parent object that is most like the unknown `field`.
pub fn meant(schema: &Schema, field: &str) -> Option<String> {
    let (_, schema, rest) = walk(schema, field, |_, _| false);
    nearest(rest, schema.properties.keys().map(String::as_str)).first().map(|&meant| meant.to_owned())
}

/// Follows `field` until there is no further schema or `until` returns true. Returns the place, the schema,
/// and the rest of `field`.
fn walk<'s, 'f>(
    mut schema: &'s Schema,
    field: &'f str,
    until: impl Fn(&Schema, &str) -> bool,
) -> (SchemaPlace, &'s Schema, &'f str) {
    let mut place = SchemaPlace { span: schema.span, path: String::new() };
    let undotted = |rest: &'f str| rest.strip_prefix('.').unwrap_or(rest);
    let mut rest = undotted(field);
    while let Some((step, child, behind)) = child_schema(schema, rest).filter(|_| !until(schema, rest)) {
        place.step(&step);
        (place.span, schema, rest) = (child.span, child, undotted(behind));
    }
    (place, schema, rest)
}

impl SchemaPlace {
    fn step(&mut self, step: &str) {
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(step);
    }
}

fn child_schema<'s, 'f>(schema: &'s Schema, rest: &'f str) -> Option<(String, &'s Schema, &'f str)> {
    if rest.is_empty() {
        return None;
    }
    if let (Some(items), Some((_, behind))) = (&schema.items, index(rest)) {
        return Some(("items".to_owned(), items, behind));
    }
    let properties = schema.properties.iter().filter_map(|(name, child)| Some((name, child, behind(rest, name)?)));
    if let Some((name, child, behind)) = properties.min_by_key(|(_, _, behind)| behind.len()) {
        return Some((format!("properties.{name}"), child, behind));
    }
    match &schema.additional_properties {
        // The end of a key is a guess, since keys may contain dots.
        Some(Additional::Schema(values)) => {
            let end = match rest.strip_prefix('[') {
                Some(key) => key.find(']').map_or(rest.len(), |end| end + 2),
                None => rest.find(['.', '[']).unwrap_or(rest.len()),
            };
            Some(("additionalProperties".to_owned(), values, &rest[end..]))
        }
        Some(Additional::Allowed(_)) | None => None,
    }
}

/// Returns the rest of a path after `key` at its start. The key is written plain, or in brackets as the key
/// of a map.
fn behind<'f>(path: &'f str, key: &str) -> Option<&'f str> {
    let rest = match path.strip_prefix('[') {
        Some(bracketed) => bracketed.strip_prefix(key)?.strip_prefix(']')?,
        None => path.strip_prefix(key)?,
    };
    (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
}

/// Returns the number in `[3]` at the start of a path, and the rest of the path.
fn index(path: &str) -> Option<(usize, &str)> {
    let (index, rest) = path.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::{Source, documents};
    use serde_json::json;

    use super::*;

    fn line(field: &str) -> usize {
        let text = "spec:\n  ports:\n  - name: a\n  - name: b\n  labels:\n    a.b/c: x\n    a: y\n";
        let source = Arc::new(Source { name: "o.yaml".into(), text: text.into() });
        in_object(&documents(&source, &mut Vec::new())[0].root, field).line
    }

    #[test]
    fn paths_lead_to_values_or_to_what_is_nearest() {
        assert_eq!(line("spec.ports[1].name"), 4);
        assert_eq!(line("spec.labels.a.b/c"), 6, "the longest key that fits");
        assert_eq!(line("spec.labels[a.b/c]"), 6);
        assert_eq!(line("spec.labels.a"), 7);
        assert_eq!(line(".spec.ports[1].port"), 4);
        assert_eq!(line("spec.ports[7].name"), 3, "the list starts there");
        assert_eq!(line("status.phase"), 1);
        assert_eq!(line(""), 1);
    }

    #[test]
    fn schemas_are_found_below_lists_and_maps() {
        let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
            "ports": {"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        }}}});
        let schema = Schema::from_json(&schema).expect("it is a schema");
        let path = |field| in_schema(&schema, field).path;
        assert_eq!(path("spec.ports[1].name"), "properties.spec.properties.ports.items.properties.name");
        assert_eq!(path("spec.labels[a]"), "properties.spec.properties.labels.additionalProperties");
        assert_eq!(path("spec.none.at.all"), "properties.spec");
        assert_eq!(path(""), "");
    }

    #[test]
    fn a_missing_key_of_a_map_is_required_by_the_map() {
        let schema = json!({"type": "object", "properties": {"spec": {
            "type": "object", "required": ["size"], "properties": {
                "size": {"type": "string"},
                "env": {"type": "object", "required": ["home", "a.b"], "additionalProperties": {"type": "string"}},
            },
        }}});
        let schema = Schema::from_json(&schema).expect("it is a schema");
        let path = |field| of_required(&schema, field).path;
        assert_eq!(path("spec.env.home"), "properties.spec.properties.env.required");
        assert_eq!(path("spec.env.a.b"), "properties.spec.properties.env.required");
        assert_eq!(path("spec.env.other"), "properties.spec.properties.env.additionalProperties");
        assert_eq!(path("spec.size"), "properties.spec.properties.size");
    }

    #[test]
    fn an_unknown_field_may_be_a_declared_one() {
        let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {
            "ports": {"type": "array", "items": {"type": "object", "properties": {"name": {}, "hostPort": {}}}},
        }}}});
        let schema = Schema::from_json(&schema).expect("it is a schema");
        assert_eq!(meant(&schema, "spec.ports[1].hostport").as_deref(), Some("hostPort"));
        assert_eq!(meant(&schema, "spec.port").as_deref(), Some("ports"));
        assert_eq!(meant(&schema, "spec.replicas"), None);
    }
}
