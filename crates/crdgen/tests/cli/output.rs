//! Treatment of existing files: generated, stale, edited, and the user's own.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use crate::harness::{Folder, GADGETS, WIDGETS};

const GENERATE: &str = "generate crds --rust gen --typescript web";

fn generated() -> Folder {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("crds/gadgets.yaml", GADGETS)]);
    folder.run(GENERATE).exits(0);
    folder
}

#[test]
fn unchanged_files_are_not_touched() {
    let folder = generated();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for path in folder.files("").into_keys() {
        fs::File::options().write(true).open(folder.path(&path)).unwrap().set_modified(long_ago).unwrap();
    }
    let touched = || {
        let is_touched = |path: &String| fs::metadata(folder.path(path)).unwrap().modified().unwrap() != long_ago;
        folder.files("").into_keys().filter(is_touched).collect::<Vec<_>>()
    };
    folder.run(GENERATE).exits(0).says("0 files written");
    assert_eq!(touched(), Vec::<String>::new());

    folder.write("crds/gadgets.yaml", &GADGETS.replace("weight", "height"));
    folder.run(GENERATE).exits(0);
    let touched = touched();
    assert!(touched.contains(&"gen/shop_example_com/v1/gadget.rs".to_owned()), "{touched:?}");
    assert!(!touched.contains(&"gen/shop_example_com/v1/widget.rs".to_owned()), "{touched:?}");
}

#[test]
fn stale_files_are_removed_and_the_users_are_not() {
    let folder = generated();
    folder.write("gen/shop_example_com/v1/mine.rs", "mine");
    folder.write("web/mine.ts", "mine");
    folder.remove("crds/gadgets.yaml");
    folder.run(GENERATE).exits(0).says("2 removed");
    assert!(!folder.has("gen/shop_example_com/v1/gadget.rs"));
    assert!(!folder.has("gen/shop_example_com/v1/gadget.schema.json"));
    assert_eq!(folder.read("gen/shop_example_com/v1/mine.rs"), "mine");
    assert_eq!(folder.read("web/mine.ts"), "mine");
}

#[test]
fn folders_that_become_empty_go_too() {
    let folder = generated();
    folder.write("crds/other.yaml", &GADGETS.replace("shop.example.com", "depot.example.com"));
    folder.run(GENERATE).exits(0);
    assert!(folder.has("gen/depot_example_com/v1"));
    folder.remove("crds/other.yaml");
    folder.run(GENERATE).exits(0);
    assert!(!folder.has("gen/depot_example_com"));
}

#[test]
fn edited_and_foreign_files_stop_the_run_before_anything_is_written() {
    let folder = generated();
    folder.write("web/types.ts", "edited");
    folder.write("gen/shop_example_com/v1/gizmo.rs", "theirs");
    folder.write("crds/gizmos.yaml", &GADGETS.replace("adget", "izmo"));
    let before = folder.files("");
    folder
        .run(GENERATE)
        .exits(1)
        .says("error[output::edited]: web/types.ts was changed since it was generated")
        .says("error[output::foreign]: gen/shop_example_com/v1/gizmo.rs is in the way")
        .says("--force");
    assert_eq!(folder.files(""), before);

    folder.run(&format!("{GENERATE} --force")).exits(0);
    assert_ne!(folder.read("web/types.ts"), "edited");
    assert_ne!(folder.read("gen/shop_example_com/v1/gizmo.rs"), "theirs");
    folder.run(&format!("{GENERATE} --check")).exits(0);
}

#[test]
fn generated_files_without_a_lock_are_adopted() {
    let folder = generated();
    folder.remove("crdgen.lock");
    folder.run(GENERATE).exits(0).says("0 files written");
    folder.run(&format!("{GENERATE} --check")).exits(0);
}

#[test]
fn a_link_below_a_target_is_never_followed() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS), ("elsewhere/v1/x", ""), ("gen/x", "")]);
    symlink(folder.path("elsewhere"), folder.path("gen/shop_example_com")).unwrap();
    folder.run(&format!("{GENERATE} --force")).exits(1).says("lies behind a symbolic link");
    assert_eq!(folder.files("elsewhere").len(), 1);
}

#[test]
fn a_lock_that_names_files_of_the_user_removes_none_of_them() {
    let config = "version = 1\ninputs = ['crds']\n[rust]\ndir = 'src/generated'\n";
    let folder = Folder::new(&[("crdgen.toml", config), ("crds/widgets.yaml", WIDGETS)]);
    folder.run("generate").exits(0);
    let theirs = [("src/main.rs", "fn main() {}\n"), (".env", "TOKEN=x\n"), ("src/generated/mine.rs", "mine\n")];
    let mut entries = String::from("[files.rust]\n");
    for (path, text) in theirs {
        folder.write(path, text);
        entries += &format!("\"{path}\" = \"{}\"\n", crdgen::digest::Digest::of(text));
    }
    let lock = folder.read("crdgen.lock");
    folder.write("crdgen.lock", &lock.replace("[files.rust]\n", &entries));
    folder
        .run("generate")
        .exits(0)
        .says("warning[output::not-ours]: crdgen.lock names src/main.rs, which has no mark of crdgen")
        .says("0 removed");
    for (path, text) in theirs {
        assert_eq!(folder.read(path), text);
    }
    assert_eq!(folder.read("crdgen.lock"), lock);
}

#[test]
fn a_target_folder_that_is_a_link_out_of_the_project_is_refused() {
    let folder = Folder::new(&[("p/crds/widgets.yaml", WIDGETS), ("elsewhere/x", "")]);
    symlink(folder.path("elsewhere"), folder.path("p/gen")).unwrap();
    let generate = ["generate", "crds", "--rust", "gen", "--force"];
    folder.run_in("p", &generate).exits(1).says("error[output::link]: gen leads out of the project");
    folder.run_in("p", &[&generate[..3], &["../elsewhere"]].concat()).exits(0);
}

#[test]
fn a_run_that_may_not_write_says_that_nothing_was_changed() {
    let folder = generated();
    folder.write("crds/gadgets.yaml", &GADGETS.replace("weight", "height"));
    fs::create_dir(folder.path(".crdgen.lock.crdgen-new")).unwrap();
    folder
        .run(GENERATE)
        .exits(1)
        .says("error[output::write]: cannot write: crdgen.lock: ")
        .says("no generated file was changed");
}

#[test]
fn the_lock_may_lie_elsewhere() {
    let folder = Folder::new(&[("crds/widgets.yaml", WIDGETS)]);
    let generate = format!("{GENERATE} --lock locks/a.lock");
    folder.run(&generate).exits(0);
    assert!(folder.has("locks/a.lock") && !folder.has("crdgen.lock"));
    assert!(folder.read("locks/a.lock").contains("\"gen/mod.rs\""), "paths stay relative to the base");
    folder.run(&format!("{generate} --check")).exits(0);
}

#[test]
fn two_runs_at_once_leave_a_clean_set() {
    let folder = generated();
    let args: Vec<_> = GENERATE.split(' ').collect();
    for round in 0..3 {
        folder.write("crds/gadgets.yaml", &GADGETS.replace("weight", &format!("weight{round}")));
        let run = || folder.command("", &args).stderr(Stdio::null()).spawn().unwrap();
        let runs = [run(), run(), run()];
        for mut run in runs {
            assert!(run.wait().unwrap().success());
        }
        folder.run(&format!("{GENERATE} --check")).exits(0);
    }
}
