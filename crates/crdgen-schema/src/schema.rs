//! A structural schema: the part of OpenAPI v3 that `apiextensions.k8s.io/v1` allows, with the place of every node.

mod read;
mod write;

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::report::{Path, Report};
use crate::{Diagnostic, Node, Source, Span};

pub(crate) use read::read;

/// One node of a structural schema. Field names follow `JSONSchemaProps` of apiextensions v1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Where the node starts.
    pub span: Span,
    /// `type`; absent for int-or-string and preserve-unknown nodes and under junctors.
    pub type_: Option<SchemaType>,
    /// `format`, as written.
    pub format: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `nullable`.
    pub nullable: bool,
    /// `default`; `Some(Null)` when `default: null` was written.
    pub default: Option<Json>,
    /// `enum`; empty means no constraint.
    pub enum_: Vec<Json>,
    /// `properties` in source order.
    pub properties: IndexMap<String, Schema>,
    /// `required`, as written.
    pub required: Vec<String>,
    /// `additionalProperties`.
    pub additional_properties: Option<Additional>,
    /// `uniqueItems`, which no CRD can have set.
    pub unique_items: bool,
    /// `items`.
    pub items: Option<Box<Schema>>,
    /// Value constraints.
    pub bounds: Bounds,
    /// `allOf`.
    pub all_of: Vec<Schema>,
    /// `anyOf`.
    pub any_of: Vec<Schema>,
    /// `oneOf`.
    pub one_of: Vec<Schema>,
    /// `not`.
    pub not: Option<Box<Schema>>,
    /// `x-kubernetes-int-or-string`.
    pub int_or_string: bool,
    /// `x-kubernetes-preserve-unknown-fields`.
    pub preserve_unknown_fields: bool,
    /// `x-kubernetes-embedded-resource`.
    pub embedded_resource: bool,
    /// `x-kubernetes-list-type`.
    pub list_type: Option<ListType>,
    /// `x-kubernetes-list-map-keys`.
    pub list_map_keys: Vec<String>,
    /// `x-kubernetes-map-type`: `atomic` or `granular`.
    pub map_type: Option<String>,
    /// `x-kubernetes-validations`.
    pub validations: Vec<Rule>,
}

impl Schema {
    /// Reads an `openAPIV3Schema`.
    ///
    /// # Errors
    ///
    /// Says what an API server could not read of it. Whether the schema is structural is not looked at.
    pub fn from_json(json: &Json) -> Result<Self, Vec<Diagnostic>> {
        let source = Arc::new(Source { name: "openAPIV3Schema".to_owned(), text: String::new() });
        let mut report = Report::new(&source, "schema");
        let schema = read(Node::from_json(json), &Path::root("openAPIV3Schema"), &mut report);
        match report.errors() {
            0 => Ok(schema),
            _ => Err(report.into_diagnostics()),
        }
    }

    /// Visits the schemas directly below this one, those of branches too.
    pub(crate) fn each_below(&self, path: &Path<'_>, visit: &mut impl FnMut(&Self, &Path<'_>)) {
        let properties_path = path.field("properties");
        self.properties.iter().for_each(|(name, property)| visit(property, &properties_path.field(name)));
        let values = match &self.additional_properties {
            Some(Additional::Schema(values)) => Some(&**values),
            Some(Additional::Allowed(_)) | None => None,
        };
        for (keyword, schema) in
            [("items", self.items.as_deref()), ("additionalProperties", values), ("not", self.not.as_deref())]
        {
            schema.into_iter().for_each(|schema| visit(schema, &path.field(keyword)));
        }
        for (keyword, branches) in [("allOf", &self.all_of), ("anyOf", &self.any_of), ("oneOf", &self.one_of)] {
            let path = path.field(keyword);
            branches.iter().enumerate().for_each(|(index, branch)| visit(branch, &path.index(index)));
        }
    }

    /// Whether rules of CEL stand anywhere where they are evaluated.
    pub(crate) fn has_rules(&self) -> bool {
        let values = match &self.additional_properties {
            Some(Additional::Schema(values)) => Some(&**values),
            Some(Additional::Allowed(_)) | None => None,
        };
        let below = self.properties.values().chain(self.items.as_deref()).chain(values).chain(&self.all_of);
        !self.validations.is_empty() || below.into_iter().any(Self::has_rules)
    }
}

/// `type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchemaType {
    /// `object`
    Object,
    /// `array`
    Array,
    /// `string`
    String,
    /// `integer`
    Integer,
    /// `number`
    Number,
    /// `boolean`
    Boolean,
}

/// `additionalProperties`.
#[derive(Clone, Debug, PartialEq)]
pub enum Additional {
    /// `true` or `false`.
    Allowed(bool),
    /// A schema for the values.
    Schema(Box<Schema>),
}

/// `x-kubernetes-list-type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListType {
    /// Replaced as a whole.
    Atomic,
    /// Unique scalars.
    Set,
    /// Unique by `x-kubernetes-list-map-keys`.
    Map,
}

/// Value constraints, as written. Bounds of numbers are float64, as in the API server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// `pattern`, a Go RE2 expression, searched and not anchored.
    pub pattern: Option<String>,
    /// `minLength` in code points.
    pub min_length: Option<i64>,
    /// `maxLength` in code points.
    pub max_length: Option<i64>,
    /// `minimum`.
    pub minimum: Option<f64>,
    /// `maximum`.
    pub maximum: Option<f64>,
    /// `exclusiveMinimum`.
    pub exclusive_minimum: bool,
    /// `exclusiveMaximum`.
    pub exclusive_maximum: bool,
    /// `multipleOf`.
    pub multiple_of: Option<f64>,
    /// `minItems`.
    pub min_items: Option<i64>,
    /// `maxItems`.
    pub max_items: Option<i64>,
    /// `minProperties`.
    pub min_properties: Option<i64>,
    /// `maxProperties`.
    pub max_properties: Option<i64>,
}

/// One entry of `x-kubernetes-validations`: a CEL rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// The CEL expression.
    pub rule: String,
    /// `message`.
    pub message: Option<String>,
    /// `messageExpression`.
    pub message_expression: Option<String>,
    /// `reason`.
    pub reason: Option<String>,
    /// `fieldPath`.
    pub field_path: Option<String>,
    /// `optionalOldSelf`.
    pub optional_old_self: bool,
}
