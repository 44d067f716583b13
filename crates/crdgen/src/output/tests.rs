//! Plans made and applied on real folders, with plain texts in place of generated code.

mod forged;
mod killed;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;

use super::apply::run;
use super::disk::{Disk, temporary};
use super::{Conflict, File, OnConflict, Plan, Reach, Reason, Site, Step, Wanted, apply, check};
use crate::digest::Digest;
use crate::lock::{Entry, FILE_NAME, Lock, Pending, Record, Target};

/// A project folder: Rust in `rust`, TypeScript in `web`.
struct Folder {
    dir: TempDir,
    site: Site,
}

impl Folder {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().to_owned();
        let roots = [(Target::Rust, "rust".to_owned()), (Target::TypeScript, "web".to_owned())].into();
        let site =
            Site { project: base.clone(), lock: base.join(FILE_NAME), working_directory: base.clone(), base, roots };
        Self { dir, site }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn put(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn record(&self) -> Record {
        Record::read(&self.site.lock, FILE_NAME).unwrap()
    }

    fn plan_for(&self, files: &[(&str, &str)], reach: Reach, on_conflict: OnConflict) -> Plan {
        Plan::new(&self.site, self.record(), wanted(files), reach, on_conflict).unwrap()
    }

    fn plan(&self, files: &[(&str, &str)]) -> Plan {
        self.plan_for(files, Reach::Project, OnConflict::Stop)
    }

    fn generate(&self, files: &[(&str, &str)]) {
        apply(&self.site, &self.plan(files)).unwrap();
    }

    fn conflict(&self, files: &[(&str, &str)]) -> (String, Reason) {
        match self.plan(files).conflicts.as_slice() {
            [Conflict { path, reason, .. }] => (path.clone(), *reason),
            other => panic!("one conflict expected: {other:?}"),
        }
    }

    /// Writes a lock that names each file, with the digest of the given text.
    fn forge(&self, target: Target, files: &[(&str, &str)]) {
        let entry = |(path, text): &(&str, &str)| (path.to_string(), Entry { target, digest: Digest::of(text) });
        let lock = Lock { files: files.iter().map(entry).collect(), ..Lock::default() };
        self.put(FILE_NAME, &lock.to_text());
    }

    /// Returns every file but the lock, without the header.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        collect(self.dir.path(), self.dir.path(), &mut files);
        files.remove(FILE_NAME);
        files
    }
}

fn collect(folder: &Path, base: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, base, files);
        } else {
            let text = fs::read_to_string(&path).unwrap();
            let text = text.strip_prefix(&generated("")).unwrap_or(&text).to_owned();
            files.insert(super::site::relative(&path, base), text);
        }
    }
}

/// Returns a text with the header of generated files.
fn generated(text: &str) -> String {
    format!("// {}\n{text}", crdgen_emit::HEADER)
}

fn wanted(files: &[(&str, &str)]) -> Wanted {
    let file = |(path, text): &(&str, &str)| {
        let target = if path.starts_with("web/") { Target::TypeScript } else { Target::Rust };
        (path.to_string(), File::new(target, generated(text)))
    };
    let digest = Digest::of(format!("{files:?}"));
    Wanted {
        files: files.iter().map(file).collect(),
        inputs: [("crds/a.yaml".to_owned(), digest)].into(),
        ..Wanted::default()
    }
}

fn as_map(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| (path.to_string(), text.to_string())).collect()
}

#[test]
fn a_run_writes_what_is_wanted_and_the_next_one_has_nothing_to_do() {
    let folder = Folder::new();
    let files = [("rust/mod.rs", "mod a;"), ("rust/a/b.rs", "struct B;"), ("web/types.ts", "type B = {}")];
    folder.generate(&files);
    assert_eq!(folder.files(), as_map(&files));
    assert!(folder.plan(&files).is_clean());
    assert_eq!(folder.record().lock.files.len(), 3);
}

#[test]
fn unchanged_files_keep_their_time() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "a"), ("rust/b.rs", "b")]);
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for path in ["rust/a.rs", "rust/b.rs", FILE_NAME] {
        fs::File::options().write(true).open(folder.path(path)).unwrap().set_modified(long_ago).unwrap();
    }
    let modified = |path| fs::metadata(folder.path(path)).unwrap().modified().unwrap();
    folder.generate(&[("rust/a.rs", "a"), ("rust/b.rs", "b")]);
    assert_eq!(modified(FILE_NAME), long_ago, "a run with nothing to do does not touch the lock");
    folder.generate(&[("rust/a.rs", "a"), ("rust/b.rs", "b2")]);
    assert_eq!(modified("rust/a.rs"), long_ago);
    assert_ne!(modified("rust/b.rs"), long_ago);
}

#[test]
fn line_endings_of_a_checkout_are_no_difference() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "a\nb\n")]);
    folder.put("rust/a.rs", &generated("a\nb\n").replace('\n', "\r\n"));
    assert!(folder.plan(&[("rust/a.rs", "a\nb\n")]).is_clean());
    assert_eq!(folder.plan(&[("rust/a.rs", "c\n")]).conflicts.len(), 0);
}

#[test]
fn whitespace_at_the_ends_of_lines_and_files_is_no_difference() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "a\nb\n"), ("rust/b.rs", "b\n")]);
    folder.put("rust/a.rs", &generated("a \nb\n\n\n"));
    folder.put("rust/b.rs", &generated("b"));
    assert!(folder.plan(&[("rust/a.rs", "a\nb\n"), ("rust/b.rs", "b\n")]).is_clean());
    assert!(folder.plan(&[("rust/a.rs", "c\n")]).conflicts.is_empty());
}

#[test]
fn a_formatters_layout_stays_until_the_content_changes() {
    let (written, formatted) = ("type A = 'b' | 'c'\n", "type A =\n  | \"b\"\n  | \"c\";\n");
    let folder = Folder::new();
    folder.generate(&[("web/a.ts", written)]);
    folder.put("web/a.ts", &generated(formatted));
    assert!(folder.plan(&[("web/a.ts", written)]).is_clean());

    let changed = folder.plan(&[("web/a.ts", "type A = 'd'\n")]);
    assert!(changed.conflicts.is_empty() && matches!(changed.steps["web/a.ts"], Step::Update { .. }));
    let other_layout = folder.plan(&[("web/a.ts", "type A = ('b' | 'c')\n")]);
    assert!(matches!(other_layout.steps["web/a.ts"], Step::Update { .. }), "crdgen's own layout is new");
    let stale = folder.plan(&[]);
    assert!(stale.conflicts.is_empty() && stale.steps["web/a.ts"] == Step::Remove);

    folder.put("web/a.ts", &generated("type A =\n  | \"b\";\n"));
    assert_eq!(folder.conflict(&[("web/a.ts", written)]), ("web/a.ts".into(), Reason::Edited));
}

#[test]
fn stale_files_go_with_the_folders_they_empty_and_others_stay() {
    let folder = Folder::new();
    folder.generate(&[("rust/mod.rs", ""), ("rust/old/deep/a.rs", "a"), ("rust/kept/a.rs", "a")]);
    folder.put("rust/kept/mine.rs", "mine");
    folder.put("rust/mine.rs", "mine");
    folder.generate(&[("rust/mod.rs", "")]);
    assert_eq!(folder.files(), as_map(&[("rust/mod.rs", ""), ("rust/kept/mine.rs", "mine"), ("rust/mine.rs", "mine")]));
    assert!(!folder.path("rust/old").exists());
}

#[test]
fn a_target_that_the_config_drops_is_removed_and_one_that_a_command_line_leaves_out_is_not() {
    let files = [("rust/a.rs", "a"), ("web/a.ts", "a")];
    let folder = Folder::new();
    folder.generate(&files);
    let mut site = folder.site.clone();
    site.roots.remove(&Target::TypeScript);
    let plan = |reach| Plan::new(&site, folder.record(), wanted(&files[..1]), reach, OnConflict::Stop).unwrap();

    let of_command_line = plan(Reach::Targets);
    assert_eq!(of_command_line.steps["web/a.ts"], Step::Keep);
    assert!(of_command_line.lock.files.contains_key("web/a.ts"), "it is still known as ours");
    assert_eq!(plan(Reach::Project).steps["web/a.ts"], Step::Remove);
}

#[test]
fn a_run_in_which_crds_failed_removes_nothing_and_forgets_no_name() {
    let folder = Folder::new();
    let mut first = wanted(&[("rust/a.rs", "a"), ("rust/b.rs", "b")]);
    first.names.roots.insert("x/v1/B".into(), "B".into());
    let plan = Plan::new(&folder.site, folder.record(), first, Reach::Project, OnConflict::Stop).unwrap();
    apply(&folder.site, &plan).unwrap();

    let partial = folder.plan_for(&[("rust/a.rs", "a2")], Reach::Nothing, OnConflict::Stop);
    apply(&folder.site, &partial).unwrap();
    assert_eq!(folder.files(), as_map(&[("rust/a.rs", "a2"), ("rust/b.rs", "b")]));
    assert_eq!(folder.record().lock.names.roots["x/v1/B"], "B");

    folder.generate(&[("rust/a.rs", "a2")]);
    assert_eq!(folder.files(), as_map(&[("rust/a.rs", "a2")]), "the next whole run cleans up");
    assert!(folder.record().lock.names.roots.is_empty());
}

#[test]
fn a_file_edited_by_hand_is_in_the_way_until_forced() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "a")]);
    folder.put("rust/a.rs", "mine");
    let again = [("rust/a.rs", "a")];
    assert_eq!(folder.conflict(&again), ("rust/a.rs".into(), Reason::Edited));
    apply(&folder.site, &folder.plan_for(&again, Reach::Project, OnConflict::Overwrite)).unwrap();
    assert_eq!(folder.text("rust/a.rs"), generated("a"));
}

#[test]
fn a_stale_file_edited_by_hand_is_not_removed_until_forced() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "a")]);
    folder.put("rust/a.rs", &generated("mine"));
    assert_eq!(folder.conflict(&[]), ("rust/a.rs".into(), Reason::EditedAndStale));
    apply(&folder.site, &folder.plan_for(&[], Reach::Project, OnConflict::Overwrite)).unwrap();
    assert!(!folder.path("rust/a.rs").exists());
}

#[test]
fn a_foreign_file_is_in_the_way_unless_it_says_the_same() {
    let folder = Folder::new();
    folder.put("rust/a.rs", "theirs");
    folder.put("rust/b.rs", &generated("b"));
    let files = [("rust/a.rs", "a"), ("rust/b.rs", "b")];
    assert_eq!(folder.conflict(&files), ("rust/a.rs".into(), Reason::Foreign));
    fs::remove_file(folder.path("rust/a.rs")).unwrap();
    folder.generate(&files);
    assert!(folder.record().lock.files.contains_key("rust/b.rs"), "it is adopted");
}

#[test]
fn a_generated_file_that_was_deleted_is_written_again() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "a")]);
    fs::remove_file(folder.path("rust/a.rs")).unwrap();
    folder.generate(&[("rust/a.rs", "a")]);
    assert_eq!(folder.text("rust/a.rs"), generated("a"));
}

#[test]
fn links_and_folders_in_the_way_are_not_followed_even_by_force() {
    let folder = Folder::new();
    folder.put("elsewhere/a.rs", "theirs");
    fs::create_dir_all(folder.path("rust/c.rs")).unwrap();
    folder.put("rust/d", "a file");
    symlink(folder.path("elsewhere"), folder.path("rust/linked")).unwrap();
    symlink(folder.path("elsewhere/a.rs"), folder.path("rust/a.rs")).unwrap();
    let files = [("rust/a.rs", "a"), ("rust/c.rs", "c"), ("rust/d/a.rs", "d"), ("rust/linked/a.rs", "e")];

    let reasons = |plan: &Plan| plan.conflicts.iter().map(|conflict| conflict.reason).collect::<Vec<_>>();
    assert_eq!(reasons(&folder.plan(&files)), [Reason::Link, Reason::Folder, Reason::BehindFile, Reason::BehindLink]);
    let forced = folder.plan_for(&files, Reach::Project, OnConflict::Overwrite);
    assert_eq!(reasons(&forced), [Reason::Folder, Reason::BehindFile, Reason::BehindLink]);

    apply(&folder.site, &folder.plan_for(&files[..1], Reach::Project, OnConflict::Overwrite)).unwrap();
    assert_eq!(folder.text("elsewhere/a.rs"), "theirs", "the link was replaced, not followed");
}

#[test]
fn the_target_folder_itself_may_be_a_link() {
    let folder = Folder::new();
    fs::create_dir(folder.path("real")).unwrap();
    symlink(folder.path("real"), folder.path("rust")).unwrap();
    folder.generate(&[("rust/a/b.rs", "b")]);
    assert_eq!(folder.text("real/a/b.rs"), generated("b"));
}

#[test]
fn a_target_folder_that_leads_out_of_the_project_is_refused_even_by_force() {
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir(outside.path().join("web")).unwrap();
    let links = [("rust", "rust", ""), ("rust", "rust", "nowhere"), ("deep", "deep/rust", "")];
    for (link, root, to) in links {
        let mut folder = Folder::new();
        symlink(outside.path().join(to), folder.path(link)).unwrap();
        folder.site.roots = [(Target::Rust, root.to_owned())].into();
        let file = format!("{root}/a.rs");
        let plan = folder.plan_for(&[(&file, "a")], Reach::Project, OnConflict::Overwrite);
        let [Conflict { path, reason: Reason::LeadsOut, forced: None }] = &plan.conflicts[..] else {
            panic!("{link}: {:?}", plan.conflicts)
        };
        assert_eq!(path, root);
    }
}

#[test]
fn the_folder_of_a_single_file_leads_nowhere_else_while_the_file_may_be_a_link() {
    let outside = tempfile::tempdir().unwrap();
    let mut folder = Folder::new();
    symlink(outside.path(), folder.path("api")).unwrap();
    symlink(outside.path().join("theirs"), folder.path("rbac.yaml")).unwrap();
    folder.site.roots =
        [(Target::OpenApi, "api/openapi.json".to_owned()), (Target::Rbac, "rbac.yaml".to_owned())].into();
    assert_eq!(folder.conflict(&[]), ("api/openapi.json".into(), Reason::LeadsOut));
}

#[test]
fn a_target_that_was_named_outside_of_the_project_may_be_a_link() {
    let (outside, real) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    symlink(real.path(), outside.path().join("web")).unwrap();
    let mut folder = Folder::new();
    let root = super::site::relative(&outside.path().join("web"), folder.dir.path());
    folder.site.roots = [(Target::Rust, root.clone())].into();
    folder.generate(&[(&format!("{root}/a.rs"), "a")]);
    assert!(real.path().join("a.rs").exists());
}

#[test]
fn what_is_no_file_is_in_the_way_and_is_not_read() {
    let folder = Folder::new();
    fs::create_dir(folder.path("rust")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("rust/a.rs")).unwrap();
    folder.forge(Target::Rust, &[("rust/a.rs", "")]);
    assert_eq!(folder.conflict(&[("rust/a.rs", "a")]), ("rust/a.rs".into(), Reason::Special));
    assert_eq!(folder.plan(&[]).steps["rust/a.rs"], Step::Forget);
}

#[test]
fn a_stale_file_makes_room_for_a_folder_of_its_name() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "file")]);
    folder.generate(&[("rust/a.rs/b.rs", "b")]);
    assert_eq!(folder.files(), as_map(&[("rust/a.rs/b.rs", "b")]));
}

#[test]
fn a_moved_target_leaves_nothing_behind() {
    let mut folder = Folder::new();
    folder.generate(&[("rust/mod.rs", ""), ("rust/v1/a.rs", "a"), ("web/types.ts", "a")]);
    folder.site.roots.insert(Target::Rust, "src/gen".to_owned());
    folder.generate(&[("src/gen/mod.rs", ""), ("src/gen/v1/a.rs", "a"), ("web/types.ts", "a")]);
    assert_eq!(folder.files().into_keys().collect::<Vec<_>>(), ["src/gen/mod.rs", "src/gen/v1/a.rs", "web/types.ts"]);
    assert!(!folder.path("rust").exists());
}

#[test]
fn a_stale_file_whose_mark_is_gone_has_become_the_users() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "a")]);
    folder.put("rust/a.rs", "mine");
    folder.generate(&[]);
    assert_eq!(folder.files(), as_map(&[("rust/a.rs", "mine")]));
}

#[test]
fn a_run_that_cannot_write_says_how_far_it_came() {
    let folder = Folder::new();
    fs::create_dir(folder.path(".crdgen.lock.crdgen-new")).unwrap();
    let files = [("rust/a.rs", "a"), ("rust/b.rs", "b")];
    let failed = |folder: &Folder| apply(&folder.site, &folder.plan(&files)).unwrap_err().help.unwrap();
    assert!(failed(&folder).starts_with("no generated file was changed"));
    fs::remove_dir(folder.path(".crdgen.lock.crdgen-new")).unwrap();
    fs::create_dir_all(folder.path("rust/.b.rs.crdgen-new")).unwrap();
    assert!(failed(&folder).starts_with("1 file was changed before"));
}

#[test]
fn check_names_what_is_missing_stale_edited_and_different() {
    let folder = Folder::new();
    folder.generate(&[("rust/changed.rs", "one\n"), ("rust/edited.rs", "x\n"), ("rust/stale.rs", "s")]);
    folder.put("rust/edited.rs", &generated("mine\n"));
    let plan = folder.plan(&[("rust/changed.rs", "two\n"), ("rust/edited.rs", "x\n"), ("rust/new.rs", "n")]);
    let mut out = Vec::new();
    check::print(&folder.site, &plan, &mut out).unwrap();
    let out = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string();
    for line in [
        "changed since it was generated: rust/edited.rs\n--- rust/edited.rs\n+++ rust/edited.rs\n@@ -1,2 +1,2 @@\n",
        "\n-mine\n+x\n",
        "differs: rust/changed.rs\n--- rust/changed.rs\n+++ rust/changed.rs\n@@ -1,2 +1,2 @@\n",
        "\n-one\n+two\n",
        "missing: rust/new.rs\n",
        "stale: rust/stale.rs\n",
        "differs: crdgen.lock\n",
    ] {
        assert!(out.contains(line), "{line}---\n{out}");
    }
    assert!(!out.contains("+++ crdgen.lock"), "the lock's diff would only repeat the rest: {out}");
}

#[test]
fn a_lock_that_is_out_of_date_alone_is_shown() {
    let folder = Folder::new();
    folder.generate(&[("rust/a.rs", "a")]);
    let mut wanted = wanted(&[("rust/a.rs", "a")]);
    wanted.inputs = [("crds/a.yaml".to_owned(), Digest::of("a comment more"))].into();
    let plan = Plan::new(&folder.site, folder.record(), wanted, Reach::Project, OnConflict::Stop).unwrap();
    assert!(!plan.is_clean() && !plan.touches_files());
    let mut out = Vec::new();
    check::print(&folder.site, &plan, &mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().contains("+++ crdgen.lock"));
}
