//! Third-party client generators, replaced by a script that records its arguments.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crdgen::external_generators::{NAMES, Recipe};

use crate::harness::{Folder, RUNS};

const CONFIG: &str = "version = 1\ninputs = ['crds']\n[openapi]\npath = 'api/openapi.json'\n";

/// Returns a project with its document, and an `openapi-ts` that records its arguments.
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
fn a_flag_that_a_config_overrules_is_refused() {
    let project = project();
    project.run("client --with hey-api --out web/client").exits(0);
    project.run("client --with hey-api --out web/client").exits(0);
    project
        .run("client --with hey-api --out other")
        .exits(1)
        .says("openapi-ts.config.mjs exists and does not contain ./other, so `--out` has no effect");
    project.run("client --with hey-api --openapi crds/runs.yaml").exits(1).says("so `--openapi` has no effect");
    project.run("init --handover hey-api --out other").exits(1).says("so `--out` has no effect");
}

#[test]
fn the_commands_that_install_generators_name_the_versions_that_were_compiled() {
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/clients");
    let text = |file: &str| fs::read_to_string(clients.join(file)).unwrap();
    let packages: serde_json::Value = serde_json::from_str(&text("node/package.json")).unwrap();
    let (mut pinned, python) = (0, text("python/requirements.txt"));
    for (_, generator) in NAMES {
        let install = Recipe::new(generator, "a.json", "b").install;
        for word in install.split([' ', ',']).filter(|word| word.contains('@') || word.contains("==")) {
            let is_compiled = match word.rsplit_once('@') {
                Some(("cargo-progenitor", version)) => text("rust/Cargo.lock").contains(version),
                Some((package, version)) => packages["devDependencies"][package] == version,
                None => python.contains(word),
            };
            assert!(is_compiled, "{install}: {word}");
            pinned += 1;
        }
    }
    assert_eq!(pinned, 2 + 3 + 2 + 6 + 6 + 1);
}

#[test]
fn a_first_config_without_crds_asks_for_them() {
    let project = Folder::new(&[]);
    project.run("init deploy/crds").exits(0).says("next: put CRDs into deploy/crds, then run crdgen generate");
    project.run("generate").exits(1);
    project.write("deploy/crds/runs.yaml", RUNS);
    project.run("generate").exits(0);
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
    project.run("client --with swagger").exits(2).says("the known generators are hey-api");
    project.remove("api/openapi.json");
    project.run("client --with hey-api").exits(1).says("`crdgen generate` writes the document");
}

#[test]
fn a_first_config_generates() {
    let project = Folder::new(&[("crds/runs.yaml", RUNS)]);
    project.run("init").exits(0).says("next: run crdgen generate");
    project.run("generate").exits(0);
    assert!(project.has("openapi.json") && project.has("src/generated/mod.rs"));
    project.run("init").exits(0).says("crdgen.toml exists and is not changed");
}
