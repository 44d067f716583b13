//! Whole text of errors and warnings, as a user sees it: code, place, path in the CRD, and help.
//!
//! `SNAPSHOTS=overwrite cargo test -p crdgen --test cli errors` writes the texts again. The errors of CRDs that are refused
//! are in `fixtures/refused`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use snapbox::{assert_data_eq, str};

use crate::harness::{Folder, RUNS};

/// Schema of `spec` in a CRD, from line 17 on.
fn crd(spec: &str) -> String {
    format!(
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: boats.example.org}}
spec:
  group: example.org
  scope: Namespaced
  names: {{kind: Boat, plural: boats}}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
{spec}"
    )
}

fn boat(spec: &str) -> Folder {
    Folder::new(&[("boat.yaml", &crd(spec))])
}

const PLAIN: &str =
    "              type: object\n              properties:\n                length: {type: integer, minimum: 1}\n";

/// Runs a command and returns what it prints on standard error, without the time of the summary.
#[track_caller]
fn stderr(folder: &Folder, args: &str, code: i32) -> String {
    let text = folder.run(args).exits(code).stderr;
    let lines = text.lines().map(|line| match line.rfind(" (") {
        Some(at) if line.ends_with(" s)") => format!("{} (TIME)\n", &line[..at]),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn a_crd_without_versions() {
    let crd = crd(PLAIN);
    let (head, _) = crd.split_once("  versions:").unwrap();
    let folder = Folder::new(&[("boat.yaml", &format!("{head}  versions: []\n"))]);
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --rust gen", 1),
        str![[r#"
boat.yaml:8:13: error[crd::no-versions]: a CRD needs at least one version
  in: boats.example.org: spec.versions
  help: list each version in `spec.versions`; `spec.version` is a field of v1beta1

"#]]
    );
}

#[test]
fn a_property_name_that_json_libraries_reserve() {
    let folder = boat(
        "              type: object\n              properties:\n                $serde_json::private::Number: {type: string}\n",
    );
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --rust gen", 1),
        str![[r#"
boat.yaml:19:17: error[source::private-key]: the key `$serde_json::private::Number` is reserved
  help: serde_json, the JSON library of Rust, gives this key a special meaning: use another name

"#]]
    );
}

#[test]
fn an_enum_value_that_yaml_reads_as_a_boolean() {
    let folder = boat(
        "              type: object\n              properties:\n                mode: {type: string, enum: [on, auto]}\n",
    );
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --rust gen", 0),
        str![[r#"
boat.yaml:19:45: warning[schema::enum]: no string equals this enum value, which is a boolean
  in: boats.example.org: spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.mode.enum[0]
  help: kubectl reads the unquoted `on` as a boolean: write "on"
1 CRD, 3 types; 5 files written, 0 unchanged, 0 removed (TIME)

"#]]
    );
}

#[test]
fn a_property_name_that_yaml_reads_as_a_boolean() {
    let folder = boat("              type: object\n              properties:\n                on: {type: string}\n");
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --rust gen", 0),
        str![[r#"
boat.yaml:19:17: warning[schema::property-name]: this property is named `true`, because kubectl reads the unquoted `on` as that
  in: boats.example.org: spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.true
  help: write the name in quotes: "on"
1 CRD, 2 types; 5 files written, 0 unchanged, 0 removed (TIME)

"#]]
    );
}

#[test]
fn a_file_with_many_broken_documents() {
    let folder = Folder::new(&[("boat.yaml", &"---\na: [\n".repeat(200))]);
    let text = stderr(&folder, "generate boat.yaml --rust gen", 1);
    let last =
        text.lines().skip_while(|line| !line.contains("source::too-many")).take(3).collect::<Vec<_>>().join("\n");
    assert_data_eq!(
        last,
        str![[r#"
error[source::too-many]: more than 100 documents of `boat.yaml` cannot be read
boat.yaml:3:1: error[source::yaml]: kubectl cannot read this YAML: did not find expected node content while parsing a flow node
  help: check the indentation, brackets and quotes of this line and of the line above
"#]]
    );
}

#[test]
fn a_file_that_is_too_large() {
    let folder = Folder::new(&[]);
    fs::File::create(folder.path("boat.yaml")).unwrap().set_len(1 << 30).unwrap();
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --rust gen", 1),
        str![[r#"
error[source::too-large]: `boat.yaml` is larger than 64 MiB
  help: split it into several files

"#]]
    );
}

#[test]
fn a_kind_whose_versions_are_not_selected() {
    let folder = boat(PLAIN);
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --rust gen --versions v2", 1),
        str![[r#"
error[select::version]: no CRD has the version `v2`
  help: the versions are: v1

"#]]
    );
}

#[test]
fn an_object_that_is_no_object_of_its_kind() {
    let folder = boat(PLAIN);
    let object = "apiVersion: example.org/v1\nkind: Boat\nmetadata:\n  name: aurora\n  labels: [a]\nspec: {length: 0, lenght: 3}\n";
    folder.write("objects.yaml", object);
    let ran = folder.run("validate objects.yaml --crds boat.yaml").exits(100);
    assert_data_eq!(
        format!("{}{}", ran.stdout, ran.stderr),
        str![[r#"
objects.yaml:5:11: error[object::malformed]: metadata.labels: ["a"] is not a mapping of strings
  in: boats.example.org v1
  help: the schema is at boat.yaml:14:11
1 object checked, 1 refused

"#]]
    );
}

#[test]
fn an_object_with_a_finalizer_that_an_api_server_warns_of() {
    let folder = boat(PLAIN);
    let object =
        "apiVersion: example.org/v1\nkind: Boat\nmetadata:\n  name: aurora\n  finalizers: [clean]\nspec: {length: 1}\n";
    folder.write("objects.yaml", object);
    let ran = folder.run("validate objects.yaml --crds boat.yaml").exits(0);
    assert_data_eq!(
        format!("{}{}", ran.stdout, ran.stderr),
        str![[r#"
objects.yaml:4:3: warning[object::warning]: metadata.finalizers: "clean": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers
  in: boats.example.org v1
  help: the schema is at boat.yaml:14:11
1 object checked, 0 refused

"#]]
    );
}

#[test]
fn outputs_that_are_in_each_others_way() {
    let folder = boat(PLAIN);
    let command = "generate boat.yaml --openapi web/types.ts --typescript web";
    assert_data_eq!(
        stderr(&folder, command, 1),
        str![[r#"
error[output::collision]: two targets would write the same file, web/types.ts
  help: give each target a folder of its own

"#]]
    );
}

#[test]
fn an_output_that_is_a_folder_or_behind_a_file() {
    let folder = boat(PLAIN);
    fs::create_dir_all(folder.path("gen/mod.rs")).unwrap();
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --rust gen", 1),
        str![[r#"
error[output::folder]: gen/mod.rs cannot be written: it is a folder
  help: nothing was written; choose another folder, or move the obstacle away

"#]]
    );
    folder.write("file", "");
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --openapi file/openapi.json", 1),
        str![[r#"
error[lock::unreadable]: cannot read file/crdgen.lock: Not a directory (os error 20)

"#]]
    );
}

#[test]
fn an_output_that_is_a_socket() {
    let folder = boat(PLAIN);
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("openapi.json")).unwrap();
    assert_data_eq!(
        stderr(&folder, "generate boat.yaml --openapi openapi.json", 1),
        str![[r#"
error[output::special]: openapi.json cannot be written: it is not a regular file
  help: nothing was written; choose another folder, or move the obstacle away

"#]]
    );
}

#[test]
fn a_config_without_a_version_or_of_another_one() {
    let folder = boat(PLAIN);
    folder.write("crdgen.toml", "inputs = ['boat.yaml']\n[rust]\ndir = 'gen'\n");
    assert_data_eq!(
        stderr(&folder, "generate", 1),
        str![[r#"
crdgen.toml:1:1: error[config::version]: the config has no `version`
  help: write `version = 1` in its first line

"#]]
    );
    folder.write("crdgen.toml", "version = 2\ninputs = ['boat.yaml']\n[rust]\ndir = 'gen'\n");
    assert_data_eq!(
        stderr(&folder, "generate", 1),
        str![[r#"
crdgen.toml:1:11: error[config::version]: version 2 is not known to this crdgen
  help: write `version = 1`, or use a newer crdgen

"#]]
    );
}

#[test]
fn an_api_without_types() {
    let folder = boat(PLAIN);
    folder.write("crdgen.toml", "version = 1\ninputs = ['boat.yaml']\n\n[axum]\n");
    assert_data_eq!(
        stderr(&folder, "generate", 1),
        str![[r#"
crdgen.toml:4:1: error[config::axum-needs-rust]: `[axum]` needs `[rust]`: the axum API uses the Rust types
  help: add `[rust]` with its `dir`

"#]]
    );
}

#[test]
fn a_lock_of_a_later_crdgen() {
    let folder = boat(PLAIN);
    folder.run("generate boat.yaml --rust gen").exits(0);
    let lock = folder.read("gen/crdgen.lock");
    let version = lock.lines().find(|line| line.starts_with("version")).unwrap();
    folder.write("gen/crdgen.lock", &lock.replacen(version, "version = 99", 1));
    let text = stderr(&folder, "generate boat.yaml --rust gen", 1);
    assert_data_eq!(
        text,
        str![[r#"
gen/crdgen.lock:4:11: error[lock::version]: this lock has version 99
  help: this crdgen reads version 1: use the crdgen that wrote it, or a newer one

"#]]
    );
}

#[test]
fn a_client_without_a_document() {
    let folder = Folder::new(&[("crdgen.toml", "version = 1\ninputs = ['crds']\n[rust]\ndir = 'gen'\n")]);
    assert_data_eq!(
        stderr(&folder, "client --with hey-api", 1),
        str![[r#"
error[client::no-document]: no OpenAPI document is configured
  help: name the document with `--openapi FILE`, or add `[openapi]` to crdgen.toml

"#]]
    );
    folder.write("crdgen.toml", "version = 1\ninputs = ['crds']\n[openapi]\npath = 'openapi.json'\n");
    assert_data_eq!(
        stderr(&folder, "client --with hey-api", 1),
        str![[r#"
error[client::unreadable]: cannot read openapi.json: No such file or directory (os error 2)
  help: `crdgen generate` writes the document

"#]]
    );
}

#[test]
fn a_client_generator_that_fails_or_cannot_start() {
    let config = "version = 1\ninputs = ['crds']\n[openapi]\npath = 'openapi.json'\n";
    let tool = "node_modules/.bin/openapi-ts";
    let folder = Folder::new(&[("crdgen.toml", config), ("crds/runs.yaml", RUNS), (tool, "#!/bin/sh\nexit 3\n")]);
    folder.run("generate").exits(0);
    fs::set_permissions(folder.path(tool), fs::Permissions::from_mode(0o755)).unwrap();
    let text = stderr(&folder, "client --with hey-api", 1);
    assert_data_eq!(
        text.lines().last().unwrap_or_default().to_owned(),
        str!["error[client::failed]: openapi-ts: exit status: 3"]
    );
    folder.write(tool, "#!/no/such/program\n");
    assert_data_eq!(
        stderr(&folder, "client --with hey-api", 1),
        str![[r#"
error[client::unstarted]: cannot start openapi-ts: No such file or directory (os error 2)

"#]]
    );
}
