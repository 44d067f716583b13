//! Changes of the shape of objects and lists, of unions of schemas, and of CEL rules.

use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, ListType};
use serde_json::{Value as Json, json};

use super::class::{Class, Presence};
use super::{boolean, entailment, guard, implication, value};
use crate::change::{Change, Keyword};
use crate::rule::Verdict;
use crate::walk::condensed;

pub(super) fn classify(change: &Change<'_>, presence: Presence<'_>) -> Option<Class> {
    let (old, new) = (change.schemas.old?, change.schemas.new?);
    let class = match change.keyword {
        Keyword::AdditionalProperties => additional(old, new),
        Keyword::Items => presence.pick("type-narrowed", "type-widened", "type-changed"),
        Keyword::AllOf => all_of(old, presence),
        Keyword::AnyOf => any_of(old, new, presence),
        Keyword::OneOf => presence.pick("one-of-added", "one-of-removed", "one-of-changed"),
        Keyword::Not => presence.pick("not-added", "not-removed", "not-changed"),
        Keyword::PreserveUnknown => {
            presence.pick("preserve-unknown-set", "preserve-unknown-unset", "preserve-unknown-set")
        }
        Keyword::Embedded => presence.pick("embedded-resource-set", "embedded-resource-unset", "embedded-resource-set"),
        Keyword::ListType => list_type(old.list_type, new.list_type),
        Keyword::ListMapKeys => list_map_keys(old, new),
        Keyword::MapType => map_type(old, new),
        Keyword::Rule => rule(old, new, presence)?,
        _ => return None,
    };
    let is_union = matches!(change.keyword, Keyword::AllOf | Keyword::AnyOf | Keyword::OneOf | Keyword::Not);
    if is_union && class.verdicts.breaks_objects() {
        if !value::allowed(old).is_empty() && value::all_fit(old, new) {
            return Some(class.harmless("every value that was allowed still is"));
        }
        if entailment::union_follows(old, new) {
            return Some(class.harmless("every object that matched still does"));
        }
    }
    Some(class)
}

fn additional(old: &Schema, new: &Schema) -> Class {
    use Additional::{Allowed, Schema as Of};
    let (opened, closed, changed) =
        ("additional-properties-opened", "additional-properties-closed", "additional-properties-changed");
    match (&old.additional_properties, &new.additional_properties) {
        (Some(Of(_)), _) if !new.properties.is_empty() => Class::of("map-became-struct"),
        (_, Some(Of(_))) if !old.properties.is_empty() => Class::of("struct-became-map"),
        (_, Some(Of(_))) if old.preserve_unknown_fields => Class::of(changed).note("any value was kept here"),
        (_, None) if new.preserve_unknown_fields => Class::of(opened),
        (None | Some(Allowed(false)), Some(Allowed(true) | Of(_))) => Class::of(opened),
        (Some(Allowed(true)), Some(Of(_))) => Class::of(changed),
        (Some(Of(_)), Some(Allowed(true))) => {
            Class::of(changed).note("keys are kept, but nested objects lose their fields")
        }
        (Some(Allowed(false)), None) => Class::of(opened)
            .reader(Verdict::Safe)
            .source(Verdict::Safe)
            .note("undeclared keys are dropped instead of refused"),
        (None, Some(Allowed(false))) => {
            Class::of(closed).stored(Verdict::Safe).note("undeclared keys are refused instead of dropped")
        }
        _ => Class::of(closed),
    }
}

fn all_of(old: &Schema, presence: Presence<'_>) -> Class {
    let class = presence.pick("all-of-added", "all-of-removed", "all-of-changed");
    match presence {
        Presence::Added(new) if old.int_or_string && is_int_or_string_form(new) => {
            class.without_effect("the form that int-or-string fields may have")
        }
        Presence::Changed(before, after) if is_subset(after, before) => {
            class.harmless("schemas were only taken away, and fewer must match")
        }
        _ => class,
    }
}

fn any_of(old: &Schema, new: &Schema, presence: Presence<'_>) -> Class {
    let class = presence.pick("any-of-added", "any-of-removed", "any-of-changed");
    match presence {
        Presence::Added(form) | Presence::Removed(form)
            if (old.int_or_string || new.int_or_string) && is_int_or_string_pair(form) =>
        {
            class.without_effect("the form that int-or-string fields may have")
        }
        Presence::Changed(before, after) if is_subset(before, after) => {
            class.harmless("schemas were only added, and one must match")
        }
        _ => class,
    }
}

/// Returns whether a list of schemas is the pair that a server allows for int-or-string fields.
fn is_int_or_string_pair(branches: &Json) -> bool {
    *branches == json!([{"type": "integer"}, {"type": "string"}])
}

fn is_int_or_string_form(branches: &Json) -> bool {
    matches!(branches.as_array().map(Vec::as_slice), Some([only]) if is_int_or_string_pair(&only["anyOf"]))
}

fn is_subset(part: &Json, whole: &Json) -> bool {
    let items = |branches: &Json| branches.as_array().cloned().unwrap_or_default();
    let whole = items(whole);
    items(part).iter().all(|branch| whole.contains(branch))
}

fn list_type(old: Option<ListType>, new: Option<ListType>) -> Class {
    let class = Class::of("list-type-changed");
    let is_atomic = |list_type: Option<ListType>| matches!(list_type, None | Some(ListType::Atomic));
    match (is_atomic(old), is_atomic(new)) {
        (true, true) => class.without_effect("a list without a type is atomic"),
        (false, true) => class.harmless("duplicates are accepted"),
        _ => class,
    }
}

fn list_map_keys(old: &Schema, new: &Schema) -> Class {
    let class = Class::of("list-map-keys-changed");
    let is_map = |schema: &Schema| schema.list_type == Some(ListType::Map);
    if !is_map(old) || !is_map(new) {
        return class.harmless("only lists of type map have keys");
    }
    match old.list_map_keys.iter().all(|key| new.list_map_keys.contains(key)) {
        true => class.harmless("items with different keys still differ"),
        false => class,
    }
}

fn map_type(old: &Schema, new: &Schema) -> Class {
    let class = Class::of("map-type-changed");
    let is_atomic = |schema: &Schema| schema.map_type.as_deref() == Some("atomic");
    match is_atomic(old) == is_atomic(new) {
        true => class.without_effect("an object without a type is granular"),
        false => class,
    }
}

fn rule(before: &Schema, after: &Schema, presence: Presence<'_>) -> Option<Class> {
    let class = rule_class(presence)?;
    let (Presence::Added(rule) | Presence::Changed(_, rule)) = presence else { return Some(class) };
    let text = condensed(rule["rule"].as_str().unwrap_or_default());
    if !class.verdicts.breaks_objects() {
        return Some(class);
    }
    if boolean::is_plain(&text) && guard::holds_without_new_fields(&text, before, after) {
        return Some(class.harmless("the rule is true for objects without the new fields"));
    }
    if follows(before, after, &text) {
        return Some(class.harmless("the rule is true for each object that was accepted"));
    }
    Some(class)
}

/// Returns whether a rule, without white space that has no meaning, is true whenever the rules of a schema are.
pub(crate) fn follows(before: &Schema, after: &Schema, text: &str) -> bool {
    // A rule with `oldSelf` is not checked on creation, except with `optionalOldSelf`.
    if text.contains("oldSelf") {
        return false;
    }
    let known = before.validations.iter().map(|rule| rule.rule.as_str()).filter(|rule| !rule.contains("oldSelf"));
    let rules: Vec<&str> = known.collect();
    let is_looser = |rule: &&str| {
        let rule = condensed(rule);
        boolean::is_plain(&rule) && implication::implies(&rule, text)
    };
    (boolean::is_plain(text) && rules.iter().any(is_looser)) || entailment::follows(text, &rules, before, after)
}

fn rule_class(presence: Presence<'_>) -> Option<Class> {
    let text = |rule: &Json| rule["rule"].as_str().unwrap_or_default().to_owned();
    let compares = |rule: &str| rule.contains("oldSelf");
    Some(match presence {
        Presence::Added(rule) if compares(&text(rule)) => Class::of("rule-became-transition"),
        Presence::Added(_) => Class::of("rule-added"),
        Presence::Removed(_) => Class::of("rule-removed"),
        Presence::Changed(old, new) => {
            let (before, after) = (condensed(&text(old)), condensed(&text(new)));
            let on_create = |rule: &Json| rule["optionalOldSelf"] == json!(true);
            if before == after && on_create(old) != on_create(new) {
                let class = Class::of("optional-old-self-changed");
                if on_create(new) { class } else { class.harmless("the rule is no longer checked on creation") }
            } else if before == after {
                Class::of("rule-message-changed")
            } else if compares(&after) && !compares(&before) {
                Class::of("rule-became-transition")
            } else {
                Class::of("rule-changed")
            }
        }
    })
}
