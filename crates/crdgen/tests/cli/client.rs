//! Other people's generators: a stand-in for one says how it was called.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::harness::{Folder, RUNS};

const CONFIG: &str = "version = 1\ninputs = ['crds']\n[openapi]\npath = 'api/openapi.json'\n";

/// A project with its document, and an `openapi-ts` that keeps its arguments and its config.
fn project() -> Folder {
    let tool = "#!/bin/sh\necho \"$@\" > called\n";
    let files = [("crdgen.toml", CONFIG), ("crds/runs.yaml", RUNS), ("node_modules/.bin/openapi-ts", tool)];
    let project = Folder::new(&files);
    let tool = project.path("node_modules/.bin/openapi-ts");
    fs::set_permissions(tool, fs::Permissions::from_mode(0o755)).unwrap();
    project.run("generate").exits(0);
    project
}

#[test]
fn a_generator_is_run_with_the_config_that_init_writes() {
    let project = project();
    project.run("client --with hey-api --out web/client").exits(0).says("openapi-ts.config.mjs written");
    assert_eq!(project.read("called").trim(), "--file openapi-ts.config.mjs");
    let config = project.read("openapi-ts.config.mjs");
    assert!(config.contains("\"./api/openapi.json\"") && config.contains("\"./web/client\""), "{config}");
    project.remove("openapi-ts.config.mjs");
    project.run("init --handover hey-api --out web/client").exits(0);
    assert_eq!(project.read("openapi-ts.config.mjs"), config);
}

#[test]
fn a_config_that_is_there_is_the_users_own() {
    let project = project();
    project.write("openapi-ts.config.mjs", "mine");
    project.run("client --with hey-api").exits(0);
    project.run("init --handover hey-api").exits(0);
    assert_eq!(
        (project.read("openapi-ts.config.mjs").as_str(), project.read("crdgen.toml").as_str()),
        ("mine", CONFIG)
    );
}

#[test]
fn what_is_missing_is_said_with_what_helps() {
    let project = project();
    project
        .run("client --with kubb")
        .exits(1)
        .says("error[client::not-installed]")
        .says("npm install --save-dev @kubb");
    project.run("client --with progenitor").exits(1).says("error[client::profile]").says("profile = \"progenitor\"");
    project.run("client --with swagger").exits(2).says("known are hey-api");
    project.remove("api/openapi.json");
    project.run("client --with hey-api").exits(1).says("`crdgen generate` writes it");
}

#[test]
fn a_first_config_generates() {
    let project = Folder::new(&[("crds/runs.yaml", RUNS)]);
    project.run("init").exits(0).says("next: crdgen generate");
    project.run("generate").exits(0);
    assert!(project.has("openapi.json") && project.has("src/generated/mod.rs"));
    project.run("init").exits(0).says("is there already");
}
