//! `loop`: a change of a CRD and its effects up to the pages. In a copy of the example a field of a CRD is renamed.
//! `crdgen generate --check` must show the difference. After `crdgen generate`, neither the service nor the pages may
//! compile where they use the old name. Once they use the new name, everything must compile again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail, ensure};
use crdgen_harness::tools::{Missing, Tool, Web};
use crdgen_harness::{Verdict, process, workspace};

use crate::golden;

/// Rename a field in a copy of the example's CRD and check that all layers above notice.
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: &Args) -> Result<Verdict> {
    match play()? {
        Ok(()) => Ok(Verdict::Good),
        Err(Missing(what)) => bail!("{what}"),
    }
}

/// Old and new name of the field.
const OLD: &str = "branch";
const NEW: &str = "revision";

const CRD: &str = "crds/pipelineruns.yaml";
/// Text in the CRD that contains the name.
const IN_CRD: [&str; 3] = ["required: [branch]", "                    branch:\n", ".spec.source.branch"];
/// Uses of the name in handwritten code, in Rust and TypeScript.
const IN_CODE: [(&str, &str); 4] = [
    ("source.branch", "source.revision"),
    ("source?.branch", "source?.revision"),
    ("source: { branch }", "source: { revision: branch }"),
    ("PipelineRunSource { branch:", "PipelineRunSource { revision:"),
];

/// Runs the test. Returns [`Missing`] if a tool is not installed.
pub fn play() -> Result<Tool<()>> {
    let web = match Web::set_up()? {
        Ok(web) => web,
        Err(missing) => return Ok(Err(missing)),
    };
    let _alone = workspace::exclusive("loop")?;
    let copy = Copy::make(&web, golden::build()?)?;
    copy.must_be_green("as it is")?;

    step("a field of a CRD gets another name");
    copy.edit(CRD, |text| IN_CRD.iter().try_fold(text, |text, old| replaced(&text, old, &old.replace(OLD, NEW))))?;

    let check = copy.check()?;
    let shown = process::text(&check);
    ensure!(check.status.code() == Some(100), "`crdgen generate --check`: {}, not 100:\n{shown}", check.status);
    for line in ["-    pub branch: String,", "+    pub revision: String,", "-  branch: string;", "+  revision: string;"]
    {
        ensure!(shown.contains(line), "the difference does not show {line:?}:\n{shown}");
    }
    step("`crdgen generate --check` shows it, and exits with 100");
    show(&shown, |line| {
        let field = line.trim_start_matches(['-', '+', ' ']).trim_start_matches("pub ");
        line.starts_with(['-', '+']) && [OLD, NEW].iter().any(|name| field.starts_with(&format!("{name}: ")))
    });

    ensure!(copy.crdgen(&[])?.status.success(), "`crdgen generate` fails");
    let service = copy.service()?;
    let said = process::text(&service);
    ensure!(!service.status.success() && said.contains("src/start.rs") && said.contains(OLD), "the service:\n{said}");
    step("the service does not compile where the old name is used");
    show(&said, |line| line.starts_with("error[") || line.trim_start().starts_with("-->"));

    let pages = copy.pages()?;
    let said = process::text(&pages);
    ensure!(!pages.status.success() && said.contains("src/pages/runs.tsx") && said.contains(OLD), "the pages:\n{said}");
    step("the pages do not compile where the old name is used");
    show(&said, |line| line.contains("error TS"));

    copy.fix()?;
    copy.must_be_green("with the new name")?;
    Ok(Ok(()))
}

fn step(what: &str) {
    println!("ok: {what}");
}

/// Prints the matching lines, and the number of further ones.
fn show(text: &str, matters: impl Fn(&str) -> bool) {
    const MOST: usize = 12;
    let lines: Vec<_> = text.lines().filter(|line| matters(line)).collect();
    for line in lines.iter().take(MOST) {
        println!("      {line}");
    }
    if lines.len() > MOST {
        println!("      and {} more", lines.len() - MOST);
    }
}

fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    ensure!(text.contains(old), "{CRD} does not say {old:?}: the field to rename is not there any more");
    Ok(text.replace(old, new))
}

/// Copy of the example, in its own workspace that uses this workspace's target folder.
struct Copy {
    root: PathBuf,
    crdgen: PathBuf,
}

impl Copy {
    fn make(web: &Web, crdgen: PathBuf) -> Result<Self> {
        let root = workspace::scratch("loop");
        workspace::empty(&root)?;
        let copy = Self { root, crdgen };
        let from = workspace::root().join("examples/ci-service");
        for path in workspace::files_where(&from, is_source)? {
            let to = copy.folder().join(path.strip_prefix(&from)?);
            fs::create_dir_all(to.parent().context("a file in a folder")?)?;
            fs::copy(&path, &to).with_context(|| format!("cannot copy {}", path.display()))?;
        }
        web.lend_packages(&copy.folder().join("web"))?;
        workspace::write(&copy.root.join("Cargo.toml"), &manifest()?)?;
        fs::copy(workspace::root().join("Cargo.lock"), copy.root.join("Cargo.lock"))?;
        Ok(copy)
    }

    fn folder(&self) -> PathBuf {
        self.root.join("ci-service")
    }

    fn edit(&self, file: &str, change: impl FnOnce(String) -> Result<String>) -> Result<()> {
        let path = self.folder().join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        workspace::write(&path, &change(text)?)
    }

    /// Renames the field in all handwritten files.
    fn fix(&self) -> Result<()> {
        let folder = self.folder();
        for path in workspace::files_where(&folder, is_source)? {
            let name = path.strip_prefix(&folder)?.to_string_lossy().replace('\\', "/");
            let is_generated =
                ["src/generated", "web/src/api", "web/src/schemas"].iter().any(|of| name.starts_with(of));
            let is_code = [".rs", ".ts", ".tsx"].iter().any(|extension| name.ends_with(extension));
            if is_code && !is_generated {
                self.edit(&name, |text| Ok(IN_CODE.iter().fold(text, |text, (old, new)| text.replace(old, new))))?;
            }
        }
        Ok(())
    }

    fn must_be_green(&self, how: &str) -> Result<()> {
        let outputs =
            [("crdgen generate --check", self.check()?), ("cargo build", self.service()?), ("tsc", self.pages()?)];
        for (name, output) in outputs {
            ensure!(output.status.success(), "{how}, {name} fails:\n{}", process::text(&output));
        }
        step(&format!("{how}: generated files are up to date, the service and the pages compile"));
        Ok(())
    }

    fn check(&self) -> Result<Output> {
        self.crdgen(&["--check"])
    }

    fn crdgen(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(&self.crdgen);
        process::capture(command.args(["generate", "--color=never"]).args(arguments).current_dir(self.folder()))
    }

    fn service(&self) -> Result<Output> {
        let mut command = process::cargo();
        // Uses the features of the browser tests, so that the dependencies are built only once.
        command.args(["build", "--quiet", "--features", "web", "--color=never"]);
        process::capture(command.current_dir(self.folder()).env("CARGO_TARGET_DIR", workspace::target()))
    }

    fn pages(&self) -> Result<Output> {
        let web = self.folder().join("web");
        let mut command = Command::new(web.join("node_modules/.bin/tsc"));
        process::capture(command.args(["--project", "tsconfig.app.json", "--pretty", "false"]).current_dir(web))
    }
}

/// Returns whether a path is source: packages and build results are not.
fn is_source(path: &Path) -> bool {
    !path.ends_with("node_modules") && !path.ends_with("dist")
}

/// Returns the root manifest of a workspace with this workspace's settings and the example as its member.
fn manifest() -> Result<String> {
    let text = fs::read_to_string(workspace::root().join("Cargo.toml")).context("Cargo.toml")?;
    let mut manifest: toml::Table = text.parse()?;
    let dependencies = workspace::dependencies()?;
    let ours = dependencies.iter().filter(|(_, value)| value.get("path").is_some());
    // Members of this workspace are compiled with line tables. The profile sets this for them, so that they are
    // compiled only once.
    let as_members = ours.map(|(name, _)| format!("\n[profile.dev.package.{name}]\ndebug = \"line-tables-only\"\n"));
    let as_members: String = as_members.collect();
    let settings = manifest.get_mut("workspace").and_then(toml::Value::as_table_mut).context("[workspace]")?;
    settings.insert("members".to_owned(), toml::Value::Array(vec!["ci-service".into()]));
    settings.insert("dependencies".to_owned(), toml::Value::Table(dependencies));
    Ok(format!("{}{as_members}", toml::to_string(&manifest)?))
}
