//! Conversion of a node to a [`Schema`]: all keywords that the API server's decoder accepts, including forbidden ones.

use indexmap::IndexMap;

use super::{Additional, ListType, Rule, Schema, SchemaType, Sparse};
use crate::report::{Fields, Path, Report};
use crate::{Diagnostic, Node, Value, is_private_key};

/// Keywords of JSON Schema that `apiextensions/v1` forbids, each with advice.
const FORBIDDEN: [(&str, &str); 7] = [
    ("$ref", "replace the reference with a copy of the referenced schema"),
    ("$schema", "remove it: a CRD's schema is always a structural schema"),
    ("id", "remove it"),
    ("definitions", "copy each definition to the places that refer to it"),
    ("dependencies", "write it as a rule of `x-kubernetes-validations`"),
    (
        "patternProperties",
        "use `additionalProperties` for the values, and a rule of `x-kubernetes-validations` for the names",
    ),
    ("additionalItems", "use one schema under `items` for all items"),
];

/// Fields of `JSONSchemaProps`.
const KEYWORDS: [&str; 44] = [
    "$ref",
    "$schema",
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "definitions",
    "dependencies",
    "description",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "id",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "patternProperties",
    "properties",
    "required",
    "title",
    "type",
    "uniqueItems",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
];

const RULE: [&str; 6] = ["rule", "message", "messageExpression", "reason", "fieldPath", "optionalOldSelf"];

/// Reads a schema node. Keywords that the API server does not know are dropped, as by the server, with a warning.
pub(crate) fn read(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Schema {
    let mut schema = Schema { span: node.span, ..Schema::default() };
    check_enum(&node, path, report);
    for entry in report.map(node, path) {
        if !KEYWORDS.contains(&entry.key.as_str()) {
            report.unknown("a CRD's schema", &KEYWORDS, &entry, path);
        } else if entry.value.value != Value::Null || entry.key == "default" {
            schema.set(&entry.key, entry.value, &path.field(&entry.key), report);
        }
    }
    schema
}

impl Schema {
    fn set(&mut self, keyword: &str, node: Node, path: &Path<'_>, report: &mut Report<'_>) {
        match keyword {
            "type" => self.type_ = type_(node, path, report),
            "properties" => self.properties = properties(node, path, report),
            "required" => self.required = required(node, path, report),
            "items" => self.items = items(node, path, report),
            "additionalProperties" => self.additional_properties = additional(node, path, report),
            "description" => self.description = report.string(node, path).map(|text| report.share(&text)),
            "example" => self.example = Some(Box::new(node.to_json())),
            "externalDocs" => self.external_docs = Some(Box::new(node.to_json())),
            "title" => self.title = report.string(node, path),
            "format" => self.format = report.string(node, path).filter(|format| !format.is_empty()),
            "nullable" => self.nullable = report.boolean(node, path).unwrap_or_default(),
            "default" => self.default = Some(Box::new(node.to_json())),
            "enum" => self.enum_ = report.list(node, path).iter().map(Node::to_json).collect(),
            "allOf" => self.all_of = branches(node, path, report),
            "anyOf" => self.any_of = branches(node, path, report),
            "oneOf" => self.one_of = branches(node, path, report),
            "not" => self.not = Some(Box::new(read(node, path, report))),
            "uniqueItems" => self.unique_items = report.boolean(node, path).unwrap_or_default(),
            _ if keyword.starts_with("x-kubernetes-") => self.set_extension(keyword, node, path, report),
            _ => {
                forbid(keyword, &node, path, report);
                self.set_bound(keyword, node, path, report);
            }
        }
    }

    fn set_bound(&mut self, keyword: &str, node: Node, path: &Path<'_>, report: &mut Report<'_>) {
        let bounds = &mut self.bounds;
        match keyword {
            "pattern" => bounds.pattern = report.string(node, path).filter(|pattern| !pattern.is_empty()),
            "minLength" => bounds.min_length = report.integer(node, path),
            "maxLength" => bounds.max_length = report.integer(node, path),
            "minItems" => bounds.min_items = report.integer(node, path),
            "maxItems" => bounds.max_items = report.integer(node, path),
            "minProperties" => bounds.min_properties = report.integer(node, path),
            "maxProperties" => bounds.max_properties = report.integer(node, path),
            "minimum" => bounds.minimum = report.number(node, path),
            "maximum" => bounds.maximum = report.number(node, path),
            "multipleOf" => bounds.multiple_of = report.number(node, path),
            "exclusiveMinimum" => bounds.exclusive_minimum = report.boolean(node, path).unwrap_or_default(),
            "exclusiveMaximum" => bounds.exclusive_maximum = report.boolean(node, path).unwrap_or_default(),
            _ => {}
        }
    }

    fn set_extension(&mut self, keyword: &str, node: Node, path: &Path<'_>, report: &mut Report<'_>) {
        match &keyword["x-kubernetes-".len()..] {
            "preserve-unknown-fields" => self.preserve_unknown_fields = preserve(node, path, report),
            "embedded-resource" => self.embedded_resource = report.boolean(node, path).unwrap_or_default(),
            "int-or-string" => self.int_or_string = report.boolean(node, path).unwrap_or_default(),
            "list-type" => self.list_type = list_type(node, path, report),
            "list-map-keys" => self.list_map_keys = report.strings(node, path).into(),
            "map-type" => self.map_type = map_type(node, path, report),
            "validations" => self.validations = rules(node, path, report),
            _ => {}
        }
    }
}

fn type_(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Option<SchemaType> {
    let span = node.span;
    if matches!(node.value, Value::List(_)) {
        let error = Diagnostic::error("schema::type", "`type` must be one name, not a list");
        report.add(error.help("for a value that may be null, write `nullable: true` next to the type"), span, path);
        return None;
    }
    Some(match report.string(node, path)?.as_str() {
        "object" => SchemaType::Object,
        "array" => SchemaType::Array,
        "string" => SchemaType::String,
        "integer" => SchemaType::Integer,
        "number" => SchemaType::Number,
        "boolean" => SchemaType::Boolean,
        "" => return None,
        unknown => {
            let help = match unknown {
                "null" => "for a value that may be null, write `nullable: true` next to its type",
                _ => "the types are object, array, string, integer, number and boolean",
            };
            let error = Diagnostic::error("schema::type", format!("`{unknown}` is not a type of a CRD's schema"));
            report.add(error.help(help), span, path);
            return None;
        }
    })
}

fn check_enum(schema: &Node, path: &Path<'_>, report: &mut Report<'_>) {
    let is_string = schema.get("type").and_then(Node::as_str) == Some("string");
    let values = schema.get("enum").filter(|_| is_string).map(Node::items).unwrap_or_default();
    let path = path.field("enum");
    values.iter().enumerate().for_each(|(index, value)| report.enum_of_strings(value, &path.index(index)));
}

fn properties(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Sparse<IndexMap<String, Schema>> {
    let entries = report.map(node, path).into_iter();
    entries
        .map(|mut entry| {
            // The parser reserves more memory than most names need.
            entry.key.shrink_to_fit();
            let path = path.field(&entry.key);
            report.property_name(&entry, &path);
            let schema = read(entry.value, &path, report);
            (entry.key, schema)
        })
        .collect()
}

fn required(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Sparse<Vec<String>> {
    for (index, item) in node.items().iter().enumerate() {
        if let Some(name) = item.as_str().filter(|name| is_private_key(name)) {
            let error = Diagnostic::error("schema::private-key", format!("the property name `{name}` is reserved"));
            let help = "serde_json, the JSON library of Rust, gives this key a special meaning: use another name";
            report.add(error.help(help), item.span, &path.index(index));
        }
    }
    report.strings(node, path).into()
}

fn items(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Option<Box<Schema>> {
    if matches!(node.value, Value::List(_)) {
        let error = Diagnostic::error("schema::forbidden", "`items` must be one schema, not a list of schemas");
        report.add(error.help("write one schema that all items match"), node.span, path);
        return None;
    }
    Some(Box::new(read(node, path, report)))
}

fn additional(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Option<Additional> {
    match node.value {
        Value::Bool(allowed) => Some(Additional::Allowed(allowed)),
        _ => Some(Additional::Schema(Box::new(read(node, path, report)))),
    }
}

fn branches(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Sparse<Vec<Schema>> {
    let items = report.list(node, path).into_iter().enumerate();
    items.map(|(index, item)| read(item, &path.index(index), report)).collect()
}

fn preserve(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> bool {
    let span = node.span;
    let value = report.boolean(node, path);
    if value == Some(false) {
        let message = "`x-kubernetes-preserve-unknown-fields` must be true or absent";
        report.add(Diagnostic::error("schema::forbidden", message).help("remove it"), span, path);
    }
    value == Some(true)
}

fn list_type(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Option<ListType> {
    let span = node.span;
    Some(match report.string(node, path)?.as_str() {
        "atomic" => ListType::Atomic,
        "set" => ListType::Set,
        "map" => ListType::Map,
        unknown => {
            let message = format!("`{unknown}` is not a list type");
            report.add(Diagnostic::error("schema::list-type", message).help("use atomic, set or map"), span, path);
            return None;
        }
    })
}

fn map_type(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Option<String> {
    let span = node.span;
    let name = report.string(node, path)?;
    if !matches!(name.as_str(), "atomic" | "granular") {
        let message = format!("`{name}` is not a map type");
        report.add(Diagnostic::error("schema::map-type", message).help("use atomic or granular"), span, path);
    }
    Some(name)
}

fn rules(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Sparse<Vec<Rule>> {
    let items = report.list(node, path).into_iter().enumerate();
    items.map(|(index, item)| rule(item, &path.index(index), report)).collect()
}

fn rule(node: Node, path: &Path<'_>, report: &mut Report<'_>) -> Rule {
    let mut fields = Fields::new(node, path, report);
    fields.only("a rule", &RULE, report);
    Rule {
        rule: fields.string("rule", report).unwrap_or_default(),
        message: fields.string("message", report),
        message_expression: fields.string("messageExpression", report),
        reason: fields.string("reason", report),
        field_path: fields.string("fieldPath", report),
        optional_old_self: fields.boolean("optionalOldSelf", report),
    }
}

fn forbid(keyword: &str, node: &Node, path: &Path<'_>, report: &mut Report<'_>) {
    let Some((_, help)) = FORBIDDEN.iter().find(|(forbidden, _)| *forbidden == keyword) else { return };
    if says_nothing(keyword, node) {
        return;
    }
    let error = Diagnostic::error("schema::forbidden", format!("`{keyword}` is not allowed in a CRD's schema"));
    report.add(error.help(*help), node.span, path);
}

/// Returns whether the API server ignores a forbidden keyword because its value is empty.
fn says_nothing(keyword: &str, node: &Node) -> bool {
    match &node.value {
        Value::String(text) => text.is_empty() && matches!(keyword, "id" | "$schema"),
        Value::Map(entries) => entries.is_empty() && matches!(keyword, "definitions" | "patternProperties"),
        _ => false,
    }
}
