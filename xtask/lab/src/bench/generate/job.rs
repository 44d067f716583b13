//! Programs to run, and what they cost.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use crdgen_harness::workspace;
use serde::Serialize;

use super::peers::{Absent, Peers, absent};
use super::subject::{self, Subjects};
use crate::bench::cost::Cost;

/// Program that is compared with all others.
const REFERENCE: &str = "crdgen";

/// A job of one program.
pub struct Job {
    /// Name of the job; several programs may do the same one.
    work: String,
    program: &'static str,
    /// Processes that together do the job.
    commands: Vec<Command>,
    /// Folder of the output, which is put aside before each run, unless the run is to find its output in place.
    out: PathBuf,
    repeats: bool,
    /// CRD that changes before each run.
    changes: Option<PathBuf>,
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
    /// Least, median and most CPU time of the program and the system, in seconds.
    pub cpu: [f64; 3],
    /// Median of the elapsed time, in seconds.
    pub wall: f64,
    /// Most memory of a process, in bytes.
    pub memory: u64,
    /// Size of the output, in bytes. 0 if the program writes to standard output.
    pub output: u64,
}

pub const RUST_OF_ONE: &str = "Rust types of the Prometheus CRD";
pub const RUST_OF_MANY: &str = "Rust types of many CRDs";
pub const ALL_OF_ONE: &str = "all targets of the Prometheus CRD";
pub const ALL_OF_MANY: &str = "all targets of many CRDs (peers: TypeScript)";
pub const ALL_OF_ALL: &str = "all targets of the collection";
pub const ONE_AGAIN: &str = "the Prometheus CRD again, nothing changed";
pub const ALL_AGAIN: &str = "the collection again, nothing changed";
pub const ONE_CHANGED: &str = "the collection again, one small CRD changed";
pub const START: &str = "`--version`";

/// Returns all jobs.
pub fn all(crdgen: &Path, subjects: &Subjects, peers: &Peers) -> Result<Vec<Job>> {
    let folder = workspace::scratch("bench/generate/out");
    workspace::empty(&folder)?;
    let one = std::slice::from_ref(&subjects.prometheus);
    let jobs = Jobs { crdgen, folder: &folder, cache: workspace::scratch("bench/generate/cache") };
    let mut all = vec![
        jobs.crdgen(RUST_OF_ONE, one, Targets::Rust, false)?,
        jobs.crdgen(RUST_OF_MANY, &subjects.many, Targets::Rust, false)?,
        jobs.crdgen(ALL_OF_ONE, one, Targets::All, false)?,
        jobs.crdgen(ALL_OF_MANY, &subjects.many, Targets::All, false)?,
        jobs.crdgen(ALL_OF_ALL, &subjects.all, Targets::All, false)?,
        jobs.crdgen(ONE_AGAIN, one, Targets::All, true)?,
        jobs.crdgen(ALL_AGAIN, &subjects.all, Targets::All, true)?,
        jobs.job(START, REFERENCE, Vec::new(), vec![jobs.command(crdgen, &["--version".into()])]),
    ];
    let changing = folder.join("changing.json");
    let with_changing: Vec<PathBuf> = subjects.all.iter().chain([&changing]).cloned().collect();
    write_changed(&changing, 0)?;
    let job = jobs.crdgen(ONE_CHANGED, &with_changing, Targets::All, true)?;
    all.push(Job { changes: Some(changing), ..job });
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
        all.push(jobs.job(RUST_OF_MANY, "kopium", subjects.many.clone(), subjects.many.iter().map(command).collect()));
    }
    if let Some(typify) = &peers.typify {
        let out = folder.join("typify.rs");
        let words = ["typify".into(), (&subjects.schema).into(), "--output".into(), out.into()];
        all.push(jobs.job(RUST_OF_ONE, "typify", one.to_vec(), vec![jobs.command(typify, &words)]));
    }
    if let Some(datamodel) = &peers.datamodel {
        let mut command = datamodel.datamodel_codegen();
        command.arg("--input").arg(&subjects.schema).arg("--output").arg(folder.join("datamodel.py"));
        command.current_dir(&folder);
        all.push(jobs.job(RUST_OF_ONE, "datamodel", one.to_vec(), vec![command]));
    }
    if let Some(npm) = &peers.npm {
        let out = folder.join("npm");
        let cdk8s = |file: &PathBuf| {
            let words = ["import".into(), file.into(), "--language".into(), "typescript".into(), "--output".into()];
            jobs.command(&npm.join("cdk8s"), &[&words[..], &[out.clone().into()]].concat())
        };
        let files = &subjects.many;
        all.push(jobs.job(ALL_OF_MANY, "cdk8s", files.clone(), files.iter().map(cdk8s).collect()));
        let fluent = |file: &PathBuf| {
            let words = ["crd".into(), file.into(), out.clone().into()];
            jobs.command(&npm.join("kubernetes-fluent-client"), &words)
        };
        all.push(jobs.job(ALL_OF_MANY, "fluent", files.clone(), files.iter().map(fluent).collect()));
        let inputs = files.iter().flat_map(|file| ["--input".into(), file.into()]);
        let words: Vec<OsString> = inputs.chain(["--output".into(), out.into()]).collect();
        all.push(jobs.job(
            ALL_OF_MANY,
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
        let out = self.out(work, REFERENCE);
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
        let job = self.job(work, REFERENCE, files.to_vec(), vec![self.command(self.crdgen, &words)]);
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
            changes: None,
            bytes: files.iter().map(|file| size(file)).sum(),
            crds: files.len(),
        }
    }

    fn out(&self, work: &str, program: &str) -> PathBuf {
        self.folder.join(format!("{program}-{}", work.replace(|c: char| !c.is_ascii_alphanumeric(), "-")))
    }
}

impl Job {
    /// Runs the job. `number` differs from run to run.
    fn run(&self, number: usize) -> Result<Cost> {
        if !self.repeats && self.out.exists() {
            // Removed only at the end: file systems make new files more slowly beside many that were just removed.
            fs::rename(&self.out, self.out.with_extension(format!("{number}.old")))?;
        }
        if let Some(changes) = &self.changes {
            write_changed(changes, number)?;
        }
        let mut total = Cost { cpu: Duration::ZERO, system: Duration::ZERO, wall: Duration::ZERO, memory: 0 };
        for command in &self.commands {
            let cost = Cost::of(command)?;
            total = Cost {
                cpu: total.cpu + cost.cpu,
                system: total.system + cost.system,
                wall: total.wall + cost.wall,
                memory: total.memory.max(cost.memory),
            };
        }
        Ok(total)
    }
}

/// Writes a small CRD whose descriptions have a number.
fn write_changed(file: &Path, number: usize) -> Result<()> {
    workspace::write(file, &subject::crd("changings", "Changing", 40, &format!("A field, for the time {number}.")))
}

/// Runs all jobs in turns. A peer that fails is left out, with its reason.
pub fn measure(jobs: &[Job], runs: usize, missing: &mut Vec<Absent>) -> Result<Vec<Measured>> {
    // The first run of a job that repeats another writes the output.
    jobs.iter().filter(|job| job.repeats).try_for_each(|job| job.run(0).map(drop))?;
    let mut costs: Vec<Option<Vec<Cost>>> = vec![Some(Vec::new()); jobs.len()];
    for number in 1..=runs {
        for (job, costs) in jobs.iter().zip(&mut costs) {
            let Some(known) = costs else { continue };
            eprintln!("run {number} of {runs}: {}, {}", job.work, job.program);
            match job.run(number) {
                Ok(cost) => known.push(cost),
                Err(error) if job.program == REFERENCE => return Err(error),
                Err(error) => {
                    missing.push(absent(job.program, &error));
                    *costs = None;
                }
            }
        }
    }
    let measured = jobs.iter().zip(costs).filter_map(|(job, costs)| Some((job, costs?))).map(|(job, costs)| {
        let sorted = |of: fn(&Cost) -> Duration| {
            let mut times: Vec<f64> = costs.iter().map(|cost| of(cost).as_secs_f64()).collect();
            times.sort_by(f64::total_cmp);
            times
        };
        let (cpu, wall) = (sorted(|cost| cost.cpu + cost.system), sorted(|cost| cost.wall));
        Measured {
            wall: wall[wall.len() / 2],
            work: job.work.clone(),
            program: job.program,
            crds: job.crds,
            bytes: job.bytes,
            cpu: [cpu[0], cpu[cpu.len() / 2], cpu[cpu.len() - 1]],
            memory: costs.iter().map(|cost| cost.memory).max().unwrap_or_default(),
            output: size(&job.out),
        }
    });
    Ok(measured.collect())
}

/// Returns the size of a file, or of all files in a folder, in bytes. It is 0 if there is no such file.
pub fn size(path: &Path) -> u64 {
    match fs::read_dir(path) {
        Ok(entries) => entries.flatten().map(|entry| size(&entry.path())).sum(),
        Err(_) => fs::metadata(path).map_or(0, |file| file.len()),
    }
}
