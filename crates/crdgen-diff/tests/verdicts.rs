//! Verdicts on single changes, where they depend on the values of the change.

#[allow(dead_code, reason = "the pairs are for other tests")]
mod fixtures;

use std::sync::Arc;

use crdgen_diff::{Axis, Direction, Finding, Verdict, compare};
use crdgen_schema::{Crd, Source, documents};
use serde_json::{Value as Json, json};

/// Returns a finding as rule, verdicts and note. The verdicts are in the order writer, reader, stored, source: `-` safe,
/// `n` notice, `r` ratcheted, `B` breaks.
fn line(finding: &Finding) -> String {
    let letter = |axis| match finding.verdicts.on(axis) {
        Verdict::Safe => '-',
        Verdict::Notice => 'n',
        Verdict::Ratcheted => 'r',
        Verdict::Breaks => 'B',
    };
    let letters: String = [Axis::Writer, Axis::Reader, Axis::Stored, Axis::Source].map(letter).iter().collect();
    match &finding.note {
        Some(note) => format!("{} {letters}: {note}", finding.rule.id),
        None => format!("{} {letters}", finding.rule.id),
    }
}

fn crds(at: &str, old: &Json, new: &Json) -> [Vec<Crd>; 2] {
    [old, new].map(|part| fixtures::side(at, part, &Json::Null))
}

fn lines(at: &str, old: &Json, new: &Json) -> Vec<String> {
    let [old, new] = crds(at, old, new);
    compare(&old, &new).iter().map(line).collect()
}

/// Checks the finding about a change of `spec.value`.
#[track_caller]
fn field(old: Json, new: Json, expected: &str) {
    assert_eq!(lines("field", &old, &new), [expected]);
}

/// Checks the findings about a change of `spec`.
#[track_caller]
fn spec(old: Json, new: Json, expected: &[&str]) {
    assert_eq!(lines("spec", &old, &new), expected);
}

/// Returns an object with these properties and other keywords.
fn object(properties: Json, keywords: Json) -> Json {
    let mut schema = json!({"type": "object", "properties": properties});
    schema.as_object_mut().expect("an object").extend(keywords.as_object().cloned().unwrap_or_default());
    schema
}

#[test]
fn a_constraint_that_every_value_of_an_enum_meets_breaks_nothing() {
    let string = |values: &[&str]| json!({"type": "string", "enum": values});
    let limited = |values: &[&str]| json!({"type": "string", "enum": values, "maxLength": 3});
    field(string(&["a", "b"]), limited(&["a", "b"]), "max-length-set ----: every value that was allowed still is");
    field(string(&["a", "long"]), limited(&["a", "long"]), "max-length-set B-r-");
}

#[test]
fn an_enum_value_of_another_type_has_no_effect() {
    let integer = |values: Json| json!({"type": "integer", "enum": values});
    field(integer(json!([1])), integer(json!([1, 2])), "enum-value-added -B-B");
    field(integer(json!([1, "a"])), integer(json!([1])), "enum-value-removed ----: no value of the type equals it");
}

#[test]
fn a_wider_pattern_breaks_nothing() {
    let pattern = |pattern: &str| json!({"type": "string", "pattern": pattern});
    let wider = "pattern-changed ----: every text that matches the old pattern matches the new one";
    field(pattern("^[a-c]$"), pattern("^[a-z]$"), wider);
    field(pattern("^[a-z]$"), pattern("^[a-c]$"), "pattern-changed B-r-");
}

#[test]
fn a_range_with_the_same_numbers_breaks_nothing() {
    let from = |minimum: i64, is_exclusive: bool| match is_exclusive {
        true => json!({"type": "integer", "minimum": minimum, "exclusiveMinimum": true}),
        false => json!({"type": "integer", "minimum": minimum}),
    };
    let same = "exclusive-minimum-set ----: the range has no fewer numbers";
    assert_eq!(lines("field", &from(3, false), &from(2, true)), ["minimum-loosened ----", same]);
    field(from(3, false), from(3, true), "exclusive-minimum-set B-r-");
}

#[test]
fn a_keyword_for_another_type_has_no_effect() {
    let limited = |type_: &str, most: u32| json!({"type": type_, "maxLength": most});
    let no_effect = "max-length-tightened ----: the keyword has no effect on values of this type";
    field(limited("integer", 5), limited("integer", 3), no_effect);
    field(limited("string", 5), limited("string", 3), "max-length-tightened B-r-");
    // Texts were allowed before.
    let either = json!({"x-kubernetes-int-or-string": true, "maxLength": 5});
    assert_eq!(
        lines("field", &either, &limited("integer", 3)),
        ["int-or-string-unset B-rB", "max-length-tightened B-r-"]
    );
}

#[test]
fn a_format_counts_if_a_server_checks_it_or_a_generator_has_a_type_for_it() {
    let of = |type_: &str, format: &str| match format {
        "" => json!({"type": type_}),
        format => json!({"type": type_, "format": format}),
    };
    let set = |type_: &str, format: &str, expected: &str| field(of(type_, ""), of(type_, format), expected);
    set("string", "date-time", "format-set B-rB");
    set("string", "password", "format-set ----: a server does not check the format");
    set("integer", "int64", "format-set ----: a server does not check the format");
    set("integer", "float", "format-set ---B: a server does not check the format");
    let changed = |before: &str, after: &str, expected: &str| {
        field(of("string", before), of("string", after), &format!("format-changed {expected}"));
    };
    changed("uuid", "uuid4", "B-rB");
    changed("uuid4", "uuid", "-B-B: a server does not check the format");
    changed("date-time", "datetime", "---B: a server does not check the format");
}

#[test]
fn a_list_without_a_type_is_atomic_and_accepts_what_a_set_accepts() {
    let list = |list_type: &str| match list_type {
        "" => json!({"type": "array", "items": {"type": "string"}}),
        _ => json!({"type": "array", "items": {"type": "string"}, "x-kubernetes-list-type": list_type}),
    };
    field(list("set"), list("atomic"), "list-type-changed -n-n: duplicates are accepted");
    field(list(""), list("atomic"), "list-type-changed ----: a list without a type is atomic");
    field(list(""), list("set"), "list-type-changed BnBn");
}

#[test]
fn white_space_of_a_rule_matters_in_texts_only() {
    let rule = |rule: &str| json!({"type": "string", "x-kubernetes-validations": [{"rule": rule}]});
    field(rule("self == 'a'||self == 'b'"), rule("self=='a' || self == 'b'"), "rule-message-changed ----");
    field(rule("self == 'a  b'"), rule("self == 'a b'"), "rule-changed B-r-");
}

#[test]
fn a_removed_field_stays_where_undeclared_fields_are_kept() {
    let of = |properties: Json, keywords: Json| object(properties, keywords);
    let a = json!({"a": {"type": "string"}});
    spec(of(a.clone(), json!({})), of(json!({}), json!({})), &["field-removed BnBB"]);
    // Readers rely on a required field.
    spec(of(a.clone(), json!({"required": ["a"]})), of(json!({}), json!({})), &["field-removed BBBB"]);
    let keeps = json!({"x-kubernetes-preserve-unknown-fields": true});
    let kept = "field-removed -n-B: undeclared fields are kept here";
    spec(of(a, keeps.clone()), of(json!({}), keeps), &[kept]);
}

#[test]
fn a_field_is_renamed_if_its_schema_is_rare_or_its_name_is_similar() {
    let integer = json!({"type": "integer"});
    let one = |name: &str, schema: &Json| object(json!({name: schema}), json!({}));
    spec(one("replicaCount", &integer), one("replicas", &integer), &["field-renamed BnBB"]);
    spec(one("left", &integer), one("right", &integer), &["field-removed BnBB", "field-added-optional ----"]);
    let crew = json!({"type": "array", "items": object(json!({"a": integer, "b": integer, "c": integer}), json!({}))});
    spec(one("left", &crew), one("up", &crew), &["field-renamed BnBB"]);
}

#[test]
fn a_constraint_that_may_see_another_value_is_a_finding() {
    let [a, b] = [json!({"a": {"type": "string"}}), json!({"b": {"type": "string"}})];
    let both = json!({"a": {"type": "string"}, "b": {"type": "string"}});
    let rule = |rule: &str| json!({"x-kubernetes-validations": [{"rule": rule}]});
    let without_a = |keywords: Json, expected: &[&str]| {
        spec(object(both.clone(), keywords.clone()), object(b.clone(), keywords), expected);
    };
    let (removed, changed) = ("field-removed BnBB", "constraint-input-changed B-B-");
    without_a(rule("has(self.b)"), &[removed]);
    without_a(rule("self != null && size(self.b) > 1"), &[changed, removed]);
    without_a(json!({"minProperties": 1}), &[changed, removed]);
    without_a(json!({"minProperties": 0}), &[removed]);
    // The object has no fewer fields if one is added, or if one is removed further down.
    let least = json!({"minProperties": 1});
    spec(object(a, least.clone()), object(both.clone(), least.clone()), &["field-added-optional ----"]);
    let inner = |properties: &Json| object(json!({"inner": object(properties.clone(), json!({}))}), least.clone());
    spec(inner(&both), inner(&b), &[removed]);
    // A rule of the value itself sees another type.
    let number = |type_: &str| json!({"type": type_, "x-kubernetes-validations": [{"rule": "self > 1"}]});
    assert_eq!(lines("field", &number("integer"), &number("number")), ["type-widened -B-B", changed]);
    // A new default is another value.
    let integer = |default: Json| object(json!({"a": default}), rule("!has(self.a) || self.a > 1"));
    let expected = [changed, "default-set nnnn"];
    spec(integer(json!({"type": "integer"})), integer(json!({"type": "integer", "default": 3})), &expected);
}

#[test]
fn a_constraint_that_sees_another_value_names_the_field_and_has_a_place() {
    let least = json!({"minProperties": 1});
    let [old, new] = crds("spec", &object(json!({"a": {"type": "string"}}), least.clone()), &object(json!({}), least));
    let finding = &compare(&old, &new)[0];
    assert_eq!(finding.message, format!("{}: `minProperties` counts `a` (spec.a changed)", finding.rule.title));
    // The field is gone, but the constraint is not.
    assert!(finding.places.new.is_some());
    // A note about the verdicts of the change does not apply to the constraint.
    let rule = json!({"required": ["a"], "x-kubernetes-validations": [{"rule": "self.a != 'b'"}]});
    let field = |field: Json| object(json!({"a": field}), rule.clone());
    let unset = "default-unset BBBB: the field is required, and a server no longer fills it in";
    let expected = ["constraint-input-changed B-B-", unset];
    spec(field(json!({"type": "string", "default": "c"})), field(json!({"type": "string"})), &expected);
}

/// Returns a version with a schema of the whole object.
fn version(name: &str, is_served: bool, is_storage: bool, properties: Json) -> Json {
    let schema = json!({"type": "object", "properties": properties});
    json!({"name": name, "served": is_served, "storage": is_storage, "schema": {"openAPIV3Schema": schema}})
}

#[test]
fn a_version_that_was_not_served_may_go() {
    let spec = || json!({"spec": {"type": "object"}});
    let both =
        |is_served| json!({"versions": [version("v1", is_served, false, spec()), version("v2", true, true, spec())]});
    let one = json!({"versions": [version("v2", true, true, spec())]});
    assert_eq!(lines("crd", &both(false), &one), ["version-removed ---B: the version was not served"]);
    assert_eq!(lines("crd", &both(true), &one), ["version-removed BBnB"]);
}

#[test]
fn a_new_version_and_a_new_storage_version_are_findings_of_that_version() {
    let spec = || json!({"spec": {"type": "object"}});
    let one = json!({"versions": [version("v1", true, true, spec())]});
    let both = json!({"versions": [version("v1", true, false, spec()), version("v2", true, true, spec())]});
    let [old, new] = crds("crd", &one, &both);
    let findings = compare(&old, &new);
    let shown: Vec<_> = findings.iter().map(|finding| (finding.rule.id, finding.version.as_deref())).collect();
    assert_eq!(shown, [("version-added", Some("v2")), ("storage-version-changed", Some("v2"))]);
}

#[test]
fn a_version_that_is_no_longer_served_is_named() {
    let spec = || json!({"spec": {"type": "object"}});
    let both =
        |is_served| json!({"versions": [version("v1", is_served, false, spec()), version("v2", true, true, spec())]});
    let [old, new] = crds("crd", &both(true), &both(false));
    let finding = &compare(&old, &new)[0];
    assert_eq!((finding.rule.id, finding.version.as_deref()), ("version-unserved", Some("v1")));
}

#[test]
fn an_embedded_object_always_has_a_type() {
    let object = |required: &[&str]| {
        let properties = json!({"apiVersion": {"type": "string"}, "size": {"type": "integer"}});
        object(properties, json!({"x-kubernetes-embedded-resource": true, "required": required}))
    };
    let present = "became-required ----: every object has the field";
    field(object(&[]), object(&["apiVersion"]), present);
    field(object(&[]), object(&["size"]), "became-required B-BB");
}

#[test]
fn a_difference_between_versions_names_the_served_one_and_ignores_metadata() {
    let spec = |fields: Json| json!({"spec": {"type": "object", "properties": fields}});
    let a = || json!({"a": {"type": "string"}});
    let mut with_metadata = spec(json!({"a": {"x-kubernetes-preserve-unknown-fields": true}}));
    with_metadata["metadata"] = json!({"type": "object"});
    let crd = |v1: Json, v2: Json| json!({"versions": [version("v1", true, true, v1), version("v2", true, false, v2)]});
    let [old, new] = crds("crd", &crd(spec(a()), spec(a())), &crd(spec(a()), with_metadata));
    let findings = compare(&old, &new);
    let is_divergence = |finding: &&Finding| finding.rule.id == "served-versions-diverge";
    let found: Vec<&Finding> = findings.iter().filter(is_divergence).collect();
    let [finding, _] = found[..] else { panic!("{found:?}") };
    assert_eq!((finding.version.as_deref(), finding.path.to_string().as_str()), (Some("v2"), "spec.a"));
    assert_eq!(line(finding), "served-versions-diverge B-B-");
    // The note is about the verdicts of the cause.
    assert_eq!((finding.cause.map(|rule| rule.id), &finding.note), (Some("type-narrowed"), &None));
    let message = format!("{}: from v2 to v1, the type of a field allows fewer values", finding.rule.title);
    assert_eq!(finding.message, message);
}

#[test]
fn a_crd_that_moved_to_another_group_names_both() {
    let [old, new] = crds("crd", &json!({"group": "example.com"}), &json!({"group": "example.org"}));
    let findings = compare(&old, &new);
    assert_eq!(findings[0].rule.id, "group-changed");
    assert!(findings[0].message.ends_with(r#": "example.com" -> "example.org""#), "{}", findings[0].message);
}

/// Returns a CRD whose schema begins at line 13 of its source, with a line for each property.
fn of_text(properties: &[&str], others: &str) -> Vec<Crd> {
    let properties: String = properties.iter().map(|property| format!("          {property}\n")).collect();
    let text = format!(
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {{name: boats.example.com}}\n\
         spec:\n  group: example.com\n  names: {{kind: Boat, plural: boats}}\n  scope: Namespaced\n  versions:\n\
         \x20 - name: v1\n    served: true\n    storage: true\n    schema:\n      openAPIV3Schema:\n\
         \x20       type: object\n        properties:\n{properties}{others}"
    );
    let source = Arc::new(Source { name: "boats.yaml".to_owned(), text });
    crdgen_schema::crds(documents(&source, &mut Vec::new()), &mut Vec::new()).crds
}

/// Returns version, path and line of a finding.
fn place(finding: &Finding) -> (Option<&str>, String, Option<usize>) {
    let line = finding.places.new.as_ref().map(|(_, span)| span.line);
    (finding.version.as_deref(), finding.path.to_string(), line)
}

#[test]
fn a_rule_that_a_server_refuses_is_found_at_its_field() {
    let of_rule =
        |rule: &str| of_text(&[&format!("name: {{type: string, x-kubernetes-validations: [{{rule: {rule}}}]}}")], "");
    let findings = compare(&of_rule("self.size() > 1"), &of_rule("self > 1"));
    let refused = findings.iter().find(|finding| finding.rule.id == "expression-refused").expect("there is one");
    assert_eq!(place(refused), (Some("v1"), "name".to_owned(), Some(16)));
    assert_eq!((refused.keyword, &refused.values.new), ("x-kubernetes-validations", &None));
    assert!(refused.message.contains("no matching overload for `_>_`"), "{}", refused.message);
    assert!(refused.note.is_some(), "a hint how to mend the rule");
}

#[test]
fn a_value_that_a_new_scale_refuses_is_found_at_its_field() {
    let properties = [
        "spec: {type: object, properties: {replicas: {type: integer}}}",
        "status: {type: object, properties: {replicas: {type: integer, format: int32, minimum: 0}}}",
    ];
    let scale = "    subresources: {scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}\n";
    let findings = compare(&of_text(&properties, ""), &of_text(&properties, scale));
    let refused = findings.iter().find(|finding| finding.rule.id == "scale-value-refused").expect("there is one");
    assert_eq!(place(refused), (Some("v1"), "spec.replicas".to_owned(), Some(16)));
    assert!(refused.message.ends_with(": .spec.replicas"), "{}", refused.message);
    assert_eq!((refused.keyword, &refused.values.new), ("scale", &Some(json!(".spec.replicas"))));
    let (before, _) = refused.places.old.as_ref().expect("the field was there");
    assert!(!before.text.contains("scale"), "the old source");
}

#[test]
fn a_constraint_of_the_status_concerns_stored_objects_and_one_of_the_root_concerns_writers() {
    let properties = |status: &str| {
        let (rule, least) = ("!has(self.status) || !has(self.status.a) || self.status.a != 'b'", "minProperties: 1");
        let status = format!("status: {{type: object, {least}, properties: {{b: {{type: string}}{status}}}}}");
        let others =
            format!("        x-kubernetes-validations: [{{rule: \"{rule}\"}}]\n    subresources: {{status: {{}}}}\n");
        of_text(&["spec: {type: object}", &status], &others)
    };
    let findings = compare(&properties(", a: {type: string}"), &properties(", a: {type: string, default: c}"));
    let shown: Vec<_> =
        findings.iter().map(|finding| (line(finding), finding.path.to_string(), finding.direction)).collect();
    let expected = [
        ("constraint-input-changed B-B-".to_owned(), String::new(), Direction::Spec),
        ("constraint-input-changed --B-".to_owned(), "status".to_owned(), Direction::Status),
        ("default-set nnnn".to_owned(), "status.a".to_owned(), Direction::Status),
    ];
    assert_eq!(shown, expected);
}
