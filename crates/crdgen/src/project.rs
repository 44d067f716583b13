//! The task of a run, made from the config file and the command line, with every path resolved.
//!
//! Each value of the command line overrides that of the config file. The config file comes with a project and
//! is not trusted: it can write only below its own folder. The command line is trusted and can name any
//! folder.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use crdgen_emit::{json_schema, openapi, rbac, rust, typescript};
use crdgen_schema::Diagnostic;
use path_clean::PathClean;

use crate::config::{self, Config};
use crate::lint;
use crate::lock::{self, Target};
use crate::output::site::{relative, shown};
use crate::output::{Reach, Site};
use crate::pipeline::{self, Placed, Selection, Targets, Versions};

/// Returns the working directory of this process.
///
/// # Errors
///
/// Returns a diagnostic if the folder does not exist any more or cannot be read.
pub fn working_directory() -> Result<PathBuf, Box<Diagnostic>> {
    env::current_dir().map_err(|error| {
        let message = format!("cannot find the working directory: {error}");
        Box::new(Diagnostic::error("input::working-directory", message))
    })
}

/// Requests of the command line. Paths are relative to the working directory.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Config file to read.
    pub config: ConfigFile,
    /// Files, folders, globs and `-`. If empty, the inputs of the config file are read.
    pub inputs: Vec<String>,
    /// Folder of the Rust types.
    pub rust: Option<PathBuf>,
    /// Whether the axum API is generated even without `[axum]` in the config file.
    pub axum: bool,
    /// File of the OpenAPI document.
    pub openapi: Option<PathBuf>,
    /// Folder of the TypeScript files.
    pub typescript: Option<PathBuf>,
    /// Folder of the JSON Schemas.
    pub json_schema: Option<PathBuf>,
    /// File of the roles.
    pub rbac: Option<PathBuf>,
    /// Names of the JSON Schemas' files. If absent, those of the config file.
    pub json_schema_layout: Option<json_schema::Layout>,
    /// Folder of the reference pages.
    pub docs: Option<PathBuf>,
    /// Target to emit alone, whatever the config file names.
    pub only: Option<Target>,
    /// Versions to generate. If absent, those of the config file.
    pub versions: Option<Versions>,
    /// Kinds to generate. If empty, those of the config file.
    pub kinds: Vec<String>,
    /// Lock file. If absent, `crdgen.lock` in the base folder.
    pub lock: Option<PathBuf>,
}

impl Request {
    /// Returns the folder or file that the command line names for a target.
    fn output(&self, target: Target) -> Option<&Path> {
        let output = match target {
            Target::Rust => &self.rust,
            Target::OpenApi => &self.openapi,
            Target::TypeScript => &self.typescript,
            Target::JsonSchema => &self.json_schema,
            Target::Rbac => &self.rbac,
            Target::Docs => &self.docs,
        };
        output.as_deref()
    }
}

/// The config file to read.
#[derive(Clone, Debug, Default)]
pub enum ConfigFile {
    /// The file in the working directory or the nearest folder above, if there is one.
    #[default]
    Find,
    /// The file at this path, which must exist.
    At(PathBuf),
    /// No file.
    None,
}

/// The task of a run.
#[derive(Clone, Debug)]
pub struct Project {
    /// Files, folders, globs and `-`, relative to the working directory.
    pub inputs: Vec<String>,
    /// Kinds and versions to take from the inputs, and the project's changes.
    pub selection: Selection,
    /// Targets to emit, with their options.
    pub targets: Targets,
    /// Folders and files to write to.
    pub site: Site,
    /// Files of earlier runs that the run may remove.
    pub reach: Reach,
}

/// Reason why there is no project.
#[derive(Clone, Debug)]
pub enum Problem {
    /// The request is incomplete. The text says what is missing and how to add it.
    Usage(String),
    /// The config file is wrong.
    Found(Box<Diagnostic>),
}

impl From<Box<Diagnostic>> for Problem {
    fn from(found: Box<Diagnostic>) -> Self {
        Self::Found(found)
    }
}

impl Project {
    /// Makes a project from a request and the config file. `working_directory` is absolute.
    ///
    /// # Errors
    ///
    /// Fails if inputs or targets are missing, or if the config file is wrong.
    pub fn new(request: Request, working_directory: &Path) -> Result<Self, Problem> {
        let settings = Settings::read(&request.config, working_directory)?;
        let places = Places::new(&request, &settings, working_directory)?;
        let targets = targets(&request, &settings.config, &places)?;
        let inputs = settings.inputs_of(&request, working_directory)?;
        let base = match &settings.folder {
            Some(folder) => folder.clone(),
            None => places.common_folder().unwrap_or_else(|| working_directory.to_owned()),
        };
        let lock = match request.lock {
            Some(file) => absolute(working_directory, &file),
            None => base.join(lock::FILE_NAME),
        };
        Ok(Self {
            inputs,
            targets,
            reach: match request.only.is_none() && settings.folder.is_some() {
                true => Reach::Project,
                false => Reach::Targets,
            },
            site: Site {
                project: settings.folder.clone().unwrap_or_else(|| working_directory.to_owned()),
                roots: places.roots(&base),
                base,
                lock,
                working_directory: working_directory.to_owned(),
            },
            selection: settings.selection(request.versions, request.kinds),
        })
    }
}

/// Inputs of a command that writes no files.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Files, folders, globs and `-`, relative to the working directory.
    pub inputs: Vec<String>,
    /// Kinds and versions to take from the inputs, and the project's changes.
    pub selection: Selection,
    /// Lock file, which need not exist.
    pub lock: PathBuf,
    /// Levels of the rules of `crdgen lint`.
    pub lint: lint::Settings,
    /// Approvals of `crdgen diff`.
    pub allow: Vec<config::Allow>,
}

impl Reading {
    /// Makes the inputs from a request and the config file. `working_directory` is absolute.
    ///
    /// # Errors
    ///
    /// Fails if there are no inputs, or if the config file is wrong.
    pub fn new(request: Request, working_directory: &Path) -> Result<Self, Problem> {
        let settings = Settings::read(&request.config, working_directory)?;
        let base = settings.folder.as_deref().unwrap_or(working_directory);
        Ok(Self {
            inputs: settings.inputs_of(&request, working_directory)?,
            lock: match &request.lock {
                Some(file) => absolute(working_directory, file),
                None => base.join(lock::FILE_NAME),
            },
            lint: settings.config.lint(),
            allow: settings.config.allow(),
            selection: settings.selection(request.versions, request.kinds),
        })
    }
}

const NO_INPUTS: &str = "no inputs: name CRD files, folders, globs or `-` for standard input, \
                         or write `inputs = [\"crds\"]` into crdgen.toml";

const NO_TARGETS: &str = "no targets: add `--rust DIR`, `--openapi FILE`, `--typescript DIR`, `--json-schema DIR`, \
                          `--rbac FILE` or `--docs DIR`, or add `[rust]`, `[openapi]`, `[typescript]`, `[json-schema]`, \
                          `[rbac]` or `[docs]` to crdgen.toml";

const NO_PAGES: &str = "no folder for the pages: add `--out DIR`, or add `[docs]` with its `dir` to crdgen.toml";

const RUST_WITHOUT_DIR: &str = "`[rust]` in crdgen.toml has no `dir`: add `dir`, or use `--rust DIR`";

/// Reason to refuse the axum API beside cargo features of kinds. A build script can ask for both, too.
pub const AXUM_NEEDS_KINDS: &str = "the axum API cannot be combined with `features` in `[rust]`: the API needs all kinds, and `features` makes \
     each kind optional; remove one of the two, or select fewer kinds with `kinds`";

const AXUM_NEEDS_RUST: &str = "`--axum` needs the generated Rust types: add `--rust DIR`";

/// The config file and its folder; empty if no config file is read.
#[derive(Default)]
struct Settings {
    config: Config,
    folder: Option<PathBuf>,
}

impl Settings {
    fn read(choice: &ConfigFile, working_directory: &Path) -> Result<Self, Problem> {
        let file = match choice {
            ConfigFile::Find => Config::find(working_directory),
            ConfigFile::At(file) => Some(absolute(working_directory, file)),
            ConfigFile::None => None,
        };
        let Some(file) = file else { return Ok(Self::default()) };
        let config = Config::read(&file, &shown(&file, working_directory))?;
        Ok(Self { config, folder: file.parent().map(Path::to_owned) })
    }

    /// Returns the inputs of the request, or those of the config file if the request has none.
    fn inputs_of(&self, request: &Request, working_directory: &Path) -> Result<Vec<String>, Problem> {
        let inputs = match request.inputs.is_empty() {
            true => self.inputs(working_directory),
            false => request.inputs.clone(),
        };
        if inputs.is_empty() { Err(Problem::Usage(NO_INPUTS.to_owned())) } else { Ok(inputs) }
    }

    /// Returns the absolute path that the config file gives to a target.
    fn output(&self, target: Target) -> Result<Option<PathBuf>, Box<Diagnostic>> {
        let (Some(folder), Some(written)) = (&self.folder, self.config.output(target)) else { return Ok(None) };
        let place = absolute(folder, written.value);
        match place.starts_with(folder) {
            true => Ok(Some(place)),
            false => Err(Box::new(outside(target, &written))),
        }
    }

    fn selection(self, versions: Option<Versions>, kinds: Vec<String>) -> Selection {
        Selection {
            versions: versions.unwrap_or(self.config.versions),
            kinds: if kinds.is_empty() { self.config.kinds } else { kinds },
            cel: self.config.checks.cel.severity(),
            custom: self.config.custom,
        }
    }

    fn inputs(&self, working_directory: &Path) -> Vec<String> {
        let folder = self.folder.as_deref().map(|folder| relative(folder, working_directory)).unwrap_or_default();
        let inputs = self.config.inputs.iter();
        inputs
            .map(|input| match folder.as_str() {
                "" => input.clone(),
                _ if input == "-" => input.clone(),
                _ => below(&folder, input),
            })
            .collect()
    }
}

/// Folder or file of each target, as an absolute path.
struct Places(BTreeMap<Target, PathBuf>);

impl Places {
    fn new(request: &Request, settings: &Settings, working_directory: &Path) -> Result<Self, Problem> {
        let mut places = BTreeMap::new();
        for target in Target::ALL.into_iter().filter(|target| request.only.is_none_or(|only| only == *target)) {
            let place = match request.output(target) {
                Some(flag) => Some(absolute(working_directory, flag)),
                None => settings.output(target)?,
            };
            places.extend(place.map(|place| (target, place)));
        }
        Ok(Self(places))
    }

    fn has(&self, target: Target) -> bool {
        self.0.contains_key(&target)
    }

    /// Returns the deepest folder that contains all outputs, or `None` if that is the root of the file
    /// system.
    fn common_folder(&self) -> Option<PathBuf> {
        let folder = |(target, place): (&Target, &'_ PathBuf)| match target.is_file() {
            true => place.parent().map(Path::to_owned),
            false => Some(place.clone()),
        };
        let mut folders = self.0.iter().filter_map(folder);
        let first = folders.next()?;
        let common = folders.fold(first, |common, folder| {
            common.ancestors().find(|ancestor| folder.starts_with(ancestor)).unwrap_or(&common).to_owned()
        });
        common.parent().is_some().then_some(common)
    }

    fn roots(&self, base: &Path) -> BTreeMap<Target, String> {
        self.0.iter().map(|(target, place)| (*target, relative(place, base))).collect()
    }
}

fn outside(target: Target, written: &Placed<&Path>) -> Diagnostic {
    let text = written.value.display();
    let help = format!(
        "move crdgen.toml into a folder that contains the output, or use `--{target} {text}` on the command line"
    );
    let outside = Diagnostic::error("config::outside", format!("`{text}` is outside of the folder of crdgen.toml"));
    Diagnostic { place: written.place.clone(), ..outside.help(help) }
}

fn targets(request: &Request, config: &Config, places: &Places) -> Result<Targets, Problem> {
    if let Some(Target::Docs) = request.only {
        return match places.has(Target::Docs) {
            true => Ok(Targets { docs: Some(docs_options(config, places)), ..Targets::default() }),
            false => Err(Problem::Usage(NO_PAGES.to_owned())),
        };
    }
    if config.rust.is_some() && !places.has(Target::Rust) {
        return Err(Problem::Usage(RUST_WITHOUT_DIR.to_owned()));
    }
    let axum = request.axum || config.axum();
    if axum && !places.has(Target::Rust) {
        return Err(Problem::Usage(AXUM_NEEDS_RUST.to_owned()));
    }
    if axum && config.rust.as_ref().is_some_and(|rust| rust.features == rust::Features::Kinds) {
        return Err(Problem::Usage(AXUM_NEEDS_KINDS.to_owned()));
    }
    if places.0.is_empty() {
        return Err(Problem::Usage(NO_TARGETS.to_owned()));
    }
    Ok(Targets {
        rust: places.has(Target::Rust).then(|| rust_options(config.rust.as_ref())),
        axum,
        openapi: places.0.get(&Target::OpenApi).map(|file| openapi_options(config, file)),
        typescript: places.has(Target::TypeScript).then(|| typescript_options(config.typescript.as_ref())),
        json_schema: places
            .has(Target::JsonSchema)
            .then(|| json_schema_options(config.json_schema.as_ref(), request.json_schema_layout)),
        rbac: places.has(Target::Rbac).then(|| rbac_options(config.rbac.as_ref())),
        docs: places.has(Target::Docs).then(|| docs_options(config, places)),
    })
}

/// Pages name the generated types if the project generates code that has them.
fn docs_options(config: &Config, places: &Places) -> pipeline::Docs {
    let is_configured = config.rust.is_some() || config.openapi.is_some() || config.typescript.is_some();
    let is_requested = [Target::Rust, Target::OpenApi, Target::TypeScript].into_iter().any(|target| places.has(target));
    pipeline::Docs { names: is_configured || is_requested }
}

fn rust_options(written: Option<&config::Rust>) -> rust::Options {
    let Some(written) = written else { return rust::Options::default() };
    rust::Options {
        client: written.kube,
        serde: written.serde,
        known_types: written.known_types,
        unions: written.unions,
        builders: written.builders,
        apply: written.apply,
        conversions: written.conversions,
        features: written.features,
        // The requested targets and the model decide these.
        api: rust::Api::default(),
        overrides: rust::Overrides::default(),
    }
}

/// Returns the options of the document. The extension of `file` decides the format if the config does not.
fn openapi_options(config: &Config, file: &Path) -> openapi::Options {
    let of_file = match file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
        true => openapi::Format::Yaml,
        false => openapi::Format::Json,
    };
    let defaults =
        openapi::Options { format: of_file, security: security_of_callers(config), ..openapi::Options::default() };
    let Some(written) = &config.openapi else { return defaults };
    openapi::Options {
        title: written.title.clone().unwrap_or(defaults.title),
        version: written.version.clone().unwrap_or(defaults.version),
        description: written.description.clone().unwrap_or(defaults.description),
        contact: written.contact.clone(),
        servers: written.servers().unwrap_or(defaults.servers),
        security: written.security().unwrap_or(defaults.security),
        docs: written.docs,
        spec: written.spec,
        format: written.format.unwrap_or(of_file),
        profile: written.profile,
        nulls: written.null.unwrap_or(defaults.nulls),
    }
}

/// Returns the security of a document whose config does not name it. A service that reviews, impersonates or passes on
/// its callers gets a bearer token from each of them.
fn security_of_callers(config: &Config) -> Vec<openapi::Security> {
    match config.rbac.as_ref().map(|rbac| rbac.callers) {
        None | Some(rbac::Callers::Service) => Vec::new(),
        Some(rbac::Callers::Reviewed | rbac::Callers::Impersonated | rbac::Callers::PassedThrough) => {
            vec![openapi::Security::Bearer]
        }
    }
}

fn typescript_options(written: Option<&config::TypeScript>) -> typescript::Options {
    let defaults = typescript::Options::default();
    let Some(written) = written else { return defaults };
    typescript::Options {
        queries: written.tanstack,
        schemas: written.schemas,
        nulls: written.null.unwrap_or(defaults.nulls),
    }
}

fn json_schema_options(
    written: Option<&config::JsonSchema>,
    layout: Option<json_schema::Layout>,
) -> json_schema::Options {
    let defaults = json_schema::Options::default();
    let layout = layout.or(written.map(|written| written.layout)).unwrap_or_default();
    let Some(written) = written else { return json_schema::Options { layout, ..defaults } };
    json_schema::Options { docs: written.docs, nulls: written.null.unwrap_or(defaults.nulls), layout }
}

fn rbac_options(written: Option<&config::Rbac>) -> rbac::Options {
    let defaults = rbac::Options::default();
    let Some(written) = written else { return defaults };
    rbac::Options {
        name: written.name.clone().unwrap_or(defaults.name),
        reach: written.namespaced,
        callers: written.callers,
    }
}

/// Returns an input of the config file relative to the working directory. The folder's name is escaped if the
/// input is a glob.
fn below(folder: &str, input: &str) -> String {
    let folder = if input.contains(['*', '?', '[']) { glob::Pattern::escape(folder) } else { folder.to_owned() };
    Path::new(&folder).join(input).to_string_lossy().into_owned()
}

fn absolute(folder: &Path, path: &Path) -> PathBuf {
    folder.join(path).clean()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn request(inputs: &[&str]) -> Request {
        Request { inputs: inputs.iter().map(|input| input.to_string()).collect(), ..Request::default() }
    }

    fn without_config(request: Request) -> Result<Project, Problem> {
        Project::new(Request { config: ConfigFile::None, ..request }, Path::new("/p"))
    }

    fn base(request: Request) -> PathBuf {
        without_config(request).unwrap().site.base
    }

    #[test]
    fn the_base_is_the_deepest_folder_that_all_outputs_share() {
        let rust = Some("src/gen".into());
        assert_eq!(base(Request { rust: rust.clone(), ..request(&["-"]) }), Path::new("/p/src/gen"));
        assert_eq!(base(Request { openapi: Some("a/openapi.json".into()), ..request(&["-"]) }), Path::new("/p/a"));
        let both = Request { rust, typescript: Some("src/web".into()), ..request(&["-"]) };
        assert_eq!(base(both), Path::new("/p/src"));
        let apart = Request { rust: Some("/q".into()), typescript: Some("web".into()), ..request(&["-"]) };
        assert_eq!(base(apart), Path::new("/p"), "the root of the file system is no place for a lock");
    }

    #[test]
    fn roots_are_relative_to_the_base() {
        let project = without_config(Request {
            rust: Some("gen".into()),
            openapi: Some("gen/api.json".into()),
            ..request(&["-"])
        });
        let roots = project.unwrap().site.roots;
        assert_eq!(roots[&Target::Rust], "");
        assert_eq!(roots[&Target::OpenApi], "api.json");
    }

    #[test]
    fn without_inputs_or_targets_it_says_what_to_write() {
        let missing = |request| match without_config(request) {
            Err(Problem::Usage(message)) => message,
            other => panic!("{other:?}"),
        };
        assert!(missing(request(&["-"])).contains("--rust DIR"));
        assert!(missing(Request { rust: Some("a".into()), ..request(&[]) }).contains("standard input"));
        assert!(missing(Request { axum: true, ..request(&["-"]) }).contains("--rust DIR"));
    }

    #[test]
    fn callers_who_are_reviewed_send_a_token() {
        let security = |tables: &str| {
            let folder = tempfile::tempdir().unwrap();
            let text = format!("version = 1\ninputs = ['crds']\n[openapi]\npath = 'a.json'\n{tables}");
            fs::write(folder.path().join(config::FILE_NAME), text).unwrap();
            let project = Project::new(Request::default(), folder.path()).unwrap();
            project.targets.openapi.unwrap().security
        };
        let rbac = |callers: &str| format!("[rbac]\npath = 'rbac.yaml'\ncallers = '{callers}'");
        assert_eq!(security(""), []);
        assert_eq!(security(&rbac("service")), []);
        for callers in ["review", "impersonate", "pass-through"] {
            assert_eq!(security(&rbac(callers)), [openapi::Security::Bearer], "{callers}");
        }
        assert_eq!(security(&format!("security = []\n{}", rbac("review"))), []);
    }

    #[test]
    fn paths_of_the_config_are_relative_to_its_folder_and_those_of_flags_to_the_working_directory() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("sub");
        fs::create_dir(&here).unwrap();
        let text = "version = 1\ninputs = ['crds', '-', '/abs']\n[rust]\ndir = 'src'\n[typescript]\ndir = 'web'\n";
        fs::write(folder.path().join(config::FILE_NAME), text).unwrap();
        let request = Request { typescript: Some("ts".into()), ..Request::default() };
        let project = Project::new(request, &here).unwrap();
        assert_eq!(project.inputs, ["../crds", "-", "/abs"]);
        assert_eq!(project.site.base, folder.path());
        assert_eq!(project.site.lock, folder.path().join(lock::FILE_NAME));
        assert_eq!(project.site.roots[&Target::Rust], "src");
        assert_eq!(project.site.roots[&Target::TypeScript], "sub/ts");
        assert_eq!(project.reach, Reach::Project);
    }
}
