//! `[api]`: every target has exactly the offered operations.

use crate::harness::{Folder, RUNS};

const CONFIG: &str = "version = 1\ninputs = ['crds']\n[rust]\ndir = 'src'\n[axum]\n[openapi]\npath = 'openapi.json'\n\
                      [typescript]\ndir = 'web'\n[rbac]\npath = 'deploy/rbac.yaml'\n";

fn project(api: &str) -> Folder {
    Folder::new(&[("crdgen.toml", &format!("{CONFIG}{api}")), ("crds/runs.yaml", RUNS)])
}

#[test]
fn only_what_is_offered_is_there() {
    let project = project("[[api.kind]]\nkind = 'Run'\noperations = ['get', 'list']\n");
    project.run("generate").exits(0);
    let rust = project.read("src/api/ci_example_com/v1/run.rs");
    let offers = |id: &str| rust.contains(&format!("(\"{id}\")"));
    assert!(offers("listRuns") && !offers("createRun") && !offers("deleteRun"), "{rust}");
    for file in ["openapi.json", "web/client.ts"] {
        let text = project.read(file);
        assert!(text.contains("listRuns") && !text.contains("createRun") && !text.contains("watchRuns"), "{file}");
    }
    let roles = project.read("deploy/rbac.yaml");
    assert!(roles.contains("- list") && !roles.contains("- create"), "{roles}");
}

#[test]
fn everything_is_offered_where_nothing_is_said() {
    let project = project("");
    project.run("generate").exits(0);
    let text = project.read("openapi.json");
    for operation in ["listRuns", "createRun", "replaceRun", "patchRun", "deleteRun", "watchRuns"] {
        assert!(text.contains(operation), "{operation}");
    }
}

#[test]
fn a_kind_that_is_not_there_is_refused_at_its_place() {
    let project = project("[[api.kind]]\nkind = 'Runn'\noperations = ['get']\n");
    project.run("generate").exits(1).says("crdgen.toml:13:8: error[api::kind]").says("similar: Run");
}

#[test]
fn a_word_that_is_no_operation_is_refused_at_its_place() {
    let project = project("[api]\noperations = ['read']\n");
    project.run("generate").exits(1).says("crdgen.toml:13:15: error[config::invalid]");
}
