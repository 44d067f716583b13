//! Rules of `crdgen lint`: each fires on an example of its own, and on no other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crdgen::lint::{Setting, Settings, lint, only_new, rules};
use crdgen::report::Finding;
use crdgen_schema::crd::load;
use crdgen_schema::source::collect;
use crdgen_schema::{Crd, Source, documents};
use serde_json::{Map, Value as Json, json};

/// Checks of crd-schema-checker.
const CHECKS: [&str; 12] = [
    "NoBools",
    "NoFloats",
    "NoUints",
    "NoMaps",
    "NoFieldRemoval",
    "NoEnumRemoval",
    "NoDataTypeChange",
    "NoNewRequiredFields",
    "MustHaveStatus",
    "ListsMustHaveSSATags",
    "ConditionsMustHaveProperSSATags",
    "MustNotExceedCostBudget",
];

#[test]
fn each_check_of_crd_schema_checker_has_a_rule_of_lint_or_diff() {
    for check in CHECKS {
        let is_linted = rules::all().any(|rule| rule.covers.contains(&format!("crd-schema-checker {check}").as_str()));
        let is_compared =
            crdgen_diff::peers::CHECKS.iter().any(|other| other.tool == "crd-schema-checker" && other.name == check);
        assert!(is_linted || is_compared, "{check}");
    }
}

/// Examples of a rule.
struct Example {
    rule: String,
    fires: Json,
    clean: Json,
    also: BTreeSet<String>,
}

fn examples() -> Vec<Example> {
    let source = Arc::new(Source { name: "rules.yaml".into(), text: include_str!("rules.yaml").into() });
    let mut found = Vec::new();
    let documents = documents(&source, &mut found);
    assert!(found.is_empty(), "{found:?}");
    let Json::Array(entries) = documents[0].root.to_json() else { panic!("a list") };
    let text = |value: &Json| value.as_str().expect("text").to_owned();
    let example = |entry: Json| Example {
        rule: text(&entry["rule"]),
        fires: entry["fires"].clone(),
        clean: entry["clean"].clone(),
        also: entry["also"].as_array().into_iter().flatten().map(text).collect(),
    };
    entries.into_iter().map(example).collect()
}

/// Returns the CRD of an example.
fn crd(example: &Json, rule: &str) -> Vec<Crd> {
    let count = json!({ "type": "integer", "format": "int32", "description": "A number." });
    let mut spec = json!({ "type": "object", "description": "The wish.", "properties": { "length": count } });
    merge(&mut spec["properties"], &example["spec"]);
    let status = json!({ "type": "object", "description": "The state.", "properties": { "observed": count } });
    let mut root = json!({ "type": "object", "properties": { "spec": spec, "status": status } });
    merge(&mut root, &example["root"]);
    if rule != "description" {
        describe(&mut root);
    }
    let mut version = json!({ "name": "v1", "served": true, "storage": true, "subresources": { "status": {} } });
    version["schema"] = json!({ "openAPIV3Schema": root });
    merge(&mut version, &example["version"]);
    let mut crd = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": { "name": "boats.example.org" },
        "spec": {
            "group": "example.org",
            "scope": "Namespaced",
            "names": { "kind": "Boat", "plural": "boats" },
            "versions": [version],
        },
    });
    merge(&mut crd, &example["crd"]);
    crds(&crd.to_string())
}

fn crds(text: &str) -> Vec<Crd> {
    let mut found = Vec::new();
    let crds = load(collect(&["-".to_owned()], text.as_bytes()), &mut found).crds;
    assert!(found.is_empty() && !crds.is_empty(), "{found:#?}");
    crds
}

/// Applies a JSON merge patch.
fn merge(value: &mut Json, patch: &Json) {
    match patch {
        Json::Null => {}
        Json::Object(changes) => {
            if !value.is_object() {
                *value = Json::Object(Map::new());
            }
            for (key, change) in changes {
                match change {
                    Json::Null => drop(value.as_object_mut().and_then(|value| value.remove(key))),
                    _ => merge(&mut value[key], change),
                }
            }
        }
        _ => value.clone_from(patch),
    }
}

/// Adds a description to every property.
fn describe(schema: &mut Json) {
    for (_, property) in schema["properties"].as_object_mut().into_iter().flatten() {
        if property.get("description").is_none() {
            property["description"] = "A field.".into();
        }
        describe(property);
    }
    for below in ["items", "additionalProperties"] {
        if let Some(below) = schema.get_mut(below) {
            describe(below);
        }
    }
    if schema["properties"].is_null() {
        schema.as_object_mut().expect("a schema").remove("properties");
    }
}

/// Applies all rules.
fn all(crds: &[Crd]) -> Vec<Finding> {
    let mut settings = Settings::default();
    settings.set(Settings::ALL, Setting::Warn);
    lint(crds, &settings)
}

fn broken(crds: &[Crd]) -> BTreeSet<String> {
    all(crds).iter().map(|finding| finding.diagnostic.code.trim_start_matches("lint::").to_owned()).collect()
}

#[test]
fn every_rule_fires_on_its_example_and_on_no_other() {
    for Example { rule, fires, clean, also } in examples() {
        let fired = broken(&crd(&fires, &rule));
        assert!(fired.contains(&rule), "{rule} does not fire");
        let not_fired = broken(&crd(&clean, &rule));
        assert!(!not_fired.contains(&rule), "{rule} fires on its clean example");
        let others: BTreeSet<_> = fired.union(&not_fired).filter(|id| **id != rule).cloned().collect();
        assert_eq!(others, also, "other rules that fire on the examples of {rule}");
    }
}

#[test]
fn every_rule_has_an_example() {
    let examples: Vec<_> = examples().into_iter().map(|example| example.rule).collect();
    let rules: Vec<_> = rules::all().map(|rule| rule.id().to_owned()).collect();
    let unique: BTreeSet<_> = examples.iter().collect();
    assert_eq!(unique.len(), examples.len(), "one entry for each rule");
    assert_eq!(unique, rules.iter().collect());
}

/// The checks of crd-schema-checker and of kube-api-linter that need only the CRD, each with the rules that cover it.
#[test]
fn the_checks_of_other_tools_are_covered() {
    let mut covered: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for rule in rules::all() {
        rule.covers.iter().for_each(|check| covered.entry(check).or_default().push(rule.id()));
    }
    for check in [
        "crd-schema-checker ConditionsMustHaveProperSSATags",
        "crd-schema-checker ListsMustHaveSSATags",
        "crd-schema-checker MustHaveStatus",
        "crd-schema-checker MustNotExceedCostBudget",
        "crd-schema-checker NoBools",
        "crd-schema-checker NoFloats",
        "crd-schema-checker NoMaps",
        "crd-schema-checker NoUints",
        "kube-api-linter arrayofstruct",
        "kube-api-linter conditions",
        "kube-api-linter defaultorrequired",
        "kube-api-linter integers",
        "kube-api-linter jsontags",
        "kube-api-linter maxlength",
        "kube-api-linter minlength",
        "kube-api-linter nobools",
        "kube-api-linter nodurations",
        "kube-api-linter nofloats",
        "kube-api-linter nomaps",
        "kube-api-linter nonullable",
        "kube-api-linter nophase",
        "kube-api-linter noreferences",
        "kube-api-linter notimestamp",
        "kube-api-linter ssatags",
        "kube-api-linter statusoptional",
        "kube-api-linter statussubresource",
    ] {
        assert!(covered.contains_key(check), "{check}");
    }
}

#[test]
fn a_finding_names_the_field_the_place_and_the_version() {
    let crds = crd(&json!({ "spec": { "weight": { "type": "number" } } }), "float");
    let findings = lint(&crds, &Settings::default());
    let [finding] = &findings[..] else { panic!("one finding: {findings:#?}") };
    assert_eq!(finding.subject, "boats.example.org v1");
    assert_eq!(finding.field.as_deref(), Some("spec.weight"));
    let path = "boats.example.org: spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.weight.type";
    assert_eq!(finding.diagnostic.path.as_deref(), Some(path));
}

#[test]
fn settings_choose_the_level_of_each_rule() {
    let crds = crd(&json!({ "spec": { "weight": { "type": "number" }, "on": { "type": "boolean" } } }), "float");
    let codes = |settings: &[(&str, Setting)]| -> Vec<String> {
        let mut all = Settings::default();
        settings.iter().for_each(|(id, setting)| assert!(all.set(id, *setting), "{id}"));
        let line = |finding: &Finding| format!("{} {}", finding.level, finding.diagnostic.code);
        lint(&crds, &all).iter().map(line).collect()
    };
    assert_eq!(codes(&[]), ["warning lint::float"]);
    assert_eq!(codes(&[("float", Setting::Off), ("boolean", Setting::Error)]), ["error lint::boolean"]);
    assert_eq!(codes(&[("all", Setting::Off), ("lint::float", Setting::Error)]), ["error lint::float"]);
    assert!(!Settings::default().set("flote", Setting::Off));
}

#[test]
fn findings_of_the_base_are_left_out_wherever_they_stand() {
    let number = json!({ "type": "number" });
    let base = all(&crd(&json!({ "spec": { "weight": number } }), "float"));
    let both = crd(&json!({ "spec": { "draught": number, "weight": number } }), "float");
    let mut findings = all(&both);
    assert_eq!(only_new(&mut findings, &base), base.len());
    let fields: Vec<_> = findings.iter().filter_map(|finding| finding.field.as_deref()).collect();
    assert_eq!(fields, ["spec.draught"]);
}
