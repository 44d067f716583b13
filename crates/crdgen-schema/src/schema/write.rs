//! Keywords of a [`Schema`], and their conversion to JSON.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde_json::{Map, Value as Json};

use super::{Additional, ListType, Rule, Schema, SchemaType};

/// Value of a keyword of a schema, or a part of such a value.
#[derive(Clone, Copy, Debug)]
pub enum Written<'s> {
    /// String, without quotation marks.
    Text(&'s str),
    /// Boolean.
    Flag(bool),
    /// Number of characters, items or properties.
    Count(i64),
    /// float64. A value without a fraction is written as an integer.
    Number(f64),
    /// Any JSON value.
    Json(&'s Json),
    /// List of JSON values.
    Values(&'s [Json]),
    /// List of names.
    Names(&'s [String]),
    /// Schema of items, of values or of a branch.
    Schema(&'s Schema),
    /// List of schemas.
    Schemas(&'s [Schema]),
    /// Schemas by name.
    Properties(&'s IndexMap<String, Schema>),
    /// CEL rule.
    Rule(&'s Rule),
    /// List of CEL rules.
    Rules(&'s [Rule]),
}

/// Visitor of the parts of an object or a list: the key, which items of a list do not have, and the value. Returns whether to
/// go on.
pub type Visit<'v, 's> = &'v mut dyn FnMut(Option<&'s str>, Written<'s>) -> bool;

impl Schema {
    /// Converts the node to an `openAPIV3Schema`, without documentation (except `title`) and without keywords that
    /// the API server drops.
    ///
    /// Reading the result gives an equal schema, except for positions and documentation.
    pub fn to_json(&self) -> Json {
        Written::Schema(self).to_json()
    }

    /// Visits the keywords of [`Self::to_json`] in their order. Returns false as soon as `visit` does.
    fn keywords<'s>(&'s self, visit: Visit<'_, 's>) -> bool {
        let bounds = &*self.bounds;
        let mut write = |keyword, value: Option<Written<'s>>| value.is_none_or(|value| visit(Some(keyword), value));
        write("type", self.type_.map(type_name).map(Written::Text))
            && write("format", text(&self.format))
            && write("title", text(&self.title))
            && write("nullable", flag(self.nullable))
            && write("default", self.default.as_deref().map(Written::Json))
            && write("enum", unless_empty(&self.enum_, Written::Values))
            && write("pattern", text(&bounds.pattern))
            && write("minLength", bounds.min_length.map(Written::Count))
            && write("maxLength", bounds.max_length.map(Written::Count))
            && write("minimum", bounds.minimum.map(Written::Number))
            && write("exclusiveMinimum", flag(bounds.exclusive_minimum))
            && write("maximum", bounds.maximum.map(Written::Number))
            && write("exclusiveMaximum", flag(bounds.exclusive_maximum))
            && write("multipleOf", bounds.multiple_of.map(Written::Number))
            && write("minItems", bounds.min_items.map(Written::Count))
            && write("maxItems", bounds.max_items.map(Written::Count))
            && write("minProperties", bounds.min_properties.map(Written::Count))
            && write("maxProperties", bounds.max_properties.map(Written::Count))
            && write("x-kubernetes-int-or-string", flag(self.int_or_string))
            && write("x-kubernetes-preserve-unknown-fields", flag(self.preserve_unknown_fields))
            && write("x-kubernetes-embedded-resource", flag(self.embedded_resource))
            && write("x-kubernetes-list-type", self.list_type.map(list_type).map(Written::Text))
            && write("x-kubernetes-list-map-keys", unless_empty(&self.list_map_keys, Written::Names))
            && write("x-kubernetes-map-type", text(&self.map_type))
            && write("required", unless_empty(&self.required, Written::Names))
            && write("properties", (!self.properties.is_empty()).then_some(Written::Properties(&self.properties)))
            && write("additionalProperties", self.additional_properties.as_ref().map(additional))
            && write("items", self.items.as_deref().map(Written::Schema))
            && write("allOf", unless_empty(&self.all_of, Written::Schemas))
            && write("anyOf", unless_empty(&self.any_of, Written::Schemas))
            && write("oneOf", unless_empty(&self.one_of, Written::Schemas))
            && write("not", self.not.as_deref().map(Written::Schema))
            && write("x-kubernetes-validations", unless_empty(&self.validations, Written::Rules))
    }
}

impl Rule {
    fn keywords<'s>(&'s self, visit: Visit<'_, 's>) -> bool {
        let mut write = |keyword, value: Option<Written<'s>>| value.is_none_or(|value| visit(Some(keyword), value));
        write("rule", Some(Written::Text(&self.rule)))
            && write("message", text(&self.message))
            && write("messageExpression", text(&self.message_expression))
            && write("reason", text(&self.reason))
            && write("fieldPath", text(&self.field_path))
            && write("optionalOldSelf", flag(self.is_old_self_optional()))
    }
}

fn additional(additional: &Additional) -> Written<'_> {
    match additional {
        Additional::Allowed(allowed) => Written::Flag(*allowed),
        Additional::Schema(values) => Written::Schema(values),
    }
}

fn unless_empty<'s, T>(list: &'s [T], written: fn(&'s [T]) -> Written<'s>) -> Option<Written<'s>> {
    (!list.is_empty()).then(|| written(list))
}

fn text(text: &Option<String>) -> Option<Written<'_>> {
    text.as_deref().map(Written::Text)
}

fn flag<'s>(set: bool) -> Option<Written<'s>> {
    set.then_some(Written::Flag(true))
}

impl<'s> Written<'s> {
    /// Visits the parts of an object or a list. Any other value has none. Returns false as soon as `visit` does.
    pub fn parts(self, visit: Visit<'_, 's>) -> bool {
        match self {
            Self::Json(Json::Object(fields)) => {
                fields.iter().all(|(name, value)| visit(Some(name), Written::Json(value)))
            }
            Self::Json(Json::Array(values)) => values.iter().all(|value| visit(None, Written::Json(value))),
            Self::Values(values) => values.iter().all(|value| visit(None, Written::Json(value))),
            Self::Names(names) => names.iter().all(|name| visit(None, Written::Text(name))),
            Self::Schema(schema) => schema.keywords(visit),
            Self::Schemas(schemas) => schemas.iter().all(|schema| visit(None, Written::Schema(schema))),
            Self::Properties(schemas) => {
                schemas.iter().all(|(name, schema)| visit(Some(name), Written::Schema(schema)))
            }
            Self::Rule(rule) => rule.keywords(visit),
            Self::Rules(rules) => rules.iter().all(|rule| visit(None, Written::Rule(rule))),
            Self::Json(_) | Self::Text(_) | Self::Flag(_) | Self::Count(_) | Self::Number(_) => true,
        }
    }

    /// Returns a value that is no object and no list as JSON, and `None` for objects and lists.
    pub fn scalar(self) -> Option<Cow<'s, Json>> {
        Some(match self {
            Self::Json(Json::Object(_) | Json::Array(_)) => return None,
            Self::Json(value) => Cow::Borrowed(value),
            Self::Text(text) => Cow::Owned(text.into()),
            Self::Flag(set) => Cow::Owned(set.into()),
            Self::Count(count) => Cow::Owned(count.into()),
            Self::Number(value) => Cow::Owned(number(value)),
            _ => return None,
        })
    }

    /// Returns whether the value is a list.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Self::Json(Json::Array(_)) | Self::Values(_) | Self::Names(_) | Self::Schemas(_) | Self::Rules(_)
        )
    }

    fn to_json(self) -> Json {
        if let Self::Json(value) = self {
            return value.clone();
        }
        if let Some(scalar) = self.scalar() {
            return scalar.into_owned();
        }
        let (mut fields, mut items) = (Map::new(), Vec::new());
        self.parts(&mut |key, value| {
            match key {
                Some(key) => drop(fields.insert(key.to_owned(), value.to_json())),
                None => items.push(value.to_json()),
            }
            true
        });
        if self.is_list() { Json::Array(items) } else { Json::Object(fields) }
    }
}

fn type_name(type_: SchemaType) -> &'static str {
    match type_ {
        SchemaType::Object => "object",
        SchemaType::Array => "array",
        SchemaType::String => "string",
        SchemaType::Integer => "integer",
        SchemaType::Number => "number",
        SchemaType::Boolean => "boolean",
    }
}

fn list_type(list_type: ListType) -> &'static str {
    match list_type {
        ListType::Atomic => "atomic",
        ListType::Set => "set",
        ListType::Map => "map",
    }
}

/// Converts a float64. A value without a fraction becomes an integer.
fn number(value: f64) -> Json {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    match value.fract() == 0.0 {
        true if (-TWO_TO_63..TWO_TO_63).contains(&value) => Json::from(value as i64),
        true if (TWO_TO_63..2.0 * TWO_TO_63).contains(&value) => Json::from(value as u64),
        _ => Json::from(value),
    }
}
