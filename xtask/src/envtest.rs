//! `envtest`: a real API server with its etcd, for tests and for trying things out.

mod assets;
mod certificate;
mod cluster;
mod control;
mod daemon;
mod http;
mod user;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context, Result};

use crate::tools::Missing;
use crate::{Verdict, go};
use assets::Assets;
use cluster::Cluster;
pub use http::Admin;

/// Exit code of what is told to end, as shells have it.
const INTERRUPTED: i32 = 130;

/// Run an API server with its etcd until ^C, and print how to reach it.
///
/// The programs are those of KUBEBUILDER_ASSETS, else they are built with Go.
#[derive(clap::Args)]
pub struct Args {
    /// Build the programs and start nothing.
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

/// Why no server can be started here.
pub fn missing() -> Option<Missing> {
    (!Assets::is_there() && go::missing().is_some()).then_some(Missing("neither KUBEBUILDER_ASSETS nor Go is there"))
}

/// A cluster that programs can reach and restart; dropped, it is gone. So it is when this process is told to end.
pub struct Environment {
    cluster: Arc<Mutex<Option<Cluster>>>,
    control: SocketAddr,
}

impl Environment {
    /// Starts it.
    pub fn start() -> Result<Self> {
        let cluster = Arc::new(Mutex::new(None));
        let doomed = Arc::clone(&cluster);
        ctrlc::set_handler(move || {
            drop(lock(&doomed).take());
            std::process::exit(INTERRUPTED);
        })?;
        // Held meanwhile: who is told to end while it starts ends what was started.
        let mut starting = lock(&cluster);
        *starting = Some(Cluster::start()?);
        drop(starting);
        let control = control::serve(Arc::downgrade(&cluster))?;
        Ok(Self { cluster, control })
    }

    /// The kubeconfig of its users.
    pub fn kubeconfig(&self) -> PathBuf {
        lock(&self.cluster).as_ref().map(Cluster::kubeconfig).unwrap_or_default()
    }

    /// A client of the API server, as its administrator.
    pub fn admin(&self) -> Result<Admin> {
        lock(&self.cluster).as_ref().context("the cluster is gone")?.admin()
    }

    /// What tells programs of it.
    pub fn variables(&self) -> [(&'static str, String); 2] {
        [("KUBECONFIG", self.kubeconfig().display().to_string()), (control::VARIABLE, self.control.to_string())]
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        drop(lock(&self.cluster).take());
    }
}

fn lock(cluster: &Mutex<Option<Cluster>>) -> MutexGuard<'_, Option<Cluster>> {
    // What panicked elsewhere does not keep the cluster from being ended.
    cluster.lock().unwrap_or_else(PoisonError::into_inner)
}
