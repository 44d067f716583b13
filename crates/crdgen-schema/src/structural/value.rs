//! Does a value fit a schema? As far as that is certain without regular expressions, formats and CEL.

use serde_json::Value as Json;

use crate::schema::{Additional, Bounds, Schema, SchemaType};

/// The largest magnitude up to which the API server takes a float for an integer.
const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

/// An answer that admits not to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Yes,
    No,
    Unknown,
}

impl Fit {
    fn when(is_so: bool) -> Self {
        if is_so { Self::Yes } else { Self::No }
    }

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }

    fn all(fits: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::Yes;
        for fit in fits {
            match fit {
                Self::No => return Self::No,
                Self::Unknown => all = Self::Unknown,
                Self::Yes => {}
            }
        }
        all
    }

    fn any(fits: impl IntoIterator<Item = Self>) -> Self {
        Self::all(fits.into_iter().map(Self::not)).not()
    }

    fn one(fits: &[Self]) -> Self {
        let count = |wanted| fits.iter().filter(|fit| **fit == wanted).count();
        match (count(Self::Yes), count(Self::Unknown)) {
            (2.., _) | (0, 0) => Self::No,
            (1, 0) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

/// Whether a value fits a schema and all that is in it.
pub(super) fn fits(value: &Json, schema: &Schema) -> Fit {
    // Null is taken or removed by rules of its own.
    if value.is_null() {
        return Fit::Unknown;
    }
    Fit::all([
        fits_type(value, schema),
        fits_enum(value, &schema.enum_),
        fits_bounds(value, &schema.bounds),
        fits_text(value, schema),
        fits_children(value, schema),
        fits_junctors(value, schema),
    ])
}

/// In defaults the server looks at `type` alone: int-or-string is what its `anyOf` says.
fn fits_type(value: &Json, schema: &Schema) -> Fit {
    let is_numeric = matches!(schema.type_, Some(SchemaType::Integer | SchemaType::Number));
    if schema.format.is_some() && !is_numeric && (value.is_string() || value.is_array()) {
        return Fit::Yes;
    }
    Fit::when(match schema.type_ {
        None => true,
        Some(SchemaType::Object) => value.is_object(),
        Some(SchemaType::Array) => value.is_array(),
        Some(SchemaType::String) => value.is_string(),
        Some(SchemaType::Number) => value.is_number(),
        Some(SchemaType::Boolean) => value.is_boolean(),
        Some(SchemaType::Integer) => return fits_integer(value),
    })
}

/// Patterns and formats are not run.
fn fits_text(value: &Json, schema: &Schema) -> Fit {
    let is_restricted = match value {
        Json::String(_) => schema.bounds.pattern.is_some() || schema.format.is_some(),
        Json::Number(_) => schema.format.is_some(),
        _ => false,
    };
    if is_restricted { Fit::Unknown } else { Fit::Yes }
}

fn fits_integer(value: &Json) -> Fit {
    match (value.as_i64(), value.as_f64()) {
        (Some(_), _) => Fit::Yes,
        (None, Some(float)) if float.fract() == 0.0 && float.abs() <= MAX_SAFE => Fit::Yes,
        // Close to an integer is enough for some servers.
        (None, Some(float)) if (float - float.round()).abs() < 1e-6 => Fit::Unknown,
        (None, _) => Fit::No,
    }
}

fn fits_enum(value: &Json, allowed: &[Json]) -> Fit {
    if allowed.is_empty() { Fit::Yes } else { Fit::any(allowed.iter().map(|allowed| equals(value, allowed))) }
}

/// The server converts the value to the Go type of the allowed one: 1.5 equals 1, and 97 equals "a".
fn equals(value: &Json, allowed: &Json) -> Fit {
    match (value, allowed) {
        _ if value == allowed => Fit::Yes,
        (Json::Number(value), Json::Number(allowed)) => Fit::when(match (value.as_f64(), allowed.as_i64()) {
            (Some(value), Some(allowed)) => value.trunc() == allowed as f64,
            (value, None) => value == allowed.as_f64(),
            (None, Some(_)) => false,
        }),
        (Json::Number(value), Json::String(allowed)) => {
            let letter = value.as_u64().and_then(|code| char::from_u32(code.try_into().ok()?));
            Fit::when(letter.is_some_and(|letter| allowed.chars().eq([letter])))
        }
        // Within lists and objects numbers compare by their Go types.
        _ if holds_number(value) => Fit::Unknown,
        _ => Fit::No,
    }
}

fn holds_number(value: &Json) -> bool {
    match value {
        Json::Array(items) => items.iter().any(|item| item.is_number() || holds_number(item)),
        Json::Object(fields) => fields.values().any(|value| value.is_number() || holds_number(value)),
        _ => false,
    }
}

fn fits_bounds(value: &Json, bounds: &Bounds) -> Fit {
    let between = |count: usize, least: Option<i64>, most: Option<i64>| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        Fit::when(least.is_none_or(|least| count >= least) && most.is_none_or(|most| count <= most))
    };
    match value {
        Json::String(text) => between(text.chars().count(), bounds.min_length, bounds.max_length),
        Json::Array(items) => between(items.len(), bounds.min_items, bounds.max_items),
        Json::Object(fields) => between(fields.len(), bounds.min_properties, bounds.max_properties),
        // Servers differ in what a fraction means for an integer.
        Json::Number(number) if number.is_i64() && has_fraction(bounds) => Fit::Unknown,
        Json::Number(number) => fits_range(number.as_f64().unwrap_or(f64::NAN), bounds),
        Json::Null | Json::Bool(_) => Fit::Yes,
    }
}

fn has_fraction(bounds: &Bounds) -> bool {
    [bounds.minimum, bounds.maximum].into_iter().flatten().any(|bound| bound.fract() != 0.0)
}

fn fits_range(number: f64, bounds: &Bounds) -> Fit {
    let is_above = bounds.minimum.is_none_or(|least| number > least || (number == least && !bounds.exclusive_minimum));
    let is_below = bounds.maximum.is_none_or(|most| number < most || (number == most && !bounds.exclusive_maximum));
    match bounds.multiple_of {
        _ if !(is_above && is_below) => Fit::No,
        // The server's arithmetic has quirks of its own.
        Some(_) => Fit::Unknown,
        None => Fit::Yes,
    }
}

fn fits_children(value: &Json, schema: &Schema) -> Fit {
    match value {
        Json::Array(items) => match &schema.items {
            Some(schema) => Fit::all(items.iter().map(|item| fits(item, schema))),
            None => Fit::Yes,
        },
        Json::Object(fields) => {
            let is_complete = schema.required.iter().all(|name| fields.contains_key(name));
            let children =
                fields.iter().map(|(name, value)| match (schema.properties.get(name), &schema.additional_properties) {
                    (Some(property), _) => fits(value, property),
                    (None, Some(Additional::Schema(values))) => fits(value, values),
                    (None, Some(Additional::Allowed(false))) => Fit::No,
                    (None, Some(Additional::Allowed(true)) | None) => Fit::Yes,
                });
            if is_complete { Fit::all(children) } else { Fit::No }
        }
        _ => Fit::Yes,
    }
}

fn fits_junctors(value: &Json, schema: &Schema) -> Fit {
    let fits = |branches: &[Schema]| branches.iter().map(|branch| fits(value, branch)).collect::<Vec<_>>();
    let any_of = if schema.any_of.is_empty() { Fit::Yes } else { Fit::any(fits(&schema.any_of)) };
    let one_of = if schema.one_of.is_empty() { Fit::Yes } else { Fit::one(&fits(&schema.one_of)) };
    let not = schema.not.as_ref().map_or(Fit::Yes, |branch| self::fits(value, branch).not());
    Fit::all([Fit::all(fits(&schema.all_of)), any_of, one_of, not])
}
