//! `crdgen new`: the files of a new project, and folders that are not empty.

use std::path::Path;
use std::{env, fs};

use crate::harness::{Folder, GADGETS, WIDGETS};

/// Folders and files that `crdgen generate` wrote.
const GENERATED: [&str; 4] = ["src/generated/", "web/src/api/", "openapi.json", "crdgen.lock"];

/// Returns every file that is not generated as one text.
fn shown(folder: &Folder, project: &str) -> String {
    let files = folder.files(project).into_iter();
    let own = files.filter(|(path, _)| !GENERATED.iter().any(|generated| path.starts_with(generated)));
    let shown = own.map(|(path, text)| format!("==== {path}\n{}", String::from_utf8(text).unwrap()));
    shown.collect::<String>().replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

/// Compares with a file in `tests/data`. Writes the file if the variable `UPDATE` is set.
#[track_caller]
fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name} differs; set UPDATE=1 to write it:\n{text}");
}

#[test]
fn a_project_has_a_service_tests_a_workflow_and_generated_code() {
    let folder = Folder::new(&[("in/widgets.yaml", WIDGETS)]);
    let ran = folder.run("new shop --crd in/widgets.yaml").exits(0);
    assert!(ran.stderr.ends_with("next:\n  cd shop\n  cargo test\n  cargo run\n"), "{}", ran.stderr);
    compare("new.txt", &shown(&folder, "shop"));
    assert!(folder.has("shop/src/generated/api/shop_example_com/v1/widget.rs"));
    folder.run_in("shop", &["generate", "--check"]).exits(0).says("up to date");
}

#[test]
fn a_project_can_have_a_page() {
    let folder = Folder::new(&[("gadgets.yaml", GADGETS), ("widgets.yaml", WIDGETS)]);
    folder.run("new shop --web --crd gadgets.yaml widgets.yaml").exits(0).says("npm install");
    compare("new-web.txt", &shown(&folder, "shop"));
    folder.run_in("shop", &["generate", "--check"]).exits(0);
}

#[test]
fn the_page_has_the_versions_that_the_example_is_tested_with() {
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let example: serde_json::Value = serde_json::from_str(&read("../../examples/ci-service/web/package.json")).unwrap();
    let page: serde_json::Value = serde_json::from_str(&read("templates/new/web/package.json.jinja")).unwrap();
    let packages = page["devDependencies"].as_object().unwrap();
    assert!(!packages.is_empty());
    for (name, version) in packages {
        assert_eq!(example["devDependencies"][name], *version, "{name}");
    }
}

#[test]
fn crds_can_come_from_standard_input() {
    let folder = Folder::new(&[]);
    folder.pipe("new shop --crd -", WIDGETS).exits(0);
    assert_eq!(folder.read("shop/crds/crds.yaml"), WIDGETS);
    folder.run_in("shop", &["generate", "--check"]).exits(0);
}

#[test]
fn no_file_is_replaced_and_none_is_written_if_one_is_in_the_way() {
    let folder = Folder::new(&[("widgets.yaml", WIDGETS), ("shop/Cargo.toml", "mine"), ("shop/README.md", "mine")]);
    let ran = folder.run("new shop --crd widgets.yaml").exits(1);
    assert_eq!(
        ran.stderr,
        "error[new::exists]: Cargo.toml and 1 more files of the project exist in shop\n  \
         help: name a new folder; for an existing project, use `crdgen init`\n"
    );
    assert_eq!(folder.files("").len(), 3, "{:?}", folder.files("").keys());
    folder.remove("shop/Cargo.toml");
    folder.remove("shop/README.md");
    folder.write("shop/notes.txt", "mine");
    folder.run("new shop --crd widgets.yaml").exits(0);
    assert_eq!(folder.read("shop/notes.txt"), "mine");
    folder.write("here/x", "");
    folder.run_in("here", &["new", ".", "--crd", "../widgets.yaml"]).exits(0).says("next:\n  cargo test");
    assert!(folder.read("here/Cargo.toml").contains("name = \"here\""));
}

#[test]
fn nothing_is_written_for_crds_that_are_refused() {
    let folder = Folder::new(&[("widgets.yaml", &WIDGETS.replace("type: object", "type: objekt"))]);
    folder.run("new shop --crd widgets.yaml").exits(1).says("widgets.yaml:");
    let ran = folder.run("new shop --crd wigets.yaml").exits(1);
    assert_eq!(
        ran.stderr,
        "error[source::missing]: `wigets.yaml` does not exist\n  help: did you mean `widgets.yaml`?\n"
    );
    folder.write("widgets.yaml", &WIDGETS.replace("served: true", "served: false"));
    let ran = folder.run("new shop --crd widgets.yaml").exits(1);
    assert_eq!(
        ran.stderr,
        "error[new::no-kind]: the CRDs have no version that is served\n  help: set `served: true` in a version of a CRD\n"
    );
    assert_eq!(folder.files("").len(), 1, "{:?}", folder.files("").keys());
    folder.run("new shop").exits(2).says("--crd <FILE>");
    folder.run("neww shop").exits(2).says("a similar subcommand exists: 'new'");
    folder.run("new shop --crds widgets.yaml").exits(2).says("a similar argument exists: '--crd'");
}

#[test]
fn the_runtime_of_a_checkout_can_be_used() {
    let folder = Folder::new(&[("widgets.yaml", WIDGETS)]);
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let checkout = checkout.to_str().unwrap();
    folder.run_in("", &["new", "shop", "--crd", "widgets.yaml", "--runtime", checkout]).exits(0);
    let line = format!(
        "crdgen-runtime = {{ path = \"{checkout}/crates/crdgen-runtime\", features = [\"memory\", \"serve\"] }}"
    );
    assert!(folder.read("shop/Cargo.toml").contains(&line));
    let repository = env!("CARGO_PKG_REPOSITORY");
    assert!(folder.read("shop/Cargo.toml").contains(&format!("git = \"{repository}\"")));
    let workflow = folder.read("shop/.github/workflows/ci.yml");
    assert!(
        workflow.contains(&format!("\n      - run: cargo install crdgen --locked --git {repository}\n")),
        "{workflow}"
    );
    assert!(workflow.contains("git = ") && !workflow.contains("--version"), "{workflow}");
    let help = folder.run("new --help").exits(0);
    assert!(help.stdout.contains("--runtime <PATH>"), "{}", help.stdout);
    folder
        .run("new store --crd widgets.yaml --runtime .")
        .exits(1)
        .says("error[new::runtime]: . is not a clone of crdgen");
}

#[test]
fn a_workspace_around_the_project_is_named_unless_the_project_is_a_member() {
    let folder = Folder::new(&[("w/Cargo.toml", "[workspace]\nmembers = ['crates/*']\n"), ("w/widgets.yaml", WIDGETS)]);
    let ran = folder.run_in("w", &["new", "services/shop", "--crd", "widgets.yaml"]).exits(0);
    assert!(ran.stderr.contains("\nadd \"services/shop\" to `members` in Cargo.toml\n"), "{}", ran.stderr);
    let ran = folder.run_in("w", &["new", "crates/shop", "--crd", "widgets.yaml"]).exits(0);
    assert!(!ran.stderr.contains("members"), "{}", ran.stderr);
}

#[test]
fn quiet_prints_nothing() {
    let folder = Folder::new(&[("widgets.yaml", WIDGETS)]);
    assert_eq!(folder.run("new shop -q --crd widgets.yaml").exits(0).stderr, "");
}
