//! Values of `enum`, looked up by key in constant time.

use std::borrow::Cow;
use std::collections::HashSet;

use crdgen_cel::json::{Identity, Numbers};
use serde_json::Value as Json;

use crate::number::{Number, truncated};
use crate::truncate;

/// Allowed values of an `enum`.
#[derive(Debug)]
pub(crate) struct Enumeration {
    allowed: HashSet<Identity<'static>>,
    /// List of the allowed values for messages.
    shown: String,
}

impl Enumeration {
    /// Prepares the values of an `enum`. Returns `None` for an empty list, which allows every value.
    pub(crate) fn of(allowed: &[Json]) -> Option<Self> {
        let list = truncate::list(allowed.iter().map(|allowed| match allowed {
            Json::String(text) => truncate::quoted(text),
            other => truncate::quoted(&truncate::value(other)),
        }));
        let identities = allowed.iter().map(|allowed| owned(Identity::of(allowed, Numbers::Typed)));
        (!allowed.is_empty()).then(|| Self { allowed: identities.collect(), shown: list })
    }

    /// Returns whether Go considers `value` equal to an allowed value, after converting it to the type of that value.
    pub(crate) fn contains(&self, value: &Json) -> bool {
        match value {
            Json::Null => false,
            Json::Number(number) => match Number::of(number) {
                Number::Int(int) => {
                    self.has(&Identity::Int(int)) || self.has(&Identity::float(int as f64)) || self.has(&letter(int))
                }
                Number::Float(float) => self.has(&Identity::Int(truncated(float))) || self.has(&Identity::float(float)),
            },
            // Within lists and objects an integer never equals a float.
            _ => self.has(&Identity::of(value, Numbers::Typed)),
        }
    }

    fn has<'v>(&'v self, identity: &Identity<'v>) -> bool {
        self.allowed.contains(identity)
    }

    /// Returns the allowed values as a message lists them.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }
}

/// Returns the text to which Go converts an integer: the character with that code.
fn letter(code: i64) -> Identity<'static> {
    let letter = u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
    Identity::Text(Cow::Owned(letter.to_string()))
}

fn owned(identity: Identity<'_>) -> Identity<'static> {
    match identity {
        Identity::Null => Identity::Null,
        Identity::Bool(value) => Identity::Bool(value),
        Identity::Int(value) => Identity::Int(value),
        Identity::Float(bits) => Identity::Float(bits),
        Identity::Text(text) => Identity::Text(Cow::Owned(text.into_owned())),
        Identity::Compound(text) => Identity::Compound(text),
    }
}
