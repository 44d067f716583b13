//! `evolution`: comparison of each release of a project with the next, checked by random objects.
//!
//! For each kind, random objects that the old CRD accepts are judged by the new one. Each refusal and each lost field
//! must be explained by a breaking finding at the field or above it.

mod confirm;
mod crdify;
mod history;
mod report;
mod step;

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use crdgen_harness::{Verdict, workspace};
use crdgen_schema::Crd;
use lzma_rust2::XzReader;

use crate::optimised;
pub use confirm::{Answer, Case, Confirm, Expected};
use history::{Project, Release};
use report::Report;

/// Compare each release of a project with the next, and check the findings with random objects.
#[derive(clap::Args)]
pub struct Args {
    /// Releases: a folder or a .tar.xz with a folder for each project, in it a file or a folder for each release
    /// [default: $CRDGEN_CORPUS/corpus/history.tar.xz]
    #[arg(long, value_name = "PATH")]
    history: Option<PathBuf>,
    /// Random objects of each served version of each kind.
    #[arg(long, value_name = "N", default_value_t = 200)]
    objects: usize,
    /// Print each finding without a witness.
    #[arg(long)]
    unproven: bool,
    /// Also compare the findings with those of crdify, as JSON lines, plain or .xz.
    #[arg(long, value_name = "FILE")]
    crdify: Option<PathBuf>,
    /// Confirm a sample of the witnesses on an API server, which is started for it.
    #[arg(long)]
    server: bool,
    /// Number of witnesses in the sample.
    #[arg(long, value_name = "N", default_value_t = 400)]
    sample: usize,
    /// End with one JSON object.
    #[arg(long)]
    json: bool,
}

/// Compares the releases and prints the figures. A debug build starts an optimised build of the task. `server` starts an
/// API server.
pub fn run(args: &Args, server: impl FnOnce() -> Result<Box<dyn Confirm>>) -> Result<Verdict> {
    if cfg!(debug_assertions) {
        return optimised::rerun("evolution");
    }
    let path = args.history.clone().unwrap_or_else(|| workspace::data().join("corpus/history.tar.xz"));
    let mut report = Report::new(args.unproven);
    let mut steps = Vec::new();
    let mut cases = Vec::new();
    for project in history::projects(&open(&path)?)? {
        each_step(&project, |name, old, new| {
            let step = step::take(name, &old, &new, args.objects);
            report.add(name, &step);
            if args.server {
                cases.extend(confirm::cases(name, &old, &new, &step.findings));
            }
            steps.push((name.to_owned(), step.findings));
        });
    }
    if let Some(file) = &args.crdify {
        report.crdify(crdify::compare(file, &steps)?);
    }
    if args.server {
        report.confirmed(confirm::sample(cases, args.sample, &mut *server()?)?);
    }
    report.finish(args.json)?;
    Ok(if report.is_good() { Verdict::Good } else { Verdict::Findings })
}

/// Passes the CRDs of each release and the next. CRDs that crdgen cannot read on one side are left out on both.
fn each_step(project: &Project, mut take: impl FnMut(&str, Vec<Crd>, Vec<Crd>)) {
    let mut before: Option<Release> = None;
    for path in &project.releases {
        let release = history::read(path);
        if !release.refused.is_empty() {
            println!(
                "{} {}: CRDs left out of the comparison: {}",
                project.name,
                release.name,
                release.refused.join(", ")
            );
        }
        for error in &release.errors {
            println!("{} {}: {error}", project.name, release.name);
        }
        if let Some(old) = &before {
            let readable = |crds: &[Crd], other: &Release| {
                crds.iter().filter(|crd| !other.refused.contains(&crd.name)).cloned().collect()
            };
            let name = format!("{}: {} -> {}", project.name, old.name, release.name);
            take(&name, readable(&old.crds, &release), readable(&release.crds, old));
        }
        before = Some(release);
    }
}

/// Returns a folder with the releases.
fn open(path: &Path) -> Result<PathBuf> {
    if path.is_dir() {
        return Ok(path.to_owned());
    }
    let folder = workspace::scratch("corpus/history");
    workspace::empty(&folder)?;
    let file = File::open(path)
        .with_context(|| format!("cannot open {}: name a folder or a .tar.xz with --history", path.display()))?;
    let mut archive = tar::Archive::new(XzReader::new(BufReader::new(file), true));
    archive.set_preserve_permissions(false);
    archive.unpack(&folder).with_context(|| format!("cannot unpack {}", path.display()))?;
    Ok(folder)
}
