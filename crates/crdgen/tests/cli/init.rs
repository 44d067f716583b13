//! `crdgen init`: the config that it writes for a project, and the dependencies that it names.

use crate::harness::{Folder, RUNS, WIDGETS};

/// Returns the config without comments.
fn settings(folder: &Folder) -> String {
    let text = folder.read("crdgen.toml");
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

const RUST: &str = "[rust]\ndir = \"src/generated\"\nkube = false\n[axum]\n[openapi]\npath = \"openapi.json\"";

#[test]
fn without_a_project_it_writes_all_of_the_service() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS)]);
    let ran = folder.run("init").exits(0);
    assert_eq!(ran.stderr, "crdgen.toml written for the CRDs in crds\nnext: run crdgen generate\n");
    assert_eq!(settings(&folder), format!("version = 1\ninputs = [\"crds\"]\n{RUST}"));
    let schema = format!("/raw/v{}/docs/crdgen.schema.json", env!("CARGO_PKG_VERSION"));
    let text = folder.read("crdgen.toml");
    let first = text.lines().next().unwrap();
    assert!(first.starts_with("#:schema https://") && first.ends_with(&schema), "{first}");
}

#[test]
fn every_setting_that_is_a_comment_can_be_used() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS)]);
    folder.run("init").exits(0);
    let is_setting = |line: &str| line.starts_with("# [") || line.starts_with("# ") && line.contains(" = ");
    let text = folder.read("crdgen.toml");
    let lines = text.lines().map(|line| if is_setting(line) { &line[2..] } else { line });
    folder.write("crdgen.toml", &lines.collect::<Vec<_>>().join("\n"));
    folder.run("generate").exits(0);
    assert!(folder.has("deploy/rbac.yaml") && folder.has("schemas") && folder.has("web/src/api"));
}

#[test]
fn crds_are_found_where_projects_keep_them() {
    let bases = ("config/crd/bases/widgets.yaml", WIDGETS);
    let folder = Folder::new(&[
        bases,
        ("config/crd/kustomization.yaml", "resources: [bases/widgets.yaml]\n"),
        ("charts/ci/crds/runs.yaml", RUNS),
        ("deploy/crds/notes.yaml", "a: 1\n"),
    ]);
    folder.run("init").exits(0).says("for the CRDs in config/crd/bases, charts/ci/crds\n");
    folder.run("generate").exits(0);
}

#[test]
fn an_operator_gets_types_and_no_api() {
    let folder = Folder::new(&[
        ("crds/widgets.yaml", WIDGETS),
        ("Cargo.toml", "[package]\nname = 'a'\n[dependencies]\nkube = '5'\n"),
    ]);
    let ran = folder.run("init").exits(0);
    let expected = format!(
        "crdgen.toml written for the CRDs in crds\nadd to [dependencies] in Cargo.toml:\n  crdgen-runtime = {{ version = \
         \"{}\", features = [\"k8s-openapi\"] }}\n  k8s-openapi = {{ version = \"0.29\", features = [\"v1_35\"] }}\nnext: \
         run crdgen generate\n",
        env!("CARGO_PKG_VERSION")
    );
    assert_eq!(ran.stderr, expected);
    assert_eq!(settings(&folder), "version = 1\ninputs = [\"crds\"]\n[rust]\ndir = \"src/generated\"\nkube = true");
}

#[test]
fn pages_get_typescript() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("package.json", "{}")]);
    folder.run("init").exits(0);
    assert_eq!(settings(&folder), "version = 1\ninputs = [\"crds\"]\n[typescript]\ndir = \"src/api\"");

    let folder = Folder::new(&[
        ("crds/widgets.yaml", WIDGETS),
        ("web/package.json", "{}"),
        ("Cargo.toml", "[package]\nname = 'a'\n"),
    ]);
    folder.run("init").exits(0).says("features = [\"server\"]");
    assert_eq!(
        settings(&folder),
        format!("version = 1\ninputs = [\"crds\"]\n{RUST}\n[typescript]\ndir = \"web/src/api\"")
    );
}

#[test]
fn the_first_generation_names_missing_dependencies() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("Cargo.toml", "[package]\nname = 'a'\n")]);
    folder
        .run("generate crds --rust src/generated --axum")
        .exits(0)
        .says("add to [dependencies] in Cargo.toml:\n  crdgen-runtime = ")
        .says("\n  kube = { version = \"5\", default-features = false }\n");
    folder.write("crds/widgets.yaml", &WIDGETS.replace("small, large", "small"));
    let again = folder.run("generate crds --rust src/generated --axum").exits(0);
    assert!(!again.stderr.contains("[dependencies]"), "{}", again.stderr);
}
