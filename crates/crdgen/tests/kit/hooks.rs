//! The pre-commit hooks.

use serde_json::Value as Json;

use crate::repository::{CRD, Repository};
use crate::yaml;

fn entry(id: &str) -> String {
    let Json::Array(hooks) = yaml::read(".pre-commit-hooks.yaml").remove(0) else { panic!("a list") };
    let hook = hooks.iter().find(|hook| hook["id"] == id).unwrap_or_else(|| panic!("no hook {id}"));
    hook["entry"].as_str().expect("a command").to_owned()
}

#[test]
fn a_commit_with_a_changed_crd_gets_its_generated_code() {
    let repository = Repository::new();
    repository.shell(&entry("crdgen-generate")).exits(0);
    repository.shell("git diff --exit-code").exits(0);
    repository.write("crds/boats.yaml", &CRD.replace("colour", "color"));
    repository.shell(&entry("crdgen-generate")).exits(0);
    repository.shell("git diff --exit-code openapi.json").exits(1).prints("\n+          \"color\": {");
}

#[test]
fn crds_and_objects_are_checked() {
    let repository = Repository::new();
    repository.shell(&entry("crdgen-lint")).exits(0);
    repository.write("a.yaml", "apiVersion: example.org/v1\nkind: Boat\nmetadata: {name: a}\nspec: {length: x}\n");
    repository.shell(&format!("{} a.yaml", entry("crdgen-validate"))).exits(100);
}
