//! Checks of the fields that the scale subresource refers to. Follows the server's `ValidateScaleSpec` and
//! `ValidateScaleStatus`.

use serde_json::Value as Json;

use crate::crd::Scale;
use crate::verdict::{Cause, CauseReason, Causes};

/// Adds a cause for each replica count that is not an int32 of at least 0, and for a selector that is not a string.
pub(super) fn check(object: &Json, scale: &Scale, causes: &mut Causes) {
    let mut refuse = |path: &str, problem: String| {
        // The field of the cause keeps the leading dot of the path.
        causes.push(Cause::new(CauseReason::Invalid, path, problem));
    };
    for path in [&scale.spec_replicas_path, &scale.status_replicas_path] {
        let problem = match find(object, path) {
            Err(Mismatch) => Some("Invalid value: 0: an object was expected on the way".to_owned()),
            Ok(None) => None,
            Ok(Some(value)) => match value.as_i64() {
                None => Some("Invalid value: 0: an integer was expected".to_owned()),
                Some(count) if count < 0 => Some(format!("Invalid value: {count}: should be a non-negative integer")),
                Some(count) if count > i64::from(i32::MAX) => {
                    Some(format!("Invalid value: {count}: should be less than or equal to {}", i32::MAX))
                }
                Some(_) => None,
            },
        };
        if let Some(problem) = problem {
            refuse(path, problem);
        }
    }
    if let Some(path) = &scale.label_selector_path
        && !find(object, path).is_ok_and(|value| value.is_none_or(Json::is_string))
    {
        refuse(path, "Invalid value: \"\": a string was expected".to_owned());
    }
}

/// Error: a value on the path is not an object.
struct Mismatch;

fn find<'v>(object: &'v Json, path: &str) -> Result<Option<&'v Json>, Mismatch> {
    let mut value = object;
    for name in path.strip_prefix('.').unwrap_or(path).split('.') {
        match value {
            Json::Null => return Ok(None),
            Json::Object(fields) => match fields.get(name) {
                Some(field) => value = field,
                None => return Ok(None),
            },
            _ => return Err(Mismatch),
        }
    }
    Ok(Some(value))
}
