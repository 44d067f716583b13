//! Search for a value that an old schema accepts and a new one refuses, by small changes of values.

use std::collections::HashSet;

use crdgen_objects as objects;
use crdgen_schema::schema::{Additional, SchemaType};
use crdgen_schema::{Patterns, Schema, ValueCheck};
use serde_json::{Value as Json, json};

/// Maximum number of values that are checked.
const MOST: usize = 600;

/// Number of changes of one value.
const ROUNDS: usize = 3;

/// Maximum number of properties of an object that are changed.
const MAX_PROPERTIES: usize = 40;

/// Returns values that `old` accepts and `new` refuses. `start` are values to begin with.
pub(super) fn search(old: &Schema, new: &Schema, start: Vec<Json>) -> Vec<Json> {
    let mut patterns = Patterns::new();
    let checks = [ValueCheck::new(old, &mut patterns), ValueCheck::new(new, &mut patterns)];
    let hints = Hints::of(old, new);
    let mut seen = HashSet::new();
    let mut round = start;
    let mut found = Vec::new();
    for _ in 0..=ROUNDS {
        let mut next = Vec::new();
        for value in round {
            if seen.len() >= MOST {
                return found;
            }
            if !seen.insert(value.to_string()) {
                continue;
            }
            let [accepted, refused] = accepts(&checks, &value);
            if accepted && refused {
                found.push(value);
                if found.len() == 3 {
                    return found;
                }
                continue;
            }
            next.extend(changed(&value, old, &hints));
        }
        round = next;
    }
    found
}

/// Returns values that differ from some of `values` in one place.
pub(super) fn neighbours(old: &Schema, new: Option<&Schema>, values: &[Json]) -> Vec<Json> {
    let hints = Hints::of(old, new.unwrap_or(old));
    values.iter().take(2).flat_map(|value| changed(value, old, &hints)).take(MOST).collect()
}

/// Returns whether the old schema accepts a value, and whether the new one refuses it.
fn accepts([old, new]: &[ValueCheck; 2], value: &Json) -> [bool; 2] {
    let causes = |check: &ValueCheck| {
        let mut value = value.clone();
        check.fill_defaults(&mut value).is_ok() && check.causes(&value).is_empty()
    };
    [causes(old), !causes(new)]
}

/// Values and names that the rules of the new schema mention.
struct Hints {
    texts: Vec<String>,
    numbers: Vec<i64>,
    rules: String,
}

impl Hints {
    fn of(old: &Schema, new: &Schema) -> Self {
        let is_new =
            |rule: &&crdgen_schema::schema::Rule| !old.validations.iter().any(|before| before.rule == rule.rule);
        let rules: String =
            new.validations.iter().filter(is_new).map(|rule| rule.rule.as_str()).collect::<Vec<_>>().join("\n");
        let mut texts: Vec<String> = Vec::new();
        let mut numbers: Vec<i64> = Vec::new();
        for (index, part) in rules.split(['\'', '"']).enumerate() {
            if index % 2 == 1 && part.len() <= 64 && !texts.contains(&part.to_owned()) {
                texts.push(part.to_owned());
            }
            let digits =
                part.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse::<i64>().ok());
            numbers.extend(digits.filter(|number| *number < 5000).flat_map(|number| [number - 1, number, number + 1]));
        }
        numbers.extend([-1, 0, 1]);
        numbers.sort_unstable();
        numbers.dedup();
        texts.truncate(8);
        let lengths = numbers.iter().filter(|length| **length > 1).filter_map(|length| usize::try_from(*length).ok());
        let long: Vec<String> = lengths.max().map(|length| "a".repeat(length)).into_iter().collect();
        texts.extend(["", "a", "-", "*", "a/b", "A b"].map(str::to_owned));
        texts.extend(long);
        numbers.truncate(16);
        Self { texts, numbers, rules }
    }

    /// Returns whether the rules may read a property. Without rules, every property counts.
    fn mention(&self, name: &str) -> bool {
        self.rules.is_empty() || self.rules.contains(name)
    }
}

/// Returns values that differ from `value` in one place.
fn changed(value: &Json, schema: &Schema, hints: &Hints) -> Vec<Json> {
    match value {
        Json::Object(fields) => {
            let mut all = Vec::new();
            let mut with = |name: &str, value: Option<Json>| {
                let mut other = fields.clone();
                match value {
                    Some(value) => drop(other.insert(name.to_owned(), value)),
                    None => drop(other.remove(name)),
                }
                all.push(Json::Object(other));
            };
            let properties =
                schema.properties.iter().filter(|(name, _)| hints.mention(name) || fields.contains_key(*name));
            for (name, property) in properties.take(MAX_PROPERTIES) {
                match fields.get(name) {
                    Some(value) => {
                        with(name, None);
                        changed(value, property, hints).into_iter().for_each(|value| with(name, Some(value)));
                    }
                    None => values(property, hints).into_iter().for_each(|value| with(name, Some(value))),
                }
            }
            if let Some(Additional::Schema(values)) = &schema.additional_properties {
                let value = objects::values(values, 1).pop().unwrap_or_default();
                hints.texts.iter().for_each(|key| with(key, Some(value.clone())));
            }
            all
        }
        Json::Array(items) => {
            let Some(schema) = &schema.items else { return Vec::new() };
            let mut all = Vec::new();
            let more = items.iter().take(1).cloned().chain(values(schema, hints));
            all.extend(more.map(|item| items.iter().cloned().chain([item]).collect::<Json>()));
            for (index, item) in items.iter().enumerate().take(3) {
                all.extend(changed(item, schema, hints).into_iter().map(|item| {
                    let mut other = items.clone();
                    other[index] = item;
                    Json::Array(other)
                }));
            }
            if !items.is_empty() {
                all.push(Json::Array(items[1..].to_vec()));
            }
            all
        }
        _ => scalars(schema, hints),
    }
}

/// Returns values of a schema.
fn values(schema: &Schema, hints: &Hints) -> Vec<Json> {
    let mut values = objects::values(schema, 2);
    if schema.type_ == Some(SchemaType::Array) {
        values.push(json!([]));
    }
    values.extend(scalars(schema, hints));
    values
}

fn scalars(schema: &Schema, hints: &Hints) -> Vec<Json> {
    if !schema.enum_.is_empty() {
        return schema.enum_.iter().take(12).cloned().collect();
    }
    match schema.type_ {
        Some(SchemaType::Boolean) => vec![json!(true), json!(false)],
        Some(SchemaType::Integer | SchemaType::Number) => hints.numbers.iter().map(|number| json!(number)).collect(),
        Some(SchemaType::String) => {
            hints.texts.iter().map(|text| json!(text)).chain(objects::values(schema, 2)).collect()
        }
        _ if schema.int_or_string => vec![json!(0), json!(1), json!("10%"), json!("a")],
        _ => Vec::new(),
    }
}
