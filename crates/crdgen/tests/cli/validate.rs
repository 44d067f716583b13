//! `crdgen validate`: refused objects, their places, and the forms of output.

use crate::harness::{Folder, WIDGETS};

const OBJECTS: &str = "\
apiVersion: shop.example.com/v1
kind: Widget
metadata:
  name: bad
spec:
  size: medium
  extra: 1
---
apiVersion: v1
kind: List
items:
- apiVersion: shop.example.com/v1
  kind: Widget
  metadata: {name: good}
  spec: {size: small}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: other}}
";

fn widgets(objects: &str) -> Folder {
    Folder::new(&[("crds/widgets.yaml", WIDGETS), ("objects/all.yaml", objects)])
}

#[test]
fn what_a_server_refuses_is_named_with_its_place_and_its_schema() {
    let ran = widgets(OBJECTS).run("validate objects --crds crds").exits(100);
    let ran = ran.says("objects/all.yaml:6:9: error[object::invalid]: spec.size: Unsupported value: \"medium\"");
    let ran = ran.says("in: widgets.shop.example.com v1 properties.spec.properties.size");
    let ran = ran.says("help: the schema is at crds/widgets.yaml:32:23");
    let ran = ran.says("objects/all.yaml:7:10: error[object::unknown-field]: unknown field `spec.extra`");
    let ran = ran.says("2 objects checked (1 object without a CRD skipped), 1 refused");
    assert_eq!(ran.stdout, "");
}

/// Returns widgets with a rule that reads an undeclared field.
fn with_a_broken_rule() -> String {
    let size = "enum: [small, large]}\n";
    WIDGETS.replace(size, &format!("{size}              x-kubernetes-validations: [{{rule: self.nope == 1}}]\n"))
}

#[test]
fn a_rule_that_a_server_refuses_is_an_error_of_the_crd_and_not_of_its_objects() {
    let crd = with_a_broken_rule();
    assert_ne!(crd, WIDGETS);
    let objects = "apiVersion: shop.example.com/v1\nkind: WidgetList\nitems:\n\
                   - {metadata: {name: a}, spec: {size: small}}\n- {metadata: {name: b}, spec: {size: small}}\n";
    let folder = Folder::new(&[("crds/widgets.yaml", &crd), ("objects/all.yaml", objects)]);
    let ran = folder.run("validate objects --crds crds").exits(1);
    let ran = ran.says("error[cel::compile]: an API server refuses the rule `self.nope == 1`: undefined field `nope`");
    let ran = ran.says("2 objects checked, 0 refused");
    assert_eq!(ran.stderr.matches("cel::compile").count(), 1);
    folder.run("lint crds").exits(100).says("error[cel::compile]");
    folder.run("generate crds --rust out").exits(0).says("warning[cel::compile]");
    folder.write("crdgen.toml", "version = 1\ninputs = ['crds']\n[checks]\ncel = 'error'\n[rust]\ndir = 'out'\n");
    folder.run("generate").exits(1).says("error[cel::compile]");
    folder.write("crdgen.toml", "version = 1\ninputs = ['crds']\n[checks]\ncel = 'off'\n[rust]\ndir = 'out'\n");
    assert!(!folder.run("generate").exits(0).stderr.contains("cel::"));
}

#[test]
fn a_misspelled_field_brings_the_declared_one() {
    let objects = OBJECTS.replace("extra:", "sise:");
    let ran = widgets(&objects).run("validate objects --crds crds").exits(100);
    ran.says("unknown field `spec.sise`").says("help: did you mean `size`? the schema is at crds/widgets.yaml:");
}

#[test]
fn objects_of_a_typed_list_need_no_kind() {
    let list = "apiVersion: shop.example.com/v1\nkind: WidgetList\nitems:\n\
                - {metadata: {name: a}, spec: {size: small}}\n- {metadata: {name: b}, spec: {size: medium}}\n";
    let ran = widgets(list).run("validate objects --crds crds").exits(100);
    ran.says("objects/all.yaml:5:38: error[object::invalid]: spec.size").says("2 objects checked, 1 refused");
}

#[test]
fn unknown_fields_may_be_dropped_with_a_warning_or_without() {
    let folder = widgets(&OBJECTS.replace("medium", "large"));
    folder.run("validate objects --crds crds").exits(100).says("error[object::unknown-field]");
    folder.run("validate objects --crds crds --unknown-fields warn").exits(0).says("warning[object::unknown-field]");
    let ran = folder.run("validate objects --crds crds --unknown-fields ignore").exits(0);
    assert_eq!(ran.stderr, "2 objects checked (1 object without a CRD skipped), 0 refused\n");
}

#[test]
fn programs_get_json_with_a_row_for_each_finding() {
    let ran = widgets(OBJECTS).run("validate objects --crds crds --format json --quiet").exits(100);
    let rows: serde_json::Value = serde_json::from_str(&ran.stdout).expect("it is JSON");
    let row = &rows[0];
    assert_eq!(row["file"], "objects/all.yaml");
    assert_eq!((&row["line"], &row["column"]), (&6.into(), &9.into()));
    assert_eq!((&row["kind"], &row["name"]), (&"Widget".into(), &"bad".into()));
    assert_eq!((&row["field"], &row["reason"]), (&"spec.size".into(), &"FieldValueNotSupported".into()));
    assert_eq!(rows[1]["code"], "object::unknown-field");
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
}

#[test]
fn a_version_that_is_not_served_is_an_error_at_its_name() {
    let folder = widgets("kind: Widget\napiVersion: shop.example.com/v1alpha1\nmetadata: {name: a}\n");
    let ran = folder.run("validate objects --crds crds").exits(100);
    ran.says("objects/all.yaml:2:13: error[object::version]").says("help: served versions: v1");
}

#[test]
fn the_crds_are_those_of_the_config_and_objects_may_come_from_standard_input() {
    let folder = widgets(OBJECTS);
    folder.write("crdgen.toml", "version = 1\ninputs = [\"crds\"]\n");
    folder.run("validate objects").exits(100).says("1 refused");
    let ran = folder.pipe("validate -", OBJECTS).exits(100);
    ran.says("<stdin>:6:9: error[object::invalid]");
    folder.remove("crdgen.toml");
    folder.run("validate objects").exits(2);
    folder.run("validate objects/none.yaml --crds crds").exits(1);
}

fn object(kind: &str, version: &str) -> String {
    format!("apiVersion: {version}\nkind: {kind}\nmetadata: {{name: a}}\nspec: {{size: small}}\n")
}

#[test]
fn a_misspelled_kind_of_a_known_group_is_an_error() {
    for (kind, help) in [
        ("Wigdet", "did you mean `Widget`?"),
        ("widget", "did you mean `Widget`?"),
        ("Widgets", "did you mean `Widget`?"),
        ("WidgetList", "`WidgetList` is the kind of a list of `Widget`: the list needs `items`"),
        ("Zebra", "the CRDs define Widget"),
    ] {
        let folder = widgets(&object(kind, "shop.example.com/v1"));
        let ran = folder.run("validate objects --crds crds").exits(100);
        let ran =
            ran.says(&format!("objects/all.yaml:2:7: error[object::kind]: no kind `{kind}` in shop.example.com/v1"));
        ran.says(help).says("1 object checked, 1 refused");
    }
}

#[test]
fn objects_without_a_crd_may_be_errors_warnings_or_nothing() {
    let folder = widgets(&(object("Wigdet", "shop.example.com/v1") + "---\n" + &object("Deployment", "apps/v1")));
    let by_default = folder.run("validate objects --crds crds").exits(100);
    by_default.says("1 object checked (1 object without a CRD skipped), 1 refused");
    let warned =
        folder.run("validate objects --crds crds --skipped warn").exits(0).says("warning[object::kind]: no kind");
    warned
        .says("warning[object::kind]: no CRD defines `Deployment` of apps/v1")
        .says("2 objects without a CRD skipped");
    let ignored = folder.run("validate objects --crds crds --skipped ignore").exits(0);
    assert_eq!(ignored.stderr, "0 objects checked (2 objects without a CRD skipped), 0 refused\n");
    folder.run("validate objects --crds crds --skipped error").exits(100).says("2 objects checked, 2 refused");
    let other_version = widgets(&object("Wigdet", "shop.example.com/v7"));
    other_version.run("validate objects --crds crds").exits(0).says("1 object without a CRD skipped");
}

const LAMPS: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: lamps.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Lamp, plural: lamps}
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
            properties:
              colour:
                type: string
                maxLength: 9
                x-kubernetes-validations: [{rule: self == oldSelf, message: the colour is fixed}]
              watts: {type: integer, default: 7, maximum: 60}
";

fn lamp(spec: &str) -> String {
    format!("apiVersion: example.org/v1\nkind: Lamp\nmetadata: {{name: a, namespace: b}}\nspec: {{{spec}}}\n")
}

fn lamps(old: &str, new: &str) -> Folder {
    Folder::new(&[("crds/lamps.yaml", LAMPS), ("old/a.yaml", &lamp(old)), ("new/a.yaml", &lamp(new))])
}

#[test]
fn with_old_objects_transition_rules_are_checked_and_old_errors_are_tolerated() {
    let folder = lamps("colour: red", "colour: blue");
    folder.run("validate new --crds crds").exits(0);
    folder.run("validate new --crds crds --old old").exits(100).says("the colour is fixed");
    lamps("colour: red", "colour: red").run("validate new --crds crds --old old").exits(0);
    let ratcheted = lamps("watts: 90", "watts: 90, colour: red");
    ratcheted.run("validate new --crds crds").exits(100).says("spec.watts");
    ratcheted.run("validate new --crds crds --old old").exits(0);
    folder.write("old/a.yaml", &lamp("colour: red").replace("name: a", "name: other"));
    folder.run("validate new --crds crds --old old").exits(0).says("1 object checked, 0 refused");
}

#[test]
fn an_accepted_object_is_printed_as_it_is_stored() {
    let folder = lamps("", "colour: red, other: 1");
    let ran = folder.run("validate new --crds crds --stored --unknown-fields ignore").exits(0);
    let stored: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(stored["spec"], serde_json::json!({ "colour": "red", "watts": 7 }));
    let refused = folder.run("validate new --crds crds --stored").exits(100);
    assert_eq!(refused.stdout, "");
    folder.run("validate new --crds crds --stored --format json").exits(2);
}

#[test]
fn metadata_of_sops_is_set_aside() {
    let sops = "sops: {mac: 'ENC[AES256_GCM,data:x]', version: 3.9.0}\n";
    let folder = lamps("", "");
    folder.write("new/a.yaml", &(lamp("colour: red") + sops));
    folder.run("validate new --crds crds").exits(0).says("1 object checked, 0 refused");
    folder.write("new/a.yaml", &(lamp("colour: red") + "sops: {}\n"));
    folder.run("validate new --crds crds").exits(100).says("unknown field `sops`");
}
