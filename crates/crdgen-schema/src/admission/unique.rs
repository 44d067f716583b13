//! Uniqueness of the items of a list of type set, and of the keys of a list of type map.
//!
//! Follows `pkg/apiserver/schema/listtype` of apiextensions-apiserver. Only the second of equal items is reported.
//! Scalars are compared by their Go types, so `1` and `1.0` differ. Lists and objects are compared as serialised text,
//! in which `1` and `1.0` are equal.

use std::collections::HashMap;

use crdgen_cel::json::{Identity, Numbers};
use serde_json::{Map, Value as Json};

use crate::prepared::Prepared;
use crate::schema::ListType;
use crate::truncate;
use crate::value_path::ValuePath;
use crate::verdict::{Cause, CauseReason, Causes};

/// Adds a cause for each value that a list repeats.
pub(crate) fn check(value: &Json, schema: &Prepared, path: &ValuePath<'_>, causes: &mut Causes) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                match (schema.properties.get(name), schema.field(name)) {
                    (Some(property), _) => check(value, property, &path.field(name), causes),
                    (None, Some(values)) => check(value, values, &path.key(name), causes),
                    (None, None) => {}
                }
            }
        }
        Json::Array(items) => {
            match schema.list_type {
                Some(ListType::Set) => {
                    check_repeated(items.iter().map(|item| Some(identity(item))), items, path, causes)
                }
                Some(ListType::Map) => check_map(items, &schema.list_map_keys, path, causes),
                Some(ListType::Atomic) | None => {}
            }
            if let Some(schema) = &schema.items {
                for (index, item) in items.iter().enumerate() {
                    check(item, schema, &path.index(index), causes);
                }
            }
        }
        _ => {}
    }
}

fn check_map(items: &[Json], keys: &[String], path: &ValuePath<'_>, causes: &mut Causes) {
    if let Some(index) = items.iter().position(|item| !item.is_object() && !item.is_null()) {
        let item = truncate::value(&items[index]);
        let message = format!("Invalid value: {item}: must be an object for an array of list-type map");
        let field = path.index(index).bracketed();
        return causes.push(Cause::new(CauseReason::Invalid, field, message));
    }
    let key = |item: &Json| -> Json {
        let values = keys.iter().filter_map(|key| Some((key.clone(), item.get(key)?.clone())));
        Json::Object(values.collect::<Map<_, _>>())
    };
    let found: Vec<Json> = items.iter().map(key).collect();
    // A single key is compared as a scalar.
    let identities = found.iter().map(|found| match keys {
        [key] => found.get(key).map(identity),
        _ => Some(identity(found)),
    });
    check_repeated(identities, &found, path, causes);
}

/// Adds a cause for the second of equal identities. An item without its only key has no identity; such items are equal.
fn check_repeated<'v>(
    identities: impl Iterator<Item = Option<Identity<'v>>>,
    shown: &[Json],
    path: &ValuePath<'_>,
    causes: &mut Causes,
) {
    let mut seen: HashMap<Option<Identity<'_>>, u32> = HashMap::with_capacity(shown.len());
    for (index, identity) in identities.enumerate() {
        let times = seen.entry(identity).or_default();
        *times += 1;
        if *times == 2 {
            causes.push_with(|| {
                let message = format!("Duplicate value: {}", truncate::value(&shown[index]));
                Cause::new(CauseReason::Duplicate, path.index(index).bracketed(), message)
            });
        }
    }
}

fn identity(value: &Json) -> Identity<'_> {
    Identity::of(value, Numbers::Written)
}
