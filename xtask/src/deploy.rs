//! `deploy`: static programs in empty root file systems, and the example's manifests and replicas on a real API server.

mod difference;
mod image;
mod manifests;
mod replicas;
mod root;
mod static_program;

use std::path::PathBuf;

use anyhow::{Result, ensure};
use crdgen_harness::tools::Web;
use crdgen_harness::{Verdict, process, workspace};

use crate::envtest::Environment;
use manifests::Manifests;
use replicas::Replicas;
use root::Root;

/// Largest size of the example's image, in bytes.
const MAX_IMAGE: u64 = 25_000_000;

/// Deploy the example's service to a new API server, and run the static programs in empty root file systems.
///
/// Linux only, and as root, because the programs run by chroot. Needs kubectl, the musl target of Rust and `musl-gcc`. The
/// image is built if a Docker engine answers.
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: &Args) -> Result<Verdict> {
    ensure!(manifests::has_kubectl(), "kubectl is not installed");
    let crdgen = generates_in_an_empty_root()?;
    match Web::set_up()? {
        Ok(web) => web.build()?,
        Err(missing) => eprintln!("the service is built without pages: {}", missing.0),
    }
    let service = static_program::build("ci-service", &["--features", "web"])?;
    let root = Root::with("ci-service", &service)?;
    report("root file system of ci-service", root.size()?)?;
    match image::build()? {
        Some(size) => report("image of ci-service", size)?,
        None => println!("no Docker engine answers, so the image was not built; the program is its only file"),
    }

    let environment = Environment::start()?;
    let manifests = Manifests::apply(&environment)?;
    println!("manifests: {} objects accepted by the API server, as a dry run and stored", manifests.count());
    difference::check(&crdgen, &manifests)?;
    println!("diff: the CRDs and objects of the cluster are compared with other CRDs");
    Replicas::start(&root, &manifests)?.check()?;
    println!("replicas: two programs in the root file system share the objects, and end when asked");
    Ok(Verdict::Good)
}

/// Generates code with the static crdgen in a root file system that has no other program. Returns the program.
fn generates_in_an_empty_root() -> Result<PathBuf> {
    let crdgen = static_program::build("crdgen", &[])?;
    let root = Root::with("crdgen", &crdgen)?;
    root.own_folder("project")?;
    let crd = std::fs::read_to_string(workspace::root().join("examples/ci-service/crds/runners.yaml"))?;
    root.add("project/crd.yaml", &crd)?;
    root.add("project/crdgen.toml", "version = 1\ninputs = ['crd.yaml']\n\n[rust]\ndir = 'generated'\n\n[axum]\n")?;
    process::run(root.command().args(["generate", "--config", "/project/crdgen.toml"]))?;
    process::run(root.command().args(["generate", "--check", "--config", "/project/crdgen.toml"]))?;
    println!("crdgen: {:.1} MB, generates in an empty root file system", megabytes(root.size()?));
    Ok(crdgen)
}

fn report(name: &str, size: u64) -> Result<()> {
    println!("{name}: {:.1} MB", megabytes(size));
    ensure!(size <= MAX_IMAGE, "{name} is larger than {:.1} MB", megabytes(MAX_IMAGE));
    Ok(())
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
