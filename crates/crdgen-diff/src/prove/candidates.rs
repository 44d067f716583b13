//! Candidates for witnesses, by rule.

use crdgen_objects::{self as objects, Unmade};
use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, Bounds, ListType, Rule, SchemaType};
use serde_json::{Map, Value as Json, json};

use super::judge::{self, chosen};
use super::mutate;
use super::subject::Pair;
use crate::effect::at;
use crate::path::{FieldPath, Step};
use crate::pattern::{self, Inclusion};
use crate::proof::{Outcome, Proof, Witness};

/// Key of the entry of a map in a witness.
const KEY: &str = "key";

/// Number of values of a field that are tried.
const VALUES: usize = 8;

/// Number of random objects that are tried.
const RANDOM: usize = 12;

/// Maximum number of updates that are tried.
const MAX_UPDATES: usize = 250;

/// Maximum number of entries of a list or an object in a witness.
const MAX_ENTRIES: usize = 12_000;

/// Maximum length of a text in a witness, in characters.
const MAX_TEXT: usize = 1 << 20;

/// Searches for an object that a change of the field at `path` breaks. `rule` describes the change.
pub(super) fn search(pair: &Pair<'_>, rule: &str, path: &FieldPath) -> Proof {
    let mut search = Search { pair, path, first_obstacle: None };
    let witness = match rule {
        "status-added" => search.ignored_status(),
        "rule-became-transition" => search.transition(),
        _ => search.values(rule).or_else(|| search.mutated(rule)).or_else(|| search.random()),
    };
    match witness {
        Some(witness) => Proof::Witness(Box::new(witness)),
        None => Proof::Unproven(search.reason()),
    }
}

struct Search<'p, 's> {
    pair: &'p Pair<'s>,
    path: &'p FieldPath,
    /// Constraint that excluded the first candidate.
    first_obstacle: Option<Unmade>,
}

impl Search<'_, '_> {
    fn reason(&self) -> String {
        match &self.first_obstacle {
            Some(unmade) => format!("no valid object has such a value: {unmade}"),
            None => {
                "every object that was tried is still accepted; another constraint may exclude the others".to_owned()
            }
        }
    }

    /// Returns the schema of a field on both sides.
    fn nodes(&self, path: &FieldPath) -> (Option<&Schema>, Option<&Schema>) {
        (at(&self.pair.old.schema, path.steps()), at(&self.pair.new.schema, path.steps()))
    }

    /// Returns an object that breaks when it has `value` at `path`.
    fn judged(&mut self, path: &FieldPath, value: Json) -> Option<Witness> {
        let object = self.object(path, value)?;
        let outcome = judge::outcome(&self.pair.before, &self.pair.after, &object, self.path)?;
        Some(Witness { object, before: None, outcome })
    }

    fn object(&mut self, path: &FieldPath, value: Json) -> Option<Json> {
        let steps = object_steps(path);
        let made = if steps.is_empty() { self.root(value) } else { self.pair.objects.with(&steps, value) };
        match made {
            Ok(object) => Some(object),
            Err(unmade) => {
                self.first_obstacle.get_or_insert(unmade);
                None
            }
        }
    }

    /// Returns an object with the fields of `value`, and no others.
    fn root(&self, value: Json) -> Result<Json, Unmade> {
        let mut object = self.pair.objects.minimal()?;
        if let Json::Object(fields) = &mut object {
            fields.retain(|name, _| matches!(name.as_str(), "apiVersion" | "kind" | "metadata"));
        }
        for (name, value) in value.as_object().into_iter().flatten() {
            if !matches!(name.as_str(), "apiVersion" | "kind" | "metadata") {
                object[name] = value.clone();
            }
        }
        Ok(object)
    }

    /// Searches among values that are made for the rule, and then among values of the old schema.
    fn values(&mut self, rule: &str) -> Option<Witness> {
        let special = candidates(rule, self.path, self);
        let found = special.into_iter().find_map(|(path, value)| self.judged(&path, value));
        found.or_else(|| {
            let path = place_of(rule, self.path);
            let (old, new) = self.nodes(&path);
            let distinguishing = old.zip(new).and_then(|(old, new)| objects::distinguishing(old, new));
            distinguishing.and_then(|value| self.judged(&path, value))
        })
    }

    /// Searches for a value by small changes of valid ones.
    fn mutated(&mut self, rule: &str) -> Option<Witness> {
        let path = place_of(rule, self.path);
        let (Some(old), new) = self.nodes(&path) else { return None };
        let values = objects::values(old, VALUES);
        let found = match new {
            Some(new) => mutate::search(old, new, values.clone()),
            None => Vec::new(),
        };
        found.into_iter().chain(values).find_map(|value| self.judged(&path, value))
    }

    fn random(&mut self) -> Option<Witness> {
        let mut rng = fastrand::Rng::with_seed(0);
        (0..RANDOM).find_map(|_| {
            let object = self.pair.objects.random(&mut rng).ok()?;
            let outcome = judge::outcome(&self.pair.before, &self.pair.after, &object, self.path)?;
            Some(Witness { object, before: None, outcome })
        })
    }

    /// Returns an object whose status a write of the object no longer changes.
    fn ignored_status(&mut self) -> Option<Witness> {
        let path = FieldPath::new(vec![Step::Field("status".to_owned())]);
        let status = at(&self.pair.old.schema, path.steps())?;
        let value = objects::values(status, 1).pop()?;
        let object = self.object(&path, value)?;
        let outcome = Outcome::Loses(vec!["status (a write of the object ignores it)".to_owned()]);
        Some(Witness { object, before: None, outcome })
    }

    /// Returns an update that the old CRD accepts.
    fn transition(&mut self) -> Option<Witness> {
        let node = at(&self.pair.old.schema, self.path.steps())?;
        let mut made: Vec<Json> = Vec::new();
        let mut values = objects::values(node, VALUES);
        values.extend(mutate::neighbours(node, at(&self.pair.new.schema, self.path.steps()), &values));
        for value in values.into_iter().take(3 * VALUES) {
            made.extend(self.object(&self.path.clone(), value));
        }
        let mut rng = fastrand::Rng::with_seed(0);
        made.extend((0..RANDOM / 4).filter_map(|_| self.pair.objects.random(&mut rng).ok()));
        // The first objects are the simplest.
        let mut updates: Vec<(usize, usize)> =
            (0..made.len()).flat_map(|before| (0..made.len()).map(move |after| (before, after))).collect();
        updates.sort_by_key(|(before, after)| before + after);
        updates.into_iter().take(MAX_UPDATES).find_map(|(before, after)| self.update(&made[before], &made[after]))
    }

    fn update(&self, before: &Json, object: &Json) -> Option<Witness> {
        let Pair { before: old, after: new, .. } = self.pair;
        let mut stored = before.clone();
        let is_fine = |verdict: crdgen_schema::Verdict| verdict.is_accepted() && verdict.is_decided();
        if before == object || !is_fine(old.admit(&mut stored, None)) || !is_fine(old.validate(object, Some(&stored))) {
            return None;
        }
        let breaches = judge::refusals(new, object, Some(&stored));
        let outcome = chosen(breaches, object, self.path)?;
        Some(Witness { object: object.clone(), before: Some(before.clone()), outcome })
    }
}

/// Returns the steps to a field in a made object.
pub(super) fn object_steps(path: &FieldPath) -> Vec<objects::Step> {
    let step = |step: &Step| match step {
        Step::Field(name) => objects::Step::Field(name.clone()),
        Step::Items => objects::Step::Item,
        Step::Values => objects::Step::Field(KEY.to_owned()),
    };
    path.steps().iter().map(step).collect()
}

/// Returns the path at which values are tried: of the object, if its field must be absent.
fn place_of(rule: &str, path: &FieldPath) -> FieldPath {
    let mut place = path.clone();
    if matches!(rule, "field-added-required" | "became-required" | "default-unset") {
        place.pop();
    }
    place
}

/// Returns values that probably break, each with the path at which it stands.
fn candidates(rule: &str, path: &FieldPath, search: &Search<'_, '_>) -> Vec<(FieldPath, Json)> {
    let place = place_of(rule, path);
    let (old, new) = search.nodes(&place);
    let values = match path.steps().last() {
        Some(Step::Field(name)) if place != *path => {
            let smallest = old.map(|old| objects::values(old, 2)).unwrap_or_default();
            [json!({})].into_iter().chain(smallest).map(|value| without(value, name)).collect()
        }
        _ => of_field(rule, old, new),
    };
    values.into_iter().map(|value| (place.clone(), value)).collect()
}

fn of_field(rule: &str, old: Option<&Schema>, new: Option<&Schema>) -> Vec<Json> {
    let Some(schema) = old else {
        // The field was not declared, so it could have any value where undeclared fields are kept.
        return vec![json!("undeclared"), json!({"undeclared": {"undeclared": 1}}), json!([1])];
    };
    match rule {
        "field-removed" | "field-renamed" | "type-changed" => objects::values(schema, 2),
        "nullable-unset" => vec![Json::Null],
        "scale-value-refused" => vec![Json::Null, json!(-1), json!(2_147_483_648_i64), json!("a"), json!(1.5)],
        "preserve-unknown-unset"
        | "additional-properties-closed"
        | "additional-properties-changed"
        | "map-became-struct"
        | "type-narrowed" => with_undeclared(schema),
        "embedded-resource-unset" => {
            vec![json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "example"}})]
        }
        "embedded-resource-set" => vec![json!({"metadata": {"undeclared": 1}}), json!({})],
        "list-type-changed" | "list-map-keys-changed" => duplicates(schema, new),
        "max-length-set" | "max-length-tightened" => too_long(schema, new),
        "max-items-set" | "max-items-tightened" => too_many_items(schema, new),
        "max-properties-set" | "max-properties-tightened" => too_many_keys(schema, new),
        "format-set" | "format-changed" if is_number(schema) => {
            // Beyond 32 bits.
            vec![json!(2_147_483_648_i64), json!(-2_147_483_649_i64), json!(1e39), json!(-1e39)]
        }
        "pattern-set" | "pattern-changed" | "format-set" | "format-changed" | "min-length-set" => {
            unmatched(schema, new)
        }
        "rule-added" | "rule-changed" => violating(schema, new),
        _ => Vec::new(),
    }
}

fn is_number(schema: &Schema) -> bool {
    matches!(schema.type_, Some(SchemaType::Integer | SchemaType::Number))
}

/// Returns the shortest text that is too long for the new schema, if the old one accepts texts of that length.
fn too_long(old: &Schema, new: Option<&Schema>) -> Vec<Json> {
    let Some(most) = new.and_then(|new| new.bounds.max_length) else { return Vec::new() };
    let least = most.saturating_add(1);
    let bounds = Bounds { min_length: Some(least), ..Bounds::clone(&old.bounds) };
    if old.bounds.pattern.is_none() {
        // A text in base64 has a multiple of 4 characters.
        let unit = if old.format.as_deref() == Some("byte") { 4 } else { 1 };
        let length = usize::try_from(least).unwrap_or(usize::MAX).min(MAX_TEXT).next_multiple_of(unit);
        return vec![json!("a".repeat(length))];
    }
    match pattern::inclusion(old.bounds.pattern.as_deref(), pattern::NOTHING, &bounds) {
        Inclusion::Except(text) => vec![json!(text)],
        Inclusion::Whole | Inclusion::Unknown => Vec::new(),
    }
}

/// Returns the number of entries of the smallest list or object with too many, unless it is too large for a witness.
fn one_too_many(most: Option<i64>) -> Option<usize> {
    most.and_then(|most| usize::try_from(most.saturating_add(1)).ok()).filter(|count| *count <= MAX_ENTRIES)
}

/// Returns a list with too many items for the new schema. Items of sets, and the keys of items, differ.
fn too_many_items(old: &Schema, new: Option<&Schema>) -> Vec<Json> {
    let count = one_too_many(new.and_then(|new| new.bounds.max_items));
    let (Some(count), Some(items)) = (count, old.items.as_deref()) else { return Vec::new() };
    let Some(item) = objects::values(items, 1).pop() else { return Vec::new() };
    let numbered = |index: usize| {
        let mut item = item.clone();
        for key in &old.list_map_keys {
            item[key] = number_of(items.properties.get(key), index);
        }
        if old.list_type == Some(ListType::Set) { number_of(Some(items), index) } else { item }
    };
    vec![(0..count).map(numbered).collect()]
}

fn too_many_keys(old: &Schema, new: Option<&Schema>) -> Vec<Json> {
    let count = one_too_many(new.and_then(|new| new.bounds.max_properties));
    let (Some(count), Some(Additional::Schema(values))) = (count, &old.additional_properties) else {
        return Vec::new();
    };
    let Some(value) = objects::values(values, 1).pop() else { return Vec::new() };
    vec![(0..count).map(|index| (format!("key{index}"), value.clone())).collect::<Map<_, _>>().into()]
}

/// Returns a scalar that differs for each index.
fn number_of(schema: Option<&Schema>, index: usize) -> Json {
    match schema.and_then(|schema| schema.type_) {
        Some(SchemaType::Integer | SchemaType::Number) => json!(index + 1),
        _ => json!(format!("a{index}")),
    }
}

/// Returns texts that the new schema is likely to refuse: first the shortest one that its pattern does not match.
fn unmatched(old: &Schema, new: Option<&Schema>) -> Vec<Json> {
    let pattern = new.and_then(|new| new.bounds.pattern.as_deref());
    let found = pattern.map(|new| pattern::inclusion(old.bounds.pattern.as_deref(), new, &old.bounds));
    let shortest = match found {
        Some(Inclusion::Except(text)) => Some(text),
        Some(Inclusion::Whole | Inclusion::Unknown) | None => None,
    };
    let odd = ["", " ", "-", "a b", "\u{e9}", "\n", "a", "A", "1", "a/b", "a:b", "a.b"].map(str::to_owned);
    shortest.into_iter().chain(odd).map(|text| json!(text)).collect()
}

/// Returns values of the old schema for which a rule of the new schema alone is false.
fn violating(old: &Schema, new: Option<&Schema>) -> Vec<Json> {
    let rules = new.map(|new| new.validations.as_slice()).unwrap_or_default();
    let is_new = |rule: &&Rule| !old.validations.iter().any(|before| before.rule == rule.rule);
    let negated = rules.iter().filter(is_new).filter(|rule| !rule.rule.contains("oldSelf")).map(|rule| {
        let mut schema = old.clone();
        schema.validations.push(Rule { rule: format!("!({})", rule.rule), ..Rule::default() });
        schema
    });
    negated.flat_map(|schema| objects::values(&schema, 2)).collect()
}

fn without(mut value: Json, name: &str) -> Json {
    if let Json::Object(fields) = &mut value {
        fields.remove(name);
    }
    value
}

/// Returns values with keys that only a schema that keeps undeclared fields keeps.
fn with_undeclared(schema: &Schema) -> Vec<Json> {
    let values = match &schema.additional_properties {
        Some(Additional::Schema(values)) => objects::values(values, 2),
        Some(Additional::Allowed(_)) | None => vec![json!("example"), json!({"undeclared": "example"})],
    };
    let base = objects::values(schema, 1).pop();
    if let Some(items) = schema.items.as_deref().filter(|items| items.type_ == Some(SchemaType::Object)) {
        return with_undeclared(items).into_iter().filter(Json::is_object).map(|item| json!([item])).collect();
    }
    let mut made: Vec<Json> = Vec::new();
    for value in values {
        let mut fields = base.as_ref().and_then(Json::as_object).cloned().unwrap_or_default();
        fields.insert(KEY.to_owned(), value);
        made.push(Json::Object(fields));
    }
    if schema.type_ != Some(SchemaType::Object) {
        made.extend([json!("example"), json!([1]), json!(1), json!(true), json!(1.5)]);
    }
    made
}

/// Returns lists whose items are duplicates for the new schema only.
fn duplicates(old: &Schema, new: Option<&Schema>) -> Vec<Json> {
    let Some(items) = &old.items else { return Vec::new() };
    let found = objects::values(items, VALUES);
    let mut lists: Vec<Json> = found.iter().take(2).map(|item| json!([item, item])).collect();
    // Items that differ only in fields that are no longer keys.
    for item in found.iter().filter_map(Json::as_object) {
        for (name, property) in &items.properties {
            let is_key = new.is_some_and(|new| new.list_map_keys.contains(name));
            let others = objects::values(property, 3).into_iter().filter(|value| item.get(name) != Some(value));
            if !is_key {
                lists.extend(others.map(|value| {
                    let mut other: Map<String, Json> = item.clone();
                    other.insert(name.clone(), value);
                    json!([item, other])
                }));
            }
        }
    }
    lists.truncate(4 * VALUES);
    lists
}
