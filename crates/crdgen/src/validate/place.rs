//! Where a path of a server's answer leads: in the object as it was written, and in its schema.
//!
//! Such a path cannot be taken apart by itself, because keys with dots stand in it as they are. What is there decides.

use crdgen_schema::schema::{Additional, Schema};
use crdgen_schema::{Node, Span, Value};

/// The place of a value; of the nearest one above it if it is not there.
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

/// A node of a schema.
#[derive(Debug, PartialEq)]
pub struct SchemaPlace {
    pub span: Span,
    /// From the root of the schema on, for example `properties.spec.properties.ports.items`.
    pub path: String,
}

/// The schema of a value; the nearest one above it if it has none.
pub fn in_schema(schema: &Schema, field: &str) -> SchemaPlace {
    let mut place = SchemaPlace { span: schema.span, path: String::new() };
    let mut schema = schema;
    let mut rest = field;
    while let Some((step, child, behind)) = child_schema(schema, rest.strip_prefix('.').unwrap_or(rest)) {
        if !place.path.is_empty() {
            place.path.push('.');
        }
        place.path.push_str(&step);
        (place.span, schema, rest) = (child.span, child, behind);
    }
    place
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
        // Where the key ends cannot be known.
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

/// What stands behind a key at the start, written as a property or as the key of a map.
fn behind<'f>(path: &'f str, key: &str) -> Option<&'f str> {
    let rest = match path.strip_prefix('[') {
        Some(bracketed) => bracketed.strip_prefix(key)?.strip_prefix(']')?,
        None => path.strip_prefix(key)?,
    };
    (rest.is_empty() || rest.starts_with(['.', '['])).then_some(rest)
}

/// `[3]` at the start, and what stands behind it.
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
}
