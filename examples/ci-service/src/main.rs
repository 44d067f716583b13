//! Command line of the service: `ci-service --tokens tokens.example`, with `--kubeconfig` or `--in-cluster` to keep
//! objects on an API server.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use ci_service::service::Service;
use ci_service::{demo, web};
use clap::Parser;
use crdgen_runtime::backend::KubeBackend;
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::client::Client;
use crdgen_runtime::server::health::Health;
use crdgen_runtime::server::metrics::Metrics;
use crdgen_runtime::server::serve::{self, Access, Server, Timeouts, Tls};
use kube::config::{KubeConfigOptions, Kubeconfig};

/// A small CI service. Keeps its objects in memory, or on an API server that has the CRDs.
#[derive(Parser)]
struct Args {
    /// Address to listen on; port 0 means any free port.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Address that alone serves `/healthz`, `/readyz` and `/metrics`, in plain HTTP.
    #[arg(long, value_name = "ADDRESS")]
    management: Option<SocketAddr>,
    /// File of callers, one per line: token, name, and `viewer`, `developer` or `operator`.
    #[arg(long, value_name = "FILE")]
    tokens: PathBuf,
    /// Kubeconfig of the API server that keeps the objects; requests are made as its user.
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig; the current context by default.
    #[arg(long, value_name = "NAME", requires = "kubeconfig")]
    context: Option<String>,
    /// Keep objects on the API server of the cluster that this pod runs in; requests are made as its service account.
    #[arg(long, conflicts_with = "kubeconfig")]
    in_cluster: bool,
    /// Start with a few projects and runs, and update the runs without an operator.
    #[arg(long, conflicts_with_all = ["kubeconfig", "in_cluster"])]
    demo: bool,
    /// Time between SIGTERM and the end of accepting connections, in which `/readyz` fails.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    shutdown_delay: u64,
    /// TLS certificate chain in PEM; read again when the file changes.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// Key of the certificate, in PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    serve::runtime()?.block_on(run(Args::parse()))
}

async fn run(args: Args) -> anyhow::Result<()> {
    let file = args.tokens.display();
    let tokens = fs::read_to_string(&args.tokens).with_context(|| format!("cannot read {file}"))?;
    let tokens = tokens.parse().with_context(|| file.to_string())?;
    // The code below does not depend on the backend.
    let routes = match &args.kubeconfig {
        Some(file) => Service::new(api_server(user(file, args.context).await?)?, tokens).router(),
        None if args.in_cluster => Service::new(api_server(kube::Config::incluster()?)?, tokens).router(),
        None => Service::new(in_memory(args.demo).await?, tokens).router(),
    };

    // `AuthorizedByService`: the token file defines the callers, and `Caller::may` checks each request.
    let mut server = Server::new(routes.merge(web::routes()))
        .bind(args.listen)
        .access(Access::AuthorizedByService)
        .health(Health::new())
        .timeouts(Timeouts { shutdown_delay: Duration::from_secs(args.shutdown_delay), ..Timeouts::default() })
        .metrics(&Metrics::new());
    if let Some(address) = args.management {
        server = server.management(address);
    }
    let mut scheme = "http";
    if let (Some(certificate), Some(key)) = (args.tls_certificate, args.tls_key) {
        server = server.tls(Tls::files(certificate, key));
        scheme = "https";
    }
    let running = server.start().await?;
    let address = running.addresses()[0];
    // Handles signals before the line is printed, because its reader may send one.
    let end = running.serve_until_signal();
    println!("listening on {scheme}://{address}");
    end.await;
    Ok(())
}

/// Returns a backend whose objects are lost when the program ends.
async fn in_memory(with_demo: bool) -> anyhow::Result<MemoryBackend> {
    let store = MemoryBackend::new();
    if with_demo {
        demo::fill(&store).await.context("filling the demo")?;
        tokio::spawn(demo::operate(store.clone()));
    }
    Ok(store)
}

/// Returns a backend whose objects are kept by an API server.
fn api_server(config: kube::Config) -> anyhow::Result<KubeBackend> {
    Ok(KubeBackend::new(Client::from_config(config)?))
}

/// Returns the config of the user that a context of the kubeconfig names.
async fn user(kubeconfig: &Path, context: Option<String>) -> anyhow::Result<kube::Config> {
    let options = KubeConfigOptions { context, ..KubeConfigOptions::default() };
    Ok(kube::Config::from_custom_kubeconfig(Kubeconfig::read_from(kubeconfig)?, &options).await?)
}
