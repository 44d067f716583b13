//! CEL expressions of the tables in `fixtures/cel`: every verdict equals that of an API server.
//!
//! The tables contain the server's verdicts. `cargo xtask cel --write` updates them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crdgen_schema::cel::{CompiledRule, Outcome, check};
use crdgen_schema::schema::{Rule, Schema};
use crdgen_schema::{Admission, Patterns, ValueCheck};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Group {
    schema: Value,
    #[serde(rename = "self")]
    value: Value,
    old: Option<Value>,
    #[serde(default, rename = "optionalOldSelf")]
    optional_old_self: bool,
    rows: BTreeMap<String, String>,
}

fn tables() -> Vec<(String, Vec<Group>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/cel");
    let files = fs::read_dir(folder).expect("the table is there").map(|entry| entry.expect("it can be read").path());
    let json = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    let table = |path: std::path::PathBuf| {
        let text = fs::read_to_string(&path).expect("a table can be read");
        (path.display().to_string(), serde_json::from_str(&text).expect("a table is well-formed"))
    };
    json.map(table).collect()
}

#[test]
fn no_verdict_differs_from_the_servers() {
    let (mut all, mut undecided, mut wrong) = (0, 0, Vec::new());
    for (table, groups) in tables() {
        for group in groups {
            let schema = Schema::from_json(&group.schema).expect("a schema of the table can be read");
            for (expression, known) in &group.rows {
                let rule = Rule {
                    rule: expression.clone(),
                    optional_old_self: Some(group.optional_old_self),
                    ..Rule::default()
                };
                let outcome = CompiledRule::new(&rule, &schema).evaluate(&group.value, group.old.as_ref());
                all += 1;
                match (known.as_str(), &outcome) {
                    ("pass", Outcome::Pass)
                    | ("fail", Outcome::Fail { .. })
                    | ("error", Outcome::Error)
                    // No CRD can have the rule, so it must not pass.
                    | ("refused", Outcome::Fail { .. } | Outcome::Error | Outcome::NotEvaluated { .. }) => {}
                    (_, Outcome::NotEvaluated { .. }) => undecided += 1,
                    _ => wrong.push(format!("{table}: {expression}: {known}, but {outcome:?}")),
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {all}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(undecided * 100 <= all * 3, "{undecided} of {all} were not evaluated");
}

/// Returns the fields of the causes.
fn fields(schema: &Value, object: &Value, old: Option<&Value>) -> Vec<String> {
    let schema = Schema::from_json(schema).expect("the schema can be read");
    let findings = check(&schema, object, old);
    assert!(findings.not_evaluated.is_empty(), "{findings:?}");
    findings.causes.into_iter().map(|cause| cause.field).collect()
}

fn ports(rule: &str) -> Value {
    json!({
        "type": "object",
        "properties": { "spec": { "type": "object", "properties": {
            "ports": {
                "type": "array",
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": ["name"],
                "items": {
                    "type": "object",
                    "properties": { "name": { "type": "string" }, "port": { "type": "integer" } },
                    "x-kubernetes-validations": [{ "rule": rule }]
                }
            },
            "limits": {
                "type": "object",
                "additionalProperties": {
                    "type": "integer",
                    "nullable": true,
                    "x-kubernetes-validations": [{ "rule": "self < 10" }]
                }
            },
            "name": { "type": "string", "x-kubernetes-validations": [{ "rule": "self == oldSelf" }] }
        } } }
    })
}

#[test]
fn items_find_their_old_values_by_their_keys() {
    let schema = ports("self.port >= oldSelf.port");
    let old = json!({ "spec": { "ports": [{ "name": "a", "port": 1 }, { "name": "b", "port": 5 }] } });
    let new = json!({ "spec": { "ports": [{ "name": "b", "port": 4 }, { "name": "c", "port": 0 }, { "name": "a", "port": 2 }] } });
    assert_eq!(fields(&schema, &new, Some(&old)), ["spec.ports[0]"]);
    assert!(fields(&schema, &new, None).is_empty());
}

#[test]
fn null_has_no_rules_and_keys_of_maps_stand_in_brackets() {
    let object = json!({ "spec": { "limits": { "cpu": 11, "gone": null, "mem": 9 } } });
    assert_eq!(fields(&ports("true"), &object, None), ["spec.limits[cpu]"]);
}

#[test]
fn what_was_wrong_before_may_stay_wrong_unless_it_is_compared_with() {
    let schema = Schema::from_json(&ports("self.port > 0")).expect("the schema can be read");
    let old = json!({ "spec": { "ports": [{ "name": "a", "port": 0 }], "limits": { "cpu": 11 }, "name": "x" } });
    let new = json!({ "spec": { "ports": [{ "name": "a", "port": 0 }], "limits": { "cpu": 12 }, "name": "y" } });
    let findings = check(&schema, &new, Some(&old));
    let fields: Vec<_> = findings.causes.iter().map(|cause| cause.field.as_str()).collect();
    assert_eq!(fields, ["spec.limits[cpu]", "spec.name"]);
    assert_eq!(findings.warnings, ["spec.ports[0]: failed rule: self.port > 0"]);
}

#[test]
fn a_rule_of_the_kind_sees_the_old_kind() {
    let kind = json!({ "type": "string", "x-kubernetes-validations": [{ "rule": "self == oldSelf" }] });
    let schema = json!({ "type": "object", "properties": { "kind": kind } });
    let [boat, ship] = ["Boat", "Ship"].map(|kind| json!({ "kind": kind }));
    let admission = Admission::from_json(&schema).expect("the schema can be read");
    let object = |kind: &Value| {
        let mut object = json!({ "apiVersion": "example.com/v1", "metadata": { "name": "a", "resourceVersion": "1" } });
        object["kind"] = kind["kind"].clone();
        object
    };
    let causes = |new: &Value| admission.validate(&object(new), Some(&object(&boat))).causes;
    assert_eq!(causes(&boat).len(), 0);
    assert_eq!(causes(&ship).iter().map(|cause| cause.field.as_str()).collect::<Vec<_>>(), ["kind"]);
}

#[test]
fn a_rule_names_reason_field_and_message() {
    let schema = json!({
        "type": "object",
        "properties": { "spec": {
            "type": "object",
            "properties": { "min": { "type": "integer" }, "max": { "type": "integer" } },
            "x-kubernetes-validations": [{
                "rule": "self.min <= self.max",
                "reason": "FieldValueForbidden",
                "fieldPath": ".max",
                "message": "unused",
                "messageExpression": "'%d is less than %d'.format([self.max, self.min])"
            }]
        } }
    });
    let schema = Schema::from_json(&schema).expect("the schema can be read");
    let findings = check(&schema, &json!({ "spec": { "min": 2, "max": 1 } }), None);
    let cause = &findings.causes[0];
    assert_eq!((cause.reason.as_str(), &*cause.field), ("FieldValueForbidden", "spec.max"));
    assert_eq!(cause.message, "1 is less than 2");
}

#[test]
fn a_rule_that_ends_with_an_error_has_no_reason_of_its_own() {
    let rule = json!({ "rule": "self.a / self.b > 0", "reason": "FieldValueForbidden", "fieldPath": ".a" });
    let number = json!({ "type": "integer" });
    let schema = json!({
        "type": "object", "properties": { "a": number, "b": number }, "x-kubernetes-validations": [rule],
    });
    let schema = Schema::from_json(&schema).expect("the schema can be read");
    let cause = |b: i64| check(&schema, &json!({ "a": -2, "b": b }), None).causes.remove(0);
    assert_eq!((cause(1).reason.as_str(), cause(1).field.as_str()), ("FieldValueForbidden", "a"));
    assert_eq!((cause(0).reason.as_str(), cause(0).field.as_str()), ("FieldValueInvalid", "<nil>"));
}

#[test]
fn a_check_of_whole_objects_knows_their_metadata() {
    let rule = "self.metadata.name == 'cluster'";
    let schema = Schema::from_json(&json!({"type": "object", "x-kubernetes-validations": [{"rule": rule}]}));
    let check = ValueCheck::of_objects(&schema.expect("it is a schema"), &mut Patterns::new());
    let causes = |name: &str| check.causes(&json!({"apiVersion": "a/v1", "kind": "A", "metadata": {"name": name}}));
    assert_eq!(causes("cluster").len(), 0);
    assert_eq!(causes("other")[0].message, format!("failed rule: {rule}"));
}
