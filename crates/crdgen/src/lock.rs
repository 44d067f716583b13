//! `crdgen.lock`: digests of inputs and generated files, and the names of types.
//!
//! A run replaces or removes a file only if the lock records the file's content and the file itself has the
//! mark of crdgen. The lock alone is not enough: it comes with the project, so its paths and digests may be
//! forged. The lock contains no time and no version of crdgen, so it changes only when the inputs, the output
//! or a name change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use crdgen_model::Names;
use crdgen_schema::{Diagnostic, Source};
use serde::{Deserialize, Serialize};
use toml::Spanned;

use crate::digest::Digest;
use crate::toml_place;

/// Name of the lock file. It is in the base folder unless the user names another place.
pub const FILE_NAME: &str = "crdgen.lock";

const HEADER: &str = "\
# Written by crdgen. Commit this file; do not edit it.\n\
# It lists the inputs, the generated files and the names of types. With it, names stay the same when the CRDs change,\n\
# and crdgen replaces only files that it generated.\n";

const VERSION: i64 = 1;

/// A generated output that has its own folder or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// Rust types and the axum API.
    Rust,
    /// The OpenAPI document.
    OpenApi,
    /// TypeScript types and client.
    TypeScript,
    /// JSON Schemas.
    #[serde(rename = "json-schema")]
    JsonSchema,
    /// Roles.
    Rbac,
    /// Reference pages.
    Docs,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 6] = [Self::Rust, Self::OpenApi, Self::TypeScript, Self::JsonSchema, Self::Rbac, Self::Docs];

    /// Returns whether the target is a single file, not a folder.
    pub fn is_file(self) -> bool {
        matches!(self, Self::OpenApi | Self::Rbac)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rust => "rust",
            Self::OpenApi => "openapi",
            Self::TypeScript => "typescript",
            Self::JsonSchema => "json-schema",
            Self::Rbac => "rbac",
            Self::Docs => "docs",
        })
    }
}

/// A recorded file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Target that the file belongs to.
    pub target: Target,
    /// Digest of the content.
    pub digest: Digest,
}

/// Recorded files by path, relative to the base folder and with `/`. In a forged lock a path may be any text.
pub type Entries = BTreeMap<String, Entry>;

/// Content of the lock file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// Inputs by path, relative to the base folder, with the digest of their text; `-` is standard input.
    pub inputs: BTreeMap<String, Digest>,
    /// Generated files as they are on disk.
    pub files: Entries,
    /// Names of all kinds and types.
    pub names: Names,
    /// Changes of a run that is under way or was interrupted.
    pub pending: Option<Pending>,
}

/// The lock file as read from the disk.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Content of the lock; empty if there is no file.
    pub lock: Lock,
    /// Text of the lock; `None` if there is no file.
    pub text: Option<String>,
}

/// Reads the text of the lock at `path`. Returns `None` if there is no file. Messages name the lock `shown`.
///
/// # Errors
///
/// Returns a diagnostic if the file exists and cannot be read.
pub fn read_text(path: &Path, shown: &str) -> Result<Option<String>, Box<Diagnostic>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => {
            let message = format!("cannot read {shown}: {error}");
            Err(Box::new(Diagnostic::error("lock::unreadable", message)))
        }
    }
}

impl Record {
    /// Reads the lock at `path`. Messages name it `shown`.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if the file exists and cannot be read or parsed.
    pub fn read(path: &Path, shown: &str) -> Result<Self, Box<Diagnostic>> {
        Self::parse(read_text(path, shown)?, shown)
    }

    /// Parses the text of a lock, if there is one. Messages name the lock `shown`.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic if the text is not a lock of this version.
    pub fn parse(text: Option<String>, shown: &str) -> Result<Self, Box<Diagnostic>> {
        let Some(text) = text else { return Ok(Self::default()) };
        let source = Arc::new(Source { name: shown.to_owned(), text });
        let lock = Lock::parse(&source)?;
        Ok(Self { lock, text: Some(source.text.clone()) })
    }

    /// Returns the digests that earlier runs recorded for the file at `path`, or were about to write there.
    pub fn digests(&self, path: &str) -> impl Iterator<Item = Digest> {
        self.entries(path).map(|entry| entry.digest)
    }

    /// Returns all entries for the file at `path`.
    pub fn entries(&self, path: &str) -> impl Iterator<Item = Entry> {
        self.lists().filter_map(move |entries| entries.get(path).copied())
    }

    /// Returns every recorded path once.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.lists().flat_map(|entries| entries.keys().map(String::as_str)).collect()
    }

    fn lists(&self) -> impl Iterator<Item = &Entries> {
        let pending = self.lock.pending.iter().flat_map(|pending| [&pending.write, &pending.remove]);
        std::iter::once(&self.lock.files).chain(pending)
    }
}

/// Changes that a run is about to make. While they are in the lock, each file may be in its old or its new
/// state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pending {
    /// Files being created or replaced, with the digest of their new content.
    pub write: Entries,
    /// Files being removed.
    pub remove: Entries,
}

impl Lock {
    /// Parses a lock.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic with its place in `source` if the text is not a lock of this version.
    pub fn parse(source: &Arc<Source>) -> Result<Self, Box<Diagnostic>> {
        // The version comes first, because a later version may have fields that this one does not know.
        let Envelope { version } = toml::from_str(&source.text).map_err(|error| unreadable(source, &error))?;
        if *version.get_ref() != VERSION {
            let span = toml_place::span(&source.text, version.span().start);
            let message = format!("this lock has version {}", version.get_ref());
            let help = format!("this crdgen reads version {VERSION}: use the crdgen that wrote it, or a newer one");
            return Err(Box::new(Diagnostic::error("lock::version", message).at(source, span).help(help)));
        }
        let text: Text = toml::from_str(&source.text).map_err(|error| unreadable(source, &error))?;
        Ok(Self {
            inputs: text.inputs,
            files: by_path(text.files),
            names: text.names,
            pending: text
                .pending
                .map(|pending| Pending { write: by_path(pending.write), remove: by_path(pending.remove) }),
        })
    }

    /// Returns the text of the lock, sorted, with one entry on each line.
    pub fn to_text(&self) -> String {
        let text = Text {
            version: VERSION,
            pending: self
                .pending
                .as_ref()
                .map(|pending| PendingText { write: by_target(&pending.write), remove: by_target(&pending.remove) }),
            inputs: self.inputs.clone(),
            files: by_target(&self.files),
            names: self.names.clone(),
        };
        let body = toml::to_string(&text).expect("a lock is strings and tables only");
        format!("{HEADER}{body}")
    }

    /// Keeps the names of `earlier` that this lock does not have.
    pub fn keep_names(&mut self, earlier: &Names) {
        for (resource, name) in &earlier.roots {
            self.names.roots.entry(resource.clone()).or_insert_with(|| name.clone());
        }
        for (name, fields) in &earlier.types {
            self.names.types.entry(name.clone()).or_insert_with(|| fields.clone());
        }
    }
}

fn unreadable(source: &Arc<Source>, error: &toml::de::Error) -> Diagnostic {
    toml_place::diagnostic("lock::unreadable", source, error).help(
        "after a merge conflict, take either side and run `crdgen generate`; otherwise restore the file from version \
         control; do not delete it, because it keeps the names of your types",
    )
}

#[derive(Deserialize)]
struct Envelope {
    version: Spanned<i64>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    version: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pending: Option<PendingText>,
    #[serde(default)]
    inputs: BTreeMap<String, Digest>,
    #[serde(default)]
    files: EntriesText,
    #[serde(default)]
    names: Names,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PendingText {
    #[serde(default)]
    write: EntriesText,
    #[serde(default)]
    remove: EntriesText,
}

/// Entries grouped by target, so that each entry is one line of TOML.
type EntriesText = BTreeMap<Target, BTreeMap<String, Digest>>;

fn by_target(entries: &Entries) -> EntriesText {
    let mut text = EntriesText::new();
    for (path, entry) in entries {
        text.entry(entry.target).or_default().insert(path.clone(), entry.digest);
    }
    text
}

fn by_path(text: EntriesText) -> Entries {
    text.into_iter()
        .flat_map(|(target, files)| files.into_iter().map(move |(path, digest)| (path, Entry { target, digest })))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(target: Target, paths: &[&str]) -> Entries {
        paths.iter().map(|path| (path.to_string(), Entry { target, digest: Digest::of(path) })).collect()
    }

    fn sample() -> Lock {
        let mut names = Names::default();
        names.roots.insert("ci.example.com/v1/Run".into(), "Run".into());
        names.types.insert("Run".into(), [("spec.tasks[]".to_string(), "Task".to_string())].into());
        Lock {
            inputs: [("crds/run.yaml".to_string(), Digest::of("x"))].into(),
            files: entries(Target::Rust, &["src/gen/mod.rs", "src/gen/a b.rs"]),
            names,
            pending: None,
        }
    }

    fn read(text: &str) -> Result<Lock, Box<Diagnostic>> {
        Lock::parse(&Arc::new(Source { name: FILE_NAME.into(), text: text.into() }))
    }

    #[test]
    fn reads_back_what_it_writes() {
        let plain = sample();
        assert_eq!(read(&plain.to_text()).unwrap(), plain);
        let pending = Pending {
            write: entries(Target::TypeScript, &["web/types.ts"]),
            remove: entries(Target::OpenApi, &["openapi.json"]),
        };
        let torn = Lock { pending: Some(pending), ..sample() };
        assert_eq!(read(&torn.to_text()).unwrap(), torn);
        let nothing_to_remove = Lock { pending: Some(Pending::default()), ..sample() };
        assert_eq!(read(&nothing_to_remove.to_text()).unwrap(), nothing_to_remove);
    }

    #[test]
    fn writes_one_entry_a_line_in_sorted_order() {
        let text = sample().to_text();
        let lines: Vec<_> = text.lines().filter(|line| line.starts_with("\"src/")).collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(lines[0].starts_with("\"src/gen/a b.rs\" = \""), "{text}");
        assert!(text.starts_with("# Written by crdgen."));
        assert!(text.contains("[files.rust]"), "{text}");
    }

    #[test]
    fn a_lock_that_cannot_be_read_says_where() {
        let error = read("version = 1\n[files.rust]\n\"a.rs\" = \"short\"\n").unwrap_err();
        assert_eq!(error.code, "lock::unreadable");
        assert_eq!(error.place.unwrap().span.line, 3);
        assert!(error.message.contains("64 hexadecimal digits"));

        let conflict = read("version = 1\n[inputs]\n<<<<<<< HEAD\n").unwrap_err();
        assert_eq!(conflict.place.unwrap().span.line, 3);
        assert!(conflict.help.unwrap().contains("merge conflict"));
    }

    #[test]
    fn a_later_version_is_refused_before_its_fields_are() {
        let error = read("version = 2\nnews = 1\n").unwrap_err();
        assert_eq!(error.code, "lock::version");
        assert_eq!(error.place.unwrap().span.column, 11);
    }

    #[test]
    fn names_of_an_earlier_lock_are_kept_unless_given_anew() {
        let mut lock = sample();
        let mut earlier = Names::default();
        earlier.roots.insert("ci.example.com/v1/Gone".into(), "Gone".into());
        earlier.roots.insert("ci.example.com/v1/Run".into(), "Other".into());
        lock.keep_names(&earlier);
        assert_eq!(lock.names.roots["ci.example.com/v1/Gone"], "Gone");
        assert_eq!(lock.names.roots["ci.example.com/v1/Run"], "Run");
    }
}
