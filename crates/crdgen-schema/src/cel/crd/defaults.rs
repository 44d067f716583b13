//! Checks that defaults satisfy the rules of their schemas. Follows `ValidateDefaults` of apiextensions-apiserver.

use crdgen_cel::{Budget, Obstacle};

use super::problems::Problems;
use crate::cel::walk::{Findings, Rules, Subtree};
use crate::report::Path;
use crate::schema::Schema;

/// Checks all defaults of a schema, and returns whether they are valid.
pub(super) fn check(schema: &Schema, path: &Path<'_>, problems: &mut Problems<'_, '_>) -> bool {
    if !has_defaults(schema) {
        return true;
    }
    let rules = Rules::of(schema);
    let mut defaults = Defaults { problems, left: Budget::PER_OBJECT, is_valid: true };
    defaults.node(schema, rules.subtree(), path);
    defaults.is_valid
}

fn has_defaults(schema: &Schema) -> bool {
    schema.default.is_some() || schema.properties.values().chain(schema.items.as_deref()).any(has_defaults)
}

struct Defaults<'l, 'r, 's> {
    problems: &'l mut Problems<'r, 's>,
    /// Units that all defaults may still cost together.
    left: u64,
    is_valid: bool,
}

impl Defaults<'_, '_, '_> {
    fn node(&mut self, schema: &Schema, rules: Option<Subtree<'_>>, path: &Path<'_>) {
        // There are no defaults below additionalProperties.
        let Some(rules) = rules else { return };
        if let Some(default) = schema.default.as_ref().filter(|default| !default.is_null()) {
            // The default must be valid for an object that already has it, and for one that does not.
            let before = self.left;
            let unchanged = rules.check(default, Some(default), &mut self.left);
            if !self.refuse(&unchanged, schema, path) {
                let mut left = before;
                let new = rules.check(default, None, &mut left);
                self.refuse(&new, schema, path);
                self.left = self.left.min(left);
            }
        }
        if let Some(items) = &schema.items {
            self.node(items, rules.items(), &path.field("items"));
        }
        let properties_path = path.field("properties");
        for (name, property) in &schema.properties {
            self.node(property, rules.property(name), &properties_path.field(name));
        }
    }

    /// Reports the first violated rule, and returns whether there is one.
    fn refuse(&mut self, findings: &Findings, schema: &Schema, path: &Path<'_>) -> bool {
        let too_costly = findings.not_evaluated.iter().find(|unknown| unknown.obstacle == Obstacle::BudgetSpent);
        if let Some(unknown) = too_costly {
            self.problems.unchecked(&unknown.expression, &unknown.reason, schema, &path.field("default"));
        }
        let Some(cause) = findings.causes.first() else { return false };
        self.is_valid = false;
        let message = format!("the default violates a rule of its own schema: {cause}");
        self.problems.add("cel::default", schema, &path.field("default"), message, "correct the default, or the rule");
        true
    }
}
