//! Reader of JSON, as the API server reads it.
//!
//! serde_json parses the text and decides whether it is JSON. It does not report positions, so a cursor moves through
//! the text in step with the parser, from the start of one value or key to the start of the next.

use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::budget::{MAX_COST, MAX_FINDINGS, NODE_COST};
use super::lines::Lines;
use super::mapping::{Mapping, Origin, PrivateKey, RepeatedKey};
use super::read::Read;
use crate::document::Source;
use crate::node::Entry;
use crate::{Diagnostic, Node, Span, Value, is_private_key};

/// Reads a stream of values up to the first error.
pub(super) fn read(source: &Arc<Source>) -> Read {
    let lines = Lines::new(&source.text);
    let (start, text) = lines.content();
    let mut reader = Reader { lines: &lines, at: start, repeated: Vec::new(), cost: 0, private: None };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut read = Read::default();
    while reader.has_more() {
        match reader.deserialize(&mut deserializer) {
            Ok(root) => read.roots.push(root),
            Err(error) => {
                read.diagnostics.push(match reader.private.take() {
                    Some(private) => private.diagnostic(source),
                    None => syntax(&error, source, &lines),
                });
                break;
            }
        }
    }
    read.diagnostics.extend(reader.repeated.into_iter().map(|repeated| repeated.diagnostic(source)));
    read
}

fn syntax(error: &serde_json::Error, source: &Arc<Source>, lines: &Lines<'_>) -> Diagnostic {
    let text = error.to_string();
    let message = text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message);
    let span = lines.span_in_line(error.line(), error.column());
    Diagnostic::error("source::json", format!("this is not valid JSON: {message}")).at(source, span)
}

/// Cursor, and deserialisation seed of the next value.
struct Reader<'t> {
    lines: &'t Lines<'t>,
    /// Offset of the next byte.
    at: usize,
    repeated: Vec<RepeatedKey>,
    /// Cost of all values so far.
    cost: usize,
    /// Reserved key at which reading has stopped.
    private: Option<PrivateKey>,
}

impl<'t> Reader<'t> {
    fn bytes(&self) -> &'t [u8] {
        &self.lines.text().as_bytes()[self.at..]
    }

    /// Skips bytes while they match.
    fn skip(&mut self, matches: impl Fn(u8) -> bool) {
        self.at += self.bytes().iter().take_while(|byte| matches(**byte)).count();
    }

    /// Skips to the next value or key, or to the bracket that ends a list or object.
    fn skip_to_token(&mut self) -> Span {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b':'));
        self.lines.span(self.at)
    }

    fn skip_bracket(&mut self) {
        self.skip_to_token();
        self.at += 1;
    }

    fn skip_string(&mut self) {
        self.at += 1;
        loop {
            self.skip(|byte| !matches!(byte, b'"' | b'\\'));
            match self.bytes() {
                [b'\\', _, ..] => self.at += 2,
                _ => break self.at += 1,
            }
        }
    }

    /// Skips a number, `true`, `false` or `null`, and returns its text.
    fn skip_word(&mut self) -> &'t [u8] {
        let word = self.bytes();
        let before = self.at;
        self.skip(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
        &word[..self.at - before]
    }

    fn spend<E: Error>(&mut self, cost: usize) -> Result<(), E> {
        self.cost += cost;
        if self.cost > MAX_COST { Err(E::custom("there are too many values")) } else { Ok(()) }
    }

    fn has_more(&mut self) -> bool {
        self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
        !self.bytes().is_empty()
    }
}

impl<'de> DeserializeSeed<'de> for &mut Reader<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let span = self.skip_to_token();
        self.spend(NODE_COST)?;
        let value = deserializer.deserialize_any(self)?;
        Ok(Node { value, span })
    }
}

impl<'de> Visitor<'de> for &mut Reader<'_> {
    type Value = Value;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        self.skip_word();
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        self.skip_word();
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        self.skip_word();
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        self.skip_word();
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        // serde_json reads `-0` as a float.
        Ok(if self.skip_word() == b"-0" { Value::Int(0) } else { Value::Float(value) })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.skip_string();
        self.spend(text.len())?;
        Ok(Value::String(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        self.skip_bracket();
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(&mut *self)? {
            items.push(item);
        }
        self.skip_bracket();
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        self.skip_bracket();
        let mut mapping = Mapping::default();
        while let Some((key, span)) = map.next_key_seed(Key(self))? {
            self.spend(NODE_COST + key.len())?;
            if is_private_key(&key) {
                self.private = Some(PrivateKey { key, span });
                return Err(A::Error::custom("a key is not possible"));
            }
            let value = map.next_value_seed(&mut *self)?;
            let entry = Entry { key, span, value };
            if let Some(first) = mapping.insert(entry, Origin::Written)
                && self.repeated.len() < MAX_FINDINGS
            {
                self.repeated.push(RepeatedKey { key: first.key, first: first.span, last: span });
            }
        }
        self.skip_bracket();
        Ok(Value::Map(mapping.into_entries()))
    }
}

/// Deserialisation seed of the next key.
struct Key<'r, 't>(&'r mut Reader<'t>);

impl<'de> DeserializeSeed<'de> for Key<'_, '_> {
    type Value = (String, Span);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let span = self.0.skip_to_token();
        let key = deserializer.deserialize_str(self)?;
        Ok((key, span))
    }
}

impl<'de> Visitor<'de> for Key<'_, '_> {
    type Value = String;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        self.0.skip_string();
        Ok(key.to_owned())
    }
}
