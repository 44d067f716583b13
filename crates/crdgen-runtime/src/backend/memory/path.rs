//! The simple JSON paths of a CRD (`.spec.replicas`): names behind dots, no lists.

use serde_json::{Map, Value};

/// The value at a path, with or without the leading dot.
pub(super) fn get<'a>(root: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut names = names(path);
    let first = root.get(names.next()?)?;
    names.try_fold(first, |value, name| value.get(name))
}

/// Puts a value at a path; objects on the way are made where there are none. False if something else is in the way.
pub(super) fn set(root: &mut Map<String, Value>, path: &str, value: Value) -> bool {
    let names: Vec<_> = names(path).collect();
    let Some((last, parents)) = names.split_last() else { return false };
    let mut object = root;
    for parent in parents {
        let child = object.entry(*parent).or_insert_with(|| Value::Object(Map::new()));
        let Value::Object(child) = child else { return false };
        object = child;
    }
    object.insert((*last).to_owned(), value);
    true
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('.').split('.')
}
