//! `fuzz`: runs the targets of `fuzz/`, each for some minutes of processor time, and prints the findings.
//!
//! libFuzzer is guided by coverage on stable Rust: its instrumentation passes are options of LLVM. No
//! sanitizer is needed, because `unsafe` is forbidden.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use crdgen_harness::tools::Missing;
use crdgen_harness::{Verdict, process, workspace};
use wait4::Wait4;

/// Run the fuzz targets of `fuzz/`, and print what they executed and found.
#[derive(clap::Args)]
pub struct Args {
    /// Minutes of processor time for each target
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// Run only targets with this in their names
    #[arg(long, value_name = "TARGET")]
    only: Option<String>,
}

/// Compiler options that make libFuzzer see which code ran and which values were compared.
const FLAGS: [&str; 7] = [
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Ccodegen-units=1",
    "--cfg=fuzzing",
];
/// Limits for a single input. Inputs are small, so the limits are generous.
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

/// Returns the reason why targets cannot be built here. libFuzzer is written in C++.
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

/// Returns the names of the targets, which are those of their files.
fn targets(only: Option<&str>) -> Result<Vec<String>> {
    let files = workspace::files(&workspace::root().join("fuzz/fuzz_targets"), "rs")?;
    let names = files.iter().filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    Ok(names.filter(|name| only.is_none_or(|only| name.contains(only))).collect())
}

/// Builds every target. Returns the folder of the programs.
fn build() -> Result<PathBuf> {
    let host = host()?;
    let folder = workspace::scratch("fuzz").join("build");
    let mut cargo = process::cargo();
    cargo.args(["build", "--quiet", "--release", "--bins", "--manifest-path", "fuzz/Cargo.toml", "--target", &host]);
    // If a target triple is named, build scripts and macros are compiled without the flags.
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

/// Files of a fuzz target.
struct Target {
    /// Inputs of this and earlier runs.
    corpus: PathBuf,
    /// Inputs of the repository.
    seeds: PathBuf,
    /// Inputs that failed.
    findings: PathBuf,
}

/// Results of a fuzz target.
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

    /// Runs the program until it has used `time` or found something. libFuzzer measures elapsed time, so on a
    /// busy machine the program has to be started several times.
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
        // The name of an input that failed ends with its digest.
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

/// Returns the number of executions that libFuzzer reported, at its end or in the last line before it ended.
fn executions(said: &str) -> u64 {
    let counted = said.lines().filter_map(|line| {
        let number = line.strip_prefix("stat::number_of_executed_units:").or_else(|| line.strip_prefix('#'))?;
        number.trim().split([' ', '\t', ':']).next()?.parse().ok()
    });
    counted.max().unwrap_or_default()
}

/// Describes a finding in one line: its message and its input.
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
