//! A stored object: JSON with `metadata`, without `apiVersion`, since all versions of a kind share it, and without
//! `managedFields`, since nothing here is applied.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::backend::{Cause, Error, MergePatch, Result};
use crate::{Resource, View};

/// A JSON object whose `metadata` is a JSON object.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object(Map<String, Value>);

impl Object {
    /// The stored form of a typed object.
    pub(super) fn of<K: Resource>(object: &K) -> Result<Self> {
        Self::from_value::<K>(to_value(object)?)
    }

    /// The stored form of an object of any version.
    pub(super) fn from_value<K: Resource>(value: Value) -> Result<Self> {
        match value {
            Value::Object(mut map) => {
                map.shift_remove("apiVersion");
                map.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
                let mut object = Self(map);
                object.remove_meta("managedFields");
                Ok(object)
            }
            other => Err(Error::internal(format!("{} is not an object in JSON: {other}", K::KIND))),
        }
    }

    /// The object as its kind's type. It was checked when it was stored, so a failure is ours (or that of another version,
    /// whose type it does not fit).
    pub(super) fn into_typed<K: Resource>(self) -> Result<K> {
        self.read_as::<K, K>()
    }

    /// What a view reads of the object.
    pub(super) fn into_view<V: View>(self) -> Result<V> {
        self.read_as::<V::Of, V>()
    }

    fn read_as<K: Resource, T: DeserializeOwned>(self) -> Result<T> {
        serde_json::from_value(self.into_value::<K>()).map_err(Error::internal)
    }

    /// The object as a version of its kind.
    pub(super) fn into_value<K: Resource>(mut self) -> Value {
        self.0.insert("apiVersion".to_owned(), K::API_VERSION.into());
        Value::Object(self.0)
    }

    /// The patched object, which remains of its kind.
    pub(super) fn patched<K: Resource>(&self, patch: &MergePatch) -> Result<Self> {
        let mut value = self.clone().into_value::<K>();
        patch.apply(&mut value);
        for (field, constant) in [("apiVersion", K::API_VERSION), ("kind", K::KIND)] {
            if value.get(field).and_then(Value::as_str) != Some(constant) {
                let cause = Cause::invalid(field, format!("must be {constant}"));
                return Err(Error::invalid::<K>(self.meta("name").unwrap_or_default(), vec![cause]));
            }
        }
        Self::from_value::<K>(value)
    }

    /// Reads the object as its kind's type and writes it back: what the type does not know is gone, what it refuses is an
    /// error at its field.
    pub(super) fn checked<K: Resource>(value: Value) -> Result<Self> {
        let name = value.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let typed: K = decode(value).map_err(|cause| Error::invalid::<K>(name, vec![cause]))?;
        Self::of(&typed)
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

    /// The object as plain JSON.
    pub(super) fn into_fields(self) -> Map<String, Value> {
        self.0
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
