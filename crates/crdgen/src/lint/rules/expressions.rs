//! Rules about `x-kubernetes-validations`.

use crdgen_schema::schema::{Additional, SchemaType};

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::immutable-optional",
            title: "A field that must not change can be removed",
            cause: "A rule that compares `self` with `oldSelf` runs only if both the old and the new object have the \
                    field. A user can remove an optional field with one update, and set it to another value with the \
                    next.",
            help: "require the field, or add `!has(oldSelf.field) || has(self.field)` to the object that has it",
        },
        default: Setting::Warn,
        covers: &[],
        check: Check::Place(immutable_optional),
    },
    Rule {
        entry: Entry {
            code: "lint::rule-message",
            title: "A CEL rule has no message",
            cause: "Without `message` and `messageExpression`, a user whose object is refused sees the expression.",
            help: "add a `message`",
        },
        default: Setting::Off,
        covers: &[],
        check: Check::Place(rule_message),
    },
    Rule {
        entry: Entry {
            code: "lint::rule-unbounded",
            title: "A CEL rule runs for each entry of a list or map without a limit",
            cause: "An API server estimates the cost of a rule from the largest possible number of entries, and \
                    refuses a CRD whose rules may cost too much. A server that accepts the rule today may refuse it \
                    after a small change of the rule.",
            help: "add `maxItems` to the list, or `maxProperties` to the map",
        },
        default: Setting::Warn,
        covers: &["crd-schema-checker MustNotExceedCostBudget"],
        check: Check::Place(rule_unbounded),
    },
];

fn immutable_optional(place: &Place<'_>, hits: &mut Hits) {
    let Some(parent) = place.parent else { return };
    let Some(name) = place.name().filter(|_| !place.is_required() && place.schema.default.is_none()) else { return };
    let is_kept = parent.schema.validations.iter().any(|rule| {
        let rule: String = rule.rule.split_whitespace().collect();
        rule.contains(&format!("has(oldSelf.{name})")) && rule.contains(&format!("has(self.{name})"))
    });
    for (index, rule) in place.schema.validations.iter().enumerate() {
        let text: String = rule.rule.split_whitespace().collect();
        if matches!(text.as_str(), "self==oldSelf" | "oldSelf==self") && !is_kept && !rule.is_old_self_optional() {
            let message = format!("`{name}` must not change, but it may be removed and set again");
            hits.at(place, &format!("x-kubernetes-validations[{index}]"), message);
        }
    }
}

fn rule_message(place: &Place<'_>, hits: &mut Hits) {
    for (index, rule) in place.schema.validations.iter().enumerate() {
        if rule.message.is_none() && rule.message_expression.is_none() {
            hits.at(place, &format!("x-kubernetes-validations[{index}]"), "the rule has no message");
        }
    }
}

/// Reports the rule once, with the innermost list or map without a limit.
fn rule_unbounded(place: &Place<'_>, hits: &mut Hits) {
    if place.schema.validations.is_empty() {
        return;
    }
    let unbounded = place.up().skip(1).find(|above| {
        let schema = above.schema;
        let is_map = matches!(schema.additional_properties, Some(Additional::Schema(_)));
        (schema.type_ == Some(SchemaType::Array) && schema.bounds.max_items.is_none())
            || (is_map && schema.bounds.max_properties.is_none())
    });
    if let Some(above) = unbounded {
        let limit = if above.schema.type_ == Some(SchemaType::Array) { "maxItems" } else { "maxProperties" };
        let message = format!("the rule runs for each entry of `{}`, which has no `{limit}`", above.field());
        hits.at(place, "x-kubernetes-validations", message);
    }
}
