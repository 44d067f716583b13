//! Collection of sources from inputs: files, folders, globs and `-`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::budget::MAX_TEXT;
use super::{Source, text};
use crate::{Diagnostic, nearest};

/// Name of standard input in messages.
pub const STDIN: &str = "<stdin>";

/// Extensions of the files that are read in a folder.
const EXTENSIONS: [&str; 3] = ["yaml", "yml", "json"];

/// Folders that are skipped below a given folder.
const SKIPPED: [&str; 2] = ["node_modules", "target"];

/// Sources of the inputs, and diagnostics about reading them.
#[derive(Debug, Default)]
pub struct Collected {
    /// Sources in the order of the inputs; those of a folder or glob sorted by path. Each file occurs once.
    pub sources: Vec<Arc<Source>>,
    /// Names of the sources that the user named, in contrast to files found in a folder or by a glob.
    pub named: BTreeSet<String>,
    /// Errors about inputs without any file and about files that cannot be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads all inputs. An input is a file, a folder, a glob, or `-` for standard input.
///
/// Folders are read recursively: their `.yaml`, `.yml` and `.json` files, without hidden entries, `node_modules` and
/// `target`. Problems do not stop the collection; they are in [`Collected::diagnostics`].
pub fn collect(inputs: &[String], stdin: impl Read) -> Collected {
    let mut collector = Collector { stdin: Some(stdin), seen: BTreeSet::new(), collected: Collected::default() };
    for input in inputs {
        if let Err(diagnostic) = collector.input(input) {
            collector.collected.diagnostics.push(*diagnostic);
        }
    }
    collector.collected
}

struct Collector<R> {
    /// Standard input. `None` once it is read.
    stdin: Option<R>,
    /// Canonical paths of the files read so far.
    seen: BTreeSet<PathBuf>,
    collected: Collected,
}

type Outcome = Result<(), Box<Diagnostic>>;

impl<R: Read> Collector<R> {
    fn input(&mut self, input: &str) -> Outcome {
        let path = Path::new(input);
        if input == "-" {
            self.standard_input()
        } else if path.is_dir() {
            self.folder(path, input)
        } else if let Some(refusal) = of_url(input).filter(|_| !path.exists()) {
            Err(refusal)
        } else if path.exists() || !is_glob(input) {
            self.collected.named.insert(name_of(path));
            self.file(path);
            Ok(())
        } else {
            self.glob(input)
        }
    }

    fn standard_input(&mut self) -> Outcome {
        let Some(mut stdin) = self.stdin.take() else { return Ok(()) };
        let mut bytes = Vec::new();
        stdin.by_ref().take(MAX_TEXT as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(STDIN, &error))?;
        self.collected.named.insert(STDIN.to_owned());
        self.source(STDIN.to_owned(), bytes)
    }

    fn folder(&mut self, folder: &Path, input: &str) -> Outcome {
        let mut files = Vec::new();
        list(folder, &mut files, &mut self.collected.diagnostics);
        if files.is_empty() {
            let message = format!("the folder `{input}` contains no .yaml, .yml or .json file");
            let help = "name the folder or the files with the CRDs, or `-` for standard input";
            return Err(Box::new(Diagnostic::error("source::empty-folder", message).help(help)));
        }
        files.iter().for_each(|file| self.file(file));
        Ok(())
    }

    fn glob(&mut self, pattern: &str) -> Outcome {
        let paths = glob::glob(pattern).map_err(|error| {
            let message = format!("`{pattern}` is not a glob pattern: {}", error.msg);
            Box::new(Diagnostic::error("source::glob", message))
        })?;
        let mut files: Vec<PathBuf> = paths.filter_map(Result::ok).filter(|path| path.is_file()).collect();
        files.sort();
        if files.is_empty() {
            let diagnostic = Diagnostic::error("source::no-match", format!("no file matches `{pattern}`"));
            return Err(Box::new(diagnostic.help("paths are relative to the working directory")));
        }
        files.iter().for_each(|file| self.file(file));
        Ok(())
    }

    fn file(&mut self, path: &Path) {
        if let Err(diagnostic) = self.try_file(path) {
            self.collected.diagnostics.push(*diagnostic);
        }
    }

    fn try_file(&mut self, path: &Path) -> Outcome {
        let name = name_of(path);
        let real = path.canonicalize().map_err(|error| unreadable(&name, &error))?;
        if self.seen.contains(&real) {
            return Ok(());
        }
        let file = fs::File::open(path).map_err(|error| unreadable(&name, &error))?;
        let expected = file.metadata().map_or(0, |file| file.len()).min(MAX_TEXT as u64);
        // One byte more, so that the end of the file is found without more room.
        let mut bytes = Vec::with_capacity(expected as usize + 1);
        file.take(MAX_TEXT as u64 + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&name, &error))?;
        self.seen.insert(real);
        self.source(name, bytes)
    }

    fn source(&mut self, name: String, bytes: Vec<u8>) -> Outcome {
        if bytes.len() > MAX_TEXT {
            let message = format!("`{name}` is larger than {} MiB", MAX_TEXT >> 20);
            let help = "split it into several files";
            return Err(Box::new(Diagnostic::error("source::too-large", message).help(help)));
        }
        let text = text::decode(bytes).map_err(|error| {
            let message = format!("`{name}` is not UTF-8 text: {error}");
            Box::new(Diagnostic::error("source::encoding", message).help("convert the file to UTF-8"))
        })?;
        self.collected.sources.push(Arc::new(Source { name, text }));
        Ok(())
    }
}

/// Adds the files below a folder, sorted.
fn list(folder: &Path, files: &mut Vec<PathBuf>, diagnostics: &mut Vec<Diagnostic>) {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<io::Result<Vec<_>>>());
    let mut paths: Vec<PathBuf> = match entries {
        Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
        Err(error) => return diagnostics.push(*unreadable(&name_of(folder), &error)),
    };
    paths.sort();
    for path in paths.into_iter().filter(|path| !is_skipped(path)) {
        // A link to a folder could lead back to the folder around it. A link to a file cannot.
        if path.is_dir() && !path.is_symlink() {
            list(&path, files, diagnostics);
        } else if path.is_file() && has_known_extension(&path) {
            files.push(path);
        }
    }
}

fn is_skipped(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || (SKIPPED.contains(&name.as_ref()) && path.is_dir())
}

fn has_known_extension(path: &Path) -> bool {
    path.extension().is_some_and(|extension| EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

fn is_glob(input: &str) -> bool {
    input.contains(['*', '?', '['])
}

/// Returns an error for a URL. Reading one would make the output depend on the network.
fn of_url(input: &str) -> Option<Box<Diagnostic>> {
    let (scheme, _) = input.split_once("://")?;
    let is_scheme = !scheme.is_empty() && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '+');
    let url = Diagnostic::error("source::url", format!("`{input}` is a URL, but inputs must be files or folders"));
    is_scheme.then(|| Box::new(url.help("download it and use `-` as the input: `curl -sfL <URL> | crdgen generate -`")))
}

/// Returns a path with `/`, as messages show paths on every system.
fn name_of(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

/// Returns the entry of the same folder whose name is most like that of a missing file.
fn meant(name: &str) -> Option<String> {
    let path = Path::new(name);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = fs::read_dir(folder).ok()?.filter_map(Result::ok);
    let names: Vec<_> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let asked = path.file_name()?.to_string_lossy();
    let found = *nearest(&asked, names.iter().map(String::as_str)).first()?;
    Some(name_of(&path.with_file_name(found)))
}

fn unreadable(name: &str, error: &io::Error) -> Box<Diagnostic> {
    Box::new(match error.kind() {
        io::ErrorKind::NotFound => {
            let missing = Diagnostic::error("source::missing", format!("`{name}` does not exist"));
            match meant(name) {
                Some(meant) => missing.help(format!("did you mean `{meant}`?")),
                None => missing.help(
                    "inputs are relative to the working directory; inputs in crdgen.toml are relative to its folder",
                ),
            }
        }
        _ => Diagnostic::error("source::unreadable", format!("cannot read `{name}`: {error}")),
    })
}
