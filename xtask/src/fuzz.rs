//! `fuzz`: the targets of `fuzz/`, each for some minutes of a processor's time, with what they found.
//!
//! libFuzzer, guided by coverage, on stable Rust: its passes are options of LLVM, and no sanitizer is needed where `unsafe`
//! is forbidden.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wait4::Wait4;

use crate::tools::Missing;
use crate::{Verdict, process, workspace};

/// Run the fuzz targets of `fuzz/`, and print what they executed and found.
#[derive(clap::Args)]
pub struct Args {
    /// Minutes of a processor's time for each target
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Only targets with this in their names
    #[arg(long, value_name = "TARGET")]
    only: Option<String>,
}

/// Options of the compiler that have libFuzzer see which code ran and what was compared.
const FLAGS: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];
/// Limits of a single input: an input is small, so these are generous.
const LIMITS: [&str; 3] = ["-timeout=20", "-rss_limit_mb=2048", "-max_len=8192"];

pub fn run(args: &Args) -> Result<Verdict> {
    let _alone = workspace::exclusive("fuzz")?;
    let targets = targets(args.only.as_deref())?;
    ensure!(!targets.is_empty(), "no target in fuzz/fuzz_targets is called so");
    let programs = build()?;
    let time = Duration::try_from_secs_f64(args.minutes * 60.0).context("--minutes")?;
    println!("{:<14} {:>12} {:>10} {:>8}", "target", "executions", "corpus", "CPU s");
    let mut verdict = Verdict::Good;
    for target in &targets {
        let fuzzed = Target::new(target)?.fuzz(&programs.join(target), time)?;
        println!("{target:<14} {:>12} {:>10} {:>8.0}", fuzzed.executions, fuzzed.corpus, fuzzed.cpu.as_secs_f64());
        if let Some(finding) = fuzzed.finding {
            println!("    FOUND: {finding}");
            verdict = Verdict::Findings;
        }
    }
    Ok(verdict)
}

/// Why no target can be built here: libFuzzer is C++.
pub fn missing() -> Option<Missing> {
    (!process::is_installed("c++")).then_some(Missing("there is no C++ compiler"))
}

/// Checks that every target compiles, without warnings and formatted.
pub fn check() -> Result<()> {
    let manifest = ["--manifest-path", "fuzz/Cargo.toml"];
    process::run(process::cargo().arg("fmt").args(manifest).arg("--check"))?;
    let mut clippy = process::cargo();
    clippy.args(["clippy", "--quiet", "--all-targets"]).args(manifest).arg("--target-dir");
    process::run(clippy.arg(workspace::scratch("fuzz").join("check")).args(["--", "--deny", "warnings"]))
}

/// The targets by the names of their files.
fn targets(only: Option<&str>) -> Result<Vec<String>> {
    let files = workspace::files(&workspace::root().join("fuzz/fuzz_targets"), "rs")?;
    let names = files.iter().filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    Ok(names.filter(|name| only.is_none_or(|only| name.contains(only))).collect())
}

/// Builds every target; the folder of the programs.
fn build() -> Result<PathBuf> {
    let host = host()?;
    let folder = workspace::scratch("fuzz").join("build");
    let mut cargo = process::cargo();
    cargo.args(["build", "--quiet", "--release", "--bins", "--manifest-path", "fuzz/Cargo.toml", "--target", &host]);
    // With a target named, programs that run while building have none of the flags.
    cargo.arg("--target-dir").arg(&folder).env("RUSTFLAGS", FLAGS.join(" "));
    process::run(&mut cargo)?;
    Ok(folder.join(host).join("release"))
}

fn host() -> Result<String> {
    let output = process::capture(Command::new("rustc").arg("-vV"))?;
    let text = process::text(&output);
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

/// The files of a target.
struct Target {
    /// Inputs of this and earlier runs, which grow.
    corpus: PathBuf,
    /// Inputs of the repository.
    seeds: PathBuf,
    /// Inputs that failed.
    findings: PathBuf,
}

/// What came of a target.
#[derive(Default)]
struct Fuzzed {
    executions: u64,
    corpus: usize,
    cpu: Duration,
    finding: Option<String>,
}

impl Target {
    fn new(name: &str) -> Result<Self> {
        let folder = workspace::scratch("fuzz");
        let target = Self {
            corpus: folder.join("corpus").join(name),
            seeds: workspace::root().join("fuzz/seeds").join(name),
            findings: folder.join("findings").join(name),
        };
        for folder in [&target.corpus, &target.findings] {
            fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
        }
        Ok(target)
    }

    /// Runs the program until it has used so much time, or found something. libFuzzer counts time that passes, so on a
    /// machine that others use it has to be started more than once.
    fn fuzz(&self, program: &Path, time: Duration) -> Result<Fuzzed> {
        let mut fuzzed = Fuzzed::default();
        while fuzzed.finding.is_none() && fuzzed.cpu < time {
            let left = (time - fuzzed.cpu).as_secs().max(1);
            self.play(program, left, &mut fuzzed)?;
        }
        fuzzed.corpus = workspace::count(&self.corpus)?;
        Ok(fuzzed)
    }

    fn play(&self, program: &Path, seconds: u64, fuzzed: &mut Fuzzed) -> Result<()> {
        let log = self.findings.with_extension("log");
        let mut command = Command::new(program);
        command.args(LIMITS).args(["-print_final_stats=1", &format!("-max_total_time={seconds}")]);
        // The last part of the name of an input that failed is its digest.
        command.arg(format!("-artifact_prefix={}/", self.findings.display()));
        command.arg(&self.corpus).args(self.seeds.is_dir().then_some(&self.seeds));
        let file = fs::File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
        command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let mut child = command.spawn().with_context(|| format!("cannot run {}", program.display()))?;
        let ended = child.wait4()?;
        let said = fs::read(&log)?;
        let said = String::from_utf8_lossy(&said);
        fuzzed.cpu += ended.rusage.utime + ended.rusage.stime;
        fuzzed.executions += executions(&said);
        if !ended.status.success() {
            fuzzed.finding = Some(finding(&said, &ended.status.to_string(), &log));
        }
        Ok(())
    }
}

/// The executions that libFuzzer counted: at its end, or in the last line that it wrote before.
fn executions(said: &str) -> u64 {
    let counted = said.lines().filter_map(|line| {
        let number = line.strip_prefix("stat::number_of_executed_units:").or_else(|| line.strip_prefix('#'))?;
        number.trim().split([' ', '\t', ':']).next()?.parse().ok()
    });
    counted.max().unwrap_or_default()
}

/// A finding in a line: what failed, with which input.
fn finding(said: &str, status: &str, log: &Path) -> String {
    let line = |wanted: &[&str]| said.lines().find(|line| wanted.iter().any(|part| line.contains(part)));
    let panic = said.lines().skip_while(|line| !line.contains("panicked at")).nth(1);
    let why = panic.or_else(|| line(&["ERROR: libFuzzer", "stack overflow"])).unwrap_or(status);
    let input = line(&["Test unit written to"]).and_then(|line| line.split("written to").nth(1));
    format!("{}; input:{}; log: {}", why.trim(), input.unwrap_or(" none was written"), log.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "#2\tINITED cov: 10\n#4096\tpulse  cov: 12\nthread '<unnamed>' panicked at fuzz_targets/a.rs:1:1:\n\
                        the stored object is 200 levels deep\nTest unit written to /x/crash-1\n";

    #[test]
    fn a_finding_is_told_with_its_input() {
        let told = finding(SAID, "exit status: 77", Path::new("/x.log"));
        assert_eq!(told, "the stored object is 200 levels deep; input: /x/crash-1; log: /x.log");
        assert_eq!(executions(SAID), 4096);
        assert_eq!(executions("stat::number_of_executed_units: 7\n"), 7);
    }
}
