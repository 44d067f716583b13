//! `crdgen paths`: its rows, its output forms, and the reasons of names.

use std::process::Command;

use crate::harness::{Folder, RUNS, Ran, WIDGETS};

fn runs() -> Folder {
    Folder::new(&[("crds/runs.yaml", RUNS), ("crds/widgets.yaml", WIDGETS)])
}

/// Returns the lines of standard output, each split at its tabs.
#[track_caller]
fn rows(ran: &Ran) -> Vec<Vec<&str>> {
    ran.stdout.lines().map(|line| line.split('\t').collect()).collect()
}

#[track_caller]
fn row<'a>(ran: &'a Ran, path: &str) -> Vec<&'a str> {
    rows(ran).into_iter().find(|row| row[1] == path).unwrap_or_else(|| panic!("{path} in:\n{}", ran.stdout))
}

#[test]
fn every_path_is_a_line_with_tabs_between_its_columns() {
    let folder = runs();
    let ran = folder.run("paths crds").exits(0);
    assert!(rows(&ran).iter().all(|row| row.len() == 5), "{}", ran.stdout);
    assert_eq!(row(&ran, "Run"), ["ci.example.com/v1", "Run", "Run", "Run", "a kind"]);
    assert_eq!(row(&ran, "Run.spec.tasks")[2..], ["list of RunTask", "RunTask", "shortest suffix"]);
    assert_eq!(row(&ran, "Run.spec.tasks[].params")[2..], ["map of string", "", ""]);
    assert_eq!(row(&ran, "Widget.spec.size")[2..4], ["WidgetSize", "WidgetSize"]);
    assert_eq!(ran.stderr, "");
    assert!(!folder.has("crdgen.lock"), "nothing is written");
}

#[test]
fn a_listed_path_is_a_pattern_that_finds_it() {
    let folder = runs();
    let all = folder.run("paths crds").exits(0);
    let path = "Run.spec.tasks[].pipelineRef";
    let one = folder.run(&format!("paths crds --path {path}")).exits(0);
    assert_eq!(rows(&one), [row(&all, path)]);
    let some = folder.run("paths crds --path **.pipelineRef --path Widget.*").exits(0);
    let paths: Vec<&str> = rows(&some).iter().map(|row| row[1]).collect();
    assert_eq!(paths, ["Run.spec.pipelineRef", path, "Widget.spec"]);
}

#[test]
fn kinds_are_filtered_without_changing_names() {
    let folder = runs();
    let all = folder.run("paths crds").exits(0);
    let widgets = folder.run("paths crds --kind Widget.shop.example.com").exits(0);
    let expected: Vec<_> = rows(&all).into_iter().filter(|row| row[1].starts_with("Widget")).collect();
    assert_eq!(rows(&widgets), expected);
    folder.run("paths crds --kind Wigdet").exits(1).says("error[paths::kind]").says("similar: Widget");
    folder.run("paths crds --path Run.spec.task").exits(1).says("error[paths::path]").says("similar: Run.spec.tasks");
    folder.run("paths crds --path Run..spec").exits(2).says("a name is missing");
}

#[test]
fn what_could_not_be_typed_is_listed_with_its_reason() {
    let ran = runs().run("paths crds --untyped").exits(0);
    let rows = rows(&ran);
    assert_eq!(rows.len(), 1, "{}", ran.stdout);
    assert_eq!(rows[0][1..3], ["Run.spec.extra", "any object"]);
    assert!(rows[0][4].contains("x-kubernetes-preserve-unknown-fields"), "{}", rows[0][4]);
}

#[test]
fn json_has_every_key_in_every_object() {
    let folder = runs();
    let ran = folder.run("paths crds --json").exits(0);
    let entries: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&ran.stdout).unwrap();
    let keys = ["group", "version", "path", "levels", "type", "name", "why", "locked", "passed", "untyped"];
    assert!(entries.len() > 15 && entries.iter().all(|entry| entry.keys().eq(keys)), "{}", ran.stdout);
    let of = |path: &str| entries.iter().find(|entry| entry["path"] == path).expect(path);
    let tasks = of("Run.spec.tasks");
    assert_eq!((&tasks["levels"], &tasks["name"], &tasks["why"]), (&"[]".into(), &"RunTask".into(), &"suffix".into()));
    assert!(of("Run.spec.extra")["untyped"].is_string() && of("Run.spec")["untyped"].is_null());
    let help = folder.run("paths --help").exits(0);
    assert!(
        keys.iter().all(|key| help.stdout.contains(&format!("{key} ")) || help.stdout.contains(&format!("{key},")))
    );
}

#[test]
fn reasons_of_names_are_told() {
    let config = "version = 1\ninputs = ['crds']\n[rust]\ndir = 'src'\nkube = false\n\
        [[rust.override]]\npath = 'Run.spec.tasks'\nname = 'Step'\n\
        [[view]]\nkind = 'Run'\nname = 'RunView'\nfields = ['status.phase', 'metadata.name']\n";
    let folder = Folder::new(&[("crdgen.toml", config), ("crds/runs.yaml", RUNS)]);
    folder.run("generate").exits(0);
    // Now the lock has a name that a run without a lock would not give.
    let lock = folder.read("crdgen.lock").replace("RunPhase", "RunState");
    folder.write("crdgen.lock", &lock);
    let ran = folder.run("paths").exits(0);
    assert_eq!(row(&ran, "Run.spec.tasks")[3..], ["Step", "renamed in crdgen.toml"]);
    assert_eq!(row(&ran, "Run.status.phase")[3..], ["RunState", "locked"]);
    assert_eq!(
        row(&ran, "Run.spec.pipelineRef")[3..],
        ["RunPipelineRef", "shortest suffix"],
        "locked, and the same today"
    );
    assert_eq!(row(&ran, "RunView")[3..], ["RunView", "a view"]);
    assert_eq!(row(&ran, "RunView.metadata.name")[2], "string");
    let json = folder.run("paths --json --path Run.spec.pipelineRef").exits(0);
    assert!(json.stdout.contains("\"why\":\"suffix\",\"locked\":true"), "{}", json.stdout);
}

#[test]
fn a_longer_name_says_what_has_the_shorter_ones() {
    let nested = RUNS.replace(
        "params: {type: object,",
        "phase: {type: object, properties: {a: {type: string}}}\n                      params: {type: object,",
    );
    let ran = Folder::new(&[("runs.yaml", &nested)]).run("paths runs.yaml").exits(0);
    assert_eq!(
        row(&ran, "Run.spec.tasks[].phase")[3..],
        ["RunTaskPhase", "shortest suffix; RunPhase is Run.status.phase"]
    );
}

#[test]
fn a_refused_crd_does_not_hide_the_others() {
    let folder = Folder::new(&[("runs.yaml", RUNS), ("broken.yaml", crate::harness::BROKEN)]);
    let ran = folder.run("paths .").exits(1).says("error[");
    assert!(ran.stdout.contains("Run.spec"), "{}", ran.stdout);
    folder.run("paths broken.yaml").exits(1);
    folder.run("paths --no-config").exits(2).says("no inputs").says("Usage: crdgen paths");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let folder = runs();
    let script = format!("{} paths crds | head -n 1", env!("CARGO_BIN_EXE_crdgen"));
    let ran: Ran = Command::new("sh").args(["-c", &script]).current_dir(folder.path("")).output().unwrap().into();
    ran.exits(0).prints("ci.example.com/v1\tRun");
}
