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
