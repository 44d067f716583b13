//! `envtest`: a real API server with its etcd, for tests and for trying things out.

mod assets;
mod certificate;
mod cluster;
mod control;
mod daemon;
mod http;
mod user;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use anyhow::Result;

use crate::tools::Missing;
use crate::{Verdict, process};
use assets::Assets;
use cluster::Cluster;

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
    let (stop, stopped) = mpsc::channel();
    ctrlc::set_handler(move || _ = stop.send(()))?;
    let environment = Environment::start()?;
    for (name, value) in environment.variables() {
        println!("export {name}={value}");
    }
    eprintln!("contexts: admin, viewer (reads everything), nobody; ^C ends it");
    stopped.recv()?;
    Ok(Verdict::Good)
}

/// Why no server can be started here.
pub fn missing() -> Option<Missing> {
    (!Assets::is_there() && !process::is_installed_as("go", "version"))
        .then_some(Missing("neither KUBEBUILDER_ASSETS nor Go is there"))
}

/// A cluster that programs can reach and restart; dropped, it is gone.
pub struct Environment {
    cluster: Arc<Mutex<Cluster>>,
    control: SocketAddr,
}

impl Environment {
    /// Starts it.
    pub fn start() -> Result<Self> {
        let cluster = Arc::new(Mutex::new(Cluster::start()?));
        let control = control::serve(Arc::downgrade(&cluster))?;
        Ok(Self { cluster, control })
    }

    /// What tells programs of it.
    pub fn variables(&self) -> [(&'static str, String); 2] {
        let kubeconfig = self.cluster.lock().unwrap_or_else(PoisonError::into_inner).kubeconfig();
        [("KUBECONFIG", kubeconfig.display().to_string()), (control::VARIABLE, self.control.to_string())]
    }
}
