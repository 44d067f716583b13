//! `crdgen lint`: levels, the base, exit codes and explanations.

use crate::harness::{BROKEN, Folder};

const BOATS: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Boat, plural: boats}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              weight: {type: number}
              afloat: {type: boolean}
";

fn boats() -> Folder {
    Folder::new(&[("crds/boats.yaml", BOATS)])
}

#[test]
fn warnings_do_not_fail_and_errors_do() {
    let folder = boats();
    let ran = folder.run("lint crds").exits(0).says("crds/boats.yaml:19:23: warning[lint::float]: the field is");
    let ran =
        ran.says("in: boats.example.org: spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.weight");
    ran.says("1 CRD checked: 0 errors, 1 warning");
    folder.run("lint crds --rule float=error").exits(100).says("error[lint::float]").says("1 error, 0 warnings");
    folder.run("lint crds --rule float=off").exits(0).says("1 CRD checked: 0 errors, 0 warnings");
}

#[test]
fn the_config_sets_levels_and_the_command_line_wins() {
    let folder = boats();
    folder.write("crdgen.toml", "version = 1\ninputs = ['crds']\n[lint]\nfloat = 'off'\nboolean = 'error'\n");
    folder.run("lint").exits(100).says("error[lint::boolean]").says("1 error, 0 warnings");
    folder.run("lint --rule boolean=off").exits(0).says("0 errors, 0 warnings");
}

#[test]
fn a_rule_that_does_not_exist_brings_the_one_that_is_meant() {
    let folder = boats();
    folder.write("crdgen.toml", "version = 1\ninputs = ['crds']\n[lint]\nflout = 'off'\n");
    let ran = folder.run("lint").exits(1).says("crdgen.toml:4:1: error[config::lint]: there is no rule `flout`");
    ran.says("did you mean `float`?");
    folder.remove("crdgen.toml");
    folder.run("lint crds --rule flout=off").exits(2).says("there is no rule `flout`: did you mean `float`?");
    folder.run("lint crds --rule float=loud").exits(2).says("`loud` is no level");
    folder.run("lint").exits(2).says("no inputs");
}

#[test]
fn with_a_base_only_new_findings_count() {
    let folder = boats();
    folder.write("base/boats.yaml", &BOATS.replace("              afloat: {type: boolean}\n", ""));
    let ran = folder.run("lint crds --base base --rule all=error --rule description=off").exits(100);
    ran.says("error[lint::boolean]").says("1 CRD checked: 1 error, 0 warnings, 2 findings left out as in the base");
    let same = folder.run("lint crds --base crds --rule all=error").exits(0);
    assert!(!same.stderr.contains("lint::"), "{}", same.stderr);
}

#[test]
fn the_base_can_be_a_git_revision() {
    let folder = Folder::new(&[("crds/boats.yaml", &BOATS.replace("              afloat: {type: boolean}\n", ""))]);
    folder.git(&["init", "--quiet"]);
    folder.git(&["add", "--all"]);
    folder.git(&["commit", "--quiet", "--message", "old"]);
    folder.git(&["tag", "v1.0.0"]);
    folder.write("crds/boats.yaml", BOATS);
    folder.run("lint crds --base nope").exits(1).says("error[input::git]: `nope` is neither a file nor a git revision");
    for base in ["v1.0.0", "v1.0.0:crds", "HEAD:crds/boats.yaml"] {
        let ran = folder.run(&format!("lint crds --base {base} --rule all=error --rule description=off")).exits(100);
        ran.says("error[lint::boolean]").says("1 CRD checked: 1 error, 0 warnings, 2 findings left out as in the base");
    }
    folder.run("lint crds --base v9.9.9").exits(1).says("v9.9.9");
}

#[test]
fn what_a_server_refuses_is_an_error_too() {
    let folder = Folder::new(&[("crds/broken.yaml", BROKEN), ("crds/boats.yaml", BOATS)]);
    folder.run("lint crds").exits(100).says("error[schema::").says("warning[lint::float]");
    folder.run("lint none").exits(1).says("error[source::missing]");
}

#[test]
fn a_cel_rule_that_a_server_refuses_is_an_error() {
    let rule = "            x-kubernetes-validations: [{rule: 'self.wieght > 1'}]\n";
    let properties = "            properties:\n              weight";
    let crd = BOATS.replace(properties, &format!("{rule}{properties}"));
    let folder = Folder::new(&[("crds/boats.yaml", &crd)]);
    folder.run("lint crds").exits(100).says("error[").says("wieght");
}

#[test]
fn every_rule_is_explained_by_its_id_and_by_its_code() {
    let folder = boats();
    let by_id = folder.run("explain float").exits(0).prints("lint::float: A field is a floating point number\n");
    assert_eq!(by_id.stdout, folder.run("explain lint::float").exits(0).stdout);
    folder.run("explain").exits(0).prints("\nlint::float ");
}
