//! Decoded object of one version of its kind, on which writes work.

use crdgen_backend::{Error, Reason, Result};
use serde_json::{Map, Value};

use super::kind::Kind;

/// JSON object with `apiVersion`, `kind` and `metadata`. Never has `managedFields`, since the store does not support
/// server-side apply.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object(Value);

impl Object {
    /// Creates the object from JSON, as a version of its kind.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::BadRequest`] when `value` is not a JSON object.
    pub(super) fn of_value(value: Value, kind: &Kind) -> Result<Self> {
        let Value::Object(mut fields) = value else {
            return Err(Error::new(Reason::BadRequest, "the object is not a JSON object"));
        };
        fields.insert("apiVersion".to_owned(), kind.api_version.as_str().into());
        fields.insert("kind".to_owned(), kind.name.as_str().into());
        let metadata = fields.entry("metadata").or_insert(Value::Null);
        if metadata.is_null() {
            *metadata = Value::Object(Map::new());
        }
        let mut object = Self(Value::Object(fields));
        object.remove_meta("managedFields");
        Ok(object)
    }

    pub(super) fn as_value(&self) -> &Value {
        &self.0
    }

    pub(super) fn into_value(self) -> Value {
        self.0
    }

    pub(super) fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field)
    }

    /// Sets or removes a top-level field.
    pub(super) fn set(&mut self, field: &str, value: Option<Value>) {
        let Some(fields) = self.0.as_object_mut() else { return };
        match value {
            Some(value) => fields.insert(field.to_owned(), value),
            None => fields.shift_remove(field),
        };
    }

    /// Returns the top-level fields.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }

    pub(super) fn as_value_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    pub(super) fn metadata(&self) -> Option<&Map<String, Value>> {
        self.0.get("metadata").and_then(Value::as_object)
    }

    /// Returns a metadata field that is a non-empty string.
    pub(super) fn meta(&self, field: &str) -> Option<&str> {
        self.metadata()?.get(field)?.as_str().filter(|text| !text.is_empty())
    }

    pub(super) fn set_meta(&mut self, field: &str, value: impl Into<Value>) {
        if let Some(metadata) = self.metadata_mut() {
            metadata.insert(field.to_owned(), value.into());
        }
    }

    /// Copies a metadata field from another object. Removes the field when the other object does not have it.
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

    /// Returns whether the object is marked as being deleted and has no finalizers.
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
