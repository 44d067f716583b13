//! Packages with a build script, built by cargo.

mod harness;

use std::fs;

use harness::{Package, SHORT, THINGS};

/// Returns a CRD of another kind with the same schema.
fn items() -> String {
    THINGS.replace("Thing", "Item").replace("thing", "item")
}

#[test]
fn types_are_included_and_a_second_build_does_nothing() {
    let package = Package::new("included", SHORT);
    let using = "pub fn size(thing: &generated::example_com::v1::Thing) -> i64 {\n    thing.spec.size\n}\n";
    package.write("src/lib.rs", &format!("{}\n{using}", package.read("src/lib.rs")));
    let first = package.cargo("build -v").succeeds();
    assert!(first.ran_the_script() && !first.stderr.contains("warning"), "{}", first.stderr);
    let written = package.written();

    let second = package.cargo("build -v").succeeds();
    second.says("Fresh included v0.0.0");
    assert!(!second.ran_the_script());
    assert_eq!(package.written(), written);
}

#[test]
fn only_what_is_read_is_watched() {
    let package = Package::new("watched", SHORT);
    package.cargo("check").succeeds();
    assert_eq!(package.watched(), ["crds/", "crds/things.yaml"]);
    package.write("README.md", "news\n");
    assert!(!package.cargo("check -v").succeeds().ran_the_script());
}

#[test]
fn a_run_in_which_everything_comes_out_as_before_writes_nothing() {
    let package = Package::new("unchanged", SHORT);
    package.cargo("check").succeeds();
    let written = package.written();
    package.write("crds/things.yaml", &format!("# a comment\n{THINGS}"));
    assert!(package.cargo("check -v").succeeds().ran_the_script());
    assert_eq!(package.written(), written);
}

#[test]
fn an_added_crd_is_noticed_in_a_folder_and_by_a_glob() {
    let by_glob = SHORT.replace("crds/", "crds/**/*.yaml");
    for (name, script) in [("added-to-folder", SHORT), ("added-to-glob", &by_glob)] {
        let package = Package::new(name, script);
        package.cargo("check").succeeds();
        package.write("crds/more/items.yaml", &items());
        package.write(
            "src/lib.rs",
            &format!("{}\npub use generated::example_com::v1::Item;\n", package.read("src/lib.rs")),
        );
        package.cargo("check").succeeds();
    }
}

#[test]
fn what_is_wrong_has_a_place_and_all_of_it_is_said() {
    let package = Package::new("broken", SHORT);
    package.write("crds/broken.yaml", &items().replace("type: boolean", "type: bool"));
    package.write("crds/template.yaml", "kind: CustomResourceDefinition\nb: {{ .Values.b }}\n");
    let failed = package.cargo("check").fails();
    failed.says("error: broken@0.0.0: crds/broken.yaml:23:31: ").says("error: broken@0.0.0: crds/template.yaml:2:");
    assert!(!failed.stderr.contains("panicked"), "{}", failed.stderr);

    package.remove("crds/broken.yaml");
    package.remove("crds/template.yaml");
    package.cargo("check").succeeds();
}

#[test]
fn the_api_is_included_with_its_document() {
    let script = SHORT.replace(".compile()", ".axum().file_name(\"things.rs\").compile()");
    let package = Package::new("with-api", &script);
    let library = package.read("src/lib.rs").replace("/crdgen.rs", "/things.rs");
    let using = "const _: () = assert!(!generated::api::OPENAPI.is_empty());\npub use generated::api::router;\n";
    package.write("src/lib.rs", &format!("{library}\n{using}"));
    package.cargo("check --features axum").succeeds();
    assert!(package.written().keys().any(|path| path.ends_with("things/api/openapi.json")));
}

#[test]
fn a_config_file_says_what_the_script_does_not() {
    let script = "crdgen_build::configure().config(\"crdgen.toml\").compile()";
    let package = Package::new("configured", script);
    package.write("crdgen.toml", "version = 1\ninputs = ['crds']\nkinds = ['Item']\n[rust]\nkube = false\n");
    package.cargo("check").fails().says("error: configured@0.0.0: no CRD has the kind `Item`");
    package.write("crds/items.yaml", &items());
    package.cargo("check").succeeds();
    assert_eq!(package.watched(), ["crdgen.toml", "crds", "crds/items.yaml", "crds/things.yaml"]);
    let file = package.written().into_keys().find(|path| path.ends_with("crdgen.rs")).unwrap();
    let text = fs::read_to_string(file).unwrap();
    assert!(text.contains("pub struct Item ") && !text.contains("pub struct Thing "), "{text}");
}

#[test]
fn a_lock_keeps_names_and_is_written_once() {
    let package = Package::new("locked", &SHORT.replace(".compile()", ".lock(\"crdgen.lock\").compile()"));
    package.cargo("check").succeeds();
    let lock = package.read("crdgen.lock");
    assert!(lock.contains("\"example.com/v1/Thing\" = \"Thing\""), "{lock}");
    assert!(!package.cargo("check -v").succeeds().ran_the_script(), "its own writing is no reason to run again");

    let renamed = lock.replace("\"ThingSpec\"", "\"ThingWish\"").replace("ThingSpec]", "ThingWish]");
    assert_ne!(renamed, lock);
    package.write("crdgen.lock", &renamed);
    package.write(
        "src/lib.rs",
        &format!("{}\npub use generated::example_com::v1::thing::ThingWish;\n", package.read("src/lib.rs")),
    );
    package.cargo("check").succeeds();
    assert_eq!(package.read("crdgen.lock"), renamed);
}
