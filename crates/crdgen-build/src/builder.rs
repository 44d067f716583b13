//! What a build script asks for.

use std::fmt;
use std::path::{Path, PathBuf};

use crdgen::pipeline::Versions;
use crdgen_emit::rust::{self, Client, Serde};

use crate::Error;
use crate::cargo::Cargo;
use crate::run;

/// A configuration under construction. What is not set is taken from the [config file](Builder::config), if there is one,
/// and has the command's default otherwise.
#[derive(Default)]
#[must_use = "nothing is generated before `compile`"]
pub struct Builder {
    pub(crate) inputs: Vec<String>,
    pub(crate) config: Option<PathBuf>,
    pub(crate) versions: Option<Versions>,
    pub(crate) kinds: Vec<String>,
    pub(crate) axum: bool,
    /// Changes to the Rust options of the config file.
    pub(crate) rust: Vec<Choice>,
    pub(crate) out_dir: Option<PathBuf>,
    pub(crate) file_name: Option<String>,
    pub(crate) lock: Option<PathBuf>,
}

type Choice = Box<dyn Fn(&mut rust::Options)>;

impl Builder {
    /// Reads a CRD file, a folder with all below it, or the files that match a glob. May be called again. Relative to the
    /// package's folder. Inputs that are named here replace those of the config file.
    pub fn crds(mut self, input: impl AsRef<Path>) -> Self {
        self.inputs.push(input.as_ref().to_string_lossy().into_owned());
        self
    }

    /// Takes what is not set here from a `crdgen.toml`: inputs, versions, kinds, and what `[rust]`, `[axum]` and `[openapi]`
    /// say about generated code. Where they say to write it is for `crdgen generate` only.
    pub fn config(mut self, file: impl Into<PathBuf>) -> Self {
        self.config = Some(file.into());
        self
    }

    /// Which versions of each CRD.
    pub fn versions(mut self, versions: Versions) -> Self {
        self.versions = Some(versions);
        self
    }

    /// Only these kinds, written `Kind` or `Kind.group`. May be called again.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.kinds.extend(kinds.into_iter().map(Into::into));
        self
    }

    /// For which Kubernetes client the types are. [`Client::None`] needs neither `kube` nor `k8s-openapi`.
    pub fn client(self, client: Client) -> Self {
        self.rust(move |options| options.client = client)
    }

    /// Where the impls of serde's traits come from: by default from a macro of the runtime, which compiles faster than derives.
    pub fn serde(self, serde: Serde) -> Self {
        self.rust(move |options| options.serde = serde)
    }

    /// Adds the axum API, as the module `api`. Needs `axum` and the runtime's feature `server`.
    pub fn axum(mut self) -> Self {
        self.axum = true;
        self
    }

    /// Writes into this folder instead of `OUT_DIR`.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// The name of the file to be included, `crdgen.rs` if not set: for a build script that generates twice.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Keeps the names of types in this lock file, which may be that of `crdgen generate`.
    ///
    /// With it a type keeps its name when CRDs change, and has the same name as in files that the command generates. For that
    /// the build script writes into the source tree whenever there is a new name: commit the file, or a build from a clean
    /// checkout gives names of its own and one from a read-only tree fails. Nothing is ever removed from the lock here.
    pub fn lock(mut self, file: impl Into<PathBuf>) -> Self {
        self.lock = Some(file.into());
        self
    }

    /// Generates, and tells cargo what it must know. To be called from a build script.
    ///
    /// # Errors
    ///
    /// When anything in the inputs, the config file or the lock is wrong, or a file cannot be written. Each reason was then
    /// printed as `cargo::error`, and no file was changed.
    pub fn compile(self) -> Result<(), Error> {
        let mut cargo = Cargo::default();
        let outcome = run::run(&self, &mut cargo);
        print!("{}", cargo.text());
        outcome
    }

    fn rust(mut self, choice: impl Fn(&mut rust::Options) + 'static) -> Self {
        self.rust.push(Box::new(choice));
        self
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").field("inputs", &self.inputs).field("config", &self.config).finish_non_exhaustive()
    }
}
