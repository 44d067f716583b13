//! Diagnostics of bad input: each has its place, none hides another, none shows a backtrace.

use crate::harness::{BROKEN, Folder, GADGETS, RUNS, WIDGETS};

fn folder() -> Folder {
    Folder::new(&[("crds/widgets.yaml", WIDGETS), ("crds/broken.yaml", BROKEN)])
}

#[test]
fn a_refused_crd_stops_the_run_before_anything_is_written() {
    let folder = folder();
    folder
        .run("generate crds --rust gen")
        .exits(1)
        .says("crds/broken.yaml:19:21")
        .says(": error[schema::type]")
        .says("  in: brokens.shop.example.com: spec.versions[0].schema.openAPIV3Schema.properties.spec");
    assert!(!folder.has("gen"));
}

#[test]
fn templates_of_other_objects_do_not_stop_a_chart_with_plain_crds() {
    let template = "{{- if .Values.on }}\nkind: Deployment\nmetadata: {{ .Values.meta }}\n{{- end }}\n";
    let files = [
        ("chart/Chart.yaml", "name: shop\n"),
        ("chart/crds/widgets.yaml", WIDGETS),
        ("chart/templates/a.yaml", template),
        ("chart/templates/b.yaml", template),
    ];
    let folder = Folder::new(&files);
    folder
        .run("generate chart --rust gen")
        .exits(0)
        .says("`chart/templates/a.yaml` and 1 more files are skipped: they look like Helm or Go templates");
    let help = "help: render it first, and use the output as the input: `helm template <chart> --include-crds`";
    folder.run("generate chart/templates/a.yaml --rust gen").exits(1).says("error[source::template]").says(help);
    folder.write("chart/templates/b.yaml", &template.replace("Deployment", "CustomResourceDefinition"));
    folder.run("generate chart --rust gen").exits(1).says("b.yaml:1:").says("error[source::template]");
}

#[test]
fn with_keep_going_the_good_ones_are_written_and_the_exit_code_stays() {
    let folder = folder();
    let ran = folder.run("generate crds --rust gen --keep-going").exits(1).says("1 CRD, ");
    assert!(ran.stderr.contains("error["), "{}", ran.stderr);
    assert!(folder.has("gen/shop_example_com/v1/widget.rs"));
}

#[test]
fn with_keep_going_and_no_good_one_there_is_one_error_and_no_file() {
    let folder = Folder::new(&[("crds/broken.yaml", BROKEN)]);
    let ran = folder.run("generate crds --rust gen --keep-going").exits(1);
    assert_eq!(ran.stderr.matches("error[").count(), 1, "{}", ran.stderr);
    assert!(!folder.has("gen"));
}

#[test]
fn files_and_names_of_a_crd_that_fails_this_time_are_kept() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("crds/gadgets.yaml", GADGETS)]);
    folder.run("generate crds --rust gen").exits(0);
    let gadget = folder.read("gen/shop_example_com/v1/gadget.rs");
    folder.write("crds/gadgets.yaml", &GADGETS.replace("type: integer", "tipe: [integer"));

    folder.run("generate crds --rust gen --keep-going").exits(1).says("0 removed");
    assert_eq!(folder.read("gen/shop_example_com/v1/gadget.rs"), gadget);
    let lock = folder.read("gen/crdgen.lock");
    assert!(lock.contains("\"shop.example.com/v1/Gadget\"") && lock.contains("gadget.rs"), "{lock}");

    folder.remove("crds/gadgets.yaml");
    folder.run("generate crds --rust gen").exits(0);
    assert!(!folder.has("gen/shop_example_com/v1/gadget.rs"), "a whole run removes what is stale");
}

#[test]
fn failures_are_listed_again_at_the_end() {
    let folder = folder();
    folder.write("crds/syntax.yaml", "a: [1\n");
    let ran = folder.run("generate crds --rust gen").exits(1).says("\n2 failed:\n");
    let list = ran.stderr.split("2 failed:\n").nth(1).unwrap();
    assert!(list.starts_with("  crds/broken.yaml:19:21"), "{list}");
    assert!(list.contains("\n  crds/syntax.yaml:"), "{list}");
    assert_eq!(list.lines().count(), 2, "{list}");
}

#[test]
fn nothing_to_read_is_an_error_that_says_so() {
    let folder = Folder::new(&[("crds/other.yaml", "kind: ConfigMap\napiVersion: v1\n"), ("empty/x", "")]);
    folder.run("generate crds --rust gen").exits(1).says("no CustomResourceDefinition in `crds/other.yaml`");
    folder.run("generate empty --rust gen").exits(1).says("empty");
    folder.run("generate nowhere.yaml --rust gen").exits(1).says("`nowhere.yaml` does not exist");
    folder.pipe("generate - --rust gen", "").exits(1);
    assert!(!folder.has("gen"));
}

#[test]
fn two_crds_of_one_kind_are_refused_together() {
    let twin = WIDGETS.replace("widgets", "widgetz");
    let folder = Folder::new(&[("crds/a.yaml", WIDGETS), ("crds/b.yaml", &twin)]);
    folder.run("generate crds --rust gen").exits(1).says(
        "error[crd::same-kind]: the kind `Widget` of shop.example.com is defined twice: here, and as `widgets.shop.",
    );
}

#[test]
fn a_copy_of_a_crd_is_no_contradiction_whatever_the_order() {
    let folder = Folder::new(&[("a/widgets.yaml", WIDGETS), ("b/widgets.yaml", WIDGETS)]);
    folder.run("generate a b --rust gen").exits(0).says("1 CRD, ");
    folder.run("generate b a --rust gen --check").exits(0);
}

#[test]
fn a_lock_that_cannot_be_read_has_a_place() {
    let folder = Folder::new(&[("widgets.yaml", WIDGETS), ("gen/crdgen.lock", "version = 1\n<<<<<<< HEAD\n")]);
    folder
        .run("generate widgets.yaml --rust gen")
        .exits(1)
        .says("gen/crdgen.lock:2:9: error[lock::unreadable]")
        .says("merge conflict");
    assert!(!folder.has("gen/mod.rs"));
}

#[test]
fn text_from_a_crd_cannot_command_a_terminal() {
    let hostile = BROKEN.replace("name: v1", "name: \"v1\\e[2J\"");
    let folder = Folder::new(&[("crds/broken.yaml", &hostile)]);
    let ran = folder.run("generate crds --rust gen --color always").exits(1);
    assert!(!ran.stderr.contains("\u{1b}[2J"), "{}", ran.stderr);
}

#[test]
fn a_column_that_typescript_cannot_read_is_named_with_its_place() {
    let columns = "served: true\n      additionalPrinterColumns:\n      - {name: Phase, type: string, jsonPath: .status.phase}\n      \
                   - {name: Any, type: string, jsonPath: .spec..name}";
    let folder = Folder::new(&[("crds/runs.yaml", &RUNS.replacen("served: true", columns, 1))]);
    folder
        .run("generate crds --typescript web")
        .exits(0)
        .says("crds/runs.yaml:15:45: warning[typescript::column]: the column `Any` is left out of `columns.ts`: its path `.spec..name`")
        .says("in: runs.ci.example.com: spec.versions[0].additionalPrinterColumns[1].jsonPath");
    assert!(folder.read("web/columns.ts").contains("\"Phase\"") && !folder.read("web/columns.ts").contains("\"Any\""));
    let ran = folder.run("generate crds --rust gen").exits(0);
    assert!(!ran.stderr.contains("warning["), "{}", ran.stderr);
}
