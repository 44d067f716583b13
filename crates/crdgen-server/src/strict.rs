//! Checks of a body before it is decoded: it must be JSON within the limits of [`json`], without duplicate keys.
//!
//! An API server refuses a duplicate key only with `fieldValidation=Strict`. Without it, one reader takes the first
//! value and another reader the last. The value that was checked need not be the value that is stored, so duplicate
//! keys are always refused here.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;

use crdgen_backend::{Cause, Reason};
use crdgen_core::json::{self, MAX_DEPTH};
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

use crate::problem::Problem;

/// Longest path in an answer, in characters. The path comes from the caller.
const MAX_PATH: usize = 256;

/// Refuses a body that is not JSON, is nested too deep or has duplicate keys.
pub(super) fn check(bytes: &[u8]) -> Result<(), Problem> {
    let fault = Cell::new(None);
    let root = Place { above: None, step: Step::Root, depth: 0, fault: &fault };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let read = root.deserialize(&mut deserializer).and_then(|()| deserializer.end());
    match (read, fault.into_inner()) {
        (Ok(()), _) if json::has_private_key(bytes) => Err(beyond(json::Fault::Key)),
        (Ok(()), _) => Ok(()),
        (Err(_), Some(Fault::TooDeep)) => Err(beyond(json::Fault::Depth)),
        (Err(_), Some(Fault::Duplicate(field))) => {
            let message = format!("duplicate field {field:?}");
            let cause = Cause { field, reason: "FieldValueDuplicate".to_owned(), message: message.clone() };
            Err(Problem::new(Reason::BadRequest, message).with_cause(cause))
        }
        (Err(error), None) => Err(Problem::new(Reason::BadRequest, format!("the body is not JSON: {error}"))),
    }
}

fn beyond(limit: json::Fault) -> Problem {
    Problem::new(Reason::BadRequest, format!("the body {}", limit.text()))
}

enum Fault {
    TooDeep,
    Duplicate(String),
}

/// Position of a value in the body. As a serde seed it reads the value and discards it.
struct Place<'a> {
    above: Option<&'a Place<'a>>,
    step: Step<'a>,
    depth: usize,
    fault: &'a Cell<Option<Fault>>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    fn below<E: serde::de::Error>(&'a self, step: Step<'a>) -> Result<Place<'a>, E> {
        let depth = self.depth + 1;
        if depth > MAX_DEPTH {
            self.fault.set(Some(Fault::TooDeep));
            return Err(E::custom("too deep"));
        }
        Ok(Place { above: Some(self), step, depth, fault: self.fault })
    }

    fn path(&self) -> String {
        let mut steps = Vec::new();
        let mut place = Some(self);
        while let Some(Place { above, step, .. }) = place {
            steps.push(*step);
            place = *above;
        }
        let mut path = String::new();
        for step in steps.into_iter().rev() {
            match step {
                Step::Root => {}
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => path.extend([".", key]),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path.chars().take(MAX_PATH).collect()
    }
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut index = 0;
        while items.next_element_seed(self.below(Step::Index(index))?)?.is_some() {
            index += 1;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut keys = Vec::new();
        while let Some(Key(key)) = entries.next_key_seed(KeySeed)? {
            entries.next_value_seed(self.below(Step::Key(&key))?)?;
            keys.push(key);
        }
        keys.sort_unstable();
        let Some(twice) = keys.windows(2).find(|pair| pair[0] == pair[1]) else { return Ok(()) };
        let place = self.below(Step::Key(&twice[0]))?;
        self.fault.set(Some(Fault::Duplicate(place.path())));
        Err(A::Error::custom("duplicate field"))
    }
}

/// Object key, borrowed from the body unless it has escapes.
struct Key<'de>(Cow<'de, str>);

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key<'de>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Key<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Borrowed(key)))
    }

    fn visit_str<E>(self, key: &str) -> Result<Key<'de>, E> {
        Ok(Key(Cow::Owned(key.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(body: &str) -> Problem {
        check(body.as_bytes()).expect_err(body)
    }

    #[test]
    fn json_that_says_everything_once_passes() {
        for body in ["null", "[]", r#"{"a": {"a": 1}, "b": [{"a": "x"}, {"a": -1.5}], "c": true}"#, r#""text""#] {
            check(body.as_bytes()).unwrap();
        }
        let deep = |depth| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        check(deep(MAX_DEPTH).as_bytes()).unwrap();
        for depth in [MAX_DEPTH + 1, 100_000] {
            assert_eq!(refusal(&deep(depth)).to_string(), "the body is nested deeper than 125");
            assert_eq!(refusal(&deep(depth).replace('[', r#"{"a":"#).replace(']', "}")).status, 400);
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_named() {
        for (body, field) in [
            (r#"{"a": 1, "b": 2, "a": 1}"#, "a"),
            (r#"{"spec": {"list": [{}, {"k": 1, "\u006b": 2}]}}"#, "spec.list[1].k"),
            (r#"{"": 1, "": 2}"#, ""),
        ] {
            let problem = refusal(body);
            assert_eq!((problem.status, problem.causes[0].field.as_str()), (400, field));
            assert_eq!(problem.causes[0].reason, "FieldValueDuplicate");
        }
    }

    #[test]
    fn keys_that_the_parser_takes_for_its_own_are_refused() {
        for body in
            [r#"{"a": {"$serde_json::private::RawValue": "{}"}}"#, r#"[{"\u0024serde_json::private::Number": "1"}]"#]
        {
            assert_eq!(refusal(body).status, 400, "{body}");
        }
        check(br#"{"a": "$serde_json::private::RawValue"}"#).unwrap();
    }

    #[test]
    fn what_is_not_json_is_a_bad_request() {
        for body in ["", "{", "{} x", "{'a': 1}", "[1,]", "\u{feff}{}", "{\"a\": \"\n\"}", "NaN"] {
            assert_eq!(refusal(body).status, 400, "{body}");
        }
    }
}
