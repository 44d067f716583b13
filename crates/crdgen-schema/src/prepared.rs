//! Schemas prepared for validation. They hold only what the API server enforces.

use std::sync::Arc;

use crdgen_cel::format::{self, Check};
use crdgen_cel::re2::Pattern;
use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::enumeration::Enumeration;
use crate::schema::{Bounds, ListType, Schema, SchemaType};

/// Kind of value that a prepared schema validates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Objects, when they are written.
    Objects,
    /// Defaults, when a CRD is written. Unknown formats are kept, and int-or-string means its `anyOf`.
    Defaults,
}

/// Node of a prepared schema.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    pub(crate) types: Types,
    pub(crate) format: Option<Format>,
    pub(crate) nullable: bool,
    /// `default`. `default: null` has no effect and is left out.
    pub(crate) default: Option<Json>,
    pub(crate) enum_: Option<Enumeration>,
    pub(crate) properties: IndexMap<String, Prepared>,
    /// Indices of the properties that have a default.
    pub(crate) defaulted: Vec<usize>,
    pub(crate) required: Vec<String>,
    pub(crate) additional: Option<Values>,
    pub(crate) items: Option<Box<Prepared>>,
    pub(crate) unique_items: bool,
    pub(crate) bounds: Bounds,
    pub(crate) pattern: Option<Arc<Pattern>>,
    pub(crate) all_of: Vec<Prepared>,
    pub(crate) any_of: Vec<Prepared>,
    pub(crate) one_of: Vec<Prepared>,
    pub(crate) not: Option<Box<Prepared>>,
    pub(crate) preserve_unknown_fields: bool,
    pub(crate) embedded_resource: bool,
    pub(crate) list_type: Option<ListType>,
    pub(crate) list_map_keys: Vec<String>,
}

/// `additionalProperties`
#[derive(Debug)]
pub(crate) enum Values {
    /// `true` or `false`
    Any(bool),
    Of(Box<Prepared>),
}

/// Format that the server enforces.
#[derive(Debug)]
pub(crate) enum Format {
    Int32,
    Int64,
    Float,
    Double,
    Text { name: String, check: Check },
}

impl Format {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Float => "float",
            Self::Double => "double",
            Self::Text { name, .. } => name,
        }
    }

    pub(crate) fn of(schema: &Schema, types: Types, purpose: Purpose) -> Option<Self> {
        let name = schema.format.as_deref()?;
        let text = |check| Self::Text { name: name.to_owned(), check };
        match (types.only(), name) {
            (Some(Kind::Integer), "int32") => Some(Self::Int32),
            (Some(Kind::Integer), "int64") => Some(Self::Int64),
            (Some(Kind::Number), "float") => Some(Self::Float),
            (Some(Kind::Number), "double") => Some(Self::Double),
            (Some(Kind::Integer | Kind::Number), _) => None,
            (None | Some(Kind::String), _) => match (format::check(name), purpose) {
                (Some(check), _) => Some(text(check)),
                (None, Purpose::Defaults) => Some(text(|_| true)),
                (None, Purpose::Objects) => None,
            },
            (Some(_), _) => (purpose == Purpose::Defaults).then(|| text(|_| true)),
        }
    }
}

impl Prepared {
    /// Returns the schema of a field's value: its property or the schema of `additionalProperties`.
    pub(crate) fn field(&self, name: &str) -> Option<&Prepared> {
        self.properties.get(name).or(match &self.additional {
            Some(Values::Of(values)) => Some(values),
            _ => None,
        })
    }
}

/// Type of a value in the API server: an integer is an int64, any other number a float64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    pub(crate) fn of(value: &Json) -> Self {
        match value {
            Json::Null => Self::Null,
            Json::Bool(_) => Self::Boolean,
            Json::Number(number) if number.as_i64().is_some() => Self::Integer,
            Json::Number(_) => Self::Number,
            Json::String(_) => Self::String,
            Json::Array(_) => Self::Array,
            Json::Object(_) => Self::Object,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// Types that a schema allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Types {
    #[default]
    Any,
    Only(Kind),
    IntOrString,
}

impl Types {
    pub(crate) fn of(schema: &Schema, purpose: Purpose) -> Self {
        match schema.type_ {
            _ if schema.int_or_string && purpose == Purpose::Objects => Self::IntOrString,
            None => Self::Any,
            Some(SchemaType::Object) => Self::Only(Kind::Object),
            Some(SchemaType::Array) => Self::Only(Kind::Array),
            Some(SchemaType::String) => Self::Only(Kind::String),
            Some(SchemaType::Integer) => Self::Only(Kind::Integer),
            Some(SchemaType::Number) => Self::Only(Kind::Number),
            Some(SchemaType::Boolean) => Self::Only(Kind::Boolean),
        }
    }

    /// Returns the type, if only one is allowed.
    pub(crate) fn only(self) -> Option<Kind> {
        match self {
            Self::Only(kind) => Some(kind),
            Self::Any | Self::IntOrString => None,
        }
    }

    pub(crate) fn contains(self, kind: Kind) -> bool {
        match self {
            Self::Any => false,
            Self::Only(only) => only == kind,
            Self::IntOrString => matches!(kind, Kind::Integer | Kind::String),
        }
    }

    /// Returns the types as messages list them.
    pub(crate) fn names(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Only(kind) => kind.name(),
            Self::IntOrString => "integer,string",
        }
    }
}
