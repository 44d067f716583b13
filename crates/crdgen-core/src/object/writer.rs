//! Serialization of the fields of a struct into a map of any format.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::fields::{Object, Sink};
use crate::{Json, Map};

/// Serializes an object.
pub fn write<T: Object, S: Serializer>(object: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut writer = Writer { map: serializer.serialize_map(None)?, error: None };
    object.write(&mut writer);
    match writer.error {
        Some(error) => Err(error),
        None => writer.map.end(),
    }
}

struct Writer<M: SerializeMap> {
    map: M,
    error: Option<M::Error>,
}

impl<M: SerializeMap> Writer<M> {
    fn entry<T: Serialize>(&mut self, key: &str, value: &T) {
        if self.error.is_none() {
            self.error = self.map.serialize_entry(key, value).err();
        }
    }
}

impl<M: SerializeMap> Sink for Writer<M> {
    fn required<T: Serialize>(&mut self, name: &'static str, field: &T) {
        self.entry(name, field);
    }

    fn defaulted<T: Serialize>(&mut self, name: &'static str, field: &T) {
        self.entry(name, field);
    }

    fn optional<T: Serialize>(&mut self, name: &'static str, field: &Option<T>) {
        if let Some(value) = field {
            self.entry(name, value);
        }
    }

    fn undeclared(&mut self, unknown_fields: &Map<Json>) {
        unknown_fields.iter().for_each(|(key, value)| self.entry(key, value));
    }
}
