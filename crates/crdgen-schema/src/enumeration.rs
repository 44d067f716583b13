//! `enum`: the values that a schema allows, found by their key however many there are.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value as Json;

use crate::identity::{Identity, Numbers};
use crate::number::{Number, truncated};
use crate::shown;

/// The allowed values.
#[derive(Debug)]
pub(crate) struct Enumeration {
    allowed: HashSet<Identity<'static>>,
    /// All of them, as messages show them.
    shown: String,
}

impl Enumeration {
    /// None for an empty list, which allows everything.
    pub(crate) fn of(allowed: &[Json]) -> Option<Self> {
        let list = shown::list(allowed.iter().map(|allowed| match allowed {
            Json::String(text) => shown::quoted(text),
            other => shown::quoted(&shown::value(other)),
        }));
        let identities = allowed.iter().map(|allowed| owned(Identity::of(allowed, Numbers::Typed)));
        (!allowed.is_empty()).then(|| Self { allowed: identities.collect(), shown: list })
    }

    /// Whether Go calls the value equal to an allowed one, after converting it to the type of that one.
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

    /// The allowed values as a message lists them.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }
}

/// The text that Go makes of an integer: the character with this code.
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
