//! Reduction of a write that is judged differently to a smaller one.

use anyhow::Result;
use serde_json::Value;

use super::compare;
use super::write::Write;

/// Removes parts of a write while it stays interesting.
pub fn shrink(write: &Write, mut is_interesting: impl FnMut(&Write) -> Result<bool>) -> Result<Write> {
    let mut smallest = write.clone();
    // `is_interesting` records the differences of its last call, so it is called for the final write too.
    is_interesting(&smallest)?;
    while let Some(smaller) = step(&smallest, &mut is_interesting)? {
        smallest = smaller;
    }
    is_interesting(&smallest)?;
    Ok(smallest)
}

/// Returns the first smaller write that is interesting.
fn step(write: &Write, is_interesting: &mut impl FnMut(&Write) -> Result<bool>) -> Result<Option<Write>> {
    let without_old = write.old.is_some().then(|| Write { old: None, ..write.clone() });
    let without_status = write.status.then(|| Write { status: false, ..write.clone() });
    let mut smaller: Vec<Write> = without_old.into_iter().chain(without_status).collect();
    smaller.extend(smaller_values(&write.schema).into_iter().map(|schema| Write { schema, ..write.clone() }));
    smaller.extend(smaller_objects(&write.object).into_iter().map(|object| Write { object, ..write.clone() }));
    if let Some(old) = &write.old {
        smaller.extend(smaller_objects(old).into_iter().map(|old| Write { old: Some(old), ..write.clone() }));
    }
    for mut candidate in smaller {
        compare::store_old(&mut candidate);
        if is_interesting(&candidate)? {
            return Ok(Some(candidate));
        }
    }
    Ok(None)
}

/// Returns copies of an object without one of its parts. `apiVersion`, `kind` and `metadata` stay.
fn smaller_objects(object: &Value) -> Vec<Value> {
    let mut found = smaller_values(object);
    found.retain(|smaller| ["apiVersion", "kind", "metadata"].iter().all(|name| smaller[name] == object[name]));
    found
}

/// Returns copies of a value without one of its parts, larger parts first.
fn smaller_values(value: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    match value {
        Value::Object(fields) => {
            for name in fields.keys() {
                let mut fewer = fields.clone();
                fewer.remove(name);
                found.push(fewer.into());
            }
            for (name, below) in fields {
                for smaller in smaller_values(below) {
                    let mut fields = fields.clone();
                    fields[name] = smaller;
                    found.push(fields.into());
                }
            }
        }
        Value::Array(items) => {
            for at in 0..items.len() {
                let mut fewer = items.clone();
                fewer.remove(at);
                found.push(fewer.into());
            }
            for (at, below) in items.iter().enumerate() {
                for smaller in smaller_values(below) {
                    let mut items = items.clone();
                    items[at] = smaller;
                    found.push(items.into());
                }
            }
        }
        _ => {}
    }
    found
}
