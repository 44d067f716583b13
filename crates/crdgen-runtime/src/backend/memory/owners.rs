//! Owner references that say a thing twice: one of them stays.

use std::collections::HashSet;

use serde_json::Value;

use super::object::Object;

/// When a server looks at them, which its warning tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// As the object was sent.
    Sent,
    /// As a patch made it: the warning has it that somebody else did.
    Patched,
}

/// What `metav1.OwnerReference` has.
const FIELDS: [&str; 6] = ["apiVersion", "kind", "name", "uid", "controller", "blockOwnerDeletion"];

/// Takes away those that are there already (`dedupOwnerReferences` in `handlers/rest.go`); the warning, if there were any.
pub(super) fn dedup(object: &mut Object, moment: Moment) -> Option<String> {
    let owners = object.metadata()?.get("ownerReferences")?.as_array()?;
    let mut seen = HashSet::with_capacity(owners.len());
    let (kept, duplicates): (Vec<&Value>, Vec<&Value>) = owners.iter().partition(|owner| seen.insert(fields(owner)));
    if duplicates.is_empty() {
        return None;
    }
    let uids: Vec<&str> = duplicates.iter().map(|owner| owner["uid"].as_str().unwrap_or_default()).collect();
    let uids = uids.join(", ");
    let kept: Vec<Value> = kept.into_iter().cloned().collect();
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

/// The fields by which two owners are the same. Null is the same as absent.
fn fields(owner: &Value) -> [Option<&Value>; FIELDS.len()] {
    FIELDS.map(|field| owner.get(field).filter(|value| !value.is_null()))
}
