//! `crdgen new`: a project with a service, made from CRDs.

mod place;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crdgen_schema::source::STDIN;
use crdgen_schema::{Crd, Diagnostic};

use super::error::CliError;
use super::generate;
use super::outcome::{Outcome, is_failure};
use crate::config;
use crate::dependencies::{self, RUNTIME};
use crate::output::site::{relative, shown};
use crate::pipeline::{self, Input, Output, Selection, Targets};
use crate::project::working_directory;
use crate::report::{Reporter, Verbosity, count};
use crate::starter::{CRDS, Starter};
use place::Place;

/// Create a project with a service for the kinds of the given CRDs
///
/// The project compiles as it is. It has a service that keeps its objects in memory, tests, a workflow for
/// GitHub Actions, and the generated code. Existing files are never replaced.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Args {
    /// Folder of the project. Its name becomes the name of the package
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// CRD files, folders, globs, or `-` for standard input; they are copied into the project
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    crd: Vec<String>,

    /// Add a web page that lists objects, with a TypeScript client
    #[arg(long)]
    web: bool,

    /// Take the crate crdgen-runtime from this clone of crdgen
    ///
    /// Needed while crates.io has no release of crdgen. The project then compiles only on a machine with the clone;
    /// comments in its Cargo.toml and in its workflow say what to change.
    #[arg(long, value_name = "PATH")]
    runtime: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  crdgen new shop --crd crds/widgets.yaml
  crdgen new shop --crd crds/ --web
  crdgen new shop --crd crds/ --runtime ../crdgen
  kubectl get crd widgets.example.com -o yaml | crdgen new shop --crd -";

pub(super) fn run(args: &Args, reporter: &Reporter) -> Result<Outcome, CliError> {
    let here = working_directory()?;
    let runtime = args.runtime.as_deref().map(runtime).transpose()?;
    let place = Place::new(&here.join(&args.folder));
    let starter = Starter { name: package_name(&place.name()), runtime, web: args.web };

    let input = pipeline::read(&args.crd, io::stdin().lock());
    if is_failure(&input.diagnostics) {
        return Err(CliError::Failed(input.diagnostics));
    }
    reporter.diagnostics(&input.diagnostics);
    let progress = reporter.progress();
    progress.step("generating");
    let files = files(&starter, &input)?;
    let staged = place.stage(&files)?;
    let task = generate::Task::of_config(staged.folder().join(config::FILE_NAME));
    let quiet = Reporter::new(Verbosity::Quiet);
    if generate::run(generate::Args::new(task), &quiet)? != Outcome::Done {
        return Ok(Outcome::Failed);
    }
    drop(progress);
    let written = place.fill(staged, &here)?;
    reporter.say(&format!("{} written to {}", count(written, "file"), shown(&place.folder, &here)));
    if let Some(workspace) = dependencies::workspace_without(&place.folder) {
        let member = relative(&place.folder, workspace.parent().unwrap_or(&workspace));
        reporter.say(&format!("add \"{member}\" to `members` in {}", shown(&workspace, &here)));
    }
    reporter.say(&next(&place.folder, &here, args.web));
    Ok(Outcome::Done)
}

/// Returns the files of the project that are not generated.
fn files(starter: &Starter, input: &Input) -> Result<BTreeMap<String, String>, CliError> {
    let output = output(starter, input)?;
    let files =
        starter.files(input, &output).map_err(|error| Diagnostic::error("internal::template", error.to_string()))?;
    let mut files = files.ok_or_else(nothing_served)?;
    files.extend(copies(&input.crds));
    Ok(files)
}

fn nothing_served() -> CliError {
    let none = Diagnostic::error("new::no-kind", "the CRDs have no version that is served");
    none.help("set `served: true` in a version of a CRD").into()
}

/// Generates what the project's files have to know: types, routes, and names of operations.
fn output(starter: &Starter, input: &Input) -> Result<Output, CliError> {
    if !input.crds.iter().flat_map(|crd| &crd.versions).any(|version| version.served) {
        return Err(nothing_served());
    }
    let targets = Targets {
        openapi: Some(Default::default()),
        typescript: starter.web.then(Default::default),
        ..Targets::default()
    };
    pipeline::generate(&input.crds, &Selection::default(), &targets, &Default::default())
        .map_err(|error| CliError::Failed(error.into_diagnostics()))
}

/// Returns the files with CRDs, as they are, by their paths in the project.
fn copies(crds: &[Crd]) -> BTreeMap<String, String> {
    let sources: BTreeMap<_, _> = crds.iter().map(|crd| (crd.source.name.as_str(), crd.source.text.as_str())).collect();
    let mut copies = BTreeMap::new();
    for (source, text) in sources {
        let names = (1..).map(|number| format!("{CRDS}/{}", file_name(source, number)));
        let free = names.into_iter().find(|name| !copies.contains_key(name)).expect("numbers do not end");
        copies.insert(free, text.to_owned());
    }
    copies
}

/// Returns the name of a copy. A `number` above 1 sets files of the same name apart.
fn file_name(source: &str, number: usize) -> String {
    let path = Path::new(if source == STDIN { "crds.yaml" } else { source });
    let part = |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    let (stem, extension) = (part(path.file_stem()), part(path.extension()));
    let extension = match extension.to_ascii_lowercase().as_str() {
        "json" => "json",
        "yml" => "yml",
        _ => "yaml",
    };
    if number == 1 { format!("{stem}.{extension}") } else { format!("{stem}-{number}.{extension}") }
}

/// Names that no package can have, because cargo, rustc or a dependency has them.
const TAKEN: [&str; 15] = [
    "alloc",
    "axum",
    "build",
    "core",
    "crdgen-runtime",
    "deps",
    "examples",
    "incremental",
    "proc-macro",
    "proc_macro",
    "serde_json",
    "std",
    "test",
    "tokio",
    "tower",
];

/// Returns a package name that cargo accepts, as like the folder's name as possible.
fn package_name(folder: &str) -> String {
    let letter =
        |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter.to_ascii_lowercase() } else { '-' };
    let name: String = folder.chars().map(letter).collect();
    let name = name.trim_matches(['-', '_']);
    let is_word = name.starts_with(|first: char| first.is_ascii_alphabetic());
    match (is_word, is_keyword(name) || TAKEN.contains(&name)) {
        (true, false) => name.to_owned(),
        (true, true) => format!("{name}-service"),
        (false, _) => format!("service-{name}").trim_end_matches('-').to_owned(),
    }
}

/// Returns whether a name is a keyword of Rust.
fn is_keyword(name: &str) -> bool {
    const KEYWORDS: &str = "as break const continue crate else enum extern false fn for if impl in let loop match mod move mut pub \
        ref return self static struct super trait true type unsafe use where while async await dyn abstract become box do final \
        macro override priv typeof unsized virtual yield try gen";
    KEYWORDS.split_whitespace().any(|keyword| keyword == name)
}

/// Returns the folder of the crate crdgen-runtime in a clone of crdgen, as an absolute path.
fn runtime(clone: &Path) -> Result<PathBuf, CliError> {
    let folders = [clone.join("crates").join(RUNTIME), clone.to_owned()];
    let found = folders.iter().find(|folder| folder.ends_with(RUNTIME) && folder.join("Cargo.toml").is_file());
    found.and_then(|folder| fs::canonicalize(folder).ok()).ok_or_else(|| {
        let message = format!("{} is not a clone of crdgen", clone.display());
        Diagnostic::error("new::runtime", message).help(format!("name the folder that has crates/{RUNTIME}")).into()
    })
}

fn next(folder: &Path, here: &Path, web: bool) -> String {
    let folder = shown(folder, here);
    let enter = if folder == "." { String::new() } else { format!("  cd {folder}\n") };
    let web = if web { "\n  (cd web && npm install && npm run dev)" } else { "" };
    format!("next:\n{enter}  cargo test\n  cargo run{web}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_after_its_folder() {
        let names = ["shop", "My Shop", "2shop", "test", "fn", "été", "-", "a.b_c"].map(package_name);
        assert_eq!(names, ["shop", "my-shop", "service-2shop", "test-service", "fn-service", "t", "service", "a-b_c"]);
    }

    #[test]
    fn copies_with_the_same_name_are_set_apart() {
        assert_eq!(file_name("a/widgets.YML", 1), "widgets.yml");
        assert_eq!(file_name("b/widgets.yaml", 2), "widgets-2.yaml");
        assert_eq!(file_name(STDIN, 1), "crds.yaml");
        assert_eq!(file_name("list.json", 1), "list.json");
    }
}
