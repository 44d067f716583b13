//! Checks of other tools, with the rules that find the same changes.

/// Check of another tool.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Name of the tool.
    pub tool: &'static str,
    /// Name of the check in the tool.
    pub name: &'static str,
    /// Ids of the rules that find the changes of the check.
    pub rules: &'static [&'static str],
}

const fn crdify(name: &'static str, rules: &'static [&'static str]) -> Check {
    Check { tool: "crdify", name, rules }
}

const fn checker(name: &'static str, rules: &'static [&'static str]) -> Check {
    Check { tool: "crd-schema-checker", name, rules }
}

/// Checks of crdify, and the checks of crd-schema-checker that compare two CRDs. Its other checks are rules of `crdgen
/// lint`.
pub const CHECKS: [Check; 24] = [
    crdify("existingFieldRemoval", &["field-removed", "field-renamed"]),
    crdify("scope", &["scope-changed"]),
    crdify("storedVersionRemoval", &["version-removed", "stored-version-removed", "version-unserved"]),
    crdify("default", &["default-set", "default-unset", "default-changed"]),
    crdify("enum", &["enum-set", "enum-unset", "enum-value-added", "enum-value-removed"]),
    crdify("maximum", &["maximum-set", "maximum-tightened"]),
    crdify("maxItems", &["max-items-set", "max-items-tightened"]),
    crdify("maxLength", &["max-length-set", "max-length-tightened"]),
    crdify("maxProperties", &["max-properties-set", "max-properties-tightened"]),
    crdify("minimum", &["minimum-set", "minimum-tightened"]),
    crdify("minItems", &["min-items-set", "min-items-tightened"]),
    crdify("minLength", &["min-length-set", "min-length-tightened"]),
    crdify("minProperties", &["min-properties-set", "min-properties-tightened"]),
    crdify("required", &["became-required", "became-required-with-default", "field-added-required"]),
    crdify("type", &["type-changed", "type-widened", "type-narrowed", "int-or-string-set", "int-or-string-unset"]),
    crdify("description", &["description-changed", "field-deprecated"]),
    crdify("pattern", &["pattern-set", "pattern-changed", "pattern-unset"]),
    crdify("nullable", &["nullable-set", "nullable-unset"]),
    // crdify reports any other difference without saying what it means.
    crdify("unhandled", &["unhandled"]),
    checker("NoFieldRemoval", &["field-removed", "field-renamed"]),
    checker("NoEnumRemoval", &["enum-value-removed"]),
    checker("NoDataTypeChange", &["type-changed", "type-widened", "type-narrowed"]),
    checker("NoNewRequiredFields", &["became-required", "field-added-required"]),
    checker("MustNotExceedCostBudget", &["cost-over-budget"]),
];
