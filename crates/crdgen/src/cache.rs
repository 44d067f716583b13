//! Record of a project's last run, by which the next run sees that it has nothing to do.
//!
//! The record is in the user's cache folder and may be deleted at any time. It has a digest of everything that decides the
//! output: crdgen itself, the task, the inputs and the lock. While that digest and the digest of each output are right, a run
//! would write nothing; it repeats the recorded figures and warnings instead. Files on the disk never count as right by their
//! times.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crdgen_schema::source::Collected;
use crdgen_schema::{Diagnostic, Severity, Source, Span};
use serde::{Deserialize, Serialize};

use crate::codes;
use crate::digest::{Digest, Exact};
use crate::lock::{Entries, Entry, Target};
use crate::output::{self, Site, disk};
use crate::project::Project;
use crate::report::summary::Figures;

/// Number of records in the cache folder from which on the oldest ones are removed.
const MOST: usize = 256;

/// Place of a project's record, and the digest of its task and inputs.
pub struct Cache {
    file: PathBuf,
    task: blake3::Hasher,
}

/// A run that wrote its whole output, or found it up to date.
#[derive(Serialize, Deserialize)]
pub struct LastRun {
    /// Digest of crdgen, the task, the inputs, and the lock after the run.
    digest: String,
    /// Numbers of the summary.
    pub figures: Figures,
    warnings: Vec<Warning>,
    files: BTreeMap<String, Written>,
}

/// A file on the disk after a run.
#[derive(Serialize, Deserialize)]
struct Written {
    target: Target,
    digest: Digest,
    exact: Option<Exact>,
}

/// A warning of a run.
#[derive(Serialize, Deserialize)]
struct Warning {
    code: String,
    message: String,
    /// Name of the source, with offset, line and column.
    place: Option<(String, usize, usize, usize)>,
    path: Option<String>,
    help: Option<String>,
}

impl Cache {
    /// Returns the cache of a project's runs with these inputs. Returns `None` if an input could not be read, or if the
    /// system has no cache folder.
    pub fn of(project: &Project, inputs: &Collected) -> Option<Self> {
        if !inputs.diagnostics.is_empty() {
            return None;
        }
        let mut task = blake3::Hasher::new();
        let mut add = |part: &[u8]| {
            task.update(&part.len().to_le_bytes());
            task.update(part);
        };
        add(&program()?);
        add(format!("{project:?}").as_bytes());
        for source in &inputs.sources {
            add(source.name.as_bytes());
            add(&[u8::from(inputs.named.contains(&source.name))]);
            add(source.text.as_bytes());
        }
        let name = blake3::hash(project.site.lock.as_os_str().as_encoded_bytes()).to_hex();
        Some(Self { file: folder()?.join(format!("{}.json", &name[..32])), task })
    }

    /// Returns the last run, if it had this task, these inputs and this lock, and all of its files are unchanged.
    pub fn last_run(&self, site: &Site, lock: &str) -> Option<LastRun> {
        let last: LastRun = serde_json::from_slice(&fs::read(&self.file).ok()?).ok()?;
        let files: Entries = last.files.iter().map(|(path, written)| (path.clone(), written.entry())).collect();
        (last.digest == self.digest(lock) && output::are_unchanged(site, &files)).then_some(last)
    }

    /// Records a run after which the lock has this text. A failure to write is no error: the next run does the work again.
    pub fn record(&self, lock: &str, figures: Figures, warnings: &[Diagnostic], files: &Entries) {
        let files = files.iter().map(|(path, entry)| (path.clone(), Written::new(entry))).collect();
        let warnings = warnings.iter().map(Warning::new).collect();
        let run = LastRun { digest: self.digest(lock), figures, warnings, files };
        if let Ok(text) = serde_json::to_vec(&run) {
            _ = disk::Disk::default().replace(&self.file, &text, disk::Durability::Process);
        }
        tidy(self.file.parent());
    }

    fn digest(&self, lock: &str) -> String {
        self.task.clone().update(lock.as_bytes()).finalize().to_string()
    }
}

impl LastRun {
    /// Returns the number of files.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// Returns the warnings of the run. Returns `None` if one of them is not in these inputs or has an unknown code.
    pub fn warnings(&self, inputs: &Collected) -> Option<Vec<Diagnostic>> {
        self.warnings.iter().map(|warning| warning.diagnostic(&inputs.sources)).collect()
    }
}

impl Warning {
    fn new(found: &Diagnostic) -> Self {
        let place = found.place.as_ref().map(|place| {
            let Span { offset, line, column } = place.span;
            (place.source.name.clone(), offset, line, column)
        });
        Self {
            code: found.code.to_owned(),
            message: found.message.clone(),
            place,
            path: found.path.clone(),
            help: found.help.clone(),
        }
    }

    fn diagnostic(&self, sources: &[Arc<Source>]) -> Option<Diagnostic> {
        let mut found = Diagnostic {
            severity: Severity::Warning,
            path: self.path.clone(),
            help: self.help.clone(),
            ..Diagnostic::warning(codes::find(&self.code)?.code, self.message.clone())
        };
        if let Some((name, offset, line, column)) = &self.place {
            let source = sources.iter().find(|source| source.name == *name)?;
            found = found.at(source, Span { offset: *offset, line: *line, column: *column });
        }
        Some(found)
    }
}

impl Written {
    fn new(&Entry { target, digest }: &Entry) -> Self {
        Self { target, digest, exact: digest.exact() }
    }

    fn entry(&self) -> Entry {
        Entry { target: self.target, digest: self.digest.with_exact(self.exact) }
    }
}

/// Identifies this build of crdgen.
fn program() -> Option<Vec<u8>> {
    let file = fs::metadata(env::current_exe().ok()?).ok()?;
    let built = file.modified().ok()?.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Some(format!("{} {} {}", env!("CARGO_PKG_VERSION"), file.len(), built.as_nanos()).into_bytes())
}

/// Returns the folder of records: `crdgen/runs` in the cache folder of the system's user.
fn folder() -> Option<PathBuf> {
    let of = |variable: &str| env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = match env::consts::OS {
        "windows" => of("LOCALAPPDATA"),
        "macos" => of("HOME").map(|home| home.join("Library/Caches")),
        _ => of("XDG_CACHE_HOME").or_else(|| Some(of("HOME")?.join(".cache"))),
    };
    Some(caches?.join("crdgen/runs"))
}

/// Removes the oldest records if there are many, such as those of projects that are gone.
fn tidy(folder: Option<&Path>) {
    let Some(Ok(entries)) = folder.map(fs::read_dir) else { return };
    let time = |entry: fs::DirEntry| Some((entry.metadata().ok()?.modified().ok()?, entry.path()));
    let mut records: Vec<_> = entries.filter_map(Result::ok).filter_map(time).collect();
    if records.len() > MOST {
        records.sort();
        records.iter().take(records.len() - MOST / 2).for_each(|(_, path)| drop(fs::remove_file(path)));
    }
}
