//! Checks of the CEL rules of a CRD: what an API server refuses when the CRD is created.

use std::sync::Arc;

use crdgen_schema::cel::check_crd;
use crdgen_schema::{Diagnostic, Severity, Source, crds, documents};
use serde_json::{Value, json};

/// Returns the findings about a CRD whose objects have this schema of `spec`.
fn findings(spec: &Value) -> Vec<Diagnostic> {
    let crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": "boats.example.com" },
        "spec": {
            "group": "example.com",
            "names": { "kind": "Boat", "plural": "boats" },
            "scope": "Namespaced",
            "versions": [{
                "name": "v1",
                "served": true,
                "storage": true,
                "schema": { "openAPIV3Schema": { "type": "object", "properties": { "spec": spec } } },
            }],
        },
    });
    let source = Arc::new(Source { name: "boats.json".to_owned(), text: crd.to_string() });
    let mut diagnostics = Vec::new();
    let found = crds(documents(&source, &mut diagnostics), &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let findings = check_crd(&found.crds[0], Severity::Error);
    // The caller chooses the severity, and nothing else depends on it.
    let warnings = check_crd(&found.crds[0], Severity::Warning);
    assert!(warnings.iter().all(|warning| warning.severity == Severity::Warning), "{warnings:?}");
    assert_eq!(warnings.len(), findings.len());
    findings
}

fn codes(spec: &Value) -> Vec<&'static str> {
    findings(spec).into_iter().map(|found| found.code).collect()
}

/// Returns an object with a string, an integer, a list of objects, and one rule.
fn with_rule(rule: &Value) -> Value {
    json!({
        "type": "object",
        "properties": {
            "name": { "type": "string", "maxLength": 20 },
            "crew": { "type": "integer" },
            "my-cargo": { "type": "array", "maxItems": 10, "items": { "type": "string", "maxLength": 5 } },
            "free": { "type": "object", "x-kubernetes-preserve-unknown-fields": true },
        },
        "x-kubernetes-validations": [rule],
    })
}

#[test]
fn a_rule_compiles_against_the_types_of_the_schema() {
    for rule in
        ["self.crew > 0", "self.my__dash__cargo.all(c, c != self.name)", "has(self.name) && dyn(self.crew) != ''"]
    {
        assert_eq!(codes(&with_rule(&json!({ "rule": rule }))), [""; 0], "{rule}");
    }
    for rule in
        ["self.crews > 0", "self.crew == ''", "self.crew", "self.free.depth > 0", "self ===", "dyn(true)", "nope(1)"]
    {
        assert_eq!(codes(&with_rule(&json!({ "rule": rule }))), ["cel::compile"], "{rule}");
    }
}

#[test]
fn a_message_expression_is_a_string() {
    let message = |text: &str| codes(&with_rule(&json!({ "rule": "true", "messageExpression": text })));
    assert_eq!(message("'a crew of ' + self.name"), [""; 0]);
    assert_eq!(message("self.crew"), ["cel::message"]);
    assert_eq!(message("self.nope"), ["cel::message"]);
    // The text of an integer has no limit, so joining it with another text is too expensive.
    assert_eq!(message("string(self.crew) + self.name"), ["cel::cost", "cel::total-cost"]);
}

#[test]
fn an_old_value_is_found_in_lists_with_keys_only() {
    let list = |list_type: Value, old: Value| {
        let mut rule = json!({ "rule": "self.port >= oldSelf.port" });
        if old.is_boolean() {
            rule = json!({ "rule": "self.port > 0", "optionalOldSelf": old });
        }
        let mut list = json!({
            "type": "array",
            "maxItems": 10,
            "items": {
                "type": "object",
                "required": ["port"],
                "properties": { "port": { "type": "integer" } },
                "x-kubernetes-validations": [rule],
            },
        });
        for (name, value) in list_type.as_object().into_iter().flatten() {
            list[name] = value.clone();
        }
        codes(&list)
    };
    let map = json!({ "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port"] });
    assert_eq!(list(map.clone(), Value::Null), [""; 0]);
    assert_eq!(list(json!({}), Value::Null), ["cel::old-self"]);
    assert_eq!(list(map, json!(false)), ["cel::old-self"]);
}

#[test]
fn the_cost_depends_on_limits_and_the_help_names_missing_ones() {
    let list = |limits: Value| {
        let mut list = json!({
            "type": "array",
            "items": { "type": "string" },
            "x-kubernetes-validations": [{ "rule": "self.all(a, self.all(b, a == b))" }],
        });
        for (name, value) in limits.as_object().into_iter().flatten() {
            list[name] = value.clone();
        }
        findings(&list)
    };
    let found = list(json!({}));
    assert_eq!(found[0].code, "cel::cost");
    assert!(
        found[0].message.starts_with("estimated rule cost exceeds budget by factor of more than 100x"),
        "{found:?}"
    );
    let help = found[0].help.as_deref().unwrap_or_default();
    assert!(help.contains("`maxItems` to the schema of `self`"), "{help}");
    assert!(help.contains("`maxLength` to the schema of `self[]`"), "{help}");
    // The cost of all rules together is too high too.
    assert_eq!(found[1].code, "cel::total-cost");
    let help = found[1].help.as_deref().unwrap_or_default();
    assert!(help.ends_with("properties.spec.x-kubernetes-validations[0].rule"), "the most expensive rule in {help}");
    assert!(list(json!({ "maxItems": 5, "items": { "type": "string", "maxLength": 10 } })).is_empty());
}

#[test]
fn the_number_of_values_multiplies_the_cost() {
    let nested = |limit: Value| {
        let items = json!({
            "type": "string",
            "maxLength": 1000,
            "x-kubernetes-validations": [{ "rule": "self.matches('^[a-z]+$')" }],
        });
        let mut list = json!({ "type": "array", "items": items });
        let mut map = json!({ "type": "object", "additionalProperties": items });
        if limit.is_number() {
            list["maxItems"] = limit.clone();
            map["maxProperties"] = limit;
        }
        let of = |names: &Value| findings(&json!({ "type": "object", "properties": { "names": names } }));
        let (found, of_map) = (of(&list), of(&map));
        let codes = |found: &[Diagnostic]| found.iter().map(|found| found.code).collect::<Vec<_>>();
        assert_eq!(codes(&found), codes(&of_map));
        found
    };
    assert!(nested(json!(1000)).is_empty());
    let found = nested(Value::Null);
    assert_eq!(found[0].code, "cel::cost");
    let path = "`maxItems` at spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.names";
    assert!(found[0].help.as_deref().is_some_and(|help| help.contains(path)), "{found:?}");
}

#[test]
fn a_default_satisfies_the_rules_of_its_schema() {
    let with_default = |default: i64| {
        codes(&json!({
            "type": "object",
            "properties": {
                "crew": { "type": "integer", "default": default, "x-kubernetes-validations": [{ "rule": "self < 3" }] },
            },
        }))
    };
    assert_eq!(with_default(2), [""; 0]);
    assert_eq!(with_default(5), ["cel::default"]);
    // An object that has the default must stay valid when it is written again.
    let transition = |rule: &str| {
        let crew = json!({ "type": "integer", "default": 1, "x-kubernetes-validations": [{ "rule": rule }] });
        codes(&json!({ "type": "object", "properties": { "crew": crew } }))
    };
    assert_eq!(transition("self >= oldSelf"), [""; 0]);
    assert_eq!(transition("self > oldSelf"), ["cel::default"]);
    // Fields of the default, and items with keys, are compared with themselves.
    let nested = |of_field: &str, of_item: &str| {
        let count = |rule: &str| json!({ "type": "integer", "x-kubernetes-validations": [{ "rule": rule }] });
        let item = json!({ "name": { "type": "string" }, "n": count(of_item) });
        let list = json!({
            "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], "maxItems": 5,
            "items": { "type": "object", "required": ["name"], "properties": item },
        });
        let default = json!({ "n": 1, "list": [{ "name": "a", "n": 2 }] });
        let properties = json!({ "n": count(of_field), "list": list });
        let crew = json!({ "type": "object", "default": default, "properties": properties });
        codes(&json!({ "type": "object", "properties": { "crew": crew } }))
    };
    assert_eq!(nested("self >= oldSelf", "self >= oldSelf"), [""; 0]);
    assert_eq!(nested("self > oldSelf", "self >= oldSelf"), ["cel::default"]);
    assert_eq!(nested("self >= oldSelf", "self > oldSelf"), ["cel::default"]);
}

#[test]
fn a_rule_needs_a_value_with_a_type() {
    let spec = json!({
        "type": "object",
        "properties": {
            "any": {
                "x-kubernetes-preserve-unknown-fields": true,
                "x-kubernetes-validations": [{ "rule": "true" }],
            },
        },
    });
    assert_eq!(codes(&spec), ["cel::compile"]);
}

#[test]
fn hostile_rules_are_judged_in_little_time() {
    let chain = |part: &str| format!("optional.of('x'){}.hasValue()", part.repeat(60));
    let doubling = format!("[1]{} == []", ".map(a, {'k': a, 'l': a})".repeat(60));
    for rule in [chain(".optMap(s, s + s)"), doubling] {
        codes(&with_rule(&json!({ "rule": rule })));
    }
    // Two variables of the type of everything before.
    let pairs: String = (0..30).map(|depth| format!("[[a{depth}, a{depth}]].all(a{}, ", depth + 1)).collect();
    let rule = format!("[1].all(a0, {pairs}true{})", ")".repeat(31));
    codes(&with_rule(&json!({ "rule": rule })));
}
