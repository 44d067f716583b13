//! Unchanged constraints that a server evaluates on other values than before, because a field below was removed or has
//! another default.

use std::collections::HashSet;

use crdgen_schema::Schema;
use crdgen_schema::crd::Version;
use crdgen_schema::schema::{Additional, ListType, Rule};

use crate::change::{Change, Keyword, Sides};
use crate::classify::follows;
use crate::finding::Finding;
use crate::path::{FieldPath, Step};
use crate::walk::condensed;

/// Returns the findings about unchanged constraints that `changes` affect, at most one for each place.
pub(crate) fn findings(changes: &[Change<'_>]) -> Vec<Finding> {
    let mut seen = HashSet::new();
    changes.iter().flat_map(|change| above(change, &mut seen)).collect()
}

/// Change of the value that a server checks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Effect {
    /// Fields may disappear.
    less: bool,
    /// Fields may appear, or have other values.
    more: bool,
    /// A rule may see a value of another type, although the value is the same.
    retyped: bool,
}

impl Effect {
    const LESS: Self = Self { less: true, more: false, retyped: false };
    const MORE: Self = Self { less: false, more: true, retyped: false };
    const OTHER: Self = Self { less: true, more: true, retyped: false };
    const RETYPED: Self = Self { less: false, more: false, retyped: true };
}

fn effect(change: &Change<'_>) -> Option<Effect> {
    let is_null = |value: &Option<Box<serde_json::Value>>| value.as_ref().is_none_or(|value| value.is_null());
    let set_or_unset = || if change.values.new.is_none() { Effect::LESS } else { Effect::MORE };
    match change.keyword {
        Keyword::Property if change.values.old.is_some() => Some(Effect::LESS),
        Keyword::Property => {
            let default = change.schemas.new.is_some_and(|schema| !is_null(&schema.default));
            default.then_some(Effect::MORE)
        }
        Keyword::Default => Some(Effect::OTHER),
        Keyword::Nullable | Keyword::PreserveUnknown => Some(set_or_unset()),
        Keyword::AdditionalProperties | Keyword::Embedded | Keyword::Items => Some(Effect::OTHER),
        Keyword::Type => Some(Effect { retyped: true, ..Effect::OTHER }),
        Keyword::Format => {
            let shapes_type = |format: &Option<serde_json::Value>| {
                let format = format.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
                matches!(format, "byte" | "date" | "date-time" | "datetime" | "duration")
            };
            (shapes_type(&change.values.old) || shapes_type(&change.values.new)).then_some(Effect::RETYPED)
        }
        // Two sets are equal in any order.
        Keyword::ListType => {
            let has_order = |list_type: &Option<serde_json::Value>| {
                list_type.as_ref().and_then(serde_json::Value::as_str).is_none_or(|list_type| list_type == "atomic")
            };
            let differs =
                has_order(&change.values.old) != has_order(&change.values.new) || !has_order(&change.values.old);
            differs.then_some(Effect::RETYPED)
        }
        _ => None,
    }
}

fn above(change: &Change<'_>, seen: &mut HashSet<(String, String, FieldPath)>) -> Vec<Finding> {
    let Some(effect) = effect(change) else { return Vec::new() };
    let Sides { old: Some(old), new: Some(new) } = change.versions else { return Vec::new() };
    let steps = change.path.steps();
    let mut found = Vec::new();
    let most = steps.len() + usize::from(effect.retyped);
    for length in 0..most {
        let (Some(before), Some(after)) = (at(&old.schema, &steps[..length]), at(&new.schema, &steps[..length])) else {
            break;
        };
        let Some(note) = constraint(before, after, &steps[length..], effect, change.keyword) else { continue };
        let path = FieldPath::new(steps[..length].to_vec());
        if seen.insert((change.crds.new.name.clone(), new.name.clone(), path.clone())) {
            found.push(finding(change, path, before, after, new, &note));
        }
    }
    found
}

/// Returns the schema at a path.
pub(crate) fn at<'s>(schema: &'s Schema, steps: &[Step]) -> Option<&'s Schema> {
    steps.iter().try_fold(schema, |schema, step| match step {
        Step::Field(name) => schema.properties.get(name),
        Step::Items => schema.items.as_deref(),
        Step::Values => match &schema.additional_properties {
            Some(Additional::Schema(values)) => Some(&**values),
            _ => None,
        },
    })
}

/// Returns the description of a constraint of both schemas that a change of the value below can violate.
fn constraint(old: &Schema, new: &Schema, below: &[Step], effect: Effect, keyword: Keyword) -> Option<String> {
    let fields: Vec<&str> = below.iter().filter_map(field_name).collect();
    let shown = fields.last().map_or("the value".to_owned(), |field| format!("`{field}`"));
    let compares = |rule: &Rule| keyword != Keyword::ListType || rule.rule.contains("==") || rule.rule.contains("!=");
    let is_old = |rule: &Rule| {
        old.validations.iter().any(|before| before.rule == rule.rule) || follows(old, new, &condensed(&rule.rule))
    };
    let mut rules = new.validations.iter();
    if let Some(rule) = rules.find(|rule| reads(&rule.rule, &fields) && compares(rule) && is_old(rule)) {
        return Some(format!("the rule `{}` may read {shown}", shortened(&rule.rule)));
    }
    if effect == Effect::RETYPED || below.is_empty() {
        return None;
    }
    let depends = |branch: &Schema| fields.last().is_none_or(|field| names(branch, field));
    let junctors =
        [("allOf", &old.all_of, &new.all_of), ("anyOf", &old.any_of, &new.any_of), ("oneOf", &old.one_of, &new.one_of)];
    let junctor = junctors.into_iter().find(|(_, before, after)| !before.is_empty() && after.iter().any(depends));
    if let Some((name, ..)) = junctor {
        return Some(format!("`{name}` depends on {shown}"));
    }
    if old.not.is_some() && new.not.as_deref().is_some_and(depends) {
        return Some(format!("`not` depends on {shown}"));
    }
    let is_direct = below.len() == 1;
    if is_direct && effect.less && new.bounds.min_properties.is_some_and(|least| least > 0) {
        return Some(format!("`minProperties` counts {shown}"));
    }
    if is_direct && effect.more && new.bounds.max_properties.is_some() {
        return Some(format!("`maxProperties` counts {shown}"));
    }
    let are = |list_type: ListType| [old, new].iter().all(|schema| schema.list_type == Some(list_type));
    let is_key = fields.last().is_some_and(|field| new.list_map_keys.iter().any(|key| key == field));
    if are(ListType::Map) && is_key && below.len() == 2 {
        return Some(format!("{shown} is a key of the list"));
    }
    if are(ListType::Set) && below.len() > 1 {
        return Some(format!("items of the set may differ only in {shown}"));
    }
    let is_enum = !new.enum_.is_empty();
    is_enum.then(|| format!("`enum` lists values of which {shown} is a part"))
}

fn field_name(step: &Step) -> Option<&str> {
    match step {
        Step::Field(name) => Some(name),
        Step::Items | Step::Values => None,
    }
}

/// Returns whether a rule may depend on a field. `fields` are the names on the way to the field; without names the
/// change is in an item or a key, or in the value of the rule itself.
fn reads(rule: &str, fields: &[&str]) -> bool {
    let Some((last, parents)) = fields.split_last() else { return true };
    if mentions(rule, last) {
        return true;
    }
    // A rule that compares a whole object depends on each of its fields. On an update both objects lose a field.
    let variables = MACROS.iter().flat_map(|name| rule.split(name).skip(1)).filter_map(|rest| rest.split(',').next());
    let wholes = parents.iter().copied().chain(["self"]).chain(variables.map(str::trim));
    !rule.contains("oldSelf") && wholes.into_iter().any(|name| uses_whole(rule, name))
}

/// Beginnings of macros whose first argument is a variable.
const MACROS: [&str; 5] = [".all(", ".exists(", ".exists_one(", ".filter(", ".map("];

/// Returns whether a rule uses a value as a whole: not only a field of it, and not only whether it is there.
fn uses_whole(rule: &str, name: &str) -> bool {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    !name.is_empty()
        && rule.match_indices(name).any(|(at, _)| {
            let (before, after) = (&rule[..at], rule[at + name.len()..].trim_start());
            let is_name = !before.ends_with(is_word) && !rule[at + name.len()..].starts_with(is_word);
            let owner = before.trim_end_matches(|letter: char| is_word(letter) || letter == '.');
            is_name && !after.starts_with(['.', '[', ',']) && !owner.ends_with("has(")
        })
}

/// Returns whether a rule contains the name of a field, also in the escaped form of CEL.
fn mentions(rule: &str, field: &str) -> bool {
    let escaped = field
        .replace("__", "__underscores__")
        .replace('.', "__dot__")
        .replace('-', "__dash__")
        .replace('/', "__slash__");
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    [field, escaped.as_str()].into_iter().filter(|name| !name.is_empty()).any(|name| {
        rule.match_indices(name).any(|(at, _)| {
            let before = rule[..at].chars().next_back();
            let after = rule[at + name.len()..].chars().next();
            // Reserved words are written between underscores.
            !before.is_some_and(|letter| is_word(letter) && letter != '_')
                && !after.is_some_and(|letter| is_word(letter) && letter != '_')
        })
    })
}

/// Returns whether a branch of a junctor depends on a field of this name.
fn names(branch: &Schema, field: &str) -> bool {
    let values = match &branch.additional_properties {
        Some(Additional::Schema(values)) => Some(&**values),
        Some(Additional::Allowed(_)) | None => None,
    };
    let below = branch.properties.values().chain(branch.items.as_deref()).chain(values);
    let nested = branch.all_of.iter().chain(&branch.any_of).chain(&branch.one_of).chain(branch.not.as_deref());
    branch.required.iter().any(|name| name == field)
        || branch.properties.contains_key(field)
        || branch.bounds.min_properties.is_some()
        || branch.bounds.max_properties.is_some()
        || below.chain(nested).any(|schema| names(schema, field))
}

fn shortened(rule: &str) -> String {
    const MOST: usize = 80;
    let line = rule.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

fn finding(change: &Change<'_>, path: FieldPath, old: &Schema, new: &Schema, version: &Version, note: &str) -> Finding {
    let at = if path.is_root() { version.span } else { new.span };
    let cause = change.path.to_string();
    let finding = Finding::of(change).with_rule("constraint-input-changed");
    let places = Sides {
        old: Some((change.crds.old.source.clone(), old.span)),
        new: Some((change.crds.new.source.clone(), at)),
    };
    let message = format!("{}: {note} ({cause} changed)", finding.rule.title);
    Finding { path, message, note: None, places, ..finding }.placed_again(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_depends_on_fields_that_it_names_and_on_values_that_it_compares() {
        assert!(reads("has(self.a.b)", &["a", "b"]));
        assert!(reads("self.a == self.c", &["a", "b"]));
        assert!(reads("self.all(x, self.exists_one(y, x == y))", &["b"]));
        assert!(reads("self.all(x, x > 0)", &[]));
        assert!(!reads("has(self.a) && self.a.c > 0", &["a", "b"]));
        assert!(!reads("self.all(x, x.c > 0)", &["b"]));
        assert!(!reads("has(self.ab) && has(self.ba)", &["a"]));
    }
}
