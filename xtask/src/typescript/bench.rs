//! Folder with the packages, the tests and the generated code.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use crdgen::pipeline::{self, Targets};
use crdgen::project::{ConfigFile, Project, Request};
use crdgen_emit::{Files, typescript};
use crdgen_harness::workspace;

use super::huge;

/// A folder with the packages, the tests and the generated code.
pub struct Bench {
    pub packages: PathBuf,
    pub work: PathBuf,
}

impl Bench {
    pub fn new(packages: PathBuf) -> Result<Self> {
        let work = packages.join("work");
        let mut files = below("xtask/typescript", "ts")?;
        files.insert("tsconfig.json".to_owned(), read("xtask/typescript/tsconfig.json")?);
        files.extend(example()?.into_iter().map(|(name, text)| (format!("api/{name}"), text)));
        files.extend(huge::files()?.into_iter().map(|(name, text)| (format!("huge/{name}"), text)));
        workspace::mirror(&work, &files)?;
        Ok(Self { packages, work })
    }

    /// Returns the path of a program from the packages.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.packages.join("node_modules/.bin").join(name)
    }

    /// Runs the tests and returns whether they pass.
    pub fn test(&self, service: &Path) -> Result<bool> {
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

/// Returns the text of every file below a folder whose name has this end, by its path in the folder.
pub fn below(folder: &str, end: &str) -> Result<BTreeMap<String, String>> {
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

pub fn read(path: &str) -> Result<String> {
    fs::read_to_string(workspace::root().join(path)).with_context(|| path.to_owned())
}
