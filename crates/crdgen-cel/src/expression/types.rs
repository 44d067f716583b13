//! Declared types of JSON values.

use std::borrow::Cow;
use std::sync::Arc;

use indexmap::IndexMap;

use super::names;

/// Type of JSON values, as a structural schema declares it.
///
/// A clone is the same type. Two objects that are declared apart have different types, even if their fields are alike,
/// and the type checker refuses a comparison of them.
///
/// # Examples
///
/// ```
/// use crdgen_cel::Type;
///
/// let port = Type::object([("name", Type::string()), ("port", Type::int_or_string())]);
/// let spec = Type::object([
///     ("ports", Type::list_map(["name"], port)),
///     ("labels", Type::map(Type::string())),
///     ("timeout", Type::duration().nullable(true)),
/// ]);
/// assert!(spec.field("ports").is_some_and(Type::is_exposed));
/// ```
#[derive(Clone, Debug)]
pub struct Type {
    pub(super) nullable: bool,
    pub(super) size: Size,
    pub(super) kind: Arc<Kind>,
}

/// Limits of the size of a value, by which costs are estimated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    /// Largest number of items, entries or bytes. 0 for objects, numbers and booleans, as in the server.
    pub(super) max_elements: u64,
    /// Length of the shortest JSON in bytes.
    pub(super) min_json: u64,
    /// Whether the largest number is declared. It is derived from the size of a request otherwise.
    pub(super) is_declared: bool,
}

/// Bytes of the largest request that an API server accepts.
const MAX_REQUEST: u64 = 3 * 1024 * 1024;

/// Kinds of values that expressions distinguish.
#[derive(Debug)]
pub(super) enum Kind {
    IntOrString,
    String,
    Bytes,
    Duration,
    Date,
    DateTime,
    Integer,
    Number,
    Boolean,
    /// List. The type of the items is `None` if they have no schema.
    List(ListKind, Option<Type>),
    /// Object with `properties`, by JSON name.
    Object(IndexMap<String, Type>),
    /// Map: `additionalProperties` with a schema.
    Map(Type),
    /// Object without declared fields.
    Bare,
    /// Data without a type, whose content expressions cannot access.
    Unknown,
}

/// Kind of list, which determines comparison and joining.
#[derive(Debug)]
pub(super) enum ListKind {
    Atomic,
    Set,
    /// List of type map with its keys. They are escaped as CEL names, since the API server looks for the escaped names.
    Map(Vec<String>),
}

impl Size {
    /// Returns the size of a value without declared limits.
    fn of(kind: &Kind) -> Self {
        let (max_elements, min_json) = match kind {
            Kind::IntOrString => (MAX_REQUEST - 2, 1),
            Kind::String | Kind::Bytes => (MAX_REQUEST - 2, 2),
            Kind::Duration => (32, 3),
            Kind::Date => (12, 12),
            Kind::DateTime => (32, 21),
            Kind::Integer | Kind::Number => (0, 1),
            Kind::Boolean => (0, 4),
            Kind::List(_, Some(items)) => ((MAX_REQUEST - 2) / (items.size.min_json + 1), 2),
            Kind::Map(values) => ((MAX_REQUEST - 2) / (values.size.min_json + 6), 2),
            Kind::List(_, None) | Kind::Object(_) | Kind::Bare | Kind::Unknown => (0, 2),
        };
        Self { max_elements, min_json, is_declared: false }
    }
}

/// Constructors.
impl Type {
    /// Returns the type of integers, `int` in CEL.
    pub fn integer() -> Self {
        Self::new(Kind::Integer)
    }

    /// Returns the type of numbers, `double` in CEL. An integer of the JSON becomes a double.
    pub fn number() -> Self {
        Self::new(Kind::Number)
    }

    /// Returns the type of booleans.
    pub fn boolean() -> Self {
        Self::new(Kind::Boolean)
    }

    /// Returns the type of strings.
    pub fn string() -> Self {
        Self::new(Kind::String)
    }

    /// Returns the type of `format: byte`: base64 in JSON, `bytes` in CEL.
    pub fn bytes() -> Self {
        Self::new(Kind::Bytes)
    }

    /// Returns the type of `format: duration`.
    pub fn duration() -> Self {
        Self::new(Kind::Duration)
    }

    /// Returns the type of `format: date`, a timestamp in CEL.
    pub fn date() -> Self {
        Self::new(Kind::Date)
    }

    /// Returns the type of `format: date-time`, a timestamp in CEL.
    pub fn date_time() -> Self {
        Self::new(Kind::DateTime)
    }

    /// Returns the type of `x-kubernetes-int-or-string`. A value has the type of its JSON.
    pub fn int_or_string() -> Self {
        Self::new(Kind::IntOrString)
    }

    /// Returns the type of lists in which order counts. `items` is `None` if the items have no schema; then expressions
    /// cannot access the list.
    pub fn list(items: impl Into<Option<Self>>) -> Self {
        Self::new(Kind::List(ListKind::Atomic, items.into()))
    }

    /// Returns the type of `x-kubernetes-list-type: set`. Equality ignores the order, and `+` keeps equal items once.
    pub fn set(items: impl Into<Option<Self>>) -> Self {
        Self::new(Kind::List(ListKind::Set, items.into()))
    }

    /// Returns the type of `x-kubernetes-list-type: map`. Equality finds items by their `keys`, and `+` replaces items
    /// by key.
    pub fn list_map<'k>(keys: impl IntoIterator<Item = &'k str>, items: impl Into<Option<Self>>) -> Self {
        let escaped = |key| names::escape(key).unwrap_or(Cow::Borrowed(key)).into_owned();
        Self::new(Kind::List(ListKind::Map(keys.into_iter().map(escaped).collect()), items.into()))
    }

    /// Returns the type of objects with these fields, by their names in JSON. Expressions escape a name that is not a CEL
    /// identifier: `my-field` is `my__dash__field`.
    pub fn object<N: Into<String>>(fields: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::new(Kind::Object(fields.into_iter().map(|(name, type_)| (name.into(), type_)).collect()))
    }

    /// Returns the type of objects without declared fields. Expressions cannot access a field of such an object.
    pub fn bare_object() -> Self {
        Self::new(Kind::Bare)
    }

    /// Returns the type of maps from strings to these values.
    pub fn map(values: Self) -> Self {
        Self::new(Kind::Map(values))
    }

    /// Returns the type of data without a schema. Expressions can compare such data, and nothing else.
    pub fn unknown() -> Self {
        Self::new(Kind::Unknown)
    }

    fn new(kind: Kind) -> Self {
        Self { nullable: false, size: Size::of(&kind), kind: Arc::new(kind) }
    }

    /// Sets the largest number of items of a list, of entries of a map, or of bytes of a string or of a `bytes` value.
    /// Default: the number that fits into a request of 3 MiB. For `maxLength`, pass four times its value, as an API
    /// server does, because a character has up to four bytes.
    #[must_use]
    pub fn max_elements(mut self, most: u64) -> Self {
        self.size.max_elements = most;
        self.size.is_declared = true;
        self
    }

    /// Sets the length in bytes of the shortest JSON of an object, from which an API server derives how many such
    /// objects a list can have. The default is 2: `{}`.
    #[must_use]
    pub fn min_json(mut self, bytes: u64) -> Self {
        self.size.min_json = bytes;
        self
    }

    /// Returns the type with `null` as a further value if `nullable` is true, and without it if not.
    #[must_use]
    pub fn nullable(self, nullable: bool) -> Self {
        Self { nullable, ..self }
    }
}

impl Type {
    /// Returns whether expressions can access values of the type. An API server ignores rules of values that are not
    /// exposed, and rules within them.
    pub fn is_exposed(&self) -> bool {
        match self.kind.as_ref() {
            Kind::List(_, items) => items.as_ref().is_some_and(Self::is_exposed),
            Kind::Map(values) => values.is_exposed(),
            Kind::Unknown => false,
            _ => true,
        }
    }

    /// Returns the keyword of a schema that limits the size of values, if there is one and the size has no limit.
    pub(super) fn missing_limit(&self) -> Option<&'static str> {
        match self.kind.as_ref() {
            _ if self.size.is_declared => None,
            Kind::List(..) => Some("maxItems"),
            Kind::Map(_) => Some("maxProperties"),
            Kind::String | Kind::Bytes | Kind::IntOrString => Some("maxLength"),
            _ => None,
        }
    }

    /// Returns the length in bytes of the shortest JSON of a value.
    pub fn shortest_json(&self) -> u64 {
        self.size.min_json
    }

    /// Returns the type of a field of an object, by its CEL identifier.
    pub(super) fn field_named(&self, identifier: &str) -> Option<&Self> {
        let Kind::Object(fields) = self.kind.as_ref() else { return None };
        let (name, type_) = fields.get_key_value(names::unescape(identifier)?.as_ref())?;
        names::escape(name).filter(|escaped| escaped == identifier)?;
        type_.is_exposed().then_some(type_)
    }

    /// Returns the type of a field of an object, by its name in JSON.
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self.kind.as_ref() {
            Kind::Object(fields) => fields.get(name),
            _ => None,
        }
    }

    /// Returns the type of a field that expressions can access, by its name in JSON. A field is not accessible if its name
    /// cannot be escaped or its type is not exposed.
    pub fn accessible_field(&self, name: &str) -> Option<&Self> {
        names::escape(name)?;
        self.field(name).filter(|type_| type_.is_exposed())
    }

    /// Returns the type of the values of a map.
    pub fn values(&self) -> Option<&Self> {
        match self.kind.as_ref() {
            Kind::Map(values) => Some(values),
            _ => None,
        }
    }

    /// Returns the type of the items of a list.
    pub fn items(&self) -> Option<&Self> {
        match self.kind.as_ref() {
            Kind::List(_, items) => items.as_ref(),
            _ => None,
        }
    }
}
