//! The simple JSON paths of a CRD (`.spec.replicas`): names behind dots, no lists.

use serde_json::{Map, Value};

/// The value at a path, with or without the leading dot.
pub(super) fn get<'a>(root: &'a Value, path: &str) -> Option<&'a Value> {
    names(path).try_fold(root, |value, name| value.get(name))
}

/// Puts a value at a path; objects on the way are made where there are none. False if something else is in the way.
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
