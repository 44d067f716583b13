//! Search for a value that an old schema accepts and a new one refuses, by small changes of values.

use std::collections::HashSet;
use std::rc::Rc;

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

/// Maximum number of changes of one value that are kept.
const MAX_EDITS: usize = 2 * MOST;

/// Returns values that `old` accepts and `new` refuses. `start` are values to begin with.
pub(super) fn search(old: &Schema, new: &Schema, start: Vec<Json>) -> Vec<Json> {
    let mut patterns = Patterns::new();
    let checks = [ValueCheck::new(old, &mut patterns), ValueCheck::new(new, &mut patterns)];
    let hints = Hints::of(old, new);
    let mut seen = HashSet::new();
    let mut round: Vec<Candidate> = start.into_iter().map(Candidate::Value).collect();
    let mut found = Vec::new();
    for _ in 0..=ROUNDS {
        let mut next = Vec::new();
        for candidate in round {
            if seen.len() >= MOST {
                return found;
            }
            let value = candidate.value();
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
            if next.len() < MAX_EDITS {
                let value = Rc::new(value);
                let edits = edits(&value, old, &hints).into_iter();
                next.extend(edits.map(|edit| Candidate::Changed(Rc::clone(&value), edit)));
            }
        }
        round = next;
    }
    found
}

/// Returns values that differ from some of `values` in one place.
pub(super) fn neighbours(old: &Schema, new: Option<&Schema>, values: &[Json]) -> Vec<Json> {
    let hints = Hints::of(old, new.unwrap_or(old));
    let of_value = |value| edits(value, old, &hints).into_iter().map(move |edit: Edit| edit.applied(value));
    values.iter().take(2).flat_map(of_value).take(MOST).collect()
}

/// Value to check. A change is applied only when its turn comes, since most changes are never tried.
enum Candidate {
    Value(Json),
    Changed(Rc<Json>, Edit),
}

impl Candidate {
    fn value(self) -> Json {
        match self {
            Self::Value(value) => value,
            Self::Changed(value, edit) => edit.applied(&value),
        }
    }
}

/// Key of a field, or index of an item.
#[derive(Clone)]
enum Key {
    Field(String),
    Index(usize),
}

/// Change of a value in one place.
struct Edit {
    place: Vec<Key>,
    /// New value at the place. `None` removes the field or the item.
    value: Option<Json>,
}

impl Edit {
    fn applied(self, value: &Json) -> Json {
        let mut value = value.clone();
        let Some((last, above)) = self.place.split_last() else { return self.value.unwrap_or_default() };
        let parent = above.iter().try_fold(&mut value, |value, key| match (value, key) {
            (Json::Object(fields), Key::Field(name)) => fields.get_mut(name),
            (Json::Array(items), Key::Index(index)) => items.get_mut(*index),
            _ => None,
        });
        match (parent, last, self.value) {
            (Some(Json::Object(fields)), Key::Field(name), Some(value)) => drop(fields.insert(name.clone(), value)),
            (Some(Json::Object(fields)), Key::Field(name), None) => drop(fields.shift_remove(name)),
            (Some(Json::Array(items)), Key::Index(index), Some(value)) if *index < items.len() => items[*index] = value,
            (Some(Json::Array(items)), Key::Index(_), Some(value)) => items.push(value),
            (Some(Json::Array(items)), Key::Index(index), None) if *index < items.len() => drop(items.remove(*index)),
            _ => {}
        }
        value
    }
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
        let is_gone =
            |rule: &&crdgen_schema::schema::Rule| !new.validations.iter().any(|after| after.rule == rule.rule);
        let texts_of = |rules: &mut dyn Iterator<Item = &crdgen_schema::schema::Rule>| {
            rules.map(|rule| rule.rule.as_str()).collect::<Vec<_>>().join("\n")
        };
        let rules = texts_of(&mut new.validations.iter().filter(is_new));
        let gone = texts_of(&mut old.validations.iter().filter(is_gone));
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
        // Values that only the old rules mention are likely to be refused now.
        let mut only_old: Vec<String> = Vec::new();
        for part in gone.split(['\'', '"']).skip(1).step_by(2) {
            if part.len() <= 64 && !texts.iter().chain(&only_old).any(|text| text == part) {
                only_old.push(part.to_owned());
            }
        }
        texts.truncate(8);
        texts.splice(0..0, only_old.into_iter().take(8));
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

/// Returns changes of `value` in one place each.
fn edits(value: &Json, schema: &Schema, hints: &Hints) -> Vec<Edit> {
    let mut edits = Vec::new();
    collect(value, schema, hints, &mut Vec::new(), &mut edits);
    edits
}

fn collect(value: &Json, schema: &Schema, hints: &Hints, place: &mut Vec<Key>, edits: &mut Vec<Edit>) {
    if edits.len() >= MAX_EDITS {
        return;
    }
    let at = |place: &[Key], key: Key, value: Option<Json>| Edit { place: [place, &[key]].concat(), value };
    match value {
        Json::Object(fields) => {
            let properties =
                schema.properties.iter().filter(|(name, _)| hints.mention(name) || fields.contains_key(*name));
            for (name, property) in properties.take(MAX_PROPERTIES) {
                let key = || Key::Field(name.clone());
                match fields.get(name) {
                    Some(value) => {
                        edits.push(at(place, key(), None));
                        place.push(key());
                        collect(value, property, hints, place, edits);
                        place.pop();
                    }
                    None => {
                        edits.extend(values(property, hints).into_iter().map(|value| at(place, key(), Some(value))))
                    }
                }
            }
            if let Some(Additional::Schema(values)) = &schema.additional_properties {
                let value = objects::values(values, 1).pop().unwrap_or_default();
                let keys = hints.texts.iter().map(|key| Key::Field(key.clone()));
                edits.extend(keys.map(|key| at(place, key, Some(value.clone()))));
            }
        }
        Json::Array(items) => {
            let Some(schema) = &schema.items else { return };
            let more = items.iter().take(1).cloned().chain(values(schema, hints));
            edits.extend(more.map(|item| at(place, Key::Index(items.len()), Some(item))));
            for (index, item) in items.iter().enumerate().take(3) {
                place.push(Key::Index(index));
                collect(item, schema, hints, place, edits);
                place.pop();
            }
            if !items.is_empty() {
                edits.push(at(place, Key::Index(0), None));
            }
        }
        _ => edits
            .extend(scalars(schema, hints).into_iter().map(|value| Edit { place: place.clone(), value: Some(value) })),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_replaced_removed_or_added_behind_the_last() {
        let edited = |index, value| Edit { place: vec![Key::Index(index)], value }.applied(&json!(["a", "b"]));
        assert_eq!(edited(1, Some(json!("c"))), json!(["a", "c"]));
        assert_eq!(edited(2, Some(json!("c"))), json!(["a", "b", "c"]));
        assert_eq!(edited(0, None), json!(["b"]));
        assert_eq!(edited(2, None), json!(["a", "b"]));
    }

    #[test]
    fn texts_that_only_the_old_rules_mention_are_tried_first() {
        let schema = |rule: &str| {
            let rules = json!([{"rule": rule}]);
            Schema::from_json(&json!({"type": "string", "x-kubernetes-validations": rules})).expect("a schema")
        };
        let hints = Hints::of(&schema("self in ['a', 'gone']"), &schema("self in ['a', 'come'] && self.size() < 7"));
        assert_eq!(hints.texts[..3], ["gone", "a", "come"]);
        assert_eq!(hints.numbers, [-1, 0, 1, 6, 7, 8]);
    }
}
