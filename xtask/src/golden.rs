//! `golden`: everything generated from `fixtures/`, and what is said of the CRDs that are refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{Verdict, process, workspace};

/// Write the golden files anew, or say what would change.
#[derive(clap::Args)]
pub struct Args {
    /// Write nothing; exit with 100 when a golden file differs.
    #[arg(long)]
    check: bool,
}

/// What to do about a golden file that differs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write it.
    Update,
    /// Report it.
    Check,
}

pub fn run(args: &Args) -> Result<Verdict> {
    golden(if args.check { Mode::Check } else { Mode::Update })
}

/// Both halves, so that one run shows every difference.
pub fn golden(mode: Mode) -> Result<Verdict> {
    let crdgen = build()?;
    let verdicts = [accepted(&crdgen, mode)?, refused(&crdgen, mode)?];
    Ok(if verdicts.contains(&Verdict::Findings) { Verdict::Findings } else { Verdict::Good })
}

/// The command under test.
pub fn build() -> Result<PathBuf> {
    process::run(process::cargo().args(["build", "--quiet", "--package", "crdgen", "--bin", "crdgen"]))?;
    Ok(workspace::target().join("debug").join(format!("crdgen{}", std::env::consts::EXE_SUFFIX)))
}

/// Generates, or checks, what a config file says.
pub fn generate(crdgen: &Path, config: &str, mode: Mode) -> Result<Verdict> {
    let mut command = Command::new(crdgen);
    command.args(["generate", "--config", config]).current_dir(workspace::root());
    if mode == Mode::Check {
        command.arg("--check");
    }
    let status = command.status().with_context(|| format!("cannot run {}", crdgen.display()))?;
    match status.code() {
        Some(0) => Ok(Verdict::Good),
        Some(100) => Ok(Verdict::Findings),
        _ => bail!("{status}: crdgen generate --config {config}"),
    }
}

fn accepted(crdgen: &Path, mode: Mode) -> Result<Verdict> {
    generate(crdgen, "fixtures/crdgen.toml", mode)
}

fn refused(crdgen: &Path, mode: Mode) -> Result<Verdict> {
    let _alone = workspace::exclusive("refused")?;
    let mut verdict = Verdict::Good;
    for case in cases(&workspace::root().join("fixtures/refused"))? {
        let expected = case.join("expected.txt");
        let said = refusal(crdgen, &case)?;
        if fs::read_to_string(&expected).is_ok_and(|text| text == said) {
            continue;
        }
        match mode {
            Mode::Update => workspace::write(&expected, &said)?,
            Mode::Check => {
                let name = expected.strip_prefix(workspace::root())?.display();
                eprintln!("{name} differs; crdgen says now:\n{said}");
                verdict = Verdict::Findings;
            }
        }
    }
    Ok(verdict)
}

/// What crdgen says about a case. It runs on a copy: were it to accept the case, it would write beside it.
fn refusal(crdgen: &Path, case: &Path) -> Result<String> {
    let name = case.file_name().context("a case is a folder")?;
    let copy = workspace::scratch("refused").join(name);
    workspace::empty(&copy)?;
    let mut files = Vec::new();
    for entry in fs::read_dir(case)? {
        let entry = entry?;
        if entry.file_name() != "expected.txt" {
            fs::copy(entry.path(), copy.join(entry.file_name()))?;
            files.push(entry.file_name());
        }
    }
    files.sort();
    let mut command = Command::new(crdgen);
    command.arg("generate").args(&files).args(["--rust", "out", "--quiet", "--color", "never"]).current_dir(&copy);
    let output = process::capture(&mut command)?;
    if output.status.code() != Some(1) {
        bail!("{} was not refused: {}\n{}", case.display(), output.status, process::text(&output));
    }
    Ok(process::text(&output))
}

fn cases(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut cases = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    cases.retain(|path| path.is_dir());
    cases.sort();
    Ok(cases)
}
