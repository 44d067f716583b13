//! Files of git revisions, read by calling `git`.
//!
//! Paths go to git as arguments, and blobs are read by their ids, so no name of a file or a revision can be taken for an
//! option or for a command.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::thread;

use crdgen_schema::{Collected, Diagnostic, Source};

/// Extensions of the files that are read in a folder.
const EXTENSIONS: [&str; 3] = [".yaml", ".yml", ".json"];

/// Git repository around a folder.
pub(super) struct Repository<'p> {
    folder: &'p Path,
}

/// File of a revision.
struct Blob {
    id: String,
    /// Path relative to the folder.
    path: String,
}

impl<'p> Repository<'p> {
    pub(super) fn around(folder: &'p Path) -> Self {
        Self { folder }
    }

    /// Returns the id of the commit that a revision names, or `None` if there is none.
    pub(super) fn commit(&self, revision: &str) -> Option<String> {
        let name = format!("{revision}^{{commit}}");
        self.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).ok()
    }

    /// Returns the commit that HEAD and a revision have in common.
    pub(super) fn merge_base(&self, revision: &str) -> Result<String, Box<Diagnostic>> {
        let Some(commit) = self.commit(revision) else {
            return Err(advised(
                format!("`{revision}` is not a git revision"),
                "fetch it first: a shallow clone of a CI job has one commit only",
            ));
        };
        self.run(&["merge-base", &commit, "HEAD"])
            .map_err(|_| advised(format!("HEAD and `{revision}` have no commit in common"), "fetch the whole history"))
    }

    /// Returns the newest tag before HEAD that matches a glob.
    pub(super) fn last_tag(&self, glob: &str) -> Result<String, Box<Diagnostic>> {
        let pattern = format!("--match={glob}");
        // A tag at HEAD is the release itself.
        let at_head = self.run(&["describe", "--tags", "--exact-match", &pattern, "HEAD"]).is_ok();
        let start = if at_head { "HEAD^" } else { "HEAD" };
        self.run(&["describe", "--tags", "--abbrev=0", &pattern, start]).map_err(|_| {
            advised(format!("no git tag before HEAD matches `{glob}`"), "fetch the tags: `git fetch --tags`")
        })
    }

    /// Reads the files of a commit at a path: a file, a folder or a glob. `shown` is the name of the commit for messages.
    pub(super) fn read(&self, commit: &str, shown: &str, input: &str) -> Result<Collected, Box<Diagnostic>> {
        let pattern = glob::Pattern::new(input).ok().filter(|_| input.contains(['*', '?', '[']));
        let root = if pattern.is_some() { literal_start(input) } else { input };
        let blobs: Vec<Blob> =
            self.list(commit, root)?.into_iter().filter(|blob| is_wanted(blob, input, &pattern)).collect();
        let texts = self.blobs(&blobs)?;
        let mut collected = Collected::default();
        for (blob, bytes) in blobs.into_iter().zip(texts) {
            let name = format!("{shown}:{}", blob.path);
            match String::from_utf8(bytes) {
                Ok(text) => collected.sources.push(Arc::new(Source { name, text })),
                Err(_) => collected.diagnostics.push(*failure(format!("`{name}` is not UTF-8 text"))),
            }
        }
        Ok(collected)
    }

    fn list(&self, commit: &str, path: &str) -> Result<Vec<Blob>, Box<Diagnostic>> {
        let path = if path.is_empty() { "." } else { path };
        let out = self.bytes(&["ls-tree", "-r", "-z", commit, "--", path])?;
        let entries = out.split(|byte| *byte == 0).filter_map(|entry| {
            let entry = std::str::from_utf8(entry).ok()?;
            let (head, path) = entry.split_once('\t')?;
            let mut head = head.split(' ');
            // Symbolic links (120000) and submodules (160000) have no text of their own.
            let mode = head.next()?;
            let id = head.nth(1)?;
            mode.starts_with("100").then(|| Blob { id: id.to_owned(), path: path.to_owned() })
        });
        Ok(entries.collect())
    }

    fn blobs(&self, blobs: &[Blob]) -> Result<Vec<Vec<u8>>, Box<Diagnostic>> {
        let ids: String = blobs.iter().map(|blob| format!("{}\n", blob.id)).collect();
        let mut child = self
            .command(&["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| failure(format!("cannot run git: {error}")))?;
        let mut stdin = child.stdin.take().expect("it is piped");
        // Git may write before it has read everything.
        let writer = thread::spawn(move || stdin.write_all(ids.as_bytes()));
        let out = child.wait_with_output().map_err(|error| failure(format!("cannot run git: {error}")))?;
        let _ = writer.join();
        let mut rest = out.stdout.as_slice();
        let texts = blobs.iter().map(|_| next_blob(&mut rest)).collect::<Option<Vec<_>>>();
        texts.ok_or_else(|| failure("git did not return the files of a revision"))
    }

    fn run(&self, args: &[&str]) -> Result<String, Box<Diagnostic>> {
        let bytes = self.bytes(args)?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    fn bytes(&self, args: &[&str]) -> Result<Vec<u8>, Box<Diagnostic>> {
        let out = self.command(args).output().map_err(|error| failure(format!("cannot run git: {error}")))?;
        if out.status.success() {
            return Ok(out.stdout);
        }
        let error = String::from_utf8_lossy(&out.stderr);
        Err(failure(format!("git {} failed: {}", args[0], error.lines().next().unwrap_or_default())))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command.current_dir(self.folder).args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// Takes the next object of `git cat-file --batch`: a line with id, type and size, the content, and a newline.
fn next_blob(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let size: usize = std::str::from_utf8(&rest[..end]).ok()?.rsplit(' ').next()?.parse().ok()?;
    let content = rest.get(end + 1..end + 1 + size)?.to_vec();
    *rest = rest.get(end + 2 + size..)?;
    Some(content)
}

/// Returns the folders of a glob before its first wildcard.
fn literal_start(glob: &str) -> &str {
    let end = glob.find(['*', '?', '[']).unwrap_or(glob.len());
    glob[..end].rfind('/').map_or("", |slash| &glob[..=slash])
}

fn is_wanted(blob: &Blob, input: &str, pattern: &Option<glob::Pattern>) -> bool {
    let is_named = blob.path == input.trim_start_matches("./");
    match pattern {
        Some(pattern) => pattern.matches_with(blob.path.trim_start_matches("./"), OPTIONS),
        None => is_named || EXTENSIONS.iter().any(|extension| blob.path.ends_with(extension)),
    }
}

const OPTIONS: glob::MatchOptions =
    glob::MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

fn failure(message: impl Into<String>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("input::git", message))
}

fn advised(message: String, help: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("input::git", message).help(help))
}
