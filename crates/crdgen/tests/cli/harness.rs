//! A temporary folder with CRDs, and the command run in it.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub const WIDGETS: &str = include_str!("../data/widgets.yaml");
pub const GADGETS: &str = include_str!("../data/gadgets.yaml");
pub const BROKEN: &str = include_str!("../data/broken.yaml");
pub const RUNS: &str = include_str!("../data/runs.yaml");

/// Result of a command.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Asserts the exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Asserts that standard error contains a text.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "`{text}` expected in:\n{}", self.stderr);
        self
    }

    /// Asserts that standard output contains a text.
    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "`{text}` expected in:\n{}", self.stdout);
        self
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().expect("the command was not killed"),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

pub struct Folder {
    root: TempDir,
    /// The user's cache folder.
    cache: TempDir,
}

impl Folder {
    pub fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self { root: tempfile::tempdir().unwrap(), cache: tempfile::tempdir().unwrap() };
        files.iter().for_each(|(path, text)| folder.write(path, text));
        folder
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Runs git in the folder.
    pub fn git(&self, args: &[&str]) {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
        let out = Command::new("git").current_dir(self.path("")).args(identity).args(args).output().unwrap();
        assert!(out.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn has(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// Returns the command, to be run in a folder below this one.
    pub fn command(&self, folder: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_crdgen"));
        command.current_dir(self.path(folder)).args(args).env("XDG_CACHE_HOME", self.cache.path());
        // Variables of the user's shell must not affect a test.
        for variable in ["NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "RUST_BACKTRACE"] {
            command.env_remove(variable);
        }
        command
    }

    pub fn run_in(&self, folder: &str, args: &[&str]) -> Ran {
        self.command(folder, args).stdin(Stdio::null()).output().unwrap().into()
    }

    /// Runs the command with arguments that are separated by blanks.
    pub fn run(&self, args: &str) -> Ran {
        self.run_in("", &args.split_whitespace().collect::<Vec<_>>())
    }

    pub fn pipe(&self, args: &str, stdin: &str) -> Ran {
        let mut command = self.command("", &args.split_whitespace().collect::<Vec<_>>());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
        child.wait_with_output().unwrap().into()
    }

    /// Returns the path of the only record in the cache.
    pub fn record(&self) -> PathBuf {
        let records = fs::read_dir(self.cache.path().join("crdgen/runs")).unwrap().map(|entry| entry.unwrap().path());
        match records.collect::<Vec<_>>().as_slice() {
            [only] => only.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Returns every file below a folder with its content, by path.
    pub fn files(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let root = self.path(folder);
        collect(&root, &root, &mut files);
        files
    }
}

fn collect(folder: &Path, root: &Path, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, root, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.insert(name, fs::read(&path).unwrap());
        }
    }
}
