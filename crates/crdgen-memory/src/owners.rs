//! Removal of duplicate owner references.

use std::collections::HashSet;

use serde_json::Value;

use super::object::Object;

/// Moment at which duplicates are found. The warning mentions it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before the sent object is processed.
    Sent,
    /// After a patch produced the object. The warning then names mutating admission, as a server's does.
    Patched,
}

/// Fields of `metav1.OwnerReference`.
const FIELDS: [&str; 6] = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];

/// Removes duplicates, as `dedupOwnerReferences` in `handlers/rest.go` does. Returns a warning if there were any.
pub(super) fn dedup(object: &mut Object, moment: Moment) -> Option<String> {
    let owners = object.metadata()?.get("ownerReferences")?.as_array()?;
    let mut seen = HashSet::new();
    let (kept, duplicates): (Vec<&Value>, Vec<_>) = owners.iter().partition(|owner| seen.insert(content(owner)));
    if duplicates.is_empty() {
        return None;
    }
    let kept: Vec<_> = kept.into_iter().cloned().collect();
    let uids: Vec<_> = duplicates.iter().map(|owner| owner["uid"].as_str().unwrap_or_default()).collect();
    let uids = uids.join(", ");
    object.set_meta("ownerReferences", kept);
    let when = match moment {
        Moment::Sent => "",
        Moment::Patched => " after mutating admission happens",
    };
    Some(format!(
        ".metadata.ownerReferences contains duplicate entries{when}; API server dedups owner references in 1.20+, and may \
         reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {uids}"
    ))
}

/// Returns the fields by which references are compared. Null counts as an absent field.
fn content(owner: &Value) -> [Option<String>; FIELDS.len()] {
    FIELDS.map(|field| owner.get(field).filter(|value| !value.is_null()).map(Value::to_string))
}
