//! Owner references that say a thing twice: one of them stays.

use std::collections::HashSet;

use serde_json::Value;

use super::object::Object;

/// Moment at which a server looks for duplicates, which its warning tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Before anything is made of the object that was sent.
    Sent,
    /// After a patch made the object. The warning blames admission for it.
    Patched,
}

/// Fields of `metav1.OwnerReference`.
const FIELDS: [&str; 6] = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];

/// Removes duplicates (`dedupOwnerReferences` in `handlers/rest.go`). Returns the warning, if there were any.
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

/// Content of a reference, by which two are compared. Null counts as an absent field.
fn content(owner: &Value) -> [Option<String>; FIELDS.len()] {
    FIELDS.map(|field| owner.get(field).filter(|value| !value.is_null()).map(Value::to_string))
}
