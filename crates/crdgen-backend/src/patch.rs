//! JSON merge patches (RFC 7386).

use std::sync::Arc;

use crdgen_core::json::{self, MAX_BYTES};
use serde_json::{Map, Value};

use super::{Error, Reason, Result};

/// JSON merge patch. A null in the patch removes the field, an object is merged into the field, and any other value
/// replaces the field. A clone shares the JSON.
#[derive(Clone, Debug, PartialEq)]
pub struct MergePatch(Arc<Value>);

impl MergePatch {
    /// Creates a patch from the fields to change. A null removes its field.
    pub fn new(changes: Map<String, Value>) -> Self {
        Self(Arc::new(Value::Object(changes)))
    }

    /// Returns the patch as JSON. It is always an object.
    pub fn as_value(&self) -> &Value {
        &self.0
    }

    #[doc(hidden)]
    pub fn as_value_mut(&mut self) -> &mut Value {
        Arc::make_mut(&mut self.0)
    }

    /// Applies the patch to `target`.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::BadRequest`] when the patch is nested deeper than 125 levels, or has a key that `serde_json`
    /// reserves for itself. Returns [`Reason::RequestEntityTooLarge`] when the patch or the patched object is larger
    /// than 3 MiB as JSON. `target` must not be used after an error.
    pub fn apply(&self, target: &mut Value) -> Result<()> {
        json::check(&self.0, 0).map_err(|limit| Error::beyond("the patch", limit))?;
        check_size("the patch", json::size(&*self.0))?;
        merge(target, &self.0);
        check_size("the patched object", json::size(target))
    }
}

pub(super) fn check_size(subject: &str, size: usize) -> Result<()> {
    if size <= MAX_BYTES {
        return Ok(());
    }
    Err(Error::new(Reason::RequestEntityTooLarge, format!("{subject} is larger than {MAX_BYTES} bytes")))
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(changes) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(fields) = target else { return };
    // Removes all fields in one pass, since every single removal moves the fields behind it.
    fields.retain(|name, _| !changes.get(name).is_some_and(Value::is_null));
    for (name, change) in changes.iter().filter(|(_, change)| !change.is_null()) {
        merge(fields.entry(name.as_str()).or_insert(Value::Null), change);
    }
}

impl From<Map<String, Value>> for MergePatch {
    fn from(changes: Map<String, Value>) -> Self {
        Self::new(changes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn any_object() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![Just(Value::Null), Just(json!(1)), Just(json!([{}])), "[a-z]{0,9}".prop_map(Value::from)];
        leaf.prop_recursive(4, 30, 4, |inner| {
            prop::collection::vec(("[a-d]", inner), 0..4).prop_map(|fields| fields.into_iter().collect())
        })
        .prop_filter("an object", Value::is_object)
    }

    fn height(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(height).max().unwrap_or_default(),
            Value::Object(fields) => 1 + fields.values().map(height).max().unwrap_or_default(),
            _ => 0,
        }
    }

    proptest! {
        #[test]
        fn an_outcome_is_no_larger_and_no_deeper_than_the_object_and_its_patch(
            target in any_object(),
            changes in any_object(),
        ) {
            let mut patched = target.clone();
            patch(&changes).apply(&mut patched).unwrap();
            prop_assert!(json::size(&patched) <= json::size(&target) + json::size(&changes));
            prop_assert!(height(&patched) <= height(&target).max(height(&changes)));
        }
    }

    fn patch(changes: &Value) -> MergePatch {
        MergePatch::new(changes.as_object().cloned().expect("an object"))
    }

    /// The examples of RFC 7386 whose patch is an object.
    #[test]
    fn objects_are_merged_null_removes_and_anything_else_replaces() {
        for (target, changes, outcome) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b", "c": 1}), json!({"b": "c", "a": null}), json!({"c": 1, "b": "c"})),
            (json!({"a": ["b"]}), json!({"a": {"b": null}}), json!({"a": {}})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!([1, 2]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
        ] {
            let mut patched = target;
            patch(&changes).apply(&mut patched).expect("a patch");
            assert_eq!(patched.to_string(), outcome.to_string());
        }
    }

    #[test]
    fn what_a_patch_makes_is_bounded() {
        let deep = (0..json::MAX_DEPTH).fold(json!(1), |inner, _| json!([inner]));
        let refused = |target: Value, changes: Value| {
            let mut target = target;
            patch(&changes).apply(&mut target).expect_err("beyond a limit").reason
        };
        assert_eq!(refused(json!({}), json!({"a": deep})), Reason::BadRequest);
        assert_eq!(refused(json!({}), json!({"$serde_json::private::Number": "1"})), Reason::BadRequest);
        let large = "x".repeat(MAX_BYTES / 2);
        assert_eq!(refused(json!({"a": large}), json!({"b": large})), Reason::RequestEntityTooLarge);
        patch(&json!({"a": large})).apply(&mut json!({"a": large})).expect("no larger than before");
    }
}
