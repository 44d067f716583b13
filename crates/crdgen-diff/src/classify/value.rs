//! Changes of the allowed values: enums, bounds and patterns.

use crdgen_cel::format;
use crdgen_schema::admission::Options;
use crdgen_schema::schema::{Bounds, SchemaType};
use crdgen_schema::{Admission, Schema};
use serde_json::Value as Json;

use super::class::{Class, Presence};
use crate::change::{Bound, Change, Keyword};
use crate::pattern::{self, Inclusion};

pub(super) fn classify(change: &Change<'_>, presence: Presence<'_>) -> Option<Class> {
    let (old, new) = (change.schemas.old?, change.schemas.new?);
    let class = match change.keyword {
        Keyword::Enum => presence.pick("enum-set", "enum-unset", "enum-set"),
        Keyword::EnumValue => enum_value(new, presence),
        Keyword::Pattern => pattern(old, presence),
        Keyword::Bound(bound) => self::bound(bound, old, new, presence)?,
        Keyword::ExclusiveMinimum => {
            exclusive(presence, new.bounds.minimum, "exclusive-minimum-set", "exclusive-minimum-unset")
        }
        Keyword::ExclusiveMaximum => {
            exclusive(presence, new.bounds.maximum, "exclusive-maximum-set", "exclusive-maximum-unset")
        }
        _ => return None,
    };
    if !applies(change.keyword, new) && !applies(change.keyword, old) {
        return Some(class.without_effect("the keyword has no effect on values of this type"));
    }
    let is_range = matches!(
        change.keyword,
        Keyword::Bound(Bound::Minimum | Bound::Maximum) | Keyword::ExclusiveMinimum | Keyword::ExclusiveMaximum
    );
    if is_range && class.verdicts.breaks_objects() && is_wider(old, new) {
        return Some(class.harmless("the range has no fewer numbers"));
    }
    let is_finite = !allowed(old).is_empty() && !matches!(change.keyword, Keyword::EnumValue);
    if is_finite && class.verdicts.breaks_objects() && all_fit(old, new) {
        return Some(class.harmless("every value that was allowed still is"));
    }
    Some(class)
}

/// Returns whether a keyword constrains values of the schema's type.
fn applies(keyword: Keyword, schema: &Schema) -> bool {
    let is = |types: &[SchemaType]| schema.type_.is_none_or(|type_| types.contains(&type_));
    match keyword {
        Keyword::Pattern | Keyword::Bound(Bound::MinLength | Bound::MaxLength) => {
            schema.int_or_string || is(&[SchemaType::String])
        }
        Keyword::Bound(Bound::MinItems | Bound::MaxItems) => !schema.int_or_string && is(&[SchemaType::Array]),
        Keyword::Bound(Bound::MinProperties | Bound::MaxProperties) => {
            !schema.int_or_string && is(&[SchemaType::Object])
        }
        Keyword::Bound(Bound::Minimum | Bound::Maximum | Bound::MultipleOf)
        | Keyword::ExclusiveMinimum
        | Keyword::ExclusiveMaximum => schema.int_or_string || is(&[SchemaType::Integer, SchemaType::Number]),
        _ => true,
    }
}

/// Returns whether the range of the new schema has every number of the old one.
fn is_wider(old: &Schema, new: &Schema) -> bool {
    let is_integer = |schema: &Schema| schema.type_ == Some(SchemaType::Integer) && !schema.int_or_string;
    let are_integers = is_integer(old) && is_integer(new);
    let is_whole = |bound: Option<f64>| bound.is_none_or(|bound| bound.fract() == 0.0 && bound.abs() < 9e15);
    let bounds = [old, new].map(|schema| &schema.bounds);
    // A server of Kubernetes 1.36 refuses every integer next to a bound that is none.
    if are_integers && !bounds.iter().all(|bounds| is_whole(bounds.minimum) && is_whole(bounds.maximum)) {
        return false;
    }
    // Bounds as the first number beyond, or as a number and whether it is excluded.
    let end = |bound: f64, is_exclusive: bool, step: f64| match is_exclusive && are_integers {
        true => (bound + step, false),
        false => (bound, is_exclusive),
    };
    let [old, new] = bounds;
    let low = |bounds: &Bounds| bounds.minimum.map(|least| end(least, bounds.exclusive_minimum, 1.0));
    let high = |bounds: &Bounds| bounds.maximum.map(|most| end(most, bounds.exclusive_maximum, -1.0));
    let is_low = match (low(old), low(new)) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((before, excluded)), Some((after, excludes))) => {
            after < before || after == before && (excluded || !excludes)
        }
    };
    let is_high = match (high(old), high(new)) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some((before, excluded)), Some((after, excludes))) => {
            after > before || after == before && (excluded || !excludes)
        }
    };
    is_low && is_high
}

/// Returns the values of the schema's enum, or else of an enum under `allOf`. Empty if there is none.
pub(super) fn allowed(schema: &Schema) -> &[Json] {
    let enums = std::iter::once(schema).chain(&schema.all_of).map(|schema| schema.enum_.as_slice());
    enums.into_iter().find(|values| !values.is_empty()).unwrap_or_default()
}

/// Returns whether the new schema accepts every value that the old enum lists and the old schema accepts.
pub(super) fn all_fit(old: &Schema, new: &Schema) -> bool {
    let (before, after) = (Admission::new(old, Options::default()), Admission::new(new, Options::default()));
    allowed(old).iter().all(|value| !before.check_value(value).is_empty() || after.check_value(value).is_empty())
}

fn enum_value(new: &Schema, presence: Presence<'_>) -> Class {
    let class = presence.pick("enum-value-added", "enum-value-removed", "enum-value-added");
    let (Presence::Added(value) | Presence::Removed(value) | Presence::Changed(_, value)) = presence;
    match value {
        Json::Null => class.without_effect("a server never matches null with `enum`"),
        _ if !fits_type(new, value) => class.without_effect("no value of the type equals it"),
        _ => class,
    }
}

fn fits_type(schema: &Schema, value: &Json) -> bool {
    match schema.type_ {
        _ if schema.int_or_string => value.is_i64() || value.is_string(),
        None => true,
        Some(SchemaType::Object) => value.is_object(),
        Some(SchemaType::Array) => value.is_array(),
        Some(SchemaType::String) => value.is_string(),
        Some(SchemaType::Integer | SchemaType::Number) => value.is_number(),
        Some(SchemaType::Boolean) => value.is_boolean(),
    }
}

fn pattern(old: &Schema, presence: Presence<'_>) -> Class {
    let class = presence.pick("pattern-set", "pattern-unset", "pattern-changed");
    let included = |before: Option<&Json>, after: &Json| {
        let before = before.and_then(Json::as_str);
        after.as_str().is_some_and(|after| pattern::inclusion(before, after, &old.bounds) == Inclusion::Whole)
    };
    match presence {
        Presence::Added(after) if included(None, after) => {
            class.harmless("every text that was accepted matches the pattern")
        }
        Presence::Changed(before, after) if included(Some(before), after) => {
            class.harmless("every text that matches the old pattern matches the new one")
        }
        _ => class,
    }
}

/// Returns whether the format of a schema refuses the empty text.
fn refuses_nothing(schema: &Schema) -> bool {
    let format = schema.format.as_deref().filter(|name| *name != "password").and_then(format::check);
    schema.type_ == Some(SchemaType::String) && format.is_some_and(|check| !check(""))
}

fn bound(bound: Bound, old: &Schema, new: &Schema, presence: Presence<'_>) -> Option<Class> {
    let id = |suffix: &str| format!("{}-{suffix}", rule_prefix(bound));
    let is_least = matches!(bound, Bound::Minimum | Bound::MinLength | Bound::MinItems | Bound::MinProperties);
    let is_count = !matches!(bound, Bound::Minimum | Bound::Maximum | Bound::MultipleOf);
    Some(match presence {
        Presence::Removed(_) => Class::of(&id("unset")),
        Presence::Added(after) => {
            let class = Class::of(&id("set"));
            match after.as_f64()? {
                least if is_count && is_least && least <= 0.0 => {
                    class.without_effect("no length is negative, so every value fits")
                }
                least if bound == Bound::MinLength && least <= 1.0 && refuses_nothing(old) => {
                    class.harmless("a text of the format is never empty")
                }
                _ => class,
            }
        }
        Presence::Changed(before, after) => {
            let (before, after) = (before.as_f64()?, after.as_f64()?);
            let is_integer = new.type_ == Some(SchemaType::Integer) && !new.int_or_string;
            if !is_count && is_integer && after.fract() != 0.0 {
                let note =
                    "the bound of an integer must be an integer: a server of Kubernetes 1.36 refuses every value";
                return Some(Class::of(&id("tightened")).note(note));
            }
            let is_looser = match bound {
                Bound::MultipleOf => after > 0.0 && (before / after).fract() == 0.0,
                _ if is_least => after < before,
                _ => after > before,
            };
            let class = Class::of(&id(if is_looser { "loosened" } else { "tightened" }));
            match is_count && is_least && before.max(after) <= 0.0 {
                true => class.without_effect("no length is negative, so every value fits"),
                false => class,
            }
        }
    })
}

/// Returns the beginning of the ids of the rules about a bound.
fn rule_prefix(bound: Bound) -> &'static str {
    match bound {
        Bound::Minimum => "minimum",
        Bound::Maximum => "maximum",
        Bound::MultipleOf => "multiple-of",
        Bound::MinLength => "min-length",
        Bound::MaxLength => "max-length",
        Bound::MinItems => "min-items",
        Bound::MaxItems => "max-items",
        Bound::MinProperties => "min-properties",
        Bound::MaxProperties => "max-properties",
    }
}

fn exclusive(presence: Presence<'_>, bound: Option<f64>, set: &str, unset: &str) -> Class {
    let class = presence.pick(set, unset, set);
    match bound {
        Some(_) => class,
        None => class.without_effect("there is no bound"),
    }
}
