//! Checks of patched objects.

use crdgen_backend::{Cause, Error, Key, Reason, Result};
use serde_json::Value;

use super::kind::Kind;
use super::object::Object;
use super::write;

/// Checks that a patched object still has `apiVersion` and `kind`.
pub(super) fn check_type(value: &Value) -> Result<()> {
    let has = |field: &str| value.get(field).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    match (has("kind"), has("apiVersion")) {
        (true, true) => Ok(()),
        (false, _) => Err(bad("Object 'kind' is missing")),
        // The server answers with an internal error when there is a kind but no version.
        (true, false) => Err(Error::internal("the patched object has no apiVersion").with_cause(Cause::default())),
    }
}

/// Returns the patched object. Fails when the patch changed the kind, the apiVersion, the namespace or the name.
pub(super) fn outcome(value: Value, kind: &Kind, key: &Key) -> Result<Object> {
    let mut causes = Vec::new();
    for (field, wanted) in [("kind", &kind.name), ("apiVersion", &kind.api_version)] {
        let found = value.get(field).and_then(Value::as_str).unwrap_or_default();
        if found != wanted {
            causes.push(Cause::invalid(field, format!("Invalid value: {found:?}: must be {wanted}")));
        }
    }
    let mut object = Object::of_value(value, kind)?;
    if object.meta("name").is_none() {
        let message =
            format!("the name of the object ({} based on URL) was undeterminable: name must be provided", key.name);
        return Err(Error::new(Reason::BadRequest, message));
    }
    write::adopt(&mut object, key)?;
    if causes.is_empty() { Ok(object) } else { Err(kind.invalid(&key.name, causes)) }
}

/// Converts a bad request to an error that blames the patch, as a server does.
pub(super) fn blamed(error: Error) -> Error {
    if error.reason == Reason::BadRequest { bad(error.message) } else { error }
}

/// Creates the error of a patch whose outcome is not an object, or has fields that a strict write refuses.
pub(super) fn bad(why: impl Into<String>) -> Error {
    let cause = Cause::invalid("patch", why);
    let message = format!("patch: {}", cause.message);
    Error::new(Reason::Invalid, message).with_cause(cause)
}
