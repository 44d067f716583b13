//! `crdgen diff`: findings, witnesses, git revisions, stored objects and approvals.

use serde_json::Value as Json;

use crate::harness::Folder;

/// Returns a CRD whose `spec` has these properties.
fn boats(properties: &str) -> String {
    format!(
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: boats.example.org}}
spec:
  group: example.org
  names: {{kind: Boat, plural: boats}}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties: {{{properties}}}
"
    )
}

const OLD: &str = "name: {type: string, maxLength: 20}, color: {type: string}";
const NEW: &str = "name: {type: string, maxLength: 10}, sail: {type: boolean, description: Has one}";

fn folder() -> Folder {
    Folder::new(&[("old.yaml", &boats(OLD)), ("new.yaml", &boats(NEW))])
}

#[test]
fn each_break_has_a_rule_verdicts_and_an_object_that_breaks() {
    let ran = folder().run("diff old.yaml new.yaml").exits(100);
    let ran = ran.says("error[field-removed]: spec.color: A field was removed: \"color\"");
    let ran = ran.says("# loses spec.color\n");
    let ran = ran.says("error[max-length-tightened]: spec.name: The maximum length is stricter: 20 -> 10");
    let ran = ran.says("writer breaks, reader safe, stored ratcheted, source safe");
    let ran = ran.says("      name: aaaaaaaaaaa\n");
    ran.says("1 CRD compared, 3 changes (1 harmless change not shown), breaks: writer 2, stored 1, source 1");
}

#[test]
fn generated_code_changes_by_name() {
    let ran = folder().run("diff old.yaml new.yaml --fail-on source").exits(100);
    let ran = ran.says("error[diff::generated]: generated code changes: major change of the version");
    ran.says("BoatSpec.color: Option<String> is removed").says("BoatSpec.sail: Option<bool> is added");
}

#[test]
fn equal_crds_and_harmless_changes_exit_with_0() {
    folder().run("diff old.yaml old.yaml").exits(0).says("1 CRD compared, 0 changes, nothing breaks");
    folder().run("diff old.yaml new.yaml --fail-on none").exits(0);
    let longer = boats(&OLD.replace("20", "30"));
    let folder = Folder::new(&[("old.yaml", &boats(OLD)), ("new.yaml", &longer)]);
    folder.run("diff old.yaml new.yaml --all").exits(0).says("note[max-length-loosened]");
}

#[test]
fn json_has_the_values_of_a_finding() {
    let ran = folder().run("diff old.yaml new.yaml --format json").exits(100);
    let rows: Vec<Json> = serde_json::from_str(&ran.stdout).unwrap();
    let tightened = rows.iter().find(|row| row["code"] == "max-length-tightened").unwrap();
    assert_eq!(tightened["field"], "spec.name");
    assert_eq!(tightened["verdicts"]["writer"], "breaks");
    assert_eq!((&tightened["old"], &tightened["new"]), (&Json::from(20), &Json::from(10)));
    assert_eq!(tightened["witness"]["outcome"], "refused");
    assert_eq!(tightened["witness"]["object"]["spec"]["name"], "aaaaaaaaaaa");
}

/// Returns whether a report fits a published JSON Schema.
fn fits(schema: &str, report: &str) -> bool {
    let printed = folder().run(&format!("schema {schema}")).exits(0);
    let schema: Json = serde_json::from_str(&printed.stdout).unwrap();
    let report: Json = serde_json::from_str(report).unwrap();
    assert!(report.as_array().is_some_and(|rows| !rows.is_empty()));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    // A report of another form does not fit.
    let mut broken = report;
    broken[0]["severity"] = "fatal".into();
    !validator.is_valid(&broken)
}

#[test]
fn reports_fit_their_published_schemas() {
    let object = "{apiVersion: example.org/v1, kind: Boat, metadata: {name: red}, spec: {color: red, name: 7}}";
    let folder = Folder::new(&[("old.yaml", &boats(OLD)), ("new.yaml", &boats(NEW)), ("objects/red.yaml", object)]);
    let all = folder.run("diff old.yaml new.yaml --all --fail-on source --objects objects --format json").exits(100);
    assert!(fits("diff", &all.stdout) && fits("report", &all.stdout));
    for code in ["field-removed", "diff::object", "diff::generated"] {
        assert!(all.stdout.contains(code), "{code} is missing");
    }
    let gone = folder.run("diff old.yaml objects --format json");
    assert!(gone.stdout.is_empty() || fits("diff", &gone.stdout));
    let lint = folder.run("lint new.yaml --rule all=warn --format json").exits(0);
    assert!(fits("report", &lint.stdout));
    let validate = folder.run("validate objects --crds old.yaml --format json").exits(100);
    assert!(fits("report", &validate.stdout));
}

#[test]
fn stored_objects_that_lose_a_field_or_are_refused_are_named() {
    let objects = "\
apiVersion: example.org/v1
kind: List
items:
- {apiVersion: example.org/v1, kind: Boat, metadata: {name: fine}, spec: {name: short}}
- {apiVersion: example.org/v1, kind: Boat, metadata: {name: red, namespace: sea}, spec: {color: red}}
- {apiVersion: example.org/v1, kind: Boat, metadata: {name: long}, spec: {name: a name that is long}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: other}}
";
    let folder = Folder::new(&[("old.yaml", &boats(OLD)), ("new.yaml", &boats(NEW)), ("objects/all.yaml", objects)]);
    let ran = folder.run("diff old.yaml new.yaml --objects objects").exits(100);
    let ran = ran.says("error[diff::object]: Boat sea/red: the object loses spec.color");
    let ran = ran.says("warning[diff::object]: Boat long: a server refuses the object once an invalid value");
    assert!(!ran.stderr.contains("Boat fine"), "{}", ran.stderr);
    ran.says("3 objects checked");
}

#[test]
fn approvals_expire_and_are_reported_if_they_approve_nothing() {
    let config = "\
version = 1
inputs = [\"new.yaml\"]

[[diff.allow]]
rule = \"field-removed\"
path = \"spec.color\"
reason = \"nobody uses it\"

[[diff.allow]]
rule = \"max-length-tightened\"
reason = \"agreed\"
expires = \"2020-01-01\"

[[diff.allow]]
rule = \"crd-removed\"
reason = \"agreed\"
";
    let folder = Folder::new(&[("old.yaml", &boats(OLD)), ("new.yaml", &boats(NEW)), ("crdgen.toml", config)]);
    let ran = folder.run("diff old.yaml new.yaml").exits(100);
    let ran = ran.says("note[field-removed]").says("approved:\n    nobody uses it");
    let ran = ran.says("error[max-length-tightened]");
    let ran =
        ran.says("crdgen.toml:9:1: error[diff::expired]: the approval of `max-length-tightened` expired on 2020-01-01");
    ran.says("warning[diff::unused]: the approval of `crd-removed` approves nothing");
}

#[test]
fn an_annotation_of_the_new_crd_approves_changes() {
    let annotated = boats(NEW).replace(
        "metadata: {name: boats.example.org}",
        "metadata:\n  name: boats.example.org\n  annotations:\n    crdgen/allow-changes: |\n      field-removed spec.color: nobody uses it\n      max-length-tightened spec.name until 2999-12-31: agreed",
    );
    let folder = Folder::new(&[("old.yaml", &boats(OLD)), ("new.yaml", &annotated)]);
    folder.run("diff old.yaml new.yaml").exits(0).says("note[max-length-tightened]").says("approved:\n    agreed");
}

#[test]
fn a_baseline_approves_the_findings_of_an_earlier_report() {
    let folder = folder();
    let report = folder.run("diff old.yaml new.yaml --format json").exits(100).stdout;
    folder.write("baseline.json", &report);
    folder.run("diff old.yaml new.yaml --baseline baseline.json").exits(0).says("it is in the baseline");
}

#[test]
fn git_revisions_are_sides_too() {
    let folder = Folder::new(&[("crds/boats.yaml", &boats(OLD)), ("crds/--output=x.yaml", &boats(OLD))]);
    folder.git(&["init", "--quiet"]);
    folder.git(&["add", "--all"]);
    folder.git(&["commit", "--quiet", "--message", "old"]);
    folder.git(&["tag", "v1.0.0"]);
    folder.remove("crds/--output=x.yaml");
    folder.write("crds/boats.yaml", &boats(NEW));
    let wanted = "1 CRD compared, 3 changes (1 harmless change not shown)";
    for command in [
        "diff v1.0.0:crds crds",
        "diff v1.0.0:crds/boats.yaml crds/boats.yaml",
        "diff --base HEAD crds",
        "diff v1.0.0:crds/*.yaml crds",
    ] {
        folder.run(command).exits(100).says(wanted);
    }
    folder.git(&["commit", "--quiet", "--all", "--message", "new"]);
    folder.run("diff --since-tag -- crds").exits(100).says(wanted);
    folder.run("diff --base nope crds").exits(1).says("error[input::git]: `nope` is not a git revision");
}

#[test]
fn every_rule_is_listed_and_explained() {
    let ran = folder().run("diff --list-rules").exits(0).prints("field-removed");
    for line in ran.stdout.lines() {
        let id = line.split(' ').next().unwrap();
        folder().run(&format!("explain {id}")).exits(0).prints(&format!("{id}: "));
    }
}

#[test]
fn a_crd_that_cannot_be_read_is_an_error_and_not_a_removal() {
    let broken = boats(NEW).replace("scope: Namespaced", "scope: Everywhere");
    let folder = Folder::new(&[("old.yaml", &boats(OLD)), ("new.yaml", &broken)]);
    let ran = folder.run("diff old.yaml new.yaml").exits(1);
    assert!(!ran.stderr.contains("crd-removed"), "{}", ran.stderr);
}

#[test]
fn a_file_that_cannot_be_read_ends_the_command_before_anything_is_compared() {
    let folder = Folder::new(&[("old.yaml", &boats(OLD)), ("new.yaml", "spec: [")]);
    for new in ["new.yaml", "missing.yaml"] {
        let ran = folder.run(&format!("diff old.yaml {new}")).exits(1);
        assert!(!ran.stderr.contains("compared") && !ran.stderr.contains("crd-removed"), "{}", ran.stderr);
    }
}

#[test]
fn a_cluster_that_cannot_be_read_ends_the_command() {
    let folder = Folder::new(&[("crds/boats.yaml", &boats(NEW))]);
    // Without kubectl, the message is about kubectl itself.
    folder.run("diff --cluster=no-such-context crds").exits(1).says("error[input::cluster]: ");
    folder.run("diff --cluster --base HEAD crds").exits(2).says("cannot be used with");
}
