//! `crdgen.toml`: what a project generates, with the place of everything that is wrong in it.

mod api;
mod overrides;
mod view;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crdgen_emit::{rbac, rust};
use crdgen_schema::{Diagnostic, Place, Source};
use serde::de::{self, SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::lock::Target;
use crate::pipeline::{Custom, Placed, Versions};
use crate::toml_place;

/// The file's name.
pub const FILE_NAME: &str = "crdgen.toml";

const VERSION: i64 = 1;

/// A config file. Paths are as written: relative to the file's folder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    version: Option<Spanned<i64>>,
    /// Files, folders, globs.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Which versions of each CRD.
    #[serde(default)]
    pub versions: Versions,
    /// Which kinds; all when empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Rust types.
    pub rust: Option<Rust>,
    /// The axum API.
    axum: Option<Spanned<Axum>>,
    /// The OpenAPI document.
    pub openapi: Option<OpenApi>,
    /// TypeScript types and client.
    pub typescript: Option<TypeScript>,
    /// JSON Schemas.
    #[serde(rename = "json-schema")]
    pub json_schema: Option<JsonSchema>,
    /// Roles.
    pub rbac: Option<Rbac>,
    #[serde(default)]
    api: api::Api,
    #[serde(default)]
    view: Vec<view::View>,
    /// What `[[rust.override]]`, `[[view]]` and `[api]` ask for.
    #[serde(skip)]
    pub custom: Custom,
    #[serde(skip)]
    source: Option<Arc<Source>>,
}

/// `[rust]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rust {
    dir: Option<Spanned<PathBuf>>,
    /// Implement `kube::Resource`.
    #[serde(default = "yes")]
    pub kube: bool,
    /// Where the impls of serde's traits come from.
    #[serde(default)]
    pub serde: Serde,
    /// How unions of fields are written.
    #[serde(default)]
    pub unions: Unions,
    /// Where Kubernetes' own types come from.
    #[serde(default, rename = "known-types")]
    pub known_types: KnownTypes,
    #[serde(default, rename = "override")]
    overrides: Vec<overrides::Override>,
    /// Give every struct a builder, by `bon`.
    #[serde(default)]
    pub builders: bool,
    /// Write types for server-side apply.
    #[serde(default)]
    pub apply: bool,
    /// Put each kind behind a cargo feature of its name.
    #[serde(default)]
    pub features: bool,
    /// Convert versions of a kind into each other.
    #[serde(default = "yes")]
    pub conversions: bool,
}

/// `rust.serde`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Serde {
    /// From a macro of the runtime.
    #[default]
    Expanded,
    /// From serde's derives.
    Derive,
}

/// `rust.unions`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unions {
    /// As optional fields.
    #[default]
    Fields,
    /// As enums, where they can be.
    Typed,
}

impl From<Unions> for rust::Unions {
    fn from(unions: Unions) -> Self {
        match unions {
            Unions::Fields => Self::Fields,
            Unions::Typed => Self::Typed,
        }
    }
}

/// `rust.known-types`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownTypes {
    /// They are generated like any other.
    #[default]
    Generate,
    /// From k8s-openapi, where they keep every object.
    K8sOpenapi,
}

/// `[axum]`: nothing to choose yet.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Axum {}

/// `[openapi]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenApi {
    path: Spanned<PathBuf>,
    /// `info.title`.
    pub title: Option<String>,
    /// `info.version`.
    pub version: Option<String>,
    /// How much of the CRDs' descriptions goes into the document.
    #[serde(default)]
    pub docs: Docs,
    /// The OpenAPI that it is written in.
    #[serde(default)]
    pub spec: Spec,
    /// How it is written down; as the file's extension says when absent.
    pub format: Option<Format>,
    /// For whom it is written.
    #[serde(default)]
    pub profile: Profile,
    /// Where a request may have null; `value` when absent.
    pub null: Option<Null>,
}

/// `openapi.spec`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Spec {
    /// 3.0.3
    #[default]
    #[serde(rename = "3.0")]
    V3_0,
    /// 3.1.0
    #[serde(rename = "3.1")]
    V3_1,
}

/// `openapi.format`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// `openapi.profile`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// For all tools but those below.
    #[default]
    Standard,
    /// For progenitor: every body is `application/json`.
    Progenitor,
}

/// `openapi.docs`, `json-schema.docs`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Docs {
    /// All.
    #[default]
    Full,
    /// What stands before the first empty line.
    FirstParagraph,
    /// Nothing.
    None,
}

/// `openapi.null`, `typescript.null`, `json-schema.null`: where users may write null.
///
/// An API server accepts null for every optional field and drops it. Types and clients are more pleasant without: with
/// `dropped` nearly every optional field is nullable, and nearly every type has a form of its own for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Null {
    /// Where null is stored.
    Value,
    /// Also where an API server drops it or puts a default in its place.
    Dropped,
}

/// `[typescript]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeScript {
    dir: Spanned<PathBuf>,
    /// Options of TanStack Query.
    #[serde(default)]
    pub tanstack: bool,
    /// The JSON Schemas of what users write, as modules.
    #[serde(default)]
    pub schemas: bool,
    /// Where `XInput` has null; `value` when absent.
    pub null: Option<Null>,
}

/// `[json-schema]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JsonSchema {
    dir: Spanned<PathBuf>,
    /// How much of the CRDs' descriptions goes into them.
    #[serde(default)]
    pub docs: Docs,
    /// Where `XInput` has null; `dropped` when absent.
    pub null: Option<Null>,
}

/// `[rbac]`
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rbac {
    path: Spanned<PathBuf>,
    /// The role's name.
    pub name: Option<String>,
    /// A Role of one namespace instead of a ClusterRole.
    #[serde(default)]
    pub namespaced: bool,
    /// Whose rights are used.
    #[serde(default)]
    pub callers: Callers,
}

/// `rbac.callers`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Callers {
    /// The service's.
    #[default]
    Service,
    /// The service's, after a review of the caller.
    Review,
    /// The callers', whom the service impersonates.
    Impersonate,
    /// The callers', whose tokens are passed on.
    PassThrough,
}

impl From<Callers> for rbac::Callers {
    fn from(callers: Callers) -> Self {
        match callers {
            Callers::Service => Self::Service,
            Callers::Review => Self::Reviewed,
            Callers::Impersonate => Self::Impersonated,
            Callers::PassThrough => Self::PassedThrough,
        }
    }
}

fn yes() -> bool {
    true
}

impl Config {
    /// The config file in a folder or in the nearest one above.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|file| file.is_file())
    }

    /// Reads the file at `path`; messages call it `shown`.
    pub fn read(path: &Path, shown: &str) -> Result<Self, Box<Diagnostic>> {
        let text = fs::read_to_string(path)
            .map_err(|error| Diagnostic::error("config::unreadable", format!("cannot read {shown}: {error}")))?;
        Self::parse(&Arc::new(Source { name: shown.to_owned(), text }))
    }

    /// Reads a config; the error has its place.
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

    fn overrides(&self) -> impl Iterator<Item = &overrides::Override> {
        self.rust.iter().flat_map(|rust| &rust.overrides)
    }

    fn placed(&self, source: &Arc<Source>) -> Custom {
        Custom {
            overrides: self.overrides().map(|change| change.placed(source)).collect(),
            views: self.view.iter().map(|view| view.placed(source)).collect(),
            offers: self.api.placed(source),
        }
    }

    /// What TOML and serde cannot see.
    fn problem(&self, source: &Arc<Source>) -> Option<Diagnostic> {
        let at = |offset| toml_place::span(&source.text, offset);
        let Some(version) = &self.version else {
            let missing = Diagnostic::error("config::version", "the config does not say its version");
            return Some(missing.at(source, at(0)).help("write `version = 1` in its first line"));
        };
        if *version.get_ref() != VERSION {
            let message = format!("version {} is not known to this crdgen", version.get_ref());
            let unknown = Diagnostic::error("config::version", message).at(source, at(version.span().start));
            return Some(unknown.help(format!("write `version = {VERSION}`, or use a newer crdgen")));
        }
        if let Some(problem) = self.overrides().find_map(|change| change.problem(source)) {
            return Some(problem);
        }
        let axum = self.axum.as_ref().filter(|_| self.rust.is_none())?;
        let message = "the axum API is made of the Rust types";
        let without_rust = Diagnostic::error("config::axum-needs-rust", message).at(source, at(axum.span().start));
        Some(without_rust.help("add `[rust]` with its `dir`"))
    }

    /// Returns the folder that the file gives to a target, or the file of a target of one file. `[rust]` may have none, for
    /// build scripts.
    pub fn output(&self, target: Target) -> Option<Placed<&Path>> {
        let written = match target {
            Target::Rust => self.rust.as_ref()?.dir.as_ref()?,
            Target::OpenApi => &self.openapi.as_ref()?.path,
            Target::TypeScript => &self.typescript.as_ref()?.dir,
            Target::JsonSchema => &self.json_schema.as_ref()?.dir,
            Target::Rbac => &self.rbac.as_ref()?.path,
        };
        let place = self
            .source
            .as_ref()
            .map(|source| Place { source: source.clone(), span: toml_place::span(&source.text, written.span().start) });
        Some(Placed { value: written.get_ref(), place })
    }

    /// `[axum]` is there.
    pub fn axum(&self) -> bool {
        self.axum.is_some()
    }
}

/// A value with its place, for what can only be judged later.
fn placed<T, U>(spanned: &Spanned<T>, source: &Arc<Source>, value: impl FnOnce(&T) -> U) -> Placed<U> {
    let span = toml_place::span(&source.text, spanned.span().start);
    Placed { value: value(spanned.get_ref()), place: Some(Place { source: source.clone(), span }) }
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
             [typescript]\ndir = 'web'\ntanstack = true\nschemas = true\nnull = 'value'\n[json-schema]\ndir = 'schemas'\ndocs = 'none'\nnull = 'value'\n\
             [rbac]\npath = 'rbac.yaml'\nname = 'ci'\nnamespaced = true\ncallers = 'pass-through'\n\
             [api]\noperations = ['list', 'get']\n[[api.kind]]\nkind = 'Run'\noperations = ['watch']\n",
        )
        .unwrap();
        assert_eq!(config.versions, Versions::Named(vec!["v1".into()]));
        assert!(config.axum());
        let rust = config.rust.as_ref().unwrap();
        assert_eq!((rust.kube, rust.serde, rust.unions), (false, Serde::Derive, Unions::Typed));
        assert_eq!(rust.known_types, KnownTypes::K8sOpenapi);
        let openapi = config.openapi.as_ref().unwrap();
        assert_eq!((openapi.docs, openapi.spec), (Docs::FirstParagraph, Spec::V3_1));
        assert_eq!((openapi.format, openapi.profile), (Some(Format::Yaml), Profile::Progenitor));
        let typescript = config.typescript.as_ref().unwrap();
        assert_eq!((typescript.tanstack, typescript.schemas), (true, true));
        let json_schema = config.json_schema.as_ref().unwrap();
        assert_eq!(
            (json_schema.docs, json_schema.null, openapi.null),
            (Docs::None, Some(Null::Value), Some(Null::Dropped))
        );
        let outputs = Target::ALL.map(|target| config.output(target).unwrap());
        let files = ["src/gen", "openapi.json", "web", "schemas", "rbac.yaml"];
        assert_eq!(outputs.each_ref().map(|output| output.value.to_str().unwrap()), files);
        assert_eq!(outputs[0].place.as_ref().unwrap().span.line, 6);
        let rbac = config.rbac.as_ref().unwrap();
        assert_eq!((rbac.name.as_deref(), rbac.namespaced, rbac.callers), (Some("ci"), true, Callers::PassThrough));
        let [of_all, of_run] = &config.custom.offers[..] else { panic!("two wishes") };
        assert_eq!((&of_all.kind.is_none(), of_all.offers.len()), (&true, 2));
        assert_eq!(of_run.kind.as_ref().map(|kind| kind.value.as_str()), Some("Run"));
    }

    #[test]
    fn has_defaults() {
        let config = parse("version = 1\n[rust]\ndir = 'src'\n").unwrap();
        assert!(config.rust.as_ref().unwrap().kube && !config.axum());
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
