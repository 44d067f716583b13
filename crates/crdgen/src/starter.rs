//! Files of a new project: a service that keeps the kinds of some CRDs in memory.
//!
//! Everything is made in memory. `cli::new` writes it and generates the code.

mod kind;
mod layout;

use std::collections::BTreeMap;
use std::path::PathBuf;

use askama::Template;

use crate::dependencies::{Dependency, RUNTIME, version};
use crate::pipeline::{Input, Output};
pub use kind::Kind;
use layout::constant;

/// URL of the JSON Schema of `crdgen.toml`, for editors.
pub const SCHEMA: &str =
    concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/v", env!("CARGO_PKG_VERSION"), "/docs/crdgen.schema.json");

/// Folder of the CRDs in a project.
pub const CRDS: &str = "crds";

/// `crdgen.toml` with comments. A target that is `None` or `false` is written as a comment.
#[derive(Debug, Template)]
#[template(path = "crdgen.toml.jinja", escape = "none")]
pub struct ConfigText {
    /// URL of the JSON Schema.
    pub schema: &'static str,
    /// CRD files, folders and globs, as a TOML list.
    pub inputs: String,
    /// Kind for the examples in comments.
    pub kind: String,
    /// Folder of the Rust types, as a TOML string.
    pub rust: Option<String>,
    /// Whether the Rust types implement `kube::Resource`.
    pub kube: bool,
    /// Whether the axum API is generated.
    pub axum: bool,
    /// File of the OpenAPI document, as a TOML string.
    pub openapi: Option<String>,
    /// Title of the OpenAPI document, as a TOML string.
    pub title: Option<String>,
    /// Whether the document is for progenitor.
    pub progenitor: bool,
    /// Folder of the TypeScript files, as a TOML string.
    pub typescript: Option<String>,
}

/// Returns a text as a TOML string.
pub fn toml_text(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// Returns texts as a TOML list.
pub fn toml_list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", texts.into_iter().map(toml_text).collect::<Vec<_>>().join(", "))
}

/// Settings of a new project.
#[derive(Clone, Debug)]
pub struct Starter {
    /// Name of the package.
    pub name: String,
    /// Folder of the crate crdgen-runtime; the released crate if absent.
    pub runtime: Option<PathBuf>,
    /// Whether the project has a web page.
    pub web: bool,
}

#[derive(Template)]
#[template(path = "new/Cargo.toml.jinja", escape = "none")]
struct CargoToml<'a> {
    name: &'a str,
    rust_version: &'a str,
    repository: Option<&'static str>,
    runtime: String,
    development: Vec<String>,
}

#[derive(Template)]
#[template(path = "new/main.rs.jinja", escape = "none")]
struct Main<'a> {
    kinds: &'a str,
    served: &'a [Kind],
}

#[derive(Template)]
#[template(path = "new/tests.rs.jinja", escape = "none")]
struct Tests<'a> {
    collection: String,
    sample: Option<String>,
    has_sample: bool,
    api_version: &'a str,
    kind: &'a str,
}

#[derive(Template)]
#[template(path = "new/README.md.jinja", escape = "none")]
struct Readme<'a> {
    name: &'a str,
    kinds: &'a str,
    repository: &'a str,
    sample: Option<String>,
    has_sample: bool,
    path: &'a str,
    web: bool,
}

#[derive(Template)]
#[template(path = "new/ci.yml.jinja", escape = "none")]
struct Workflow {
    crdgen: &'static str,
    /// Repository from which crdgen is installed; the release if absent.
    repository: Option<&'static str>,
    web: bool,
}

#[derive(Template)]
#[template(path = "new/gitignore.jinja", escape = "none")]
struct GitIgnore {
    web: bool,
}

#[derive(Template)]
#[template(path = "new/web/package.json.jinja", escape = "none")]
struct PackageJson<'a> {
    name: &'a str,
}

#[derive(Template)]
#[template(path = "new/web/index.html.jinja", escape = "html")]
struct Page<'a> {
    title: &'a str,
}

#[derive(Template)]
#[template(path = "new/web/main.ts.jinja", escape = "none")]
struct PageScript<'a> {
    root: &'a str,
    list: &'a str,
    columns: bool,
    namespaced: bool,
}

const TSCONFIG: &str = include_str!("../templates/new/web/tsconfig.json");
const VITE: &str = include_str!("../templates/new/web/vite.config.js");

impl Starter {
    /// Returns the files that are not generated, by path. Returns `None` if `output` has no kind. `output` must
    /// have all targets of [`Starter::config`].
    ///
    /// # Errors
    ///
    /// Returns an error if a template cannot be rendered, which is a defect of crdgen.
    pub fn files(&self, input: &Input, output: &Output) -> askama::Result<Option<BTreeMap<String, String>>> {
        let kinds = Kind::all(input, output);
        let Some(main) = kinds.iter().find(|kind| kind.sample.is_some()).or(kinds.first()) else { return Ok(None) };
        let words = words(&kinds);
        let text = |path: &str, text: String| (path.to_owned(), ended(text));
        let mut files = BTreeMap::from([
            text(".gitignore", GitIgnore { web: self.web }.render()?),
            text(".github/workflows/ci.yml", self.workflow()?),
            text("Cargo.toml", self.manifest()?),
            text("README.md", self.readme(main, &words)?),
            text("crdgen.toml", self.config(&main.kind).render()?),
            text("src/main.rs", Main { kinds: &words, served: &kinds }.render()?),
            text("src/tests.rs", tests(main)?),
        ]);
        files.extend(kinds.iter().filter_map(|kind| Some((kind.sample_file()?, kind.sample.clone()?))));
        if self.web {
            files.extend(self.page(main)?);
        }
        Ok(Some(files))
    }

    /// Returns `crdgen.toml`.
    pub fn config(&self, kind: &str) -> ConfigText {
        ConfigText {
            schema: SCHEMA,
            inputs: toml_list([CRDS]),
            kind: kind.to_owned(),
            rust: Some(toml_text("src/generated")),
            kube: false,
            axum: true,
            openapi: Some(toml_text("openapi.json")),
            title: Some(toml_text(&self.name)),
            progenitor: false,
            typescript: self.web.then(|| toml_text("web/src/api")),
        }
    }

    fn manifest(&self) -> askama::Result<String> {
        let runtime = Dependency { name: RUNTIME, features: vec!["memory", "serve"], default_features: true };
        let line = runtime.line();
        let runtime = match &self.runtime {
            Some(folder) => {
                let path = format!("path = {}", toml_text(&folder.to_string_lossy()));
                line.replace(&format!("version = \"{}\"", version(RUNTIME)), &path)
            }
            None => line,
        };
        let development = [
            Dependency { name: "axum", features: Vec::new(), default_features: false },
            Dependency { name: "serde_json", features: Vec::new(), default_features: true },
            Dependency { name: "tokio", features: vec!["macros", "rt"], default_features: true },
            Dependency { name: "tower", features: vec!["util"], default_features: true },
        ];
        let development = development.iter().map(Dependency::line).collect();
        let rust_version = env!("CARGO_PKG_RUST_VERSION");
        CargoToml { name: &self.name, rust_version, repository: self.repository(), runtime, development }.render()
    }

    fn workflow(&self) -> askama::Result<String> {
        Workflow { crdgen: version("crdgen"), repository: self.repository(), web: self.web }.render()
    }

    /// Returns the repository of crdgen if no release is used.
    fn repository(&self) -> Option<&'static str> {
        self.runtime.as_ref().map(|_| env!("CARGO_PKG_REPOSITORY"))
    }

    fn readme(&self, main: &Kind, kinds: &str) -> askama::Result<String> {
        Readme {
            name: &self.name,
            kinds,
            repository: env!("CARGO_PKG_REPOSITORY"),
            sample: main.sample_file(),
            has_sample: main.sample.is_some(),
            path: &main.collection,
            web: self.web,
        }
        .render()
    }

    fn page(&self, main: &Kind) -> askama::Result<BTreeMap<String, String>> {
        let script = PageScript {
            root: &main.root,
            list: &main.list,
            columns: main.has_columns,
            namespaced: main.is_namespaced,
        };
        Ok(BTreeMap::from([
            ("web/index.html".to_owned(), ended(Page { title: &main.many }.render()?)),
            ("web/package.json".to_owned(), ended(PackageJson { name: &self.name }.render()?)),
            ("web/src/main.ts".to_owned(), ended(script.render()?)),
            ("web/tsconfig.json".to_owned(), TSCONFIG.to_owned()),
            ("web/vite.config.js".to_owned(), VITE.to_owned()),
        ]))
    }
}

fn tests(main: &Kind) -> askama::Result<String> {
    let sample = main.sample_file().map(|file| format!("const SAMPLE: &str = include_str!(\"../{file}\");"));
    Tests {
        collection: constant("COLLECTION", &main.collection),
        has_sample: sample.is_some(),
        sample,
        api_version: &main.api_version,
        kind: &main.kind,
    }
    .render()
}

/// Returns the text with one newline at its end. Askama removes that of a template.
fn ended(text: String) -> String {
    format!("{}\n", text.trim_end())
}

/// Returns the names of some kinds as a phrase.
fn words(kinds: &[Kind]) -> String {
    const MOST: usize = 4;
    let mut names: Vec<_> = kinds.iter().map(|kind| kind.kind.as_str()).collect();
    names.dedup();
    match &names[..] {
        [one] => format!("{one} objects"),
        [first @ .., last] if names.len() <= MOST => format!("{} and {last} objects", first.join(", ")),
        _ => format!("{} kinds", names.len()),
    }
}
