//! `[[view]]`: its additions to each target, and its errors.

use crate::harness::{Folder, RUNS, Ran};

const CONFIG: &str = "\
version = 1
inputs = ['crds']

[rust]
dir = 'src'
kube = false

[axum]

[openapi]
path = 'openapi.json'

[typescript]
dir = 'web'

";

const VIEW: &str = "\
[[view]]
kind = 'Run'
name = 'RunSummary'
fields = ['metadata.name', 'spec.pipelineRef.name', 'status']
";

fn project(view: &str) -> Folder {
    Folder::new(&[("crdgen.toml", &format!("{CONFIG}{view}")), ("crds/runs.yaml", RUNS)])
}

#[track_caller]
fn refused(from: &str, to: &str) -> Ran {
    assert!(VIEW.contains(from), "{from}");
    project(&VIEW.replace(from, to)).run("generate").exits(1)
}

#[test]
fn a_view_is_in_every_target_under_its_name() {
    let project = project(VIEW);
    project.run("generate").exits(0);
    project.run("generate --check").exits(0);
    let types = project.read("src/ci_example_com/v1/run.rs");
    for name in ["RunSummary", "RunSummarySpec", "RunSummaryPipelineRef", "RunSummaryMetadata"] {
        assert!(types.contains(&format!("pub struct {name} ")), "{name} in:\n{types}");
    }
    assert!(!types.contains("RunSummaryStatus"), "what is read whole is the kind's own");
    for file in ["openapi.json", "web/types.ts", "crdgen.lock"] {
        assert!(project.read(file).contains("RunSummary"), "{file}");
    }
}

#[test]
fn a_view_changes_no_name_of_its_kind() {
    let without = project("");
    without.run("generate").exits(0);
    let with = project(VIEW);
    with.run("generate").exits(0);
    let names = |project: &Folder| -> Vec<String> {
        let lock = project.read("crdgen.lock");
        lock.lines().skip_while(|line| !line.starts_with("[names")).map(str::to_owned).collect()
    };
    let (before, after) = (names(&without), names(&with));
    let gone: Vec<&String> = before.iter().filter(|line| !after.contains(line)).collect();
    assert!(gone.is_empty() && after.len() > before.len(), "{gone:?}");
}

#[test]
fn what_is_wrong_in_a_view_has_its_place() {
    refused("spec.pipelineRef.name", "spec.pipelinRef.name")
        .says("crdgen.toml:19:28: error[view::field]: `spec` has no property `pipelinRef`")
        .says("similar: spec.pipelineRef.name");
    refused("'Run'", "'Rum'").says("crdgen.toml:17:8: error[view::kind]").says("similar: Run");
    refused("'RunSummary'", "'RunStatus'")
        .says("crdgen.toml:18:8: error[view::name]: the name `RunStatus` is taken by the type at `Run.status`");
    refused("'RunSummary'", "'Run Summary'")
        .says("crdgen.toml:18:8: error[view::name]: `Run Summary` is not a valid name");
    refused("'RunSummary'\n", "'RunSummary'\nplural = 'runs'\n").says("crdgen.toml:19:10: error[view::plural]");
    refused("fields =", "field =").says("crdgen.toml:19:1: error[config::invalid]: unknown field `field`");
}
