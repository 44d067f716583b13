//! CEL values. They borrow from the object, its schema and the program where possible.

use std::borrow::Cow;
use std::net::IpAddr;
use std::rc::Rc;

use serde_json::Value as Json;

use super::budget::Budget;
use super::cidr::Cidr;
use super::failure::{Failure, Result};
use super::list::List;
use super::map::Map;
use super::named_format::NamedFormat;
use super::quantity::Quantity;
use super::shared::{Octets, Text};
use super::timestamp::Timestamp;
use super::url::Url;

/// CEL value.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Int(i64),
    /// Sum of an empty list: a zero that takes the type of the other operand.
    Zero,
    Uint(u64),
    Double(f64),
    String(Text<'a>),
    Bytes(Octets<'a>),
    /// Duration in nanoseconds.
    Duration(i64),
    Timestamp(Timestamp),
    List(List<'a>),
    Map(Map<'a>),
    Type(TypeName),
    Optional(Option<Rc<Value<'a>>>),
    Quantity(Quantity),
    Semver(Rc<semver::Version>),
    Ip(IpAddr),
    Cidr(Cidr),
    Url(Rc<Url>),
    Format(NamedFormat),
    /// Data without a schema, which can only be compared.
    Opaque(&'a Json),
}

/// Name of a type, which is a value too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TypeName(pub(super) &'static str);

/// Types that an expression can name.
const NAMED: [&str; 16] = [
    "bool",
    "bytes",
    "double",
    "google.protobuf.Duration",
    "google.protobuf.Timestamp",
    "int",
    "list",
    "map",
    "net.CIDR",
    "net.IP",
    "null_type",
    "optional_type",
    "string",
    "type",
    "uint",
    "dyn",
];

impl TypeName {
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMED.into_iter().find(|known| *known == name).map(Self)
    }
}

impl<'a> Value<'a> {
    /// Creates a string that is not borrowed.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::String(Text::from(text.into()))
    }

    pub(super) fn list(values: Vec<Value<'a>>) -> Self {
        Self::List(List::Values(Rc::new(values)))
    }

    pub(super) fn some(value: Value<'a>) -> Self {
        Self::Optional(Some(Rc::new(value)))
    }

    pub(super) const NONE: Self = Self::Optional(None);

    pub(super) fn type_name(&self) -> TypeName {
        TypeName(match self {
            Self::Null => "null_type",
            Self::Bool(_) => "bool",
            Self::Int(_) | Self::Zero => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Duration(_) => "google.protobuf.Duration",
            Self::Timestamp(_) => "google.protobuf.Timestamp",
            Self::List(_) => "list",
            Self::Map(_) => "map",
            Self::Type(_) => "type",
            Self::Optional(_) => "optional_type",
            Self::Quantity(_) => "kubernetes.Quantity",
            Self::Semver(_) => "kubernetes.Semver",
            Self::Ip(_) => "net.IP",
            Self::Cidr(_) => "net.CIDR",
            Self::Url(_) => "kubernetes.URL",
            Self::Format(_) => "kubernetes.NamedFormat",
            Self::Opaque(_) => "unknown",
        })
    }

    /// Returns the value. [`Value::Zero`] becomes the zero of the other operand's type.
    pub(super) fn beside(&self, other: &Self) -> Cow<'_, Self> {
        match (self, other) {
            (Self::Zero, Self::Uint(_)) => Cow::Owned(Self::Uint(0)),
            (Self::Zero, Self::Double(_)) => Cow::Owned(Self::Double(0.0)),
            (Self::Zero, Self::Duration(_)) => Cow::Owned(Self::Duration(0)),
            (Self::Zero, _) => Cow::Owned(Self::Int(0)),
            _ => Cow::Borrowed(self),
        }
    }

    pub(super) fn as_bool(&self) -> Result<bool> {
        match self {
            Self::Bool(value) => Ok(*value),
            _ => Err(Failure::no_overload()),
        }
    }

    pub(super) fn as_int(&self) -> Result<i64> {
        match self {
            Self::Int(value) => Ok(*value),
            Self::Zero => Ok(0),
            _ => Err(Failure::no_overload()),
        }
    }

    pub(super) fn as_str(&self) -> Result<&str> {
        match self {
            Self::String(value) => Ok(value),
            _ => Err(Failure::no_overload()),
        }
    }

    pub(super) fn as_list(&self) -> Result<&List<'a>> {
        match self {
            Self::List(value) => Ok(value),
            _ => Err(Failure::no_overload()),
        }
    }

    /// Spends the price of reading the value once, without the content of its elements.
    pub(super) fn pay_for_reading(&self, budget: &Budget) -> Result<()> {
        match self {
            Self::String(text) => budget.spend_on_text(text.len()),
            Self::Bytes(bytes) => budget.spend_on_text(bytes.len()),
            Self::Url(url) => budget.spend_on_text(url.length()),
            Self::Semver(version) => budget.spend_on_text(version.pre.len() + version.build.len()),
            Self::List(list) => budget.spend(List::len(list)),
            Self::Map(map) => budget.spend(Map::len(map)),
            _ => Ok(()),
        }
    }

    /// Returns whether `optional.ofNonZeroValue` treats the value as absent. Lists and maps of the custom resource
    /// never are.
    pub(super) fn is_zero(&self) -> bool {
        match self {
            Self::Null | Self::Zero => true,
            Self::Bool(value) => !value,
            Self::Int(value) => *value == 0,
            Self::Uint(value) => *value == 0,
            Self::Double(value) => *value == 0.0,
            Self::String(value) => value.is_empty(),
            Self::Bytes(value) => value.is_empty(),
            Self::Duration(value) => *value == 0,
            Self::Timestamp(value) => value.is_year_one(),
            Self::List(list @ (List::Values(_) | List::Plain(_))) => list.len() == 0,
            Self::Map(map @ (Map::Entries(_) | Map::Plain(_))) => map.len() == 0,
            _ => false,
        }
    }
}
