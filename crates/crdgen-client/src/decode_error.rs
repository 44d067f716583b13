//! Error for an object that cannot be decoded as its type.

use std::fmt;

use crdgen_core::json;
use serde::de::DeserializeOwned;

use super::head::Head;

/// Error for an object that cannot be decoded as its type, with the position in the object. `Display` and `Debug` show
/// no value of the object.
#[derive(Clone, PartialEq, Eq)]
pub struct DecodeError {
    /// Namespace of the object.
    pub namespace: Option<String>,
    /// Name of the object. `None` if the name cannot be read.
    pub name: Option<String>,
    /// Path of the field that cannot be decoded, for example `spec.tasks[0].name`. `.` means the whole object.
    pub field: String,
    /// Line in the object's JSON.
    pub line: usize,
    /// Column in the line.
    pub column: usize,
    detail: String,
}

impl DecodeError {
    /// Returns the message of the JSON parser. The message may quote a value of the object.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    fn new<T: DeserializeOwned>(json: &[u8], error: &serde_json::Error) -> Self {
        let head = Head::of(json).unwrap_or_default();
        // Slower second read, to find the path of the field. Only after a failure, which is rare.
        let field = match serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_slice(json)) {
            Ok(_) => ".".to_owned(),
            Err(error) => error.path().to_string(),
        };
        Self {
            namespace: head.metadata.namespace.map(Into::into),
            name: head.metadata.name.map(Into::into),
            field,
            line: error.line(),
            column: error.column(),
            detail: error.to_string(),
        }
    }
}

/// Reads a value.
pub(super) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, DecodeError> {
    json::from_slice(json).map_err(|error| DecodeError::new::<T>(json, &error))
}

/// Returns the error for an object that has no valid name.
pub(super) fn nameless(json: &[u8]) -> DecodeError {
    DecodeError::new::<serde::de::IgnoredAny>(json, &serde::de::Error::custom("the object has no valid name"))
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { namespace, name, field, line, column, .. } = self;
        let namespace = namespace.as_deref().map(|namespace| format!("{namespace}/")).unwrap_or_default();
        let name = name.as_deref().unwrap_or("an object");
        write!(f, "{namespace}{name} cannot be read at {field} (line {line}, column {column})")
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({self})")
    }
}

impl std::error::Error for DecodeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_that_the_parser_would_take_for_something_else_is_unreadable() {
        let json = br#"{"metadata": {"name": "a"}, "spec": {"$serde_json::private::RawValue": "{}"}}"#;
        let error = read::<serde_json::Value>(json).expect_err("a key of the parser's own");
        assert_eq!((error.name.as_deref(), error.field.as_str()), (Some("a"), "."));
    }
}
