//! What an API server checks and Rust types do not carry, as data.
//!
//! Every generated struct with such constraints has them as `RULES`: for messages, forms and checks before an object is
//! sent. The whole schema, with what lies below a type, is [`Resource::SCHEMA`](crate::Resource::SCHEMA).

/// One constraint on an object: on itself, on one of its fields, or on what lies in a field's lists and maps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Wire name of the field; `None` when the rule is about the object as a whole.
    pub field: Option<&'static str>,
    /// The way from the field to the value: `[]` for each list level and `{}` for each map level.
    pub levels: &'static str,
    /// What is checked there.
    pub check: Check,
}

/// What the API server checks of a value that is not null. Formats, patterns and bounds bind the values of their type only:
/// those of an int-or-string that is a string, for example.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// A Go RE2 expression that is found in the string; not anchored.
    Pattern(&'static str),
    /// `format`; one that the server does not know is not checked.
    Format(&'static str),
    /// Least number of code points.
    MinLength(i64),
    /// Greatest number of code points.
    MaxLength(i64),
    /// Least value.
    Minimum(f64),
    /// What the value is greater than.
    ExclusiveMinimum(f64),
    /// Greatest value.
    Maximum(f64),
    /// What the value is less than.
    ExclusiveMaximum(f64),
    /// The value is a multiple of this.
    MultipleOf(f64),
    /// Least number of items.
    MinItems(i64),
    /// Greatest number of items.
    MaxItems(i64),
    /// Least number of keys.
    MinProperties(i64),
    /// Greatest number of keys.
    MaxProperties(i64),
    /// The allowed values, each as JSON.
    OneOf(&'static [&'static str]),
    /// No item twice (`x-kubernetes-list-type: set`).
    Unique,
    /// No two items with the same values in these fields (`x-kubernetes-list-type: map`).
    UniqueBy(&'static [&'static str]),
    /// These keys are there; no field declares them.
    Required(&'static [&'static str]),
    /// Exactly one of these sets of fields is there.
    ExactlyOne(&'static [&'static [&'static str]]),
    /// At least one of these sets of fields is there.
    AtLeastOne(&'static [&'static [&'static str]]),
    /// What was set stays (the CEL rule `self == oldSelf`). With the server's message, which may be empty.
    Immutable(&'static str),
    /// A CEL rule.
    Cel(Cel),
}

/// A CEL rule, one of `x-kubernetes-validations`. Texts that were not given are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cel {
    /// The expression. The value is `self`, and what it was before `oldSelf`.
    pub rule: &'static str,
    /// What the server says when it fails.
    pub message: &'static str,
    /// An expression for the message.
    pub message_expression: &'static str,
    /// `FieldValueInvalid`, `FieldValueForbidden`, `FieldValueRequired` or `FieldValueDuplicate`.
    pub reason: &'static str,
    /// The field that the failure is about, relative to the value.
    pub field_path: &'static str,
    /// `oldSelf` is an optional, and the rule is checked when there is none too.
    pub optional_old_self: bool,
}

impl Rule {
    /// A rule about the object as a whole.
    pub const fn object(check: Check) -> Self {
        Self { field: None, levels: "", check }
    }

    /// A rule about a field's value.
    pub const fn field(field: &'static str, check: Check) -> Self {
        Self { field: Some(field), levels: "", check }
    }

    /// A rule about what lies in a field's lists and maps; see [`Rule::levels`].
    pub const fn below(field: &'static str, levels: &'static str, check: Check) -> Self {
        Self { field: Some(field), levels, check }
    }
}

impl Cel {
    /// A rule of nothing but empty texts, to be filled with struct update syntax.
    pub const EMPTY: Self =
        Self { rule: "", message: "", message_expression: "", reason: "", field_path: "", optional_old_self: false };
}
