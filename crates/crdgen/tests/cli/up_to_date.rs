//! Runs after which nothing has changed. They are recognised by the record of the last run, in the user's cache folder.

use std::fs;

use crate::harness::{Folder, GADGETS, WIDGETS};

const GENERATE: &str = "generate crds --rust gen/rust --typescript gen/web";

fn generated() -> Folder {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS)]);
    folder.run(GENERATE).exits(0);
    folder
}

/// Changes the number of CRDs in the record, so that a run that uses the record says so.
fn mark(folder: &Folder) {
    let record = fs::read_to_string(folder.record()).unwrap();
    let marked = record.replacen("\"crds\":1", "\"crds\":7", 1);
    assert_ne!(marked, record);
    fs::write(folder.record(), marked).unwrap();
}

#[test]
fn the_second_run_repeats_the_figures_of_the_first() {
    let folder = generated();
    let before = folder.files("");
    mark(&folder);
    folder.run(GENERATE).exits(0).says("7 CRDs").says("0 files written");
    folder.run(&format!("{GENERATE} --check")).exits(0).says("up to date: 7 CRDs");
    assert_eq!(folder.files(""), before);
}

#[test]
fn warnings_are_repeated_with_their_places() {
    let folder = Folder::new(&[("crds/widgets.yaml", &WIDGETS.replacen("spec:", "spec:\n  colour: red", 1))]);
    let first = folder.run(GENERATE).exits(0);
    assert!(first.stderr.contains("crd::unknown-field"), "{}", first.stderr);
    mark(&folder);
    let second = folder.run(GENERATE).exits(0).says("7 CRDs");
    let warnings =
        |text: &str| text.lines().filter(|line| !line.contains("CRD")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(warnings(&second.stderr), warnings(&first.stderr));
}

#[test]
fn without_the_record_the_run_does_the_same() {
    let folder = generated();
    let before = folder.files("");
    fs::remove_file(folder.record()).unwrap();
    folder.run(GENERATE).exits(0).says("1 CRD").says("0 files written");
    mark(&folder);
    fs::write(folder.record(), "{").unwrap();
    folder.run(GENERATE).exits(0).says("1 CRD").says("0 files written");
    assert_eq!(folder.files(""), before);
}

type Change = fn(&Folder);

#[test]
fn any_change_is_found() {
    let types = "gen/rust/shop_example_com/v1/widget.rs";
    let changes: [(&str, Change); 6] = [
        ("an input", |folder| folder.write("crds/widgets.yaml", &WIDGETS.replace("size", "extent"))),
        ("whitespace that the lock ignores", |folder| {
            folder.write("crds/widgets.yaml", &WIDGETS.replacen('\n', " \n", 1));
        }),
        ("another input", |folder| folder.write("crds/gadgets.yaml", GADGETS)),
        ("a lost file", |folder| folder.remove("gen/web/types.ts")),
        ("a lost lock", |folder| folder.remove("gen/crdgen.lock")),
        ("a changed lock", |folder| {
            let lock = folder.read("gen/crdgen.lock");
            folder.write("gen/crdgen.lock", &format!("{lock}\n# merged\n"));
        }),
    ];
    for (what, change) in changes {
        let folder = generated();
        mark(&folder);
        change(&folder);
        let ran = folder.run(GENERATE);
        assert!(!ran.stderr.contains("7 CRDs"), "{what}: {}", ran.stderr);
    }
    let folder = generated();
    mark(&folder);
    folder.write(types, &folder.read(types).replacen("pub struct", "pub  struct", 1));
    let ran = folder.run(GENERATE);
    assert!(!ran.stderr.contains("7 CRDs"), "{}", ran.stderr);
    folder.write(types, &format!("{}struct Mine;\n", folder.read(types)));
    folder.run(GENERATE).exits(1).says("output::edited");
}

#[test]
fn another_task_is_done() {
    let folder = generated();
    mark(&folder);
    let ran = folder.run(&format!("{GENERATE} --axum")).exits(0);
    assert!(ran.stderr.contains("1 CRD,"), "{}", ran.stderr);
}

#[test]
fn the_number_of_jobs_and_the_order_of_inputs_change_no_byte() {
    let outputs = ["crds other -j 1", "crds other -j 2", "other crds -j 8", "other/gadgets.yaml crds/widgets.yaml"]
        .map(|inputs| {
            let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("other/gadgets.yaml", GADGETS)]);
            let targets =
                "--rust gen/rust --axum --openapi gen/openapi.json --typescript gen/web --json-schema gen/schemas";
            folder.run(&format!("generate {inputs} {targets}")).exits(0);
            folder.files("gen")
        });
    assert!(outputs.iter().all(|output| *output == outputs[0]));
}
