//! What an API server checks beyond a type, one at a time: docs say it, and `RULES` hold it.

use crdgen_model::{FieldUnion, ListType, Object, Rule, Slot, Type};
use serde_json::Value as Json;

/// A constraint on a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constraint<'a> {
    /// `pattern`
    Pattern(&'a str),
    /// `format` of a string.
    Format(&'a str),
    /// The number of something: least and greatest, one of which is there.
    Count(Counted, Option<i64>, Option<i64>),
    /// The value: from and to, one of which is there.
    Range(Option<Bound>, Option<Bound>),
    /// `multipleOf`
    MultipleOf(f64),
    /// The values of an `enum` that is no type.
    OneOf(&'a [Json]),
    /// `x-kubernetes-list-type: set`
    Unique,
    /// `x-kubernetes-list-type: map`, with its keys.
    UniqueBy(&'a [String]),
    /// A `oneOf` or `anyOf` of `required` sets.
    Union(&'a FieldUnion),
    /// The CEL rule `self == oldSelf`, with its message.
    Immutable(Option<&'a str>),
    /// Any other CEL rule.
    Cel(&'a Rule),
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Code points of a string.
    Characters,
    /// Items of a list.
    Items,
    /// Entries of a map or object.
    Properties,
}

/// An end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Where it is.
    pub at: f64,
    /// The end itself is out.
    pub exclusive: bool,
}

/// Constraints on a slot's own value, not on what lies in its lists and maps.
pub fn of_slot(slot: &Slot) -> Vec<Constraint<'_>> {
    let bounds = &slot.bounds;
    // A least number below one is none.
    let count = |counted, min: Option<i64>, max: Option<i64>| {
        let min = min.filter(|min| *min > 0);
        (min.is_some() || max.is_some()).then_some(Constraint::Count(counted, min, max))
    };
    let minimum = bounds.minimum.map(|at| Bound { at, exclusive: bounds.exclusive_minimum });
    let maximum = bounds.maximum.map(|at| Bound { at, exclusive: bounds.exclusive_maximum });
    let of_bounds = [
        (!slot.allowed.is_empty()).then_some(Constraint::OneOf(&slot.allowed)),
        count(Counted::Characters, bounds.min_length, bounds.max_length),
        bounds.pattern.as_deref().map(Constraint::Pattern),
        (minimum.is_some() || maximum.is_some()).then_some(Constraint::Range(minimum, maximum)),
        bounds.multiple_of.map(Constraint::MultipleOf),
        count(Counted::Items, bounds.min_items, bounds.max_items),
        count(Counted::Properties, bounds.min_properties, bounds.max_properties),
    ];
    let mut all: Vec<_> = of_type(&slot.ty).into_iter().chain(of_bounds.into_iter().flatten()).collect();
    all.extend(slot.validation.iter().flat_map(|validation| &validation.unions).map(Constraint::Union));
    all.extend(slot.rules.iter().map(of_rule));
    all
}

/// Constraints on an object, not on its fields.
pub fn of_object(object: &Object) -> Vec<Constraint<'_>> {
    object.unions.iter().map(Constraint::Union).chain(object.rules.iter().map(of_rule)).collect()
}

/// What lies in a list or map: how paths write that level, and the slot of the items or values.
pub fn below(slot: &Slot) -> Option<(&'static str, &Slot)> {
    match &slot.ty {
        Type::List { items, .. } => Some(("[]", items)),
        Type::Map(values) => Some(("{}", values)),
        _ => None,
    }
}

fn of_type(ty: &Type) -> Option<Constraint<'_>> {
    match ty {
        Type::String { format } => format.as_deref().map(Constraint::Format),
        Type::List { list_type: Some(ListType::Set), .. } => Some(Constraint::Unique),
        Type::List { list_type: Some(ListType::Map), keys, .. } => Some(Constraint::UniqueBy(keys)),
        _ => None,
    }
}

fn of_rule(rule: &Rule) -> Constraint<'_> {
    if is_immutability(rule) { Constraint::Immutable(rule.message.as_deref()) } else { Constraint::Cel(rule) }
}

/// `self == oldSelf`, and nothing that would make it mean something else.
fn is_immutability(rule: &Rule) -> bool {
    let text: String = rule.rule.split_whitespace().collect();
    matches!(text.as_str(), "self==oldSelf" | "oldSelf==self") && !rule.optional_old_self
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        Rule { rule: text.to_owned(), ..Rule::default() }
    }

    #[test]
    fn immutability_is_recognised_however_it_is_spaced() {
        for text in ["self == oldSelf", "oldSelf==self", " self ==\n oldSelf "] {
            assert_eq!(of_rule(&rule(text)), Constraint::Immutable(None), "{text}");
        }
        let optional = Rule { optional_old_self: true, ..rule("self == oldSelf") };
        for other in [rule("self == oldSelf.a"), rule("self != oldSelf"), optional] {
            assert!(matches!(of_rule(&other), Constraint::Cel(_)), "{}", other.rule);
        }
    }
}
