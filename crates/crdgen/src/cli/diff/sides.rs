//! The two sides of a comparison.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use crdgen_schema::{Collected, Crd, Diagnostic, Found, Severity, collect, load};

use super::super::error::{CliError, usage};
use super::args::Args;
use super::git::Repository;

/// CRDs of both sides.
pub(super) struct Sides {
    pub(super) old: Vec<Crd>,
    pub(super) new: Vec<Crd>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// File to which findings without a place belong.
    pub(super) anchor: String,
}

impl Sides {
    /// Reads both sides. A CRD that cannot be read on one side is left out on the other, and is an error. A source that
    /// cannot be read ends the command, because its CRDs would count as removed.
    pub(super) fn read(args: &Args, inputs: &[String], folder: &Path) -> Result<Self, CliError> {
        let first = || inputs.first().cloned().unwrap_or_default();
        let mut diagnostics = Vec::new();
        let (old, new, anchor) = match (args.cluster(), Base::of(args, folder)?) {
            (Some(cluster), _) => {
                let new = found(collect(inputs, io::stdin().lock()), &mut diagnostics);
                let old = cluster.crds(new.crds.iter().map(|crd| &*crd.name))?;
                (found(old, &mut diagnostics), new, first())
            }
            (None, Some(base)) => {
                let mut old = Collected::default();
                for input in inputs {
                    append(&mut old, base.repository.read(&base.commit, &base.shown, &relative(input, folder))?);
                }
                let old = found(old, &mut diagnostics);
                (old, found(collect(inputs, io::stdin().lock()), &mut diagnostics), first())
            }
            (None, None) => {
                let [old, new] = args.inputs.as_slice() else {
                    return Err(usage(
                        "diff",
                        "two inputs are needed, OLD and NEW; with `--base`, `--since-tag` or `--cluster`, NEW alone",
                    ));
                };
                let (before, after) = (side(old, folder)?, side(new, folder)?);
                (found(before, &mut diagnostics), found(after, &mut diagnostics), new.clone())
            }
        };
        let is_unread = |found: &Diagnostic| found.severity == Severity::Error && found.code.starts_with("source::");
        if diagnostics.iter().any(is_unread) {
            return Err(CliError::Failed(diagnostics));
        }
        let refused: HashSet<&String> = old.refused_names.iter().chain(&new.refused_names).collect();
        let read = |crds: Vec<Crd>| crds.into_iter().filter(|crd| !refused.contains(&crd.name)).collect();
        Ok(Self { old: read(old.crds), new: read(new.crds), diagnostics, anchor })
    }
}

/// Commit to which `--base` and `--since-tag` refer.
struct Base<'p> {
    repository: Repository<'p>,
    commit: String,
    shown: String,
}

impl<'p> Base<'p> {
    fn of(args: &Args, folder: &'p Path) -> Result<Option<Self>, CliError> {
        let repository = Repository::around(folder);
        Ok(if let Some(revision) = &args.base {
            let commit = repository.merge_base(revision)?;
            let shown = commit.chars().take(12).collect();
            Some(Self { repository, commit, shown })
        } else if let Some(glob) = &args.since_tag {
            let tag = repository.last_tag(glob)?;
            let commit = repository.commit(&format!("refs/tags/{tag}"));
            let commit = commit.ok_or_else(|| Diagnostic::error("input::git", format!("`{tag}` is not a git tag")))?;
            Some(Self { repository, commit, shown: tag })
        } else {
            None
        })
    }
}

/// Reads CRDs for a comparison with `inputs`: files, a path of a git revision, or the same inputs at the commit that HEAD
/// and a git revision have in common.
pub(in crate::cli) fn base(base: &str, inputs: &[String], folder: &Path) -> Result<Collected, CliError> {
    let repository = Repository::around(folder);
    if Path::new(base).exists() || base == "-" || base.contains(['*', ':']) {
        return side(base, folder);
    }
    if repository.commit(base).is_none() {
        let message = format!("`{base}` is neither a file nor a git revision");
        let help = "a shallow clone of a CI job has one commit only: fetch the revision first";
        return Err(Diagnostic::error("input::git", message).help(help).into());
    }
    let commit = repository.merge_base(base)?;
    let mut collected = Collected::default();
    for input in inputs {
        append(&mut collected, repository.read(&commit, base, &relative(input, folder))?);
    }
    Ok(collected)
}

/// Returns an input relative to the folder in which git runs.
fn relative(input: &str, folder: &Path) -> String {
    let path = Path::new(input);
    let path = if path.is_absolute() { pathdiff::diff_paths(path, folder) } else { Some(path_clean::clean(path)) };
    path.map_or_else(|| input.to_owned(), |path| path.display().to_string())
}

/// Reads one side: a path of a git revision if no file has this name, or else files.
fn side(input: &str, folder: &Path) -> Result<Collected, CliError> {
    if !Path::new(input).exists()
        && let Some((revision, path)) = input.split_once(':')
        && let repository = Repository::around(folder)
        && let Some(commit) = repository.commit(revision)
    {
        let collected = repository.read(&commit, revision, path)?;
        return match collected.sources.is_empty() {
            true => {
                Err(Diagnostic::error("input::git", format!("`{revision}` has no YAML or JSON file at `{path}`"))
                    .into())
            }
            false => Ok(collected),
        };
    }
    Ok(collect(&[input.to_owned()], io::stdin().lock()))
}

fn append(collected: &mut Collected, mut other: Collected) {
    collected.sources.append(&mut other.sources);
    collected.diagnostics.append(&mut other.diagnostics);
}

/// Finds the CRDs of a side. A revision may have none yet.
fn found(collected: Collected, diagnostics: &mut Vec<Diagnostic>) -> Found {
    if collected.sources.is_empty() && collected.diagnostics.is_empty() {
        return Found::default();
    }
    load(collected, diagnostics)
}
