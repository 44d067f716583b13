//! Constraints that an API server checks and Rust types do not express, as data.
//!
//! Every generated struct with such constraints has them as `RULES`, for use in messages, forms and checks before an
//! object is sent. The whole schema, including nested types, is [`Resource::SCHEMA`](crate::Resource::SCHEMA).

/// Constraint on an object, on one of its fields, or on elements of a field's lists and maps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// Name of the field in JSON. `None` when the rule applies to the object itself.
    pub field: Option<&'static str>,
    /// Path from the field to the value: `[]` for each list level and `{}` for each map level.
    pub levels: &'static str,
    /// Check that the value must pass.
    pub check: Check,
}

/// Check that the API server applies to a value that is not null.
///
/// Formats, patterns and bounds apply only to values of their type. For example, a pattern of an int-or-string applies
/// only to strings.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Check {
    /// Go RE2 expression that the string must contain a match of. Not anchored.
    Pattern(&'static str),
    /// `format` of the value. A format that the server does not know is not checked.
    Format(&'static str),
    /// Minimum length of a string, in code points.
    MinLength(i64),
    /// Maximum length of a string, in code points.
    MaxLength(i64),
    /// Minimum value, inclusive.
    Minimum(f64),
    /// Exclusive lower bound of the value.
    ExclusiveMinimum(f64),
    /// Maximum value, inclusive.
    Maximum(f64),
    /// Exclusive upper bound of the value.
    ExclusiveMaximum(f64),
    /// Number that the value must be a multiple of.
    MultipleOf(f64),
    /// Minimum number of items.
    MinItems(i64),
    /// Maximum number of items.
    MaxItems(i64),
    /// Minimum number of keys.
    MinProperties(i64),
    /// Maximum number of keys.
    MaxProperties(i64),
    /// Allowed values, each as JSON.
    OneOf(&'static [&'static str]),
    /// All items differ (`x-kubernetes-list-type: set`).
    Unique,
    /// No two items have the same values in these fields (`x-kubernetes-list-type: map`).
    UniqueBy(&'static [&'static str]),
    /// Required keys that no field declares.
    Required(&'static [&'static str]),
    /// Sets of fields of which exactly one must be present.
    ExactlyOne(&'static [&'static [&'static str]]),
    /// Sets of fields of which at least one must be present.
    AtLeastOne(&'static [&'static [&'static str]]),
    /// Immutable value (CEL rule `self == oldSelf`). Holds the server's message, which may be empty.
    Immutable(&'static str),
    /// CEL rule.
    Cel(Cel),
}

/// CEL rule of `x-kubernetes-validations`. Texts that the CRD does not set are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cel {
    /// CEL expression. `self` is the value, `oldSelf` the value before the change.
    pub rule: &'static str,
    /// Message of the server when the rule fails.
    pub message: &'static str,
    /// CEL expression that returns the message.
    pub message_expression: &'static str,
    /// Reason of the failure: `FieldValueInvalid`, `FieldValueForbidden`, `FieldValueRequired` or
    /// `FieldValueDuplicate`.
    pub reason: &'static str,
    /// Path of the field that the failure is reported for, relative to the value.
    pub field_path: &'static str,
    /// Whether `oldSelf` is an optional. The rule is then also checked when there is no old value.
    pub optional_old_self: bool,
}

impl Rule {
    /// Creates a rule for the object itself.
    pub const fn object(check: Check) -> Self {
        Self { field: None, levels: "", check }
    }

    /// Creates a rule for the value of a field.
    pub const fn field(field: &'static str, check: Check) -> Self {
        Self { field: Some(field), levels: "", check }
    }

    /// Creates a rule for elements of a field's lists and maps. See [`Rule::levels`].
    pub const fn below(field: &'static str, levels: &'static str, check: Check) -> Self {
        Self { field: Some(field), levels, check }
    }
}

impl Cel {
    /// Rule in which every text is empty. Base for struct update syntax.
    pub const EMPTY: Self =
        Self { rule: "", message: "", message_expression: "", reason: "", field_path: "", optional_old_self: false };
}
