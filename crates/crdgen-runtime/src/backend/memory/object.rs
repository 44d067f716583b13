//! A stored object: JSON with `metadata`, without `apiVersion`, since all versions of a kind share it, and without
//! `managedFields`, since nothing here is applied.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::kind::Kind;
use crate::backend::{Cause, Error, Reason, Result};

/// A JSON object whose `metadata` is a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    /// The stored form of an object of any version.
    pub(super) fn of_value(value: Value) -> Result<Self> {
        let Value::Object(mut map) = value else {
            return Err(Error::new(Reason::BadRequest, "the object is not a JSON object"));
        };
        map.shift_remove("apiVersion");
        map.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
        let mut object = Self(map);
        object.remove_meta("managedFields");
        Ok(object)
    }

    /// The object as a version of its kind.
    pub(super) fn into_value(mut self, kind: &Kind) -> Value {
        self.0.insert("apiVersion".to_owned(), kind.api_version.as_str().into());
        self.0.insert("kind".to_owned(), kind.name.as_str().into());
        Value::Object(self.0)
    }

    /// A copy of the object as a version of its kind.
    pub(super) fn to_value(&self, kind: &Kind) -> Value {
        self.clone().into_value(kind)
    }

    /// Its length as JSON, in bytes.
    pub(super) fn size(&self) -> usize {
        struct Counter(usize);

        impl io::Write for Counter {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 += bytes.len();
                Ok(bytes.len())
            }

            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }

        let mut counter = Counter(0);
        // JSON can be written, and counting does not fail.
        let _ = serde_json::to_writer(&mut counter, &self.0);
        counter.0
    }

    pub(super) fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// Changes or removes a field of the root.
    pub(super) fn set(&mut self, field: &str, value: Option<Value>) {
        match value {
            Some(value) => self.0.insert(field.to_owned(), value),
            None => self.0.shift_remove(field),
        };
    }

    /// The fields of the root.
    pub(super) fn fields(&self) -> &Map<String, Value> {
        &self.0
    }

    /// The fields of the root, to change.
    pub(super) fn fields_mut(&mut self) -> &mut Map<String, Value> {
        &mut self.0
    }

    pub(super) fn metadata(&self) -> Option<&Map<String, Value>> {
        self.0.get("metadata").and_then(Value::as_object)
    }

    /// A metadata field that is a string and not empty.
    pub(super) fn meta(&self, field: &str) -> Option<&str> {
        self.metadata()?.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn set_meta(&mut self, field: &str, value: impl Into<Value>) {
        if let Some(metadata) = self.metadata_mut() {
            metadata.insert(field.to_owned(), value.into());
        }
    }

    /// Takes a metadata field over from another object, its absence too.
    pub(super) fn take_meta(&mut self, field: &str, from: &Self) {
        let value = from.metadata().and_then(|metadata| metadata.get(field)).cloned();
        let Some(metadata) = self.metadata_mut() else { return };
        match value {
            Some(value) => metadata.insert(field.to_owned(), value),
            None => metadata.shift_remove(field),
        };
    }

    pub(super) fn remove_meta(&mut self, field: &str) {
        if let Some(metadata) = self.metadata_mut() {
            metadata.shift_remove(field);
        }
    }

    pub(super) fn generation(&self) -> i64 {
        self.metadata().and_then(|metadata| metadata.get("generation")?.as_i64()).unwrap_or_default()
    }

    pub(super) fn label(&self, key: &str) -> Option<&str> {
        self.metadata()?.get("labels")?.get(key)?.as_str()
    }

    /// Marked for deletion, with no finalizer left to wait for.
    pub(super) fn is_finished(&self) -> bool {
        self.meta("deletionTimestamp").is_some() && self.finalizers().is_empty()
    }

    pub(super) fn finalizers(&self) -> &[Value] {
        let finalizers = self.metadata().and_then(|metadata| metadata.get("finalizers")?.as_array());
        finalizers.map_or(&[], Vec::as_slice)
    }

    fn metadata_mut(&mut self) -> Option<&mut Map<String, Value>> {
        self.0.get_mut("metadata").and_then(Value::as_object_mut)
    }
}

/// What a type refuses, at the path of the field.
pub(super) fn decode<T: DeserializeOwned>(value: Value) -> std::result::Result<T, Cause> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| Cause::invalid(error.path().to_string(), error.inner().to_string()))
}

pub(super) fn to_value(value: &impl Serialize) -> Result<Value> {
    serde_json::to_value(value).map_err(Error::internal)
}
