//! `golden`: generated files for everything in `fixtures/`, and the messages for refused CRDs.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use crdgen_emit::Files;
use crdgen_harness::{Verdict, process, roots, workspace};

/// Write the golden files, or report differences with --check.
#[derive(clap::Args)]
pub struct Args {
    /// Write nothing; exit with 100 if a golden file differs.
    #[arg(long)]
    check: bool,
}

/// Treatment of a golden file that differs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Write the file.
    Update,
    /// Report the file.
    Check,
}

pub fn run(args: &Args) -> Result<Verdict> {
    golden(if args.check { Mode::Check } else { Mode::Update })
}

/// Generates the accepted and the refused fixtures. Both always run, so that one run reports every difference.
pub fn golden(mode: Mode) -> Result<Verdict> {
    let crdgen = build()?;
    let verdicts = [accepted(&crdgen, mode)?, refused(&crdgen, mode)?];
    Ok(if verdicts.contains(&Verdict::Findings) { Verdict::Findings } else { Verdict::Good })
}

/// Builds crdgen and returns the path of the program.
pub fn build() -> Result<PathBuf> {
    process::run(process::cargo().args(["build", "--quiet", "--package", "crdgen", "--bin", "crdgen"]))?;
    Ok(workspace::target().join("debug").join(format!("crdgen{}", std::env::consts::EXE_SUFFIX)))
}

/// Generates or checks the files of a config file.
pub fn generate(crdgen: &Path, config: &str, mode: Mode) -> Result<Verdict> {
    generate_with(crdgen, config, &[], mode)
}

fn generate_with(crdgen: &Path, config: &str, more: &[&str], mode: Mode) -> Result<Verdict> {
    let mut command = Command::new(crdgen);
    command.args(["generate", "--config", config]).args(more).current_dir(workspace::root());
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
    // The output of a config file stays in its own folder, so other folders are given as arguments.
    let configs: [(_, &[_]); 4] = [
        ("fixtures/crdgen.toml", &[]),
        ("fixtures/derive/crdgen.toml", &["--rust", "fixtures/golden/src/derived"]),
        ("fixtures/extras/crdgen.toml", &[]),
        ("fixtures/known-types/crdgen.toml", &["--rust", "fixtures/golden/src/known_types"]),
    ];
    let verdicts = configs.map(|(config, more)| generate_with(crdgen, config, more, mode));
    let mut verdicts = verdicts.into_iter().collect::<Result<Vec<_>>>()?;
    verdicts.push(kinds(mode)?);
    Ok(if verdicts.contains(&Verdict::Findings) { Verdict::Findings } else { Verdict::Good })
}

/// Writes or checks the table of all golden kinds for the property tests.
fn kinds(mode: Mode) -> Result<Verdict> {
    let generated = workspace::root().join("fixtures/golden/src/generated");
    let mut files = Files::new();
    for path in workspace::files(&generated, "rs")? {
        let name = path.strip_prefix(&generated)?.to_string_lossy().replace('\\', "/");
        files.insert(name, fs::read_to_string(&path)?);
    }
    let mut table = KINDS.to_owned();
    for ((api_version, kind), path) in roots::of(&files) {
        let _ = writeln!(table, "    ({api_version:?}, {kind:?}, through::<golden::{path}>),");
    }
    table.push_str("];\n");
    up_to_date(&workspace::root().join("fixtures/golden/tests/properties/kinds.rs"), &table, mode)
}

const KINDS: &str = "//! Written by `cargo xtask golden`: every golden kind and the type that reads its objects.

use crdgen_golden::generated as golden;

use super::{Through, through};

/// By `apiVersion` and `kind`.
#[rustfmt::skip]
pub const KINDS: &[(&str, &str, Through)] = &[
";

/// Writes a file, or reports that it differs.
fn up_to_date(path: &Path, text: &str, mode: Mode) -> Result<Verdict> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(Verdict::Good);
    }
    match mode {
        Mode::Update => workspace::write(path, text).map(|()| Verdict::Good),
        Mode::Check => {
            eprintln!("{} differs from what is made now:\n{text}", path.strip_prefix(workspace::root())?.display());
            Ok(Verdict::Findings)
        }
    }
}

fn refused(crdgen: &Path, mode: Mode) -> Result<Verdict> {
    let _alone = workspace::exclusive("refused")?;
    let mut verdict = Verdict::Good;
    for case in cases(&workspace::root().join("fixtures/refused"))? {
        let said = refusal(crdgen, &case)?;
        if up_to_date(&case.join("expected.txt"), &said, mode)? == Verdict::Findings {
            verdict = Verdict::Findings;
        }
    }
    Ok(verdict)
}

/// Returns the output of crdgen for a refused case. It runs on a copy, because it would write files if it accepted the
/// case.
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
