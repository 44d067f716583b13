//! Schemas of OpenAPI 3.1, as far as the dialect uses them.

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, ObjectType, ReferenceOr, SchemaData, SchemaKind, Type,
    VariantOrUnknownOrEmpty,
};
use serde::Serialize;
use serde_json::{Number, Value as Json};

/// Position of a schema. An `enum` of one value becomes `const` unless the schema is a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Component,
    Inline,
}

/// Schema Object of OpenAPI 3.1, with the keywords that crdgen writes.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schema {
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    types: Option<Types>,
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<String>,
    #[serde(rename = "const", skip_serializing_if = "Option::is_none")]
    constant: Option<Json>,
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    enumeration: Vec<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    maximum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_minimum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exclusive_maximum: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    multiple_of: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Box<Schema>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_items: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_items: Option<usize>,
    #[serde(skip_serializing_if = "is_false")]
    unique_items: bool,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    properties: IndexMap<String, Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    required: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_properties: Option<Additional>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_properties: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_properties: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    one_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    any_of: Vec<Schema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    all_of: Vec<Schema>,
    #[serde(skip_serializing_if = "is_false")]
    deprecated: bool,
    #[serde(flatten)]
    extensions: IndexMap<String, Json>,
}

/// `type`: of what may be null, a list.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Types {
    One(String),
    OrNull([String; 2]),
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Additional {
    Any(bool),
    Of(Box<Schema>),
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Schema {
    /// A schema of 3.0 in 3.1.
    pub fn new(schema: ReferenceOr<openapiv3::Schema>, place: Place) -> Self {
        let (data, kind) = match schema {
            ReferenceOr::Reference { reference } => return Self::reference(reference),
            ReferenceOr::Item(openapiv3::Schema { schema_data, schema_kind }) => (schema_data, schema_kind),
        };
        let mut written = Self::of_kind(kind);
        if data.nullable {
            written.or_null();
        }
        if place == Place::Inline
            && let [only] = &mut written.enumeration[..]
        {
            written.constant = Some(only.take());
            written.enumeration.clear();
        }
        let SchemaData { title, description, deprecated, extensions, .. } = data;
        Self { title, description, deprecated, extensions, ..written }
    }

    fn inline(schema: ReferenceOr<Box<openapiv3::Schema>>) -> Self {
        Self::new(schema.unbox(), Place::Inline)
    }

    fn inlines(schemas: Vec<ReferenceOr<openapiv3::Schema>>) -> Vec<Self> {
        schemas.into_iter().map(|schema| Self::new(schema, Place::Inline)).collect()
    }

    fn reference(to: String) -> Self {
        Self { reference: Some(to), ..Self::default() }
    }

    fn typed(name: &str) -> Self {
        Self { types: Some(Types::One(name.to_owned())), ..Self::default() }
    }

    /// Null beside the type, or beside what a reference leads to.
    fn or_null(&mut self) {
        if let Some(reference) = self.reference.take() {
            self.any_of = vec![Self::reference(reference), Self::typed("null")];
        }
        if let Some(Types::One(name)) = &mut self.types {
            self.types = Some(Types::OrNull([std::mem::take(name), "null".to_owned()]));
        }
        if !self.enumeration.is_empty() && !self.enumeration.contains(&Json::Null) {
            self.enumeration.push(Json::Null);
        }
    }

    fn of_kind(kind: SchemaKind) -> Self {
        match kind {
            SchemaKind::Type(of_type) => Self::of_type(of_type),
            SchemaKind::OneOf { one_of } => Self { one_of: Self::inlines(one_of), ..Self::default() },
            SchemaKind::AnyOf { any_of } => Self { any_of: Self::inlines(any_of), ..Self::default() },
            SchemaKind::AllOf { all_of } => Self::beside(all_of, Self::default()),
            SchemaKind::Any(any) => Self::any(any),
            SchemaKind::Not { .. } => unreachable!("the dialect has no `not`"),
        }
    }

    /// Returns a reference beside other keywords. OpenAPI 3.0 puts the reference into `allOf` for that.
    fn beside(mut all_of: Vec<ReferenceOr<openapiv3::Schema>>, rest: Self) -> Self {
        match &mut all_of[..] {
            [ReferenceOr::Reference { reference }] => Self { reference: Some(std::mem::take(reference)), ..rest },
            _ => Self { all_of: Self::inlines(all_of), ..rest },
        }
    }

    /// The type beside a reference, which linters of 3.0 want, says nothing that the reference does not.
    fn any(any: AnySchema) -> Self {
        let (minimum, exclusive_minimum) = bound(any.minimum.and_then(number), any.exclusive_minimum == Some(true));
        let (maximum, exclusive_maximum) = bound(any.maximum.and_then(number), any.exclusive_maximum == Some(true));
        let keywords = Self {
            enumeration: any.enumeration,
            pattern: any.pattern,
            min_length: any.min_length,
            max_length: any.max_length,
            minimum,
            maximum,
            exclusive_minimum,
            exclusive_maximum,
            multiple_of: any.multiple_of.and_then(number),
            min_items: any.min_items,
            max_items: any.max_items,
            min_properties: any.min_properties,
            max_properties: any.max_properties,
            ..Self::default()
        };
        Self::beside(any.all_of, keywords)
    }

    fn of_type(of_type: Type) -> Self {
        match of_type {
            Type::String(string) => Self {
                format: name(string.format),
                pattern: string.pattern,
                enumeration: values(string.enumeration),
                min_length: string.min_length,
                max_length: string.max_length,
                ..Self::typed("string")
            },
            Type::Integer(integer) => {
                let (minimum, exclusive_minimum) = bound(integer.minimum.map(Number::from), integer.exclusive_minimum);
                let (maximum, exclusive_maximum) = bound(integer.maximum.map(Number::from), integer.exclusive_maximum);
                Self {
                    format: name(integer.format),
                    multiple_of: integer.multiple_of.map(Number::from),
                    minimum,
                    maximum,
                    exclusive_minimum,
                    exclusive_maximum,
                    enumeration: values(integer.enumeration),
                    ..Self::typed("integer")
                }
            }
            Type::Number(of_number) => {
                let (minimum, exclusive_minimum) =
                    bound(of_number.minimum.and_then(number), of_number.exclusive_minimum);
                let (maximum, exclusive_maximum) =
                    bound(of_number.maximum.and_then(number), of_number.exclusive_maximum);
                Self {
                    format: name(of_number.format),
                    multiple_of: of_number.multiple_of.and_then(number),
                    minimum,
                    maximum,
                    exclusive_minimum,
                    exclusive_maximum,
                    enumeration: values(of_number.enumeration),
                    ..Self::typed("number")
                }
            }
            Type::Boolean(boolean) => Self { enumeration: values(boolean.enumeration), ..Self::typed("boolean") },
            Type::Array(array) => Self::array(array),
            Type::Object(object) => Self::object(object),
        }
    }

    fn array(array: ArrayType) -> Self {
        Self {
            items: array.items.map(|items| Box::new(Self::inline(items))),
            min_items: array.min_items,
            max_items: array.max_items,
            unique_items: array.unique_items,
            ..Self::typed("array")
        }
    }

    fn object(object: ObjectType) -> Self {
        let properties = object.properties.into_iter().map(|(name, schema)| (name, Self::inline(schema)));
        let additional = |additional| match additional {
            AdditionalProperties::Any(any) => Additional::Any(any),
            AdditionalProperties::Schema(schema) => Additional::Of(Box::new(Self::new(*schema, Place::Inline))),
        };
        Self {
            properties: properties.collect(),
            required: object.required,
            additional_properties: object.additional_properties.map(additional),
            min_properties: object.min_properties,
            max_properties: object.max_properties,
            ..Self::typed("object")
        }
    }
}

/// A format's name as it is written.
fn name<T: Serialize>(format: VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Empty => None,
        format => serde_json::to_value(format).ok()?.as_str().map(str::to_owned),
    }
}

fn values<T: Into<Json>>(enumeration: Vec<Option<T>>) -> Vec<Json> {
    enumeration.into_iter().map(|value| value.map_or(Json::Null, Into::into)).collect()
}

/// Returns a number as JSON, or `None` if JSON cannot express it. A bound that is left out restricts nothing.
fn number(value: f64) -> Option<Number> {
    Number::from_f64(value)
}

/// A bound, or the same as one that excludes itself.
fn bound(bound: Option<Number>, exclusive: bool) -> (Option<Number>, Option<Number>) {
    if exclusive { (None, bound) } else { (bound, None) }
}
