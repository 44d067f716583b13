//! Generated files of the fixtures, and the messages for refused CRDs. `cargo xtask golden` writes both.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::Folder;

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("a crate of the workspace").to_owned()
}

#[test]
fn the_generated_files_of_the_fixtures_are_up_to_date() {
    let root = workspace();
    let folder = Folder::new(&[]);
    // The output of a config file stays in its own folder, so other folders are given as arguments.
    let configs: [(&str, &[&str]); 4] = [
        ("fixtures/crdgen.toml", &[]),
        ("fixtures/derive/crdgen.toml", &["--rust", "fixtures/golden/src/derived"]),
        ("fixtures/extras/crdgen.toml", &[]),
        ("fixtures/known-types/crdgen.toml", &["--rust", "fixtures/golden/src/known_types"]),
    ];
    for (config, more) in configs {
        let args = [&["generate", "--check", "--config", config], more].concat();
        // Exit code 100: run `cargo xtask golden`, and read the difference.
        folder.run_in(root.to_str().expect("a path in UTF-8"), &args).exits(0);
    }
}

#[test]
fn a_refused_crd_has_the_message_that_is_written_beside_it() {
    let cases = fs::read_dir(workspace().join("fixtures/refused")).unwrap().map(|entry| entry.unwrap().path());
    let mut count = 0;
    for case in cases.filter(|path| path.is_dir()) {
        let folder = Folder::new(&[]);
        let mut files = Vec::new();
        for entry in fs::read_dir(&case).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name != "expected.txt" {
                fs::copy(case.join(&name), folder.path(&name)).unwrap();
                files.push(name);
            }
        }
        files.sort();
        let files = files.iter().map(String::as_str);
        let args: Vec<&str> = ["generate"].into_iter().chain(files).chain(["--rust", "out", "--quiet"]).collect();
        let ran = folder.run_in("", &args).exits(1);
        let expected = fs::read_to_string(case.join("expected.txt")).unwrap();
        assert_eq!(ran.stdout + &ran.stderr, expected, "{}", case.display());
        count += 1;
    }
    assert!(count > 10, "{count}");
}
