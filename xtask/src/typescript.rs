//! `typescript`: tests of generated TypeScript. Its types must equal those that openapi-typescript makes of the
//! document, the client must work with the example's service, and a page with one call must stay small.

mod equality;
mod huge;
mod size;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use crdgen::pipeline::{self, Targets};
use crdgen::project::{ConfigFile, Project, Request};
use crdgen_emit::{Files, typescript};
use crdgen_harness::check::{self, Finding};
use crdgen_harness::tools::{Missing, node};
use crdgen_harness::{Verdict, process, workspace};
use serde_json::json;

use size::Size;

/// Test generated TypeScript: types, client and size.
#[derive(Default, clap::Args)]
pub struct Args {
    /// Print one JSON object at the end.
    #[arg(long)]
    json: bool,
}

/// Returns the reason why the task cannot run, if there is one.
pub fn missing() -> Option<Missing> {
    node::missing()
}

pub fn run(args: &Args) -> Result<Verdict> {
    let packages = match node::packages("typescript")? {
        Ok(packages) => packages,
        Err(missing) => bail!("{}", missing.0),
    };
    let _alone = workspace::exclusive("typescript-client")?;
    let bench = Bench::new(packages)?;

    let equal = equality::write(&bench)?;
    let mut findings = check::typescript_project(&bench.tool("tsc"), &bench.work)?;
    for Finding { file, message } in &findings {
        eprintln!("{}: {message}", file.display());
    }
    println!("types: {} of ours are those of openapi-typescript, {} findings", equal, findings.len());

    let service = service()?;
    let tests = bench.test(&service)?;
    println!("tests: {}", if tests { "passed" } else { "FAILED" });

    let sizes = size::measure(&bench)?;
    size::print(&sizes);
    findings.extend(size::too_large(&sizes));

    if args.json {
        let sizes: Vec<_> = sizes.iter().map(Size::to_json).collect();
        let findings: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
        println!("{}", json!({ "types": equal, "tests": tests, "sizes": sizes, "findings": findings }));
    }
    match findings.is_empty() && tests {
        true => Ok(Verdict::Good),
        false => Ok(Verdict::Findings),
    }
}

/// A folder with the packages, the tests and the generated code.
struct Bench {
    packages: PathBuf,
    work: PathBuf,
}

impl Bench {
    fn new(packages: PathBuf) -> Result<Self> {
        let work = packages.join("work");
        let mut files = below("xtask/typescript", "ts")?;
        files.insert("tsconfig.json".to_owned(), read("xtask/typescript/tsconfig.json")?);
        files.extend(example()?.into_iter().map(|(name, text)| (format!("api/{name}"), text)));
        files.extend(huge::files()?.into_iter().map(|(name, text)| (format!("huge/{name}"), text)));
        workspace::mirror(&work, &files)?;
        Ok(Self { packages, work })
    }

    /// Returns the path of a program from the packages.
    fn tool(&self, name: &str) -> PathBuf {
        self.packages.join("node_modules/.bin").join(name)
    }

    /// Runs the tests and returns whether they pass.
    fn test(&self, service: &Path) -> Result<bool> {
        let tests: Vec<_> = below("xtask/typescript/tests", "test.ts")?.into_keys().collect();
        let mut node = Command::new("node");
        node.args(["--import", "tsx", "--test", "--test-reporter=spec"]);
        node.args(tests.iter().map(|test| Path::new("tests").join(test))).current_dir(&self.work);
        node.env("CI_SERVICE", service).env("CI_SERVICE_TOKENS", workspace::root().join(TOKENS));
        Ok(node.status().context("node")?.success())
    }
}

const EXAMPLE: &str = "examples/ci-service/crds";
const CONFIG: &str = "examples/ci-service/crdgen.toml";
const TOKENS: &str = "examples/ci-service/tokens.example";

/// Generates the example's TypeScript with all options on.
fn example() -> Result<Files> {
    let crds = workspace::root().join(EXAMPLE).to_string_lossy().into_owned();
    let input = pipeline::read(&[crds], std::io::empty());
    let options = typescript::Options {
        queries: typescript::Queries::Tanstack,
        schemas: typescript::Schemas::Inputs,
        ..Default::default()
    };
    let targets = Targets { typescript: Some(options), ..Targets::default() };
    let request = Request { config: ConfigFile::At(CONFIG.into()), ..Request::default() };
    let project = Project::new(request, workspace::root()).map_err(|problem| anyhow!("{CONFIG}: {problem:?}"))?;
    Ok(pipeline::generate(&input.crds, &project.selection, &targets, &Default::default())?.typescript)
}

/// Builds the example's service and returns its path.
fn service() -> Result<PathBuf> {
    let mut cargo = process::cargo();
    let built = check::cargo_build(cargo.args(["build", "--package", "ci-service"]), |_| {})?;
    built.executables.into_iter().find(|(name, _)| name == "ci-service").map(|(_, path)| path).context("ci-service")
}

/// Returns the text of every file below a folder whose name has this end, by its path in the folder.
fn below(folder: &str, end: &str) -> Result<BTreeMap<String, String>> {
    let folder = workspace::root().join(folder);
    let extension = end.rsplit('.').next().unwrap_or(end);
    let mut texts = BTreeMap::new();
    for path in workspace::files(&folder, extension)? {
        let name = path.strip_prefix(&folder)?.to_string_lossy().replace('\\', "/");
        if name.ends_with(&format!(".{end}")) && !name.starts_with("node_modules/") {
            texts.insert(name, fs::read_to_string(&path).with_context(|| path.display().to_string())?);
        }
    }
    Ok(texts)
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(workspace::root().join(path)).with_context(|| path.to_owned())
}
