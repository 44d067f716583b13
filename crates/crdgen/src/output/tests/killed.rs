//! Runs that are killed at each possible operation on the disk, one after the other.

use super::*;

const OLD: [(&str, &str); 4] =
    [("rust/both.rs", "old"), ("rust/gone/a.rs", "old"), ("rust/same.rs", "same"), ("web/gone.ts", "old")];
const NEW: [(&str, &str); 4] =
    [("rust/both.rs", "new"), ("rust/added/a.rs", "new"), ("rust/same.rs", "same"), ("web/added.ts", "new")];
const OTHER: [(&str, &str); 2] = [("rust/both.rs", "other"), ("web/gone.ts", "other")];

/// Runs until the disk fails after `touches` operations. Returns `false` if the run ended before that.
fn kill(folder: &Folder, files: &[(&str, &str)], touches: usize) -> bool {
    let disk = Disk { dies_after: Some(Cell::new(touches)) };
    run(&disk, &folder.site, &folder.plan(files), &mut 0).is_err()
}

fn start() -> Folder {
    let folder = Folder::new();
    folder.generate(&OLD);
    folder.put("rust/mine.rs", "mine");
    folder
}

fn with_mine(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut files = as_map(files);
    files.insert("rust/mine.rs".into(), "mine".into());
    files
}

fn without_leftovers(folder: &Folder) -> BTreeMap<String, String> {
    let mut files = folder.files();
    files.retain(|path, _| !path.ends_with(".crdgen-new"));
    files
}

fn is_whole(folder: &Folder, states: &[&[(&str, &str)]]) {
    for (path, text) in without_leftovers(folder) {
        let known = states.iter().any(|state| state.contains(&(&*path, &*text)));
        assert!(known || (&*path, &*text) == ("rust/mine.rs", "mine"), "{path}: {text}");
    }
    assert_eq!(folder.text("rust/mine.rs"), "mine");
}

fn is_finished(folder: &Folder, files: &[(&str, &str)], touches: usize) {
    assert_eq!(folder.files(), with_mine(files), "killed after {touches}");
    assert!(folder.plan(files).is_clean(), "killed after {touches}");
    assert!(!temporary(&folder.site.lock).exists());
    let empty = ["rust/gone", "rust/added"]
        .iter()
        .filter(|path| fs::read_dir(folder.path(path)).is_ok_and(|mut entries| entries.next().is_none()));
    assert_eq!(empty.count(), 0, "killed after {touches}");
}

#[test]
fn every_file_is_whole_and_the_next_run_finishes() {
    for touches in 0.. {
        let folder = start();
        let killed = kill(&folder, &NEW, touches);
        is_whole(&folder, &[&OLD, &NEW]);
        folder.generate(&NEW);
        is_finished(&folder, &NEW, touches);
        if !killed {
            assert!(touches > 20, "a run touches the disk more often than {touches} times");
            return;
        }
    }
}

#[test]
fn a_torn_set_is_recognised_whatever_it_is_compared_with() {
    let mut torn = 0;
    for touches in 0.. {
        let folder = start();
        let killed = kill(&folder, &NEW, touches);
        let state = without_leftovers(&folder);
        if state != with_mine(&OLD) && state != with_mine(&NEW) {
            assert!(!folder.plan(&OLD).is_clean(), "killed after {touches}: {state:?}");
            assert!(!folder.plan(&NEW).is_clean(), "killed after {touches}: {state:?}");
            assert!(folder.plan(&NEW).interrupted, "killed after {touches}");
            torn += 1;
        }
        if !killed {
            break;
        }
    }
    assert!(torn > 5, "{torn} torn states seen");
}

#[test]
fn the_next_run_may_want_something_else_or_the_old_state_again() {
    for touches in 0.. {
        let folder = start();
        let killed = kill(&folder, &NEW, touches);
        folder.generate(&OTHER);
        is_finished(&folder, &OTHER, touches);

        let folder = start();
        kill(&folder, &NEW, touches);
        folder.generate(&OLD);
        is_finished(&folder, &OLD, touches);
        if !killed {
            return;
        }
    }
}

#[test]
fn a_run_that_is_killed_while_it_finishes_another_one_can_be_finished_too() {
    for first in (0..).step_by(3) {
        let mut second = 0;
        let mut first_killed = true;
        loop {
            let folder = start();
            first_killed &= kill(&folder, &NEW, first);
            let second_killed = kill(&folder, &OTHER, second);
            is_whole(&folder, &[&OLD, &NEW, &OTHER]);
            folder.generate(&NEW);
            is_finished(&folder, &NEW, first);
            if !second_killed {
                break;
            }
            second += 2;
        }
        if !first_killed {
            return;
        }
    }
}
