//! A git repository with a project, and scripts that run in it.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

pub const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boats.example.org}
spec:
  group: example.org
  scope: Namespaced
  names: {kind: Boat, plural: boats}
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              length: {type: integer, format: int32}
              colour: {type: string}
";

const CONFIG: &str = "version = 1\ninputs = [\"crds\"]\n[openapi]\npath = \"openapi.json\"\n";

/// Result of a script.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\nstdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub fn prints(self, text: &str) -> Self {
        assert!(self.stdout.contains(text), "`{text}` expected in:\n{}", self.stdout);
        self
    }
}

/// A repository on the branch `main`, whose remote `origin` is a bare repository beside it. Generated code is up to date.
pub struct Repository {
    folder: TempDir,
}

impl Repository {
    pub fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(repository.root()).unwrap();
        repository.shell("git init --quiet --bare ../origin.git").exits(0);
        repository.shell("git init --quiet --initial-branch main . && git remote add origin ../origin.git").exits(0);
        repository.write("crdgen.toml", CONFIG);
        repository.write("crds/boats.yaml", CRD);
        repository.shell("crdgen generate").exits(0);
        repository.commit();
        repository.shell("git push --quiet origin main && git fetch --quiet origin").exits(0);
        repository
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    /// Returns a path beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn commit(&self) {
        self.shell("git add --all && git -c user.name=a -c user.email=a@example.org commit --quiet --message change")
            .exits(0);
    }

    pub fn shell(&self, script: &str) -> Ran {
        self.run(script, &BTreeMap::new())
    }

    /// Runs a script as GitHub's runners run `shell: bash`, with crdgen on the path.
    pub fn run(&self, script: &str, variables: &BTreeMap<String, String>) -> Ran {
        let output = Command::new("bash")
            .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
            .current_dir(self.root())
            .env("PATH", path(&[Path::new(env!("CARGO_BIN_EXE_crdgen")).parent().unwrap()]))
            // Settings of the user must not affect a test.
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("NO_COLOR")
            .envs(variables)
            .stdin(Stdio::null())
            .output()
            .expect("bash runs");
        Ran {
            code: output.status.code().expect("the script was not killed"),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

/// Returns a search path that begins with folders.
pub fn path(folders: &[&Path]) -> String {
    let rest = env::var_os("PATH").unwrap_or_default();
    let folders = folders.iter().map(|folder| folder.to_path_buf()).chain(env::split_paths(&rest));
    env::join_paths(folders).unwrap().into_string().expect("text")
}
