//! What patches make of an object in JSON.

use serde_json::Value;

use super::kind::Kind;
use super::object::Object;
use super::write;
use crate::backend::{Cause, Error, JsonPatch, JsonPatchStep, Key, Reason, Result};

/// Takes the steps of a patch, all or none, as the library of the server does (`evanphx/json-patch`): the whole document is
/// no target, and where nothing is in an object, there is null to test, to copy and to replace.
///
/// # Errors
///
/// [`Reason::Invalid`] when a step cannot be taken; the server does not say which.
pub(super) fn take_steps(object: &mut Value, patch: &JsonPatch) -> Result<()> {
    patch.0.iter().try_for_each(|step| take(object, step).map_err(|why| Error::new(Reason::Invalid, why)))
}

fn take(object: &mut Value, step: &JsonPatchStep) -> std::result::Result<(), String> {
    use JsonPatchStep::{Add, Copy, Move, Remove, Replace, Test};
    let (Add { path, .. }
    | Remove { path }
    | Replace { path, .. }
    | Move { path, .. }
    | Copy { path, .. }
    | Test { path, .. }) = step;
    if path.is_empty() {
        return Err("the whole document is no target".to_owned());
    }
    let step = match step {
        Test { path, value: Value::Null } if could_hold(object, path) => return Ok(()),
        Replace { path, value } if could_hold(object, path) => Add { path: path.clone(), value: value.clone() },
        Copy { from, path } if could_hold(object, from) => Add { path: path.clone(), value: Value::Null },
        step => step.clone(),
    };
    let step = serde_json::to_value(step).and_then(serde_json::from_value::<json_patch::PatchOperation>);
    let step = step.map_err(|error| error.to_string())?;
    json_patch::patch(object, &[step]).map_err(|error| error.to_string())
}

/// Whether nothing is there, in an object that is.
fn could_hold(object: &Value, path: &str) -> bool {
    let parent = path.rsplit_once('/').and_then(|(parent, _)| object.pointer(parent));
    parent.is_some_and(Value::is_object) && object.pointer(path).is_none()
}

/// Whether what was patched still says what it is.
pub(super) fn check_type(value: &Value) -> Result<()> {
    let has = |field: &str| value.get(field).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
    match (has("kind"), has("apiVersion")) {
        (true, true) => Ok(()),
        (false, _) => Err(bad("Object 'kind' is missing")),
        // The server is at a loss when there is a kind but no version.
        (true, false) => Err(Error::internal("the patched object has no apiVersion").with_cause(Cause::default())),
    }
}

/// The patched object, which remains of its kind, where it is and what it is called.
pub(super) fn outcome(value: Value, kind: &Kind, key: &Key) -> Result<Object> {
    let mut causes = Vec::new();
    for (field, wanted) in [("kind", &kind.name), ("apiVersion", &kind.api_version)] {
        let found = value.get(field).and_then(Value::as_str).unwrap_or_default();
        if found != wanted {
            causes.push(Cause::invalid(field, format!("Invalid value: {found:?}: must be {wanted}")));
        }
    }
    let mut object = Object::of_value(value)?;
    if object.meta("name").is_none() {
        let message =
            format!("the name of the object ({} based on URL) was undeterminable: name must be provided", key.name);
        return Err(Error::new(Reason::BadRequest, message));
    }
    write::adopt(&mut object, key)?;
    if causes.is_empty() { Ok(object) } else { Err(kind.invalid(&key.name, causes)) }
}

/// What would be a bad request of a whole object, a server blames on the patch.
pub(super) fn blamed(error: Error) -> Error {
    if error.reason == Reason::BadRequest { bad(error.message) } else { error }
}

/// A patch whose outcome is no object, or holds what a strict write does not take.
pub(super) fn bad(why: impl Into<String>) -> Error {
    let cause = Cause::invalid("patch", why);
    let message = format!("patch: {}", cause.message);
    Error::new(Reason::Invalid, message).with_cause(cause)
}
