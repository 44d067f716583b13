//! Configuration of a build script.

use std::fmt;
use std::path::{Path, PathBuf};

use crdgen::pipeline::Versions;
use crdgen_emit::rust::{self, Apply, Builders, Client, Conversions, Features, KnownTypes, Serde, Unions};

use crate::Error;
use crate::cargo::Cargo;
use crate::run;
use crate::settings::Settings;

/// A configuration under construction. A setting that is not given is taken from the [config
/// file](Builder::config), if there is one. Otherwise it has the default of the `crdgen generate` command.
#[derive(Default)]
#[must_use = "nothing is generated before `compile`"]
pub struct Builder {
    pub(crate) settings: Settings,
}

impl Builder {
    /// Reads a CRD file, a folder with everything below it, or the files that match a glob. The path is
    /// relative to the package's folder. May be called several times. Inputs given here replace those of the
    /// config file.
    pub fn crds(mut self, input: impl AsRef<Path>) -> Self {
        self.settings.inputs.push(input.as_ref().to_string_lossy().into_owned());
        self
    }

    /// Takes settings that are not given here from a `crdgen.toml`: inputs, versions, kinds, and the settings
    /// of generated code in `[rust]`, `[axum]` and `[openapi]`. The output paths of the file apply to `crdgen
    /// generate` only.
    pub fn config(mut self, file: impl Into<PathBuf>) -> Self {
        self.settings.config = Some(file.into());
        self
    }

    /// Selects versions of each CRD. Default: the served versions.
    pub fn versions(mut self, versions: Versions) -> Self {
        self.settings.versions = Some(versions);
        self
    }

    /// Selects kinds, written `Kind` or `Kind.group`. May be called several times. Default: all kinds.
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.kinds.extend(kinds.into_iter().map(Into::into));
        self
    }

    /// Selects the Kubernetes client that the types are for. [`Client::None`] needs neither `kube` nor
    /// `k8s-openapi`.
    pub fn client(self, client: Client) -> Self {
        self.rust(move |options| options.client = client)
    }

    /// Selects the source of the impls of serde's traits. Default: a macro of the runtime, which compiles
    /// faster than derives.
    pub fn serde(self, serde: Serde) -> Self {
        self.rust(move |options| options.serde = serde)
    }

    /// Selects the form of unions of fields in Rust. Default: a struct with optional fields.
    pub fn unions(self, unions: Unions) -> Self {
        self.rust(move |options| options.unions = unions)
    }

    /// Selects the source of Kubernetes' own types. Default: they are generated. [`KnownTypes::K8sOpenapi`]
    /// needs the crate `k8s-openapi`.
    pub fn known_types(self, known_types: KnownTypes) -> Self {
        self.rust(move |options| options.known_types = known_types)
    }

    /// Selects whether structs have builders, which need the crate `bon`. Default: no builders.
    pub fn builders(self, builders: Builders) -> Self {
        self.rust(move |options| options.builders = builders)
    }

    /// Selects whether types for server-side apply are generated. Default: they are not.
    pub fn apply(self, apply: Apply) -> Self {
        self.rust(move |options| options.apply = apply)
    }

    /// Selects whether versions of a kind convert into each other. Default: they do.
    pub fn conversions(self, conversions: Conversions) -> Self {
        self.rust(move |options| options.conversions = conversions)
    }

    /// Selects whether each kind is behind a cargo feature of its name, in kebab case, which the crate of the
    /// build script declares. Default: every kind is compiled.
    pub fn features(self, features: Features) -> Self {
        self.rust(move |options| options.features = features)
    }

    /// Adds the axum API as the module `api`. Needs the feature `server` of `crdgen-runtime`, and no other crate.
    pub fn axum(mut self) -> Self {
        self.settings.axum = true;
        self
    }

    /// Writes into this folder instead of `OUT_DIR`.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.settings.out_dir = Some(folder.into());
        self
    }

    /// Sets the name of the file to include, for a build script that generates more than once. Default:
    /// `crdgen.rs`.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.settings.file_name = Some(name.into());
        self
    }

    /// Keeps the names of types in this lock file, which may be the lock of `crdgen generate`.
    ///
    /// With a lock a type keeps its name when CRDs change, and has the same name as in files that the command
    /// generates. The build script writes each new name into the file, so commit the file: without the committed file,
    /// a build from a clean checkout may give other names, and a build in a read-only source tree fails. A build script
    /// never removes names from the lock.
    pub fn lock(mut self, file: impl Into<PathBuf>) -> Self {
        self.settings.lock = Some(file.into());
        self
    }

    /// Generates the code and prints instructions for cargo. Call it from a build script.
    ///
    /// # Errors
    ///
    /// Returns an error if the inputs, the config file or the lock are wrong, or if a file cannot be written. Each
    /// reason has already been printed as `cargo::error`. No file is written if the inputs, the config file or the lock
    /// are wrong.
    pub fn compile(self) -> Result<(), Error> {
        let mut cargo = Cargo::default();
        let outcome = run::run(&self.settings, &mut cargo);
        print!("{}", cargo.text());
        outcome
    }

    fn rust(mut self, choice: impl Fn(&mut rust::Options) + 'static) -> Self {
        self.settings.rust.push(Box::new(choice));
        self
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("inputs", &self.settings.inputs)
            .field("config", &self.settings.config)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails to compile if the emitter has an option that is missing here.
    #[test]
    fn every_option_of_the_rust_emitter_has_a_method() {
        let rust::Options {
            client: _,
            // `Builder::axum` decides it.
            api: _,
            serde: _,
            known_types: _,
            builders: _,
            apply: _,
            conversions: _,
            features: _,
            unions: _,
            // Only the config file has overrides.
            overrides: _,
        } = rust::Options::default();
        let wanted = rust::Options {
            client: Client::None,
            serde: Serde::Derive,
            known_types: KnownTypes::K8sOpenapi,
            builders: Builders::Bon,
            apply: Apply::Kinds,
            conversions: Conversions::None,
            features: Features::Kinds,
            unions: Unions::Typed,
            ..rust::Options::default()
        };
        let builder = Builder::default()
            .client(wanted.client)
            .serde(wanted.serde)
            .known_types(wanted.known_types)
            .builders(wanted.builders)
            .apply(wanted.apply)
            .conversions(wanted.conversions)
            .features(wanted.features)
            .unions(wanted.unions);
        let mut options = rust::Options::default();
        builder.settings.rust.iter().for_each(|choice| choice(&mut options));
        assert_eq!(options, wanted);
    }
}
