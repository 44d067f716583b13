//! A package with a build script, and cargo run in it. All packages share one target folder, which is kept
//! between runs, so that the dependencies of crdgen are compiled once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::SystemTime;

/// A CRD with a few fields.
pub const THINGS: &str = include_str!("things.yaml");

/// The build script that most projects have.
pub const SHORT: &str = "crdgen_build::configure().crds(\"crds/\").client(crdgen_build::Client::None).compile()";

const LIBRARY: &str = "pub mod generated {\n    include!(concat!(env!(\"OUT_DIR\"), \"/crdgen.rs\"));\n}\n";

/// Result of a cargo command.
#[derive(Debug)]
pub struct Ran {
    pub success: bool,
    pub stderr: String,
}

impl Ran {
    #[track_caller]
    pub fn succeeds(self) -> Self {
        assert!(self.success, "{}", self.stderr);
        self
    }

    #[track_caller]
    pub fn fails(self) -> Self {
        assert!(!self.success, "{}", self.stderr);
        self
    }

    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "`{text}` expected in:\n{}", self.stderr);
        self
    }

    /// Returns whether cargo ran the build script, which its output shows because of `-v`.
    pub fn ran_the_script(&self) -> bool {
        self.stderr.contains("build-script-build`")
    }
}

pub struct Package {
    name: String,
    folder: PathBuf,
}

impl Package {
    /// Creates a package for a test, with one CRD. `script` is the end of the `main` of its build script.
    pub fn new(name: &str, script: &str) -> Self {
        let folder = target().join("packages").join(name);
        let _ = fs::remove_dir_all(&folder);
        let package = Self { name: name.to_owned(), folder };
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("a crate of the workspace");
        package.write("Cargo.toml", &manifest(name, &workspace.join("crates")));
        // The lock file of the workspace pins versions that are on disk, so nothing is downloaded.
        fs::copy(workspace.join("Cargo.lock"), package.path("Cargo.lock")).unwrap();
        package.write("build.rs", &format!("fn main() -> Result<(), crdgen_build::Error> {{\n    {script}\n}}\n"));
        package.write("src/lib.rs", LIBRARY);
        package.write("crds/things.yaml", THINGS);
        package
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    /// Runs cargo without network access. `args` are separated by blanks.
    pub fn cargo(&self, args: &str) -> Ran {
        let mut command = Command::new(env!("CARGO"));
        command.args(args.split_whitespace()).args(["--offline", "--color=never"]);
        command.current_dir(&self.folder).env("CARGO_TARGET_DIR", target()).stdin(Stdio::null());
        // Variables of the user's shell must not affect a test.
        for variable in ["RUST_BACKTRACE", "RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_TERM_VERBOSE"] {
            command.env_remove(variable);
        }
        let output = command.output().unwrap();
        Ran { success: output.status.success(), stderr: String::from_utf8(output.stderr).expect("text") }
    }

    /// Returns every file that the build script wrote, with its modification time.
    pub fn written(&self) -> BTreeMap<PathBuf, SystemTime> {
        let mut written = BTreeMap::new();
        times(&self.run_folder().join("out"), &mut written);
        assert!(!written.is_empty());
        written
    }

    /// Returns the paths that cargo was told to watch.
    pub fn watched(&self) -> Vec<String> {
        let said = fs::read_to_string(self.run_folder().join("output")).unwrap();
        said.lines().filter_map(|line| line.strip_prefix("cargo::rerun-if-changed=")).map(str::to_owned).collect()
    }

    /// Returns cargo's folder for the files and the output of the build script.
    fn run_folder(&self) -> PathBuf {
        let prefix = format!("{}-", self.name);
        let entries = fs::read_dir(target().join("debug/build")).unwrap().map(|entry| entry.unwrap());
        entries
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(&prefix))
            .map(|entry| entry.path())
            .find(|folder| folder.join("output").is_file())
            .expect("the build script ran")
    }
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("crdgen-build")
}

fn manifest(name: &str, crates: &Path) -> String {
    let path = |name: &str| crates.join(name).display().to_string().replace('\\', "/");
    let (runtime, build) = (path("crdgen-runtime"), path("crdgen-build"));
    format!(
        r#"[package]
name = "{name}"
edition = "2024"

[workspace]

[features]
axum = ["dep:axum", "crdgen-runtime/server"]

[dependencies]
axum = {{ version = "0.8", default-features = false, optional = true }}
crdgen-runtime = {{ path = "{runtime}" }}
serde = {{ version = "1", features = ["derive"] }}

[build-dependencies]
crdgen-build = {{ path = "{build}" }}

[profile.dev]
debug = false
"#
    )
}

fn times(folder: &Path, times: &mut BTreeMap<PathBuf, SystemTime>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        match entry.path() {
            folder if folder.is_dir() => self::times(&folder, times),
            file => {
                times.insert(file, entry.metadata().unwrap().modified().unwrap());
            }
        }
    }
}
