//! Simple JSON paths of a CRD, for example `.spec.replicas`: names after dots, without lists.

use serde_json::{Map, Value};

/// Returns the value at a path, with or without a leading dot.
pub(super) fn get<'a>(root: &'a Value, path: &str) -> Option<&'a Value> {
    names(path).try_fold(root, |value, name| value.get(name))
}

/// Sets the value at a path. Creates missing objects on the path. Returns false when the path leads through a value
/// that is not an object.
pub(super) fn set(root: &mut Value, path: &str, value: Value) -> bool {
    let mut place = root;
    for name in names(path) {
        let Value::Object(fields) = place else { return false };
        place = fields.entry(name).or_insert_with(|| Value::Object(Map::new()));
    }
    *place = value;
    true
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('.').split('.')
}
