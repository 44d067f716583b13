//! Locks that name files which crdgen did not write, with their right digests.

use super::*;

/// Applies the plan of a run that wants no files, and returns its steps.
fn clean_up(folder: &Folder) -> BTreeMap<String, Step> {
    let plan = folder.plan_for(&[], Reach::Project, OnConflict::Overwrite);
    assert!(plan.conflicts.is_empty(), "{:?}", plan.conflicts);
    apply(&folder.site, &plan).unwrap();
    plan.steps
}

#[test]
fn removes_no_file_without_our_mark_even_by_force() {
    let theirs = ["src/main.rs", "rust/mine.rs", ".env", "web/mine.ts", "web/package.json", "src/a.schema.json"];
    for target in Target::ALL {
        let folder = Folder::new();
        let files = theirs.map(|path| (path, "theirs"));
        files.iter().for_each(|(path, text)| folder.put(path, text));
        folder.forge(target, &files);
        let left = folder.plan(&[]).left;
        assert!(left[0].message.contains("crdgen.lock lists .env, but the file has no mark"), "{left:?}");
        clean_up(&folder);
        assert_eq!(folder.files(), as_map(&files), "{target}");
        assert!(folder.record().lock.files.is_empty(), "the entries are gone");
    }
}

#[test]
fn replaces_no_file_without_our_mark() {
    let folder = Folder::new();
    folder.put("rust/mod.rs", "theirs");
    folder.forge(Target::Rust, &[("rust/mod.rs", "theirs")]);
    assert_eq!(folder.conflict(&[("rust/mod.rs", "ours")]), ("rust/mod.rs".into(), Reason::Foreign));
}

#[test]
fn removes_a_schema_only_from_its_targets_folder_or_with_its_types() {
    let folder = Folder::new();
    let files = [("rust/a.schema.json", "{}"), ("old/a.schema.json", "{}"), ("old/b.schema.json", "{}")];
    files.iter().for_each(|(path, text)| folder.put(path, text));
    folder.put("old/b.rs", &generated("b"));
    folder.forge(Target::Rust, &[&files[..], &[("old/b.rs", &generated("b"))]].concat());
    clean_up(&folder);
    assert_eq!(folder.files(), as_map(&files[1..2]));
    assert!(folder.path("old").exists() && !folder.path("rust/a.schema.json").exists());
}

#[test]
fn reaches_no_file_outside_of_the_project() {
    let outside = tempfile::tempdir().unwrap();
    let theirs = outside.path().join("theirs.rs");
    let text = generated("theirs");
    fs::write(&theirs, &text).unwrap();
    let folder = Folder::new();
    let up = super::super::site::relative(&theirs, folder.dir.path());
    let hidden = format!("rust/../{up}");
    let absolute = theirs.to_str().unwrap();
    let paths = [&up, &hidden, absolute, "", "rust/", "a\0.rs", "C:\\a.rs", "..\\a.rs", "/dev/zero", "rust//a.rs"];
    folder.forge(Target::Rust, &paths.map(|path| (path, text.as_str())));
    let steps = clean_up(&folder);
    assert!(steps.values().all(|step| *step == Step::Keep), "{steps:?}");
    assert_eq!(steps.len(), paths.len());
    assert!(theirs.exists());
}

#[test]
fn reaches_nothing_behind_a_link() {
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir(outside.path().join("empty")).unwrap();
    fs::write(outside.path().join("a.rs"), generated("a")).unwrap();
    fs::write(outside.path().join(".a.rs.crdgen-new"), "").unwrap();
    let folder = Folder::new();
    fs::create_dir(folder.path("rust")).unwrap();
    for link in ["link", "rust/link"] {
        symlink(outside.path(), folder.path(link)).unwrap();
    }
    let text = generated("a");
    let paths = ["link/a.rs", "rust/link/a.rs", "link/empty/b.rs", "rust/link/empty/b.rs"];
    folder.forge(Target::Rust, &paths.map(|path| (path, text.as_str())));
    let mut lock = folder.record().lock;
    lock.pending = Some(Pending { write: lock.files.clone(), remove: lock.files.clone() });
    folder.put(FILE_NAME, &lock.to_text());
    let steps = clean_up(&folder);
    assert!(steps.values().all(|step| *step == Step::Forget), "{steps:?}");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 3);
}

#[test]
fn removes_no_empty_folder_outside_of_its_targets() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("inbox/today")).unwrap();
    folder.forge(Target::Rust, &[("inbox/today/a.rs", "a")]);
    clean_up(&folder);
    assert!(folder.path("inbox/today").exists());
}
