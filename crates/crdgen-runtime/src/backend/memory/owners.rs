//! Owner references that say a thing twice: one of them stays.

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
    let mut kept: Vec<Value> = Vec::with_capacity(owners.len());
    let mut duplicates = Vec::new();
    for owner in owners {
        match kept.iter().any(|kept| is_same(kept, owner)) {
            true => duplicates.push(owner["uid"].as_str().unwrap_or_default().to_owned()),
            false => kept.push(owner.clone()),
        }
    }
    if duplicates.is_empty() {
        return None;
    }
    object.set_meta("ownerReferences", kept);
    let when = match moment {
        Moment::Sent => "",
        Moment::Patched => " after mutating admission happens",
    };
    Some(format!(
        ".metadata.ownerReferences contains duplicate entries{when}; API server dedups owner references in 1.20+, and may \
         reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {}",
        duplicates.join(", ")
    ))
}

fn is_same(left: &Value, right: &Value) -> bool {
    let of = |owner: &Value, field: &str| owner.get(field).filter(|value| !value.is_null()).cloned();
    FIELDS.iter().all(|field| of(left, field) == of(right, field))
}
