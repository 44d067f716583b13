//! Collection of sources from the inputs that a user names.

use std::fs;
use std::io::empty;
use std::path::Path;

use crdgen_schema::{Collected, collect};

/// Creates a folder with files.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, format!("name: {file}\n")).expect("a file");
    }
    folder
}

fn from(folder: &Path, inputs: &[&str]) -> Collected {
    let inputs: Vec<_> = inputs.iter().map(|input| folder.join(input).to_string_lossy().into_owned()).collect();
    collect(&inputs, empty())
}

/// Returns the names of the sources, relative to the folder.
fn names<'c>(collected: &'c Collected, folder: &Path) -> Vec<&'c str> {
    let prefix = format!("{}/", folder.to_string_lossy());
    collected.sources.iter().map(|source| source.name.strip_prefix(&prefix).unwrap_or(&source.name)).collect()
}

fn codes(collected: &Collected) -> Vec<&str> {
    collected.diagnostics.iter().map(|diagnostic| diagnostic.code).collect()
}

#[test]
fn a_folder_gives_its_yaml_and_json_files_sorted() {
    let files = [
        "b.yaml",
        "a/z.yml",
        "a/c.JSON",
        "d.txt",
        ".hidden.yaml",
        ".git/x.yaml",
        "node_modules/x.yaml",
        "a/target/x.yaml",
    ];
    let folder = folder(&files);
    let collected = from(folder.path(), &[""]);
    assert_eq!(names(&collected, folder.path()), ["a/c.JSON", "a/z.yml", "b.yaml"]);
    assert!(collected.named.is_empty() && collected.diagnostics.is_empty());
}

#[test]
fn a_file_is_read_once_however_often_it_is_reached() {
    let folder = folder(&["a.yaml", "b.yaml"]);
    let collected = from(folder.path(), &["b.yaml", "*.yaml", "", "./b.yaml"]);
    assert_eq!(names(&collected, folder.path()), ["b.yaml", "a.yaml"]);
    assert!(collected.diagnostics.is_empty(), "{:?}", collected.diagnostics);
}

#[test]
fn a_named_file_needs_no_extension() {
    let folder = folder(&["crd", "a[1].yaml"]);
    let collected = from(folder.path(), &["crd", "a[1].yaml"]);
    assert_eq!(names(&collected, folder.path()), ["crd", "a[1].yaml"], "an existing path is not a glob");
    assert_eq!(collected.named.len(), 2);
}

#[test]
fn standard_input_is_read_once() {
    let inputs = ["-".to_owned(), "-".to_owned()];
    let collected = collect(&inputs, "a: 1".as_bytes());
    assert_eq!(collected.sources.len(), 1);
    assert_eq!((collected.sources[0].name.as_str(), collected.sources[0].text.as_str()), ("<stdin>", "a: 1"));
}

#[test]
fn what_gives_nothing_is_said_and_the_rest_is_read() {
    let folder = folder(&["a.yaml", "empty/note.txt"]);
    fs::write(folder.path().join("latin1.yaml"), b"a: 1\nb: \xe9\n").expect("a file");
    let collected = from(folder.path(), &["missing.yaml", "empty", "*.json", "***", "latin1.yaml", "a.yaml"]);
    assert_eq!(names(&collected, folder.path()), ["a.yaml"]);
    let expected = ["source::missing", "source::empty-folder", "source::no-match", "source::glob", "source::encoding"];
    assert_eq!(codes(&collected), expected);
    assert!(collected.diagnostics[4].message.ends_with("byte 8, line 2"), "{}", collected.diagnostics[4].message);
}

#[test]
fn a_missing_file_brings_the_name_that_may_have_been_meant() {
    let folder = folder(&["crds/widgets.yaml"]);
    let help = |input: &str| from(folder.path(), &[input]).diagnostics[0].help.clone().expect("a help");
    let meant = folder.path().join("crds/widgets.yaml").display().to_string();
    assert_eq!(help("crds/wigets.yaml"), format!("did you mean `{meant}`?"));
    assert!(help("crds/boats.yaml").starts_with("inputs are relative to"));
}

#[test]
fn text_may_be_utf_16_with_a_byte_order_mark() {
    let folder = folder(&[]);
    let bytes = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> { "\u{feff}a: \u{e9}".encode_utf16().flat_map(unit).collect() };
    fs::write(folder.path().join("le.yaml"), bytes(u16::to_le_bytes)).expect("a file");
    fs::write(folder.path().join("be.yaml"), bytes(u16::to_be_bytes)).expect("a file");
    let collected = from(folder.path(), &["le.yaml", "be.yaml"]);
    assert!(collected.sources.iter().all(|source| source.text == "a: \u{e9}"), "{:?}", collected.sources);
}

#[test]
fn a_url_is_refused_with_the_command_that_reads_it() {
    let collected = collect(&["https://example.com/crds.yaml".to_owned()], empty());
    assert_eq!(codes(&collected), ["source::url"]);
    assert!(collected.diagnostics[0].help.as_ref().is_some_and(|help| help.contains("curl -sfL <URL> | crdgen")));
}

#[test]
fn unreadable_standard_input_is_said() {
    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("broken"))
        }
    }
    assert_eq!(codes(&collect(&["-".to_owned()], Broken)), ["source::unreadable"]);
    assert!(collect(&[], empty()).sources.is_empty());
}

#[cfg(unix)]
#[test]
fn links_to_folders_are_not_followed() {
    let folder = folder(&["a/b.yaml"]);
    std::os::unix::fs::symlink(folder.path(), folder.path().join("a/loop")).expect("a link");
    let collected = from(folder.path(), &[""]);
    assert_eq!(names(&collected, folder.path()), ["a/b.yaml"]);
}
