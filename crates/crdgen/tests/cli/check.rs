//! `--check`: prints what would change, and writes nothing.

use crate::harness::{Folder, GADGETS, WIDGETS};

const GENERATE: &str = "generate crds --rust gen --axum --openapi openapi.json --typescript web";

fn generated() -> Folder {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("crds/gadgets.yaml", GADGETS)]);
    folder.run(GENERATE).exits(0);
    folder
}

fn check(folder: &Folder) -> crate::harness::Ran {
    let before = folder.files("");
    let ran = folder.run(&format!("{GENERATE} --check"));
    assert_eq!(before, folder.files(""), "nothing may be written");
    ran
}

#[test]
fn right_after_generate_it_is_clean() {
    let ran = check(&generated()).exits(0).says("up to date: 2 CRDs, ");
    assert_eq!(ran.stdout, "");
}

#[test]
fn before_the_first_run_everything_is_missing() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS)]);
    check(&folder).exits(100).prints("missing: web/types.ts\n").prints("missing: crdgen.lock\n");
}

#[test]
fn a_changed_crd_is_shown_as_a_diff() {
    let folder = generated();
    folder.write("crds/widgets.yaml", &WIDGETS.replace("size:", "sizes:"));
    check(&folder)
        .exits(100)
        .prints("differs: gen/api/openapi.json\n--- gen/api/openapi.json\n+++ gen/api/openapi.json\n@@ ")
        .prints("differs: openapi.json (same diff as gen/api/openapi.json)\n")
        .prints("\n-          \"size\": {")
        .prints("\n+          \"sizes\": {")
        .says("not up to date: ")
        .says("differing");
}

#[test]
fn every_listed_file_is_counted() {
    let folder = generated();
    folder.write("crds/widgets.yaml", &WIDGETS.replace("size:", "sizes:"));
    let ran = check(&folder);
    let listed = ran.stdout.lines().filter(|line| line.starts_with("differs: ")).count();
    ran.prints("differs: crdgen.lock\n").says(&format!("not up to date: {listed} differing;"));
}

#[test]
fn stale_and_missing_files_are_named() {
    let folder = generated();
    folder.remove("crds/gadgets.yaml");
    folder.remove("web/types.ts");
    check(&folder)
        .exits(100)
        .prints("stale: gen/shop_example_com/v1/gadget.rs\n")
        .prints("missing: web/types.ts\n")
        .says("1 missing");
}

#[test]
fn a_changed_file_is_a_finding_with_the_way_out() {
    let folder = generated();
    folder.write("web/types.ts", "mine\n");
    check(&folder)
        .exits(100)
        .prints("changed since it was generated: web/types.ts\n--- web/types.ts\n")
        .prints("\n-mine\n")
        .says("error[output::edited]: web/types.ts was changed since it was generated")
        .says("use --force")
        .says("not up to date: 1 in the way; `crdgen generate` stops at files in the way");
    folder.run(&format!("{GENERATE} --force")).exits(0);
    check(&folder).exits(0);
}

#[test]
fn a_lock_that_is_out_of_date_alone_is_a_finding() {
    let folder = generated();
    folder.write("crds/widgets.yaml", &format!("# a comment\n{WIDGETS}"));
    check(&folder).exits(100).prints("differs: crdgen.lock\n--- crdgen.lock\n").says("the lock is out of date");
}

#[test]
fn a_checkout_with_other_line_endings_is_clean() {
    let folder = generated();
    for (path, content) in folder.files("") {
        folder.write(&path, &String::from_utf8(content).unwrap().replace('\n', "\r\n"));
    }
    check(&folder).exits(0);
}

#[test]
fn files_that_a_formatter_laid_out_are_clean_and_follow_the_crds() {
    let folder = generated();
    for (path, content) in folder.files("web") {
        let text = String::from_utf8(content).unwrap();
        folder.write(&format!("web/{path}"), text.replace(";\n", "  \n").replace('"', "'").trim_end());
    }
    check(&folder).exits(0);
    folder.write("crds/widgets.yaml", &WIDGETS.replace("size:", "sizes:"));
    folder.run(GENERATE).exits(0);
    check(&folder).exits(0);
}

#[test]
fn every_written_file_ends_as_tools_want_it() {
    let folder = generated();
    for (path, content) in folder.files("") {
        let text = String::from_utf8(content).unwrap();
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{path}");
    }
}

#[test]
fn the_diff_has_colours_only_when_they_are_wanted() {
    let folder = generated();
    folder.write("crds/widgets.yaml", &WIDGETS.replace("size:", "sizes:"));
    let check = format!("{GENERATE} --check");
    assert!(!folder.run(&check).stdout.contains('\u{1b}'));
    folder.run(&format!("{check} --color always")).prints("\u{1b}[32m+");
    let args: Vec<_> = check.split(' ').collect();
    let with = |variable: &str, args: &[&str]| {
        let output = folder.command("", args).env(variable, "1").output().unwrap();
        String::from_utf8(output.stdout).unwrap().contains('\u{1b}')
    };
    assert!(with("CLICOLOR_FORCE", &args));
    assert!(!with("NO_COLOR", &args));
    assert!(!with("CLICOLOR_FORCE", &[&args[..], &["--color", "never"]].concat()));
}
