//! `[[rust.override]]`: its changes to each target, and its errors.

use crate::harness::{Folder, RUNS, Ran};

const CONFIG: &str = "\
version = 1
inputs = ['crds']

[rust]
dir = 'src'
kube = false

[openapi]
path = 'openapi.json'

[typescript]
dir = 'web'

";

fn project(overrides: &str) -> Folder {
    Folder::new(&[("crdgen.toml", &format!("{CONFIG}{overrides}")), ("crds/runs.yaml", RUNS)])
}

/// Generates the project. Returns its folder and its Rust types.
#[track_caller]
fn generated(overrides: &str) -> (Folder, String) {
    let project = project(overrides);
    project.run("generate").exits(0);
    project.run("generate --check").exits(0);
    let types = project.read("src/ci_example_com/v1/run.rs");
    (project, types)
}

/// Runs a project whose override is refused. The first line of `lines` is line 14 of the config.
#[track_caller]
fn refused(lines: &str) -> Ran {
    let project = project(&format!("[[rust.override]]\n{lines}\n"));
    let ran = project.run("generate").exits(1);
    assert!(!project.has("src") && !project.has("crdgen.lock"), "a refused run writes nothing");
    ran
}

#[test]
fn a_name_holds_in_every_target_and_wins_over_the_lock() {
    let project = project("");
    project.run("generate").exits(0);
    assert!(project.read("crdgen.lock").contains("RunPipelineRef"));
    project.write(
        "crdgen.toml",
        &format!("{CONFIG}[[rust.override]]\npath = 'Run.spec.tasks.pipelineRef'\nname = 'PipelineRef'\n"),
    );
    project.run("generate").exits(0);
    for file in ["src/ci_example_com/v1/run.rs", "openapi.json", "web/types.ts", "crdgen.lock"] {
        let text = project.read(file);
        assert!(text.contains("PipelineRef") && !text.contains("RunPipelineRef"), "{file}:\n{text}");
    }
    project.write("crdgen.toml", CONFIG);
    project.run("generate --check").exits(0);
}

#[test]
fn a_skipped_property_is_in_no_target() {
    let (project, types) = generated("[[rust.override]]\npath = '**.pipelineRef'\nskip = true\n");
    for text in [types, project.read("openapi.json"), project.read("web/types.ts")] {
        assert!(!text.contains("ipelineRef"), "{text}");
    }
}

#[test]
fn rust_alone_has_types_of_the_project() {
    let (project, types) = generated(
        "[[rust.override]]\npath = 'Run.spec.tasks'\nextern = 'crate::Tasks'\n\
         [[rust.override]]\npath = 'Run.status.startedAt'\nextern = '::jiff::Timestamp'\nfield = 'started'\n",
    );
    assert!(types.contains("pub tasks: Option<crate::Tasks>"), "{types}");
    assert!(types.contains("pub started: Option<::jiff::Timestamp>"), "{types}");
    assert!(types.contains("struct RunPipelineRef") && !types.contains("struct RunTask"), "{types}");
    assert!(!types.contains("enum RunPolicy"), "nothing reaches it");
    assert!(project.read("openapi.json").contains("RunPolicy") && project.read("web/types.ts").contains("RunTask"));
}

#[test]
fn types_get_derives_and_attributes() {
    let (_, types) = generated(
        "[[rust.override]]\npath = 'Run.**.pipelineRef'\nderive = ['Eq', '::std::hash::Hash', 'Clone']\n\
         [[rust.override]]\npath = 'Run.status.phase'\nattributes = ['#[non_exhaustive]']\nderive = ['Eq']\n\
         [[rust.override]]\npath = 'Run.spec.tasks[].name'\nattributes = ['#[doc(hidden)]']\n",
    );
    assert!(
        types.contains("#[derive(Clone, Debug, Default, PartialEq, Eq, ::std::hash::Hash)]\npub struct RunPipelineRef"),
        "one list, without what is there already:\n{types}"
    );
    assert!(types.contains("#[non_exhaustive]\npub enum RunPhase"), "{types}");
    assert!(types.contains("#[doc(hidden)]\n    pub name"), "{types}");
}

#[test]
fn a_path_that_matches_nothing_is_a_warning_with_what_is_near() {
    let project = project(
        "[[rust.override]]\npath = 'Run.spec.task'\nname = 'Task'\n\
         [[rust.override]]\n  path = 'ci.example.com/v2/Run.spec'\nskip = true\n",
    );
    project
        .run("generate")
        .exits(0)
        .says("crdgen.toml:15:8: warning[override::idle]: no path matches `Run.spec.task`")
        .says("similar: Run.spec.tasks")
        .says("crdgen.toml:18:10: warning[override::idle]: no path matches `ci.example.com/v2/Run.spec`");
}

#[test]
fn a_name_that_cannot_be_is_refused_at_its_place() {
    refused("path = 'Run.status'\nname = 'RunSpec'")
        .says("crdgen.toml:16:8: error[override::name]: the name `RunSpec` is taken by the type at `Run.spec`");
    refused("path = 'Run.status'\nname = 'Run-Status'")
        .says("crdgen.toml:16:8: error[override::name]: `Run-Status` is not a valid name");
    refused("path = 'Run.spec.tasks.name'\nname = 'TaskName'")
        .says("crdgen.toml:16:8: error[override::no-type]: the type at `Run.spec.tasks[].name` cannot have a name");
    refused("path = 'Run.spec.tasks.params'\nfield = 'policy'").says("crdgen.toml:16:9: error[override::field]");
    refused("path = 'Run.status'\nfield = 'metadata'").says("crdgen.toml:16:9: error[override::field]");
    refused("path = 'Run'\nfield = 'run'").says("crdgen.toml:16:9: error[override::kind]");
    refused("path = 'Run'\nextern = 'crate::Run'").says("crdgen.toml:16:10: error[override::kind]");
}

#[test]
fn no_name_of_a_config_makes_an_emitter_fail() {
    for name in ["r#type", "self", "crate", "1a", "", "fn", " a"] {
        refused(&format!("path = 'Run.spec.tasks.name'\nfield = '{name}'"))
            .says(&format!("crdgen.toml:16:9: error[config::invalid]: `{name}` is not a name of a field"));
        refused(&format!("path = 'Run.status'\nname = '{name}'"))
            .says(&format!("crdgen.toml:16:8: error[override::name]: `{name}` is not a valid name of a type"));
        let view = format!("[[view]]\nkind = 'Run'\nname = '{name}'\nfields = ['spec']\n");
        project(&view).run("generate").exits(1).says(&format!("crdgen.toml:16:8: error[view::name]: `{name}` is not"));
        let view = format!("[[view]]\nkind = 'Run'\nname = 'Row'\nplural = '{name}'\nfields = ['spec']\n");
        match name {
            // A plural is a path segment and no identifier.
            "self" | "crate" | "fn" => project(&view).run("generate").exits(0),
            _ => project(&view).run("generate").exits(1).says("crdgen.toml:17:10: error[view::plural]"),
        };
    }
    for name in ["self", "crate", "1a", "", "fn"] {
        refused(&format!("path = 'Run.status'\nderive = ['{name}']")).says("crdgen.toml:16:").says("is not a path");
        refused(&format!("path = 'Run.status'\nextern = '::my::{name}'")).says("crdgen.toml:16:10: error");
        refused(&format!("path = 'Run.status'\nattributes = ['#[{name}]']"))
            .says("crdgen.toml:16:")
            .says("not an attribute");
    }
    generated("[[rust.override]]\npath = 'Run.status'\nderive = ['r#Eq']\nattributes = ['#[r#allow(unused)]']\n");
    generated("[[rust.override]]\npath = 'Run.status'\nextern = 'crate::r#type::Status'\n");
}

#[test]
fn what_is_no_rust_is_refused_at_its_place() {
    refused("path = 'Run.spec..tasks'\nskip = true").says("crdgen.toml:15:8: error[config::invalid]");
    refused("path = 'Run.spec'\nextern = 'Spec'")
        .says("crdgen.toml:16:10: error[config::invalid]: `Spec` is not a path");
    refused("path = 'Run.spec'\nfield = 'fn'").says("crdgen.toml:16:9: error[config::invalid]: `fn` is not a name");
    refused("path = 'Run.spec'\nderive = ['Eq', 'Ha sh']")
        .says("crdgen.toml:16:")
        .says("`Ha sh` is not a path of a derive");
    refused("path = 'Run.spec'\nattributes = ['allow(x)']").says("crdgen.toml:16:").says("is not an attribute");
    refused("path = 'Run.spec'\nunions = 'none'").says("crdgen.toml:16:10: error[config::invalid]");
    refused("path = 'Run.spec'").says("crdgen.toml:15:8: error[config::override]: the override changes nothing");
    refused("path = 'Run.spec'\nskip = true\nname = 'A'").says("crdgen.toml:15:8: error[config::override]");
    refused("name = 'A'").says("error[config::invalid]: missing field `path`");
}
