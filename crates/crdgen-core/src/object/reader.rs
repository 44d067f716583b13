//! Deserialization of a map of any format into the fields of a struct.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::Serialize;

use super::fields::{Object, Sink, Source};
use crate::integer::{Integers, IntegersSeed};
use crate::{Json, Map};

/// serde visitor that reads a `T`.
pub struct ObjectVisitor<T>(PhantomData<T>);

impl<T> ObjectVisitor<T> {
    pub fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
        let mut object = T::initial_value();
        let mut reader =
            Reader { entries, names: T::NAMES, next: 0, undeclared: String::new(), error: None, lifetime: PhantomData };
        let mut present = IndexSet::default();
        while let Some(index) = reader.key(T::OPEN)? {
            present.insert(index);
            object.read(index, &mut reader);
        }
        let mut missing = Missing { present, index: 0, name: None };
        object.write(&mut missing);
        if let Some(name) = missing.name {
            return Err(A::Error::missing_field(name));
        }
        object.settle();
        Ok(object)
    }
}

/// Remaining entries of a map whose values become fields.
struct Reader<'de, A: MapAccess<'de>> {
    entries: A,
    names: &'static [&'static str],
    /// Index of the field that probably comes next: servers and schemas both sort their keys.
    next: usize,
    /// Last undeclared key, if such keys are kept.
    undeclared: String,
    error: Option<A::Error>,
    lifetime: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> Reader<'de, A> {
    /// Returns the index of the field that the next key names, or the index after the last field. Returns `None` at the
    /// end of the map.
    fn key(&mut self, open: bool) -> Result<Option<usize>, A::Error> {
        if let Some(error) = self.error.take() {
            return Err(error);
        }
        let undeclared = open.then_some(&mut self.undeclared);
        let index = self.entries.next_key_seed(Key { names: self.names, next: self.next, undeclared })?;
        self.next = index.map_or(0, |index| index + 1);
        Ok(index)
    }

    fn keep<T>(&mut self, field: &mut T, value: Result<T, A::Error>) {
        match value {
            Ok(value) => *field = value,
            Err(error) => self.error = Some(error),
        }
    }
}

impl<'de, A: MapAccess<'de>> Source for Reader<'de, A> {
    fn value<T: DeserializeOwned>(&mut self, field: &mut T) {
        let value = self.entries.next_value();
        self.keep(field, value);
    }

    fn integers<T: Integers>(&mut self, field: &mut T) {
        let value = self.entries.next_value_seed(IntegersSeed::new());
        self.keep(field, value);
    }

    fn undeclared<const N: usize>(&mut self, unknown_fields: [&mut Map<Json>; N]) {
        let mut dropped = IgnoredAny;
        match unknown_fields.into_iter().next() {
            Some(unknown_fields) => {
                let key = std::mem::take(&mut self.undeclared);
                self.value(unknown_fields.entry(key).or_default());
            }
            None => self.value(&mut dropped),
        }
    }
}

/// serde seed that finds the field of a key.
struct Key<'a> {
    names: &'static [&'static str],
    next: usize,
    undeclared: Option<&'a mut String>,
}

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        let Self { names, next, undeclared } = self;
        let next = next.min(names.len());
        let index = (next..names.len()).chain(0..next).find(|&index| names[index] == key);
        if let (None, Some(undeclared)) = (index, undeclared) {
            key.clone_into(undeclared);
        }
        Ok(index.unwrap_or(names.len()))
    }
}

/// Set of field indices.
#[derive(Default)]
struct IndexSet {
    /// Indices 0 to 63, one bit each.
    low: u64,
    /// Higher indices. Few objects have so many fields.
    high: Vec<u64>,
}

impl IndexSet {
    fn insert(&mut self, index: usize) {
        let word = match index / 64 {
            0 => &mut self.low,
            high => {
                self.high.resize(self.high.len().max(high), 0);
                &mut self.high[high - 1]
            }
        };
        *word |= 1 << (index % 64);
    }

    fn contains(&self, index: usize) -> bool {
        let word = match index / 64 {
            0 => self.low,
            high => self.high.get(high - 1).copied().unwrap_or_default(),
        };
        word & (1 << (index % 64)) != 0
    }
}

/// Sink that finds the first required field that was not read.
struct Missing {
    present: IndexSet,
    index: usize,
    name: Option<&'static str>,
}

impl Sink for Missing {
    fn required<T: Serialize>(&mut self, name: &'static str, _: &T) {
        if !self.present.contains(self.index) {
            self.name.get_or_insert(name);
        }
        self.index += 1;
    }

    fn defaulted<T: Serialize>(&mut self, _: &'static str, _: &T) {
        self.index += 1;
    }

    fn optional<T: Serialize>(&mut self, _: &'static str, _: &Option<T>) {
        self.index += 1;
    }

    fn undeclared(&mut self, _: &Map<Json>) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut set = IndexSet::default();
        let indices = [0, 1, 63, 64, 65, 127, 128, 1000];
        indices.into_iter().for_each(|index| set.insert(index));
        let found: Vec<_> = (0..2000).filter(|&index| set.contains(index)).collect();
        assert_eq!(found, indices);
    }
}
