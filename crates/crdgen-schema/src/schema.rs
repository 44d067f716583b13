//! Structural schemas: the part of OpenAPI v3 that `apiextensions.k8s.io/v1` allows, with the position of every node.

mod read;
mod sparse;
mod write;

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::report::{Path, Report};
use crate::{Diagnostic, Node, Source, Span};

pub(crate) use read::read;
pub use sparse::{Sparse, SparseBounds, Vacant};
pub use write::{Visit, Written};

/// Node of a structural schema. Field names follow `JSONSchemaProps` of apiextensions v1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Position of the node in its source.
    pub span: Span,
    /// `type`. `None` for int-or-string and preserve-unknown-fields nodes, and within `allOf`, `anyOf`, `oneOf` and
    /// `not`.
    pub type_: Option<SchemaType>,
    /// `format`, as written, for example `date-time`.
    pub format: Option<String>,
    /// `title`: a short name of the value for documentation.
    pub title: Option<String>,
    /// `description`: documentation of the value.
    pub description: Option<Arc<str>>,
    /// `example`: an example of the value. A server does not check it.
    pub example: Option<Box<Json>>,
    /// `externalDocs`: a link to documentation of the value.
    pub external_docs: Option<Box<Json>>,
    /// `nullable`: whether `null` is a valid value.
    pub nullable: bool,
    /// `default`. `Some(Null)` when the CRD has `default: null`.
    pub default: Option<Box<Json>>,
    /// `enum`: the allowed values. Empty when every value is allowed.
    pub enum_: Sparse<Vec<Json>>,
    /// `properties` in source order.
    pub properties: Sparse<IndexMap<String, Schema>>,
    /// `required`: names of the properties that must be present.
    pub required: Sparse<Vec<String>>,
    /// `additionalProperties`: values of keys that are not in `properties`.
    pub additional_properties: Option<Additional>,
    /// `uniqueItems`. A CRD cannot set it to true.
    pub unique_items: bool,
    /// `items`: the schema of list items.
    pub items: Option<Box<Schema>>,
    /// Bounds of numbers and lengths, and the pattern.
    pub bounds: SparseBounds,
    /// `allOf`: schemas that must all match.
    pub all_of: Sparse<Vec<Schema>>,
    /// `anyOf`: schemas of which at least one must match.
    pub any_of: Sparse<Vec<Schema>>,
    /// `oneOf`: schemas of which exactly one must match.
    pub one_of: Sparse<Vec<Schema>>,
    /// `not`: a schema that must not match.
    pub not: Option<Box<Schema>>,
    /// `x-kubernetes-int-or-string`: whether the value is an integer or a string.
    pub int_or_string: bool,
    /// `x-kubernetes-preserve-unknown-fields`: whether undeclared fields are kept.
    pub preserve_unknown_fields: bool,
    /// `x-kubernetes-embedded-resource`: whether the value is an object with `apiVersion`, `kind` and `metadata`.
    pub embedded_resource: bool,
    /// `x-kubernetes-list-type`: how a server-side apply merges the list.
    pub list_type: Option<ListType>,
    /// `x-kubernetes-list-map-keys`: fields that identify an item of a list of type map.
    pub list_map_keys: Sparse<Vec<String>>,
    /// `x-kubernetes-map-type`: `atomic` or `granular`.
    pub map_type: Option<String>,
    /// `x-kubernetes-validations`: CEL rules.
    pub validations: Sparse<Vec<Rule>>,
}

impl Schema {
    /// Reads an `openAPIV3Schema`. Whether the schema is structural is not checked.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic for each part of the schema that an API server cannot read.
    pub fn from_json(json: &Json) -> Result<Self, Vec<Diagnostic>> {
        let source = Arc::new(Source { name: "openAPIV3Schema".to_owned(), text: String::new() });
        let mut report = Report::new(&source, "schema");
        let schema = read(Node::from_json(json), &Path::root("openAPIV3Schema"), &mut report);
        match report.errors() {
            0 => Ok(schema),
            _ => Err(report.into_diagnostics()),
        }
    }

    /// Visits the schemas directly below this one, including those in `allOf`, `anyOf`, `oneOf` and `not`.
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

    /// Returns whether the schema has CEL rules in a position where the server evaluates them.
    pub(crate) fn has_rules(&self) -> bool {
        let values = match &self.additional_properties {
            Some(Additional::Schema(values)) => Some(&**values),
            Some(Additional::Allowed(_)) | None => None,
        };
        let below = self.properties.values().chain(self.items.as_deref()).chain(values).chain(&self.all_of);
        !self.validations.is_empty() || below.into_iter().any(Self::has_rules)
    }
}

/// `type` of a schema node.
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

/// `additionalProperties` of a schema node.
#[derive(Clone, Debug, PartialEq)]
pub enum Additional {
    /// Boolean: whether undeclared keys are allowed.
    Allowed(bool),
    /// Schema of the values.
    Schema(Box<Schema>),
}

/// `x-kubernetes-list-type` of a schema node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListType {
    /// The list is replaced as a whole.
    Atomic,
    /// The list is a set of unique scalars.
    Set,
    /// Items are unique by the fields of `x-kubernetes-list-map-keys`.
    Map,
}

/// Bounds of a value, as written. Bounds of numbers are float64, as in the API server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    /// `pattern`: a Go regular expression (RE2) that is searched for in a string, not anchored.
    pub pattern: Option<String>,
    /// `minLength` of a string, in code points.
    pub min_length: Option<i64>,
    /// `maxLength` of a string, in code points.
    pub max_length: Option<i64>,
    /// `minimum` of a number.
    pub minimum: Option<f64>,
    /// `maximum` of a number.
    pub maximum: Option<f64>,
    /// `exclusiveMinimum`: whether `minimum` itself is not allowed.
    pub exclusive_minimum: bool,
    /// `exclusiveMaximum`: whether `maximum` itself is not allowed.
    pub exclusive_maximum: bool,
    /// `multipleOf`: a number of which the value must be a multiple.
    pub multiple_of: Option<f64>,
    /// `minItems` of a list.
    pub min_items: Option<i64>,
    /// `maxItems` of a list.
    pub max_items: Option<i64>,
    /// `minProperties` of an object.
    pub min_properties: Option<i64>,
    /// `maxProperties` of an object.
    pub max_properties: Option<i64>,
}

/// CEL rule: an entry of `x-kubernetes-validations`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// `rule`: the CEL expression, for example `self.min <= self.max`.
    pub rule: String,
    /// `message`: the error text when the rule does not hold.
    pub message: Option<String>,
    /// `messageExpression`: a CEL expression for the error text.
    pub message_expression: Option<String>,
    /// `reason` of the cause, for example `FieldValueForbidden`.
    pub reason: Option<String>,
    /// `fieldPath`: the path of the field that the error names, relative to the rule.
    pub field_path: Option<String>,
    /// `optionalOldSelf`: whether a rule about `oldSelf` also runs without an old value. Default: false.
    pub optional_old_self: Option<bool>,
}

impl Rule {
    /// Returns whether `oldSelf` is an optional value in the rule, so that the rule also runs without an old value.
    pub fn is_old_self_optional(&self) -> bool {
        self.optional_old_self == Some(true)
    }
}
