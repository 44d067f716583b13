//! A run of a build script: reads, generates, and writes what differs.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crdgen::lock::Record;
use crdgen::output::guard::{Access, Guard};
use crdgen::output::{self, OnConflict, Plan, Reach, Site, Wanted};
use crdgen::pipeline::{self, Input, Output};
use crdgen::project::{AXUM_NEEDS_KINDS, ConfigFile, Problem, Project, Request, working_directory};
use crdgen_emit::rust::Features;
use crdgen_emit::{Files, HEADER};
use crdgen_model::Names;
use crdgen_schema::{Diagnostic, Severity};

use crate::cargo::Cargo;
use crate::error::Error;
use crate::one_file::{assets, one_file};
use crate::quiet::quietly;
use crate::settings::Settings;
use crate::watch::Watch;

const FILE_NAME: &str = "crdgen.rs";

/// Does what `settings` ask for, and reports all findings to cargo.
pub fn run(settings: &Settings, cargo: &mut Cargo) -> Result<(), Error> {
    let outcome = quietly(|| Run::new(settings, cargo)?.run()).unwrap_or_else(|defect| Err(defect.into()));
    if let Err(BuildError(found)) = outcome {
        found.iter().for_each(|found| cargo.diagnostic(found));
    }
    match cargo.errors() {
        0 => Ok(()),
        count => Err(Error { count }),
    }
}

/// Findings that ended a run early.
struct BuildError(Vec<Diagnostic>);

impl From<Diagnostic> for BuildError {
    fn from(found: Diagnostic) -> Self {
        Self(vec![found])
    }
}

impl From<Box<Diagnostic>> for BuildError {
    fn from(found: Box<Diagnostic>) -> Self {
        (*found).into()
    }
}

struct Run<'a> {
    cargo: &'a mut Cargo,
    project: Project,
    /// Folder of the package, in which cargo runs build scripts.
    package: PathBuf,
    /// File to include; absolute.
    file: PathBuf,
    /// Site of the lock that keeps names; `None` without a lock.
    names: Option<Site>,
}

impl<'a> Run<'a> {
    fn new(settings: &Settings, cargo: &'a mut Cargo) -> Result<Self, BuildError> {
        let package = working_directory()?;
        let out_dir = match (&settings.out_dir, env::var_os("OUT_DIR")) {
            (Some(folder), _) => package.join(folder),
            (None, Some(folder)) => PathBuf::from(folder),
            (None, None) => return Err(Diagnostic::error("build::out-dir", NO_OUT_DIR).help(NO_OUT_DIR_HELP).into()),
        };
        for file in settings.config.iter().chain(&settings.lock) {
            cargo.rerun_if_changed(file);
        }
        let project = project(settings, &out_dir, &package)?;
        let names = settings.lock.is_some().then(|| names(settings, &project));
        let file = out_dir.join(settings.file_name.as_deref().unwrap_or(FILE_NAME));
        Ok(Self { cargo, project, package, file, names })
    }

    fn run(mut self) -> Result<(), BuildError> {
        let mut input = pipeline::read(&self.project.inputs, io::empty());
        self.watch(&input);
        self.say(std::mem::take(&mut input.diagnostics))?;
        match self.names.take() {
            None => {
                let output = self.generate(&mut input, &Names::default())?;
                self.write(&output.rust)
            }
            Some(site) => {
                let _alone = Guard::acquire(&site.base, Access::Write, || ());
                let record = Record::read(&site.lock, &site.show_lock())?;
                let output = self.generate(&mut input, &record.lock.names)?;
                keep_names(&site, record, output.names, newest(&input))?;
                self.write(&output.rust)
            }
        }
    }

    fn watch(&mut self, input: &Input) {
        let sources: Vec<_> = input.sources.iter().map(|(name, _)| name.as_str()).collect();
        let watch = Watch::new(&self.project.inputs, &sources, &self.file, &self.package);
        for path in &watch.paths {
            self.cargo.rerun_if_changed(path);
        }
        for input in &watch.blind {
            self.cargo.warning(&format!(
                "cargo does not notice files that are added to `{input}`, because it cannot watch a folder that it \
                 writes to; put the CRDs into a folder of their own"
            ));
        }
    }

    /// Reports findings to cargo. Stops the run if there is an error among them.
    fn say(&mut self, found: Vec<Diagnostic>) -> Result<(), BuildError> {
        found.iter().for_each(|found| self.cargo.diagnostic(found));
        match found.iter().any(|found| found.severity == Severity::Error) {
            true => Err(BuildError(Vec::new())),
            false => Ok(()),
        }
    }

    fn generate(&mut self, input: &mut Input, names: &Names) -> Result<Output, BuildError> {
        let Project { selection, targets, .. } = &self.project;
        match pipeline::generate(&input.crds, selection, targets, names) {
            Ok(mut output) => {
                self.say(std::mem::take(&mut output.diagnostics))?;
                Ok(output)
            }
            Err(error) => {
                let culprits = pipeline::take_culprits(&mut input.crds, selection, targets);
                Err(BuildError(if culprits.is_empty() { error.into_diagnostics() } else { culprits }))
            }
        }
    }

    fn write(&self, files: &Files) -> Result<(), BuildError> {
        let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
        replace(&self.file, &one_file(files, &stem))?;
        for (path, text) in assets(files) {
            replace(&self.file.with_file_name(&*stem).join(path), text)?;
        }
        Ok(())
    }
}

const NO_OUT_DIR: &str = "the environment variable OUT_DIR is not set";
const NO_OUT_DIR_HELP: &str = "call this from a build script, or set the output folder with `out_dir`";

const NO_INPUTS: &str = "no inputs: name CRDs with `crds(\"crds/\")`, or a config file with `config(\"crdgen.toml\")`";

const STANDARD_INPUT: &str = "the input `-` cannot be used here: a build script has no standard input";

/// Returns the project that the command would run, but with the output in `out_dir`.
fn project(settings: &Settings, out_dir: &Path, package: &Path) -> Result<Project, BuildError> {
    if settings.inputs.is_empty() && settings.config.is_none() {
        return Err(Diagnostic::error("build::no-inputs", NO_INPUTS).into());
    }
    let request = Request {
        config: settings.config.clone().map_or(ConfigFile::None, ConfigFile::At),
        inputs: settings.inputs.clone(),
        rust: Some(out_dir.to_owned()),
        axum: settings.axum,
        versions: settings.versions.clone(),
        kinds: settings.kinds.clone(),
        lock: settings.lock.clone(),
        ..Request::default()
    };
    let mut project = Project::new(request, package).map_err(|problem| match problem {
        Problem::Usage(message) => BuildError::from(Diagnostic::error("build::usage", message)),
        Problem::Found(found) => found.into(),
    })?;
    if project.inputs.iter().any(|input| input == "-") {
        return Err(Diagnostic::error("build::standard-input", STANDARD_INPUT).into());
    }
    let targets = &mut project.targets;
    if let Some(options) = &mut targets.rust {
        settings.rust.iter().for_each(|choice| choice(options));
        if targets.axum && options.features == Features::Kinds {
            return Err(Diagnostic::error("build::usage", AXUM_NEEDS_KINDS).into());
        }
    }
    if !targets.axum {
        // With the API the document is part of the code.
        targets.openapi = None;
    }
    (targets.typescript, targets.json_schema, targets.rbac, targets.docs) = (None, None, None, None);
    Ok(project)
}

/// Returns a site with the lock only. No target belongs to it in this run.
fn names(settings: &Settings, project: &Project) -> Site {
    let base = match settings.config {
        Some(_) => project.site.base.as_path(),
        None => project.site.lock.parent().unwrap_or(Path::new("")),
    };
    Site { base: base.to_owned(), roots: Default::default(), ..project.site.clone() }
}

/// Adds the names to the lock unless it has them, and keeps everything else in the lock.
fn keep_names(site: &Site, record: Record, names: Names, as_of: Option<SystemTime>) -> Result<(), BuildError> {
    let wanted = Wanted { inputs: record.lock.inputs.clone(), names, ..Wanted::default() };
    let plan = Plan::new(site, record, wanted, Reach::Nothing, OnConflict::Stop)?;
    if !plan.conflicts.is_empty() {
        return Err(BuildError(plan.conflicts.iter().map(|conflict| conflict.diagnostic(site)).collect()));
    }
    if !plan.lock_differs() {
        return Ok(());
    }
    output::apply(site, &plan)?;
    // Cargo watches the lock. Its time is set to that of its newest source, so that the write alone does not
    // cause another run. If that fails, cargo runs the script once more, which is harmless.
    if let Some(as_of) = as_of {
        let _ = File::options().append(true).open(&site.lock).and_then(|lock| lock.set_modified(as_of));
    }
    Ok(())
}

/// Returns the modification time of the newest file that was read.
fn newest(input: &Input) -> Option<SystemTime> {
    input.sources.iter().filter_map(|(name, _)| fs::metadata(name).ok()?.modified().ok()).max()
}

/// Writes a file unless it has the text already. The build script chose the folder, so it may be anywhere.
fn replace(path: &Path, text: &str) -> Result<(), BuildError> {
    match fs::read(path) {
        Ok(found) if found == text.as_bytes() => return Ok(()),
        Ok(found) if is_foreign(path, &found) => return Err(foreign(path).into()),
        _ => {}
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| Diagnostic::error("output::write", format!("cannot write {}: {error}", path.display())).into())
}

/// Returns whether somebody else wrote the file to include. The schemas beside it have no room for a mark and
/// are not checked.
fn is_foreign(path: &Path, found: &[u8]) -> bool {
    path.extension().is_some_and(|extension| extension == "rs") && !found.starts_with(format!("// {HEADER}").as_bytes())
}

fn foreign(path: &Path) -> Diagnostic {
    let message = format!("{} exists and was not generated by crdgen", path.display());
    Diagnostic::error("output::foreign", message).help("choose another `out_dir` or `file_name`, or move the file away")
}

#[cfg(test)]
mod tests {
    use crdgen::digest::Digest;
    use crdgen::pipeline::Versions;

    use super::*;
    use crate::Builder;

    #[test]
    fn a_file_that_somebody_else_wrote_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lib.rs");
        assert!(replace(&file, &format!("// {HEADER}\n1")).is_ok());
        assert!(replace(&file, &format!("// {HEADER}\n2")).is_ok());
        fs::write(&file, "theirs").unwrap();
        let Err(BuildError(found)) = replace(&file, "ours") else { panic!("it is replaced") };
        assert_eq!((found[0].code, fs::read_to_string(&file).unwrap().as_str()), ("output::foreign", "theirs"));
    }

    #[test]
    fn the_api_needs_every_kind() {
        let script = |features| Builder::default().crds("crds").axum().features(features).settings;
        let folder = tempfile::tempdir().unwrap();
        let project = |features| project(&script(features), folder.path(), folder.path());
        assert!(project(Features::None).is_ok());
        let Err(BuildError(found)) = project(Features::Kinds) else { panic!("it is accepted") };
        assert_eq!((found[0].code, found[0].message.as_str()), ("build::usage", AXUM_NEEDS_KINDS));
    }

    #[test]
    fn the_script_selects_versions_and_kinds() {
        let folder = tempfile::tempdir().unwrap();
        let versions = Versions::Named(vec!["v1".to_owned()]);
        let settings = Builder::default().crds("crds").versions(versions.clone()).kinds(["Thing", "Item"]).settings;
        let selection =
            project(&settings, folder.path(), folder.path()).unwrap_or_else(|_| panic!("it is refused")).selection;
        assert_eq!((selection.versions, selection.kinds), (versions, vec!["Thing".to_owned(), "Item".to_owned()]));
    }

    #[test]
    fn the_config_file_describes_the_document_of_the_api() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("crdgen.toml");
        fs::write(&file, "version = 1\ninputs = ['crds']\n[openapi]\npath = 'api.json'\ntitle = 'Things'\n").unwrap();
        let document = |Builder { settings }: Builder| {
            let project = project(&settings, folder.path(), folder.path()).unwrap_or_else(|_| panic!("it is refused"));
            project.targets.openapi
        };
        let with_api = document(Builder::default().config(&file).axum()).expect("the API has a document");
        assert_eq!(with_api.title, "Things");
        assert!(document(Builder::default().config(&file)).is_none());
    }

    /// Adds a name to a lock in `package`, with an `OUT_DIR` below `target`.
    fn add_name(package: &Path, record: Record) -> String {
        let (config, lock) = (package.join("crdgen.toml"), package.join("crdgen.lock"));
        fs::write(&config, "version = 1\ninputs = ['crds']\n").unwrap();
        let settings = Builder::default().config(config).lock(&lock).settings;
        let out_dir = package.join("target/out");
        let project = project(&settings, &out_dir, package).unwrap_or_else(|_| panic!("it is refused"));
        let mut names = Names::default();
        names.roots.insert("example.com/v1/Thing".to_owned(), "Thing".to_owned());
        assert!(keep_names(&super::names(&settings, &project), record, names, Some(SystemTime::UNIX_EPOCH)).is_ok());
        assert_eq!(fs::metadata(&lock).unwrap().modified().unwrap(), SystemTime::UNIX_EPOCH);
        fs::read_to_string(lock).unwrap()
    }

    #[test]
    fn a_lock_keeps_the_inputs_that_the_command_recorded() {
        let package = tempfile::tempdir().unwrap();
        let mut record = Record::default();
        record.lock.inputs.insert("crds/things.yaml".to_owned(), Digest::of(b"things"));
        let lock = add_name(package.path(), record);
        assert!(lock.contains("crds/things.yaml") && lock.contains("Thing"), "{lock}");
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_is_written_where_the_target_folder_is_on_another_disk() {
        let (package, disk) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(disk.path(), package.path().join("target")).unwrap();
        assert!(add_name(package.path(), Record::default()).contains("Thing"));
    }
}
