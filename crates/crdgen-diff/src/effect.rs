//! Constraints that did not change but see other values, because a field below was removed or has another default.

use std::collections::HashSet;

use crdgen_schema::Schema;
use crdgen_schema::crd::Version;
use crdgen_schema::schema::{Additional, ListType};

use crate::change::{Change, Keyword, Sides};
use crate::finding::Finding;
use crate::path::{FieldPath, Step};

/// Returns the findings about constraints of `changes` that see other values. At most one for each place.
pub(crate) fn findings(changes: &[Change<'_>]) -> Vec<Finding> {
    let mut seen = HashSet::new();
    changes.iter().flat_map(|change| above(change, &mut seen)).collect()
}

/// Kind of a change of the value that a server checks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// Fields disappear.
    Less,
    /// Fields appear or have other values.
    Other,
}

fn effect(change: &Change<'_>) -> Option<Effect> {
    let is_null = |value: &Option<Box<serde_json::Value>>| value.as_ref().is_none_or(|value| value.is_null());
    match change.keyword {
        Keyword::Property if change.values.old.is_some() => Some(Effect::Less),
        Keyword::Property => {
            let default = change.schemas.new.is_some_and(|schema| !is_null(&schema.default));
            default.then_some(Effect::Other)
        }
        Keyword::Default => Some(Effect::Other),
        Keyword::Nullable if change.values.new.is_none() => Some(Effect::Less),
        Keyword::PreserveUnknown if change.values.new.is_none() => Some(Effect::Less),
        Keyword::AdditionalProperties | Keyword::Embedded | Keyword::Type => Some(Effect::Less),
        _ => None,
    }
}

fn above(change: &Change<'_>, seen: &mut HashSet<(String, String, FieldPath)>) -> Vec<Finding> {
    let Some(effect) = effect(change) else { return Vec::new() };
    let Sides { old: Some(old), new: Some(new) } = change.versions else { return Vec::new() };
    let steps = change.path.steps();
    let mut found = Vec::new();
    for length in 0..steps.len() {
        let (Some(before), Some(after)) = (at(&old.schema, &steps[..length]), at(&new.schema, &steps[..length])) else {
            break;
        };
        let Some(note) = constraint(before, after, &steps[length..], effect) else { continue };
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
fn constraint(old: &Schema, new: &Schema, below: &[Step], effect: Effect) -> Option<String> {
    let field = below.iter().rev().find_map(|step| match step {
        Step::Field(name) => Some(name.as_str()),
        Step::Items | Step::Values => None,
    })?;
    let is_direct = below.len() == 1;
    let rule = new.validations.iter().find(|rule| mentions(&rule.rule, field));
    if let Some(rule) = rule.filter(|rule| old.validations.iter().any(|before| before.rule == rule.rule)) {
        return Some(format!("the rule `{}` may read `{field}`", shortened(&rule.rule)));
    }
    let junctors =
        [("allOf", &old.all_of, &new.all_of), ("anyOf", &old.any_of, &new.any_of), ("oneOf", &old.one_of, &new.one_of)];
    let junctor = junctors
        .into_iter()
        .find(|(_, before, after)| !before.is_empty() && after.iter().any(|branch| names(branch, field)));
    if let Some((name, ..)) = junctor {
        return Some(format!("`{name}` depends on `{field}`"));
    }
    if old.not.is_some() && new.not.as_deref().is_some_and(|branch| names(branch, field)) {
        return Some(format!("`not` depends on `{field}`"));
    }
    if is_direct && effect == Effect::Less && new.bounds.min_properties.is_some_and(|least| least > 0) {
        return Some(format!("`minProperties` counts `{field}`"));
    }
    if is_direct && effect == Effect::Other && new.bounds.max_properties.is_some() {
        return Some(format!("`maxProperties` counts `{field}`"));
    }
    let are_maps = [old, new].iter().all(|schema| schema.list_type == Some(ListType::Map));
    let is_key = are_maps && new.list_map_keys.iter().any(|key| key == field);
    if is_key && below.len() == 2 {
        return Some(format!("`{field}` is a key of the list"));
    }
    let is_enum = !new.enum_.is_empty();
    is_enum.then(|| format!("`enum` lists values of which `{field}` is a part"))
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
