//! Programs to run, and what they cost.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use crdgen_harness::workspace;
use serde::Serialize;

use super::peers::Peers;
use super::size;
use super::subject::Subjects;
use crate::bench::cost::Cost;

/// A job of one program.
pub struct Job {
    /// Name of the job; several programs may do the same one.
    work: String,
    program: &'static str,
    /// Processes that together do the job.
    commands: Vec<Command>,
    /// Folder that is emptied before each run, unless the run is to find its output in place.
    out: PathBuf,
    repeats: bool,
    /// Size of the inputs, in bytes.
    bytes: u64,
    /// Number of CRDs.
    crds: usize,
}

/// Cost of a job.
#[derive(Clone, Debug, Serialize)]
pub struct Measured {
    /// Name of the job.
    pub work: String,
    /// Name of the program.
    pub program: &'static str,
    /// Number of CRDs.
    pub crds: usize,
    /// Size of the inputs, in bytes.
    pub bytes: u64,
    /// Least, median and most CPU time, in seconds.
    pub cpu: [f64; 3],
    /// Most memory of a process, in bytes.
    pub memory: u64,
}

pub const RUST_OF_ONE: &str = "Rust types of the Prometheus CRD";
pub const RUST_OF_FIFTY: &str = "Rust types of 50 CRDs";
pub const ALL_OF_ONE: &str = "all targets of the Prometheus CRD";
pub const ALL_OF_FIFTY: &str = "all targets of 50 CRDs (peers: TypeScript)";
pub const ALL_OF_ALL: &str = "all targets of the collection";
pub const ONE_AGAIN: &str = "the Prometheus CRD again, nothing changed";
pub const ALL_AGAIN: &str = "the collection again, nothing changed";
pub const START: &str = "`--version`";

/// Returns all jobs.
pub fn all(crdgen: &Path, subjects: &Subjects, peers: &Peers) -> Result<Vec<Job>> {
    let folder = workspace::scratch("bench/generate/out");
    workspace::empty(&folder)?;
    let one = std::slice::from_ref(&subjects.prometheus);
    let jobs = Jobs { crdgen, folder: &folder, cache: workspace::scratch("bench/generate/cache") };
    let mut all = vec![
        jobs.crdgen(RUST_OF_ONE, one, Targets::Rust, false)?,
        jobs.crdgen(RUST_OF_FIFTY, &subjects.fifty, Targets::Rust, false)?,
        jobs.crdgen(ALL_OF_ONE, one, Targets::All, false)?,
        jobs.crdgen(ALL_OF_FIFTY, &subjects.fifty, Targets::All, false)?,
        jobs.crdgen(ALL_OF_ALL, &subjects.all, Targets::All, false)?,
        jobs.crdgen(ONE_AGAIN, one, Targets::All, true)?,
        jobs.crdgen(ALL_AGAIN, &subjects.all, Targets::All, true)?,
        jobs.job(START, "crdgen", Vec::new(), vec![jobs.command(crdgen, &["--version".into()])]),
    ];
    for count in [1, 10, 25, 100, 300].into_iter().filter(|count| *count < subjects.all.len()) {
        all.push(jobs.crdgen(&format!("scaling: {count} CRDs"), &subjects.all[..count], Targets::All, false)?);
    }
    for (nodes, file) in &subjects.nodes {
        all.push(jobs.crdgen(&format!("scaling: {nodes} nodes"), std::slice::from_ref(file), Targets::All, false)?);
    }
    if let Some(kopium) = &peers.kopium {
        let command = |file: &PathBuf| {
            jobs.command(kopium, &["-A".into(), "-d".into(), "--schema=disabled".into(), "-f".into(), file.into()])
        };
        all.push(jobs.job(RUST_OF_ONE, "kopium", one.to_vec(), one.iter().map(command).collect()));
        all.push(jobs.job(
            RUST_OF_FIFTY,
            "kopium",
            subjects.fifty.clone(),
            subjects.fifty.iter().map(command).collect(),
        ));
    }
    if let Some(npm) = &peers.npm {
        let out = folder.join("npm");
        let cdk8s = |file: &PathBuf| {
            let words = ["import".into(), file.into(), "--language".into(), "typescript".into(), "--output".into()];
            jobs.command(&npm.join("cdk8s"), &[&words[..], &[out.clone().into()]].concat())
        };
        let files = &subjects.fifty;
        all.push(jobs.job(ALL_OF_FIFTY, "cdk8s", files.clone(), files.iter().map(cdk8s).collect()));
        let inputs = files.iter().flat_map(|file| ["--input".into(), file.into()]);
        let words: Vec<OsString> = inputs.chain(["--output".into(), out.into()]).collect();
        all.push(jobs.job(
            ALL_OF_FIFTY,
            "crd-generate",
            files.clone(),
            vec![jobs.command(&npm.join("crd-generate"), &words)],
        ));
    }
    Ok(all)
}

#[derive(Clone, Copy)]
enum Targets {
    Rust,
    All,
}

struct Jobs<'a> {
    crdgen: &'a Path,
    folder: &'a Path,
    cache: PathBuf,
}

impl Jobs<'_> {
    fn crdgen(&self, work: &str, files: &[PathBuf], targets: Targets, repeats: bool) -> Result<Job> {
        let out = self.out(work, "crdgen");
        let mut words: Vec<OsString> = vec!["generate".into(), "--quiet".into(), "--no-config".into()];
        words.extend(files.iter().map(Into::into));
        words.extend(["--rust".into(), out.join("rust").into()]);
        if let Targets::All = targets {
            words.push("--axum".into());
            for (option, name) in [
                ("--openapi", "openapi.json"),
                ("--typescript", "web"),
                ("--json-schema", "schemas"),
                ("--rbac", "rbac.yaml"),
            ] {
                words.extend([option.into(), out.join(name).into()]);
            }
        }
        let job = self.job(work, "crdgen", files.to_vec(), vec![self.command(self.crdgen, &words)]);
        Ok(Job { repeats, ..job })
    }

    fn command(&self, program: &Path, words: &[OsString]) -> Command {
        let mut command = Command::new(program);
        command.args(words).env("XDG_CACHE_HOME", &self.cache).env("CDK8S_DISABLE_UPGRADE_CHECK", "1");
        command.current_dir(self.folder);
        command
    }

    fn job(&self, work: &str, program: &'static str, files: Vec<PathBuf>, commands: Vec<Command>) -> Job {
        Job {
            work: work.to_owned(),
            program,
            commands,
            out: self.out(work, program),
            repeats: false,
            bytes: files.iter().map(|file| size(file)).sum(),
            crds: files.len(),
        }
    }

    fn out(&self, work: &str, program: &str) -> PathBuf {
        self.folder.join(format!("{program}-{}", work.replace(|c: char| !c.is_ascii_alphanumeric(), "-")))
    }
}

impl Job {
    fn run(&self) -> Result<Cost> {
        if !self.repeats {
            self.clean();
        }
        let mut total = Cost { cpu: Duration::ZERO, memory: 0 };
        for command in &self.commands {
            let cost = Cost::of(command)?;
            total = Cost { cpu: total.cpu + cost.cpu, memory: total.memory.max(cost.memory) };
        }
        Ok(total)
    }

    /// Removes the output.
    pub fn clean(&self) {
        _ = fs::remove_dir_all(&self.out);
    }
}

/// Runs all jobs in turns.
pub fn measure(jobs: &[Job], runs: usize) -> Result<Vec<Measured>> {
    // The first run of a job that repeats another writes the output.
    jobs.iter().filter(|job| job.repeats).try_for_each(|job| job.run().map(drop))?;
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); jobs.len()];
    for _ in 0..runs {
        for (job, costs) in jobs.iter().zip(&mut costs) {
            costs.push(job.run()?);
        }
    }
    let measured = jobs.iter().zip(costs).map(|(job, costs)| {
        let mut cpu: Vec<f64> = costs.iter().map(|cost| cost.cpu.as_secs_f64()).collect();
        cpu.sort_by(f64::total_cmp);
        Measured {
            work: job.work.clone(),
            program: job.program,
            crds: job.crds,
            bytes: job.bytes,
            cpu: [cpu[0], cpu[cpu.len() / 2], cpu[cpu.len() - 1]],
            memory: costs.iter().map(|cost| cost.memory).max().unwrap_or_default(),
        }
    });
    Ok(measured.collect())
}
