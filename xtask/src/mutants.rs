//! `mutants`: runs cargo-mutants on a sample of each published crate, and prints the share of mutants that tests catch.
//!
//! A mutant is a change of one expression or function. All mutants of the workspace would take days, so each crate has a
//! fixed sample.

mod sample;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use crdgen_harness::{Verdict, process, workspace};
use serde::{Deserialize, Serialize};

use sample::Mutant;

/// Run cargo-mutants on a sample of each published crate, and exit with 100 if tests catch fewer than 92 % in one.
#[derive(clap::Args)]
pub struct Args {
    /// Run only crates with this in their names
    #[arg(long, value_name = "CRATE")]
    only: Option<String>,
    /// Number of mutants of each crate
    #[arg(long, default_value_t = 100)]
    count: usize,
    /// Seed of the sample
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Smallest share of mutants that tests must catch, in percent.
const ENOUGH: f64 = 92.0;

/// A crate to be changed.
struct Subject {
    name: &'static str,
    /// Arguments that add to the crate's own tests those of other packages, or select some of them.
    tests: &'static [&'static str],
}

/// Published crates. `crdgen-runtime` is absent, because it has no code of its own.
const SUBJECTS: [Subject; 16] = [
    Subject { name: "crdgen", tests: &[] },
    Subject { name: "crdgen-backend", tests: &["--package=crdgen-runtime"] },
    Subject { name: "crdgen-build", tests: &[] },
    Subject { name: "crdgen-cache", tests: &["--package=crdgen-runtime"] },
    Subject { name: "crdgen-cel", tests: &["--package=crdgen-schema"] },
    Subject { name: "crdgen-client", tests: &["--package=crdgen-runtime"] },
    Subject { name: "crdgen-core", tests: &["--package=crdgen-runtime", "--package=crdgen-golden"] },
    Subject { name: "crdgen-diff", tests: &[] },
    Subject { name: "crdgen-docs", tests: &[] },
    Subject { name: "crdgen-emit", tests: &["--package=crdgen"] },
    Subject { name: "crdgen-memory", tests: &["--package=crdgen-runtime"] },
    Subject { name: "crdgen-model", tests: &["--package=crdgen"] },
    Subject { name: "crdgen-objects", tests: &[] },
    Subject { name: "crdgen-schema", tests: &[] },
    Subject { name: "crdgen-server", tests: &["--package=crdgen-runtime"] },
    Subject { name: "crdgen-splitter", tests: &["--package=crdgen-runtime", "--test=bytes"] },
];

impl Subject {
    /// Returns all mutants of the crate.
    fn mutants(&self) -> Result<Vec<Mutant>> {
        let mut cargo = process::cargo();
        let output = process::capture(cargo.args(["mutants", "--list", "--json", "--package", self.name]))?;
        ensure!(output.status.success(), "cargo mutants --list: {}", process::text(&output));
        serde_json::from_slice(&output.stdout).context("cargo mutants --list --json")
    }

    /// Runs the tests on each mutant of `sample`.
    fn test(&self, sample: &[Mutant], folder: &Path) -> Result<Score> {
        workspace::empty(folder)?;
        let config = folder.join("mutants.toml");
        workspace::write(&config, &toml::to_string(&Config::of(sample))?)?;
        let mut cargo = process::cargo();
        cargo.args(["mutants", "--package", self.name, "--all-features", "--gitignore=true", "--no-shuffle"]);
        cargo.args(["--minimum-test-timeout=20", "--config"]).arg(&config).arg("--output").arg(folder);
        // `--test-package` would not apply to the run without a mutant, which sets the time limit.
        cargo.args(self.tests.iter().map(|argument| format!("--cargo-arg={argument}")));
        // cargo-mutants works on a copy of the workspace. Dependencies are compiled once for all crates.
        cargo.env("CARGO_TARGET_DIR", folder.with_file_name("target"));
        match cargo.status().context("cannot run cargo mutants")?.code() {
            // Mutants that were missed, or whose tests took too long, have codes of their own.
            Some(0 | 2 | 3) => {}
            _ => bail!("cargo mutants failed on {}", self.name),
        }
        let outcomes = folder.join("mutants.out/outcomes.json");
        let text = fs::read_to_string(&outcomes).with_context(|| format!("cannot read {}", outcomes.display()))?;
        serde_json::from_str(&text).with_context(|| outcomes.display().to_string())
    }
}

/// Config file of cargo-mutants.
#[derive(Serialize)]
struct Config {
    /// Patterns of the names of mutants to test.
    examine_re: Vec<String>,
}

impl Config {
    fn of(sample: &[Mutant]) -> Self {
        Self { examine_re: sample.iter().map(|mutant| format!("^{}$", regex::escape(&mutant.name))).collect() }
    }
}

/// Numbers of mutants by outcome.
#[derive(Deserialize)]
struct Score {
    caught: usize,
    /// Mutants whose tests did not end in time, which counts as caught.
    timeout: usize,
    missed: usize,
    /// Mutants that do not compile, which do not count.
    unviable: usize,
}

impl Score {
    /// Returns the share of caught mutants, in percent.
    fn percent(&self) -> f64 {
        let caught = self.caught + self.timeout;
        match caught + self.missed {
            0 => 100.0,
            all => 100.0 * caught as f64 / all as f64,
        }
    }
}

pub fn run(args: &Args) -> Result<Verdict> {
    if !process::is_installed_as("cargo-mutants", "--help") {
        bail!("cargo-mutants is not installed: cargo install cargo-mutants --locked");
    }
    let _alone = workspace::exclusive("mutants")?;
    let wanted = |subject: &&Subject| args.only.as_deref().is_none_or(|only| subject.name.contains(only));
    let mut rows = Vec::new();
    for subject in SUBJECTS.iter().filter(wanted) {
        let mutants = subject.mutants()?;
        let all = mutants.len();
        let sample = sample::of(mutants, args.count, args.seed);
        eprintln!("==> {}: {} of {all} mutants", subject.name, sample.len());
        let folder = workspace::scratch("mutants").join(subject.name);
        rows.push((subject.name, all, subject.test(&sample, &folder)?));
    }
    ensure!(!rows.is_empty(), "no published crate has this in its name");
    println!("{:<16} {:>6} {:>7} {:>7} {:>9} {:>7}", "crate", "all", "caught", "missed", "unviable", "score");
    for (name, all, score) in &rows {
        let (caught, percent) = (score.caught + score.timeout, score.percent());
        println!("{name:<16} {all:>6} {caught:>7} {:>7} {:>9} {percent:>5.1} %", score.missed, score.unviable);
    }
    match rows.iter().all(|(_, _, score)| score.percent() >= ENOUGH) {
        true => Ok(Verdict::Good),
        false => Ok(Verdict::Findings),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mutants_that_do_not_compile_do_not_count() {
        let score = |caught, timeout, missed, unviable| Score { caught, timeout, missed, unviable }.percent();
        assert_eq!(score(2, 1, 1, 5), 75.0);
        assert_eq!(score(0, 0, 0, 3), 100.0);
    }

    #[test]
    fn a_pattern_fits_its_mutant_only() {
        let name = "src/a.rs:1:2: replace + with - in <A as B>::c";
        let config = Config::of(&[Mutant { name: name.to_owned(), file: "src/a.rs".to_owned() }]);
        let pattern = regex::Regex::new(&config.examine_re[0]).expect("a pattern");
        assert!(pattern.is_match(name));
        assert!(!pattern.is_match(&name.replace("1:2", "1:23")));
    }
}
