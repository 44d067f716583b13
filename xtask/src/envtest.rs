//! `envtest`: a real API server with etcd, for tests and for manual use.

mod assets;
mod certificate;
mod cluster;
mod control;
mod daemon;
mod http;
mod user;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context, Result};
use crdgen_harness::tools::Missing;
use crdgen_harness::{Verdict, go};

use assets::Assets;
use cluster::{Cluster, lock};
pub use http::Admin;

/// Exit code after an interrupt, as shells use it.
const INTERRUPTED: i32 = 130;

/// Run an API server with its etcd until ^C, and print the variables to use it.
///
/// The programs come from KUBEBUILDER_ASSETS, or are built with Go.
#[derive(clap::Args)]
pub struct Args {
    /// Build the programs without starting them.
    #[arg(long)]
    build: bool,
}

pub fn run(args: &Args) -> Result<Verdict> {
    if args.build {
        let assets = Assets::get()?;
        println!("{}\n{}", assets.etcd.display(), assets.kube_apiserver.display());
        return Ok(Verdict::Good);
    }
    let environment = Environment::start()?;
    for (name, value) in environment.variables() {
        println!("export {name}={value}");
    }
    eprintln!("contexts: admin, viewer (reads everything), nobody; ^C ends it");
    loop {
        thread::park();
    }
}

/// Returns the reason why no API server can be started, if there is one.
pub fn missing() -> Option<Missing> {
    (!Assets::is_there() && go::missing().is_some()).then_some(Missing("neither KUBEBUILDER_ASSETS nor Go is there"))
}

/// A cluster that programs can use and restart. It ends when the value is dropped or this process is interrupted.
pub struct Environment {
    cluster: Arc<Mutex<Option<Cluster>>>,
    control: SocketAddr,
}

impl Environment {
    /// Starts a cluster.
    pub fn start() -> Result<Self> {
        let cluster = Arc::new(Mutex::new(None));
        let doomed = Arc::clone(&cluster);
        ctrlc::set_handler(move || {
            drop(lock(&doomed).take());
            std::process::exit(INTERRUPTED);
        })?;
        // The lock is held during the start, so that an interrupt ends everything that was started.
        let mut starting = lock(&cluster);
        *starting = Some(Cluster::start()?);
        drop(starting);
        let control = control::serve(Arc::downgrade(&cluster))?;
        Ok(Self { cluster, control })
    }

    /// Returns the path of the kubeconfig with all users.
    pub fn kubeconfig(&self) -> PathBuf {
        lock(&self.cluster).as_ref().map(Cluster::kubeconfig).unwrap_or_default()
    }

    /// Returns a client of the API server with the administrator's permissions.
    pub fn admin(&self) -> Result<Admin> {
        lock(&self.cluster).as_ref().context("the cluster is gone")?.admin()
    }

    /// Returns the environment variables for programs that use the cluster.
    pub fn variables(&self) -> [(&'static str, String); 2] {
        [("KUBECONFIG", self.kubeconfig().display().to_string()), (control::VARIABLE, self.control.to_string())]
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        drop(lock(&self.cluster).take());
    }
}
