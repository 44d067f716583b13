//! Usage errors, help, version, completions, and amount of output.

use crate::harness::{Folder, WIDGETS};

#[test]
fn without_inputs_or_targets_it_is_a_usage_error_that_says_how_to() {
    let folder = Folder::new(&[("widgets.yaml", WIDGETS)]);
    folder.run("generate").exits(2).says("no targets").says("--rust DIR").says("Usage: crdgen generate");
    folder.run("generate widgets.yaml").exits(2).says("no targets").says("crdgen.toml");
    folder.run("generate --rust gen").exits(2).says("no inputs").says("inputs = [\"crds\"]");
    folder.run("generate widgets.yaml --axum --openapi o.json").exits(2).says("add `--rust DIR`");
    folder.run("generate --no-such-flag").exits(2);
    folder.run("").exits(2);
    folder.run("generate widgets.yaml --rust gen --versions v1,,v2").exits(2).says("empty");
}

#[test]
fn help_shows_examples_and_exit_codes() {
    let folder = Folder::new(&[]);
    folder.run("generate --help").exits(0).prints("Examples:").prints("cat crd.yaml | crdgen generate - --rust out");
    folder.run("--help").exits(0).prints("100  `--check` found differences");
}

#[test]
fn it_tells_its_version_and_completes() {
    let folder = Folder::new(&[]);
    folder.run("--version").exits(0).prints(&format!("crdgen {}\n", env!("CARGO_PKG_VERSION")));
    for shell in ["bash", "zsh", "fish"] {
        folder.run(&format!("completions {shell}")).exits(0).prints("keep-going");
    }
}

#[test]
fn every_visible_command_has_a_man_page() {
    let folder = Folder::new(&[]);
    folder.run("man a/pages").exits(0);
    assert!(folder.read("a/pages/crdgen.1").contains("Exit codes:"));
    assert!(folder.read("a/pages/crdgen-generate.1").contains("keep\\-going"));
    assert!(!folder.has("a/pages/crdgen-man.1"));
    folder.run("man a/pages/crdgen.1").exits(1).says("error[man::unwritable]");
}

#[test]
fn quiet_leaves_errors_only() {
    let folder = Folder::new(&[("widgets.yaml", WIDGETS)]);
    let ran = folder.run("generate widgets.yaml --rust gen -q").exits(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    folder.write("gen/mod.rs", "mine");
    folder.run("--quiet generate widgets.yaml --rust gen").exits(1).says("error[output::edited]");
}

#[test]
fn the_summary_counts_and_goes_to_standard_error() {
    let folder = Folder::new(&[("widgets.yaml", WIDGETS)]);
    let ran = folder.run("generate widgets.yaml --openapi out.json").exits(0);
    assert_eq!(ran.stdout, "");
    assert!(ran.stderr.starts_with("1 CRD, 3 types; 1 file written, 0 unchanged, 0 removed ("), "{}", ran.stderr);
}

#[test]
fn a_code_is_explained_and_a_misspelled_one_is_a_usage_error() {
    let folder = Folder::new(&[]);
    folder.run("explain schema::no-type").exits(0).prints("schema::no-type: A schema has no type\n\nEvery node");
    folder.run("explain schema::notype").exits(2).says("did you mean `schema::no-type`?").says("Usage: crdgen explain");
    folder.run("explain nothing-like-it").exits(2).says("`crdgen explain` lists all codes");
    folder.run("explain").exits(0).prints("\nsource::yaml ").prints("A file is not valid YAML\n");
}
