//! Constraints that an API server checks beyond a type. The docs describe them, and `RULES` contains them.

use crdgen_model::{FieldUnion, ListType, Object, Rule, Slot, Type, Validation};
use serde_json::Value as Json;

/// A constraint on a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constraint<'a> {
    /// Required keys that no field declares.
    Required(&'a [String]),
    /// `pattern` of a string.
    Pattern(&'a str),
    /// `format` of a string.
    Format(&'a str),
    /// Minimum and maximum number of characters, items or properties; at least one of them is given.
    Count(Counted, Option<i64>, Option<i64>),
    /// Minimum and maximum of the value; at least one of them is given.
    Range(Option<Bound>, Option<Bound>),
    /// `multipleOf` of a number.
    MultipleOf(f64),
    /// `enum` values of a slot whose type is not an enum.
    OneOf(&'a [Json]),
    /// `x-kubernetes-list-type: set`.
    Unique,
    /// `x-kubernetes-list-type: map`, with the keys of its items.
    UniqueBy(&'a [String]),
    /// A `oneOf` or `anyOf` of sets of required fields.
    Union(&'a FieldUnion),
    /// The CEL rule `self == oldSelf`, with its message.
    Immutable(Option<&'a str>),
    /// Any other CEL rule.
    Cel(&'a Rule),
}

/// Unit of [`Constraint::Count`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Code points of a string.
    Characters,
    /// Items of a list.
    Items,
    /// Entries of a map or object.
    Properties,
}

/// One end of a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// Value of the bound.
    pub at: f64,
    /// Whether the value itself is excluded.
    pub exclusive: bool,
}

/// Returns the constraints on a slot's own value, without those on items and values in it.
pub fn of_slot(slot: &Slot) -> Vec<Constraint<'_>> {
    let bounds = &slot.bounds;
    // A minimum below one is no constraint.
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
    let mut all: Vec<_> = required(slot.validation.as_deref()).into_iter().chain(of_type(&slot.ty)).collect();
    all.extend(of_bounds.into_iter().flatten());
    all.extend(slot.validation.iter().flat_map(|validation| &validation.unions).map(Constraint::Union));
    all.extend(slot.rules.iter().map(of_rule));
    all
}

/// Returns the constraints on an object, without those on its fields.
pub fn of_object(object: &Object) -> Vec<Constraint<'_>> {
    let mut all: Vec<_> = required(object.validation.as_deref()).into_iter().collect();
    all.extend(object.unions.iter().map(Constraint::Union));
    all.extend(object.rules.iter().map(of_rule));
    all
}

fn required(validation: Option<&Validation>) -> Option<Constraint<'_>> {
    let keys = &validation?.required;
    (!keys.is_empty()).then_some(Constraint::Required(keys))
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

/// Returns whether a rule is `self == oldSelf` without options that change its meaning.
fn is_immutability(rule: &Rule) -> bool {
    let text: String = rule.rule.split_whitespace().collect();
    matches!(text.as_str(), "self==oldSelf" | "oldSelf==self") && !rule.is_old_self_optional()
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
        let optional = Rule { optional_old_self: Some(true), ..rule("self == oldSelf") };
        for other in [rule("self == oldSelf.a"), rule("self != oldSelf"), optional] {
            assert!(matches!(of_rule(&other), Constraint::Cel(_)), "{}", other.rule);
        }
    }
}
