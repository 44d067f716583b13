//! JSON into values, as the API server reads it.
//!
//! serde_json parses; that each value is first taken as a slice of the text ([`RawValue`]) gives its place.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::budget::MAX_DEPTH;
use super::lines::Lines;
use super::mapping::{Mapping, Origin, RepeatedKey};
use super::{Read, Source};
use crate::node::Entry;
use crate::{Diagnostic, Node, Value};

/// Reads a stream of values.
pub(super) fn read(source: &Arc<Source>) -> Read {
    let lines = Lines::new(&source.text);
    let (_, text) = lines.content();
    let mut reader = Reader { source, lines: &lines, repeated: Vec::new() };
    let mut read = Read::default();
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let outcome = match value {
            Ok(raw) => reader.node(raw, 0),
            Err(error) => Err(reader.syntax(&error, text)),
        };
        match outcome {
            Ok(root) => read.roots.push(root),
            Err(diagnostic) => read.diagnostics.push(*diagnostic),
        }
    }
    read.diagnostics.extend(reader.repeated.into_iter().map(|repeated| repeated.diagnostic(source)));
    read
}

struct Reader<'t> {
    source: &'t Arc<Source>,
    lines: &'t Lines<'t>,
    repeated: Vec<RepeatedKey>,
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

impl<'t> Reader<'t> {
    fn node(&mut self, raw: &'t RawValue, depth: usize) -> Outcome<Node> {
        let text = raw.get();
        let span = self.lines.span(self.offset(text));
        let value = match text.as_bytes()[0] {
            b'{' | b'[' if depth == MAX_DEPTH => {
                let message = format!("values nest deeper than {MAX_DEPTH} levels");
                return Err(Box::new(Diagnostic::error("source::json", message).at(self.source, span)));
            }
            b'{' => self.map(text, depth + 1)?,
            b'[' => {
                let items: Vec<&RawValue> = self.parse(text)?;
                Value::List(items.into_iter().map(|item| self.node(item, depth + 1)).collect::<Outcome<_>>()?)
            }
            b'"' => Value::String(self.parse(text)?),
            b't' => Value::Bool(true),
            b'f' => Value::Bool(false),
            b'n' => Value::Null,
            _ => self.number(text)?,
        };
        Ok(Node { value, span })
    }

    fn map(&mut self, text: &'t str, depth: usize) -> Outcome<Value> {
        let members: Members<'t> = self.parse(text)?;
        let mut mapping = Mapping::default();
        for (key, raw) in members.0 {
            let value = self.node(raw, depth)?;
            let span = match key {
                Cow::Borrowed(name) => self.lines.span(self.offset(name) - 1),
                // With an escape in it the name is not a slice of the text.
                Cow::Owned(_) => value.span,
            };
            let entry = Entry { key: key.into_owned(), span, value };
            if let Some(first) = mapping.insert(entry, Origin::Written) {
                self.repeated.push(RepeatedKey { key: first.key, first: first.span, last: span });
            }
        }
        Ok(Value::Map(mapping.into_entries()))
    }

    fn number(&self, text: &'t str) -> Outcome<Value> {
        if let Ok(whole) = text.parse() {
            return Ok(Value::Int(whole));
        }
        // Unlike Rust's own parser this refuses what float64 cannot hold, as the API server does.
        self.parse(text).map(Value::Float)
    }

    fn parse<T: Deserialize<'t>>(&self, text: &'t str) -> Outcome<T> {
        serde_json::from_str(text).map_err(|error| self.syntax(&error, text))
    }

    /// The offset of a slice of the source's text.
    fn offset(&self, slice: &str) -> usize {
        slice.as_ptr() as usize - self.source.text.as_ptr() as usize
    }

    /// A syntax error in a slice of the source's text.
    fn syntax(&self, error: &serde_json::Error, slice: &str) -> Box<Diagnostic> {
        let lines_before = slice.split_inclusive('\n').take(error.line().saturating_sub(1));
        let within = lines_before.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        let mut offset = (self.offset(slice) + within).min(self.source.text.len());
        while !self.source.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let text = error.to_string();
        let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
        let diagnostic = Diagnostic::error("source::json", format!("this is not JSON: {message}"));
        Box::new(diagnostic.at(self.source, self.lines.span(offset)))
    }
}

/// The members of an object in source order, repeated ones included.
struct Members<'t>(Vec<(Cow<'t, str>, &'t RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Name(key), value)) = map.next_entry()? {
            members.push((key, value));
        }
        Ok(Members(members))
    }
}

/// A name, borrowed where it has no escapes.
struct Name<'t>(Cow<'t, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Name(name.into()))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Name(name.to_owned().into()))
    }
}
