//! `crdgen.toml`: its settings, and diagnostics that point into the file.

mod api;
mod diff;
mod lint;
mod openapi;
mod overrides;
#[cfg(feature = "cli")]
pub mod schema;
mod view;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crdgen_emit::{json_schema, rbac, rust, typescript};
use crdgen_schema::{Diagnostic, Place, Source};
use serde::de::{self, SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::lint::{Setting, Settings};
use crate::lock::Target;
use crate::pipeline::{Custom, Placed, Versions};
use crate::toml_place;

pub use diff::Allow;
pub use openapi::{OpenApi, Scheme};

/// Name of the config file.
pub const FILE_NAME: &str = "crdgen.toml";

const VERSION: i64 = 1;

/// Settings of a config file. Paths are as written, relative to the folder of the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Version of the file format: 1.
    #[cfg_attr(feature = "cli", schemars(with = "i64", range(min = 1, max = 1)))]
    version: Option<Spanned<i64>>,
    /// CRD files, folders and globs.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Versions of each CRD; the served ones by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(schema_with = "schema::versions"))]
    pub versions: Versions,
    /// Kinds to generate, as `Kind` or `Kind.group`; all when empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Rust types; not generated when absent.
    pub rust: Option<Rust>,
    /// The axum API; not generated when absent. Needs `[rust]`.
    #[cfg_attr(feature = "cli", schemars(with = "Option<Axum>"))]
    axum: Option<Spanned<Axum>>,
    /// The OpenAPI document; not generated when absent.
    pub openapi: Option<OpenApi>,
    /// TypeScript types and client; not generated when absent.
    pub typescript: Option<TypeScript>,
    /// JSON Schemas; not generated when absent.
    #[serde(rename = "json-schema")]
    pub json_schema: Option<JsonSchema>,
    /// Roles; not generated when absent.
    pub rbac: Option<Rbac>,
    /// Reference pages; not generated when absent.
    pub docs: Option<Pages>,
    /// Treatment of problems that do not prevent generating.
    #[serde(default)]
    pub checks: Checks,
    /// Operations of the HTTP API, for every target.
    #[serde(default)]
    api: api::Api,
    /// Levels of the rules of `crdgen lint`.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(schema_with = "schema::lint"))]
    lint: lint::Lint,
    /// Settings of `crdgen diff`.
    #[serde(default)]
    diff: diff::Diff,
    /// Types that read only some fields of a kind.
    #[serde(default)]
    view: Vec<view::View>,
    /// Changes from `[[rust.override]]`, `[[view]]` and `[api]`.
    #[serde(skip)]
    pub custom: Custom,
    #[serde(skip)]
    source: Option<Arc<Source>>,
}

/// Settings of `[checks]`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Checks {
    /// Level of findings about CEL rules that an API server refuses; `warn` when absent. An error stops `generate`.
    #[serde(default = "warn")]
    pub cel: Setting,
}

impl Default for Checks {
    fn default() -> Self {
        Self { cel: warn() }
    }
}

fn warn() -> Setting {
    Setting::Warn
}

/// Settings of `[rust]`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rust {
    /// Folder of the Rust types. Only a build script may leave it out.
    #[cfg_attr(feature = "cli", schemars(with = "Option<String>"))]
    dir: Option<Spanned<PathBuf>>,
    /// Whether types implement `kube::Resource`; on by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "bool"))]
    pub kube: rust::Client,
    /// Source of the impls of serde's traits.
    #[serde(default)]
    pub serde: rust::Serde,
    /// Form of a union of fields (`oneOf` or `anyOf` of required fields, or `maxProperties: 1`) in Rust.
    #[serde(default)]
    pub unions: rust::Unions,
    /// Source of Kubernetes' own types.
    #[serde(default, rename = "known-types")]
    pub known_types: rust::KnownTypes,
    /// Changes to types and fields, by path.
    #[serde(default, rename = "override")]
    overrides: Vec<overrides::Override>,
    /// Whether every struct has a builder, made with `bon`; off by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "bool"))]
    pub builders: rust::Builders,
    /// Whether types for server-side apply are generated; off by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "bool"))]
    pub apply: rust::Apply,
    /// Whether each kind is behind a cargo feature of its name; off by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "bool"))]
    pub features: rust::Features,
    /// Whether versions of a kind convert into each other; on by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "bool"))]
    pub conversions: rust::Conversions,
}

/// Settings of `[axum]`, which has none yet.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Axum {}

/// Settings of `[typescript]`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TypeScript {
    /// Folder of the TypeScript files.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    dir: Spanned<PathBuf>,
    /// Whether options for TanStack Query are generated; off by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "bool"))]
    pub tanstack: typescript::Queries,
    /// Whether JSON Schemas of the write forms are generated as modules; off by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "bool"))]
    pub schemas: typescript::Schemas,
    /// Fields that may be null in `XInput`; `value` when absent.
    pub null: Option<typescript::Nulls>,
}

/// Settings of `[json-schema]`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JsonSchema {
    /// Folder of the JSON Schemas.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    dir: Spanned<PathBuf>,
    /// Extent of the CRDs' descriptions in the schemas.
    #[serde(default)]
    pub docs: json_schema::Docs,
    /// Fields that may be null in `XInput`; `dropped` when absent.
    pub null: Option<json_schema::Nulls>,
    /// Names of the files.
    #[serde(default)]
    pub layout: json_schema::Layout,
}

/// Settings of `[rbac]`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rbac {
    /// File of the roles.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    path: Spanned<PathBuf>,
    /// Name of the role.
    pub name: Option<String>,
    /// Whether the role is a Role of one namespace instead of a ClusterRole; off by default.
    #[serde(default)]
    #[cfg_attr(feature = "cli", schemars(with = "bool"))]
    pub namespaced: rbac::Reach,
    /// Identity whose rights are used on the cluster.
    #[serde(default)]
    pub callers: rbac::Callers,
}

/// Settings of `[docs]`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// Folder of the reference pages.
    #[cfg_attr(feature = "cli", schemars(with = "String"))]
    dir: Spanned<PathBuf>,
}

impl Config {
    /// Returns the config file in `folder`, or in the nearest folder above that has one.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
    }

    /// Reads the file at `path`. Messages name it `shown`.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if the file cannot be read or is not a valid config.
    pub fn read(path: &Path, shown: &str) -> Result<Self, Box<Diagnostic>> {
        const HELP: &str = "correct the path of `--config`, or run `crdgen init` to write a config";
        let text = fs::read_to_string(path).map_err(|error| {
            Diagnostic::error("config::unreadable", format!("cannot read {shown}: {error}")).help(HELP)
        })?;
        Self::parse(&Arc::new(Source { name: shown.to_owned(), text }))
    }

    /// Parses a config.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic with its place in `source` if the text is not a valid config.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Box<Diagnostic>> {
        let mut config: Self =
            toml::from_str(&source.text).map_err(|error| toml_place::diagnostic("config::invalid", source, &error))?;
        match config.problem(source) {
            Some(problem) => Err(Box::new(problem)),
            None => {
                config.custom = config.placed(source);
                config.source = Some(source.clone());
                Ok(config)
            }
        }
    }

    /// Returns the approvals of `[[diff.allow]]`.
    pub fn allow(&self) -> Vec<Allow> {
        self.source.as_ref().map(|source| self.diff.approvals(source)).unwrap_or_default()
    }

    /// Returns the levels of `[lint]`.
    pub fn lint(&self) -> Settings {
        self.lint.settings()
    }

    fn overrides(&self) -> impl Iterator<Item = &overrides::Override> {
        self.rust.iter().flat_map(|rust| &rust.overrides)
    }

    fn placed(&self, source: &Arc<Source>) -> Custom {
        Custom {
            overrides: self.overrides().map(|change| change.placed(source)).collect(),
            views: self.view.iter().map(|view| view.placed(source)).collect(),
            operations: self.api.placed(source),
            permissions: self.api.permissions,
        }
    }

    /// Returns the first problem that TOML and serde cannot detect.
    fn problem(&self, source: &Arc<Source>) -> Option<Diagnostic> {
        let at = |offset| toml_place::span(&source.text, offset);
        let Some(version) = &self.version else {
            let missing = Diagnostic::error("config::version", "the config has no `version`");
            return Some(missing.at(source, at(0)).help("write `version = 1` in its first line"));
        };
        if *version.get_ref() != VERSION {
            let message = format!("version {} is not known to this crdgen", version.get_ref());
            let unknown = Diagnostic::error("config::version", message).at(source, at(version.span().start));
            return Some(unknown.help(format!("write `version = {VERSION}`, or use a newer crdgen")));
        }
        if let Some(problem) = self.lint.problem(source) {
            return Some(problem);
        }
        if let Some(problem) = self.overrides().find_map(|change| change.problem(source)) {
            return Some(problem);
        }
        if let Some(problem) = self.openapi.as_ref().and_then(|openapi| openapi.problem(source)) {
            return Some(problem);
        }
        let axum = self.axum.as_ref().filter(|_| self.rust.is_none())?;
        let message = "`[axum]` needs `[rust]`: the axum API uses the Rust types";
        let without_rust = Diagnostic::error("config::axum-needs-rust", message).at(source, at(axum.span().start));
        Some(without_rust.help("add `[rust]` with its `dir`"))
    }

    /// Returns the folder that the file gives to a target, or the file of a target that is one file. `[rust]`
    /// may omit its folder, for build scripts.
    pub fn output(&self, target: Target) -> Option<Placed<&Path>> {
        let written = match target {
            Target::Rust => self.rust.as_ref()?.dir.as_ref()?,
            Target::OpenApi => self.openapi.as_ref()?.path(),
            Target::TypeScript => &self.typescript.as_ref()?.dir,
            Target::JsonSchema => &self.json_schema.as_ref()?.dir,
            Target::Rbac => &self.rbac.as_ref()?.path,
            Target::Docs => &self.docs.as_ref()?.dir,
        };
        let place = self
            .source
            .as_ref()
            .map(|source| Place { source: source.clone(), span: toml_place::span(&source.text, written.span().start) });
        Some(Placed { value: written.get_ref(), place })
    }

    /// Returns whether `[axum]` is present.
    pub fn axum(&self) -> bool {
        self.axum.is_some()
    }
}

impl<'de> Deserialize<'de> for Versions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(VersionsVisitor)
    }
}

struct VersionsVisitor;

impl<'de> Visitor<'de> for VersionsVisitor {
    type Value = Versions;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"served\", \"storage\", \"all\" or a list of version names")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Versions, E> {
        match text {
            "served" => Ok(Versions::Served),
            "storage" => Ok(Versions::Storage),
            "all" => Ok(Versions::All),
            _ => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<Versions, A::Error> {
        Vec::deserialize(SeqAccessDeserializer::new(names)).map(Versions::Named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crdgen_emit::openapi;

    fn parse(text: &str) -> Result<Config, Box<Diagnostic>> {
        Config::parse(&Arc::new(Source { name: FILE_NAME.into(), text: text.into() }))
    }

    fn refused(text: &str) -> (&'static str, usize, usize, String) {
        let error = parse(text).unwrap_err();
        let span = error.place.expect("a bad config has a place").span;
        (error.code, span.line, span.column, error.message)
    }

    #[test]
    fn reads_every_key() {
        let config = parse(
            "version = 1\ninputs = ['crds']\nversions = ['v1']\nkinds = ['Run']\n\
             [rust]\ndir = 'src/gen'\nkube = false\nserde = 'derive'\nunions = 'typed'\nknown-types = 'k8s-openapi'\n[axum]\n\
             [openapi]\npath = 'openapi.json'\ntitle = 'T'\nversion = '2'\ndocs = 'first-paragraph'\n\
             spec = '3.1'\nformat = 'yaml'\nprofile = 'progenitor'\nnull = 'dropped'\n\
             description = 'D'\nsecurity = 'bearer'\nservers = [{ url = '/', description = 'S' }]\n\
             contact = { name = 'N', url = 'https://n', email = 'e' }\n\
             [typescript]\ndir = 'web'\ntanstack = true\nschemas = true\nnull = 'value'\n[json-schema]\ndir = 'schemas'\ndocs = 'none'\nnull = 'value'\nlayout = 'catalog'\n\
             [docs]\ndir = 'site'\n[rbac]\npath = 'rbac.yaml'\nname = 'ci'\nnamespaced = true\ncallers = 'pass-through'\n\
             [api]\noperations = ['list', 'get']\npermissions = true\n[[api.kind]]\nkind = 'Run'\noperations = ['watch']\n",
        )
        .unwrap();
        assert_eq!(config.versions, Versions::Named(vec!["v1".into()]));
        assert!(config.axum());
        let types = config.rust.as_ref().unwrap();
        assert_eq!(
            (types.kube, types.serde, types.unions),
            (rust::Client::None, rust::Serde::Derive, rust::Unions::Typed)
        );
        assert_eq!(types.known_types, rust::KnownTypes::K8sOpenapi);
        let document = config.openapi.as_ref().unwrap();
        assert_eq!((document.docs, document.spec), (openapi::Docs::FirstParagraph, openapi::Spec::V3_1));
        assert_eq!((document.format, document.profile), (Some(openapi::Format::Yaml), openapi::Profile::Progenitor));
        let client = config.typescript.as_ref().unwrap();
        assert_eq!((client.tanstack, client.schemas), (typescript::Queries::Tanstack, typescript::Schemas::Inputs));
        let schemas = config.json_schema.as_ref().unwrap();
        assert_eq!(
            (schemas.docs, schemas.null, document.null),
            (openapi::Docs::None, Some(openapi::Nulls::Values), Some(openapi::Nulls::Dropped))
        );
        assert_eq!(schemas.layout, json_schema::Layout::Catalog);
        let outputs = Target::ALL.map(|target| config.output(target).unwrap());
        let files = ["src/gen", "openapi.json", "web", "schemas", "rbac.yaml", "site"];
        assert_eq!(outputs.each_ref().map(|output| output.value.to_str().unwrap()), files);
        assert_eq!(outputs[0].place.as_ref().unwrap().span.line, 6);
        let roles = config.rbac.as_ref().unwrap();
        assert_eq!(
            (roles.name.as_deref(), roles.namespaced, roles.callers),
            (Some("ci"), rbac::Reach::Namespace, rbac::Callers::PassedThrough)
        );
        assert!(config.custom.permissions);
        let [of_all, of_run] = &config.custom.operations[..] else { panic!("two entries") };
        assert_eq!((&of_all.kind.is_none(), of_all.operations.len()), (&true, 2));
        assert_eq!(of_run.kind.as_ref().map(|kind| kind.value.as_str()), Some("Run"));
    }

    #[test]
    fn has_defaults() {
        let config = parse("version = 1\n[rust]\ndir = 'src'\n").unwrap();
        assert!(config.rust.as_ref().unwrap().kube == rust::Client::Kube && !config.axum());
        assert_eq!(config.versions, Versions::Served);
    }

    #[test]
    fn an_unknown_key_is_an_error_at_its_place() {
        let (code, line, column, message) = refused("version = 1\n[rust]\ndir = 'src'\n  cube = true\n");
        assert_eq!((code, line, column), ("config::invalid", 4, 3));
        assert!(message.contains("cube"), "{message}");
    }

    #[test]
    fn a_wrong_choice_names_the_right_ones() {
        let (_, line, column, message) = refused("version = 1\nversions = 'newest'\n");
        assert_eq!((line, column), (2, 12));
        assert!(message.contains("\"served\", \"storage\", \"all\""), "{message}");
    }

    #[test]
    fn the_version_must_be_there_and_known() {
        assert_eq!(refused("inputs = []\n").0, "config::version");
        let (code, line, column, _) = refused("# c\nversion = 7\n");
        assert_eq!((code, line, column), ("config::version", 2, 11));
    }

    #[test]
    fn axum_without_rust_is_an_error_at_its_place() {
        let (code, line, ..) = refused("version = 1\n\n[axum]\n");
        assert_eq!((code, line), ("config::axum-needs-rust", 3));
    }

    #[test]
    fn the_nearest_config_above_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("a/b/c");
        fs::create_dir_all(&deep).unwrap();
        fs::write(folder.path().join(FILE_NAME), "").unwrap();
        fs::write(folder.path().join("a/b").join(FILE_NAME), "").unwrap();
        assert_eq!(Config::find(&deep), Some(folder.path().join("a/b").join(FILE_NAME)));
    }
}
