//! The service as a program: `ci-service --tokens tokens.example`, with `--kubeconfig` on an API server.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context;
use ci_service::service::Service;
use ci_service::{demo, web};
use clap::Parser;
use crdgen_runtime::backend::KubeBackend;
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::client::Client;
use crdgen_runtime::server::health::Health;
use crdgen_runtime::server::metrics::Metrics;
use crdgen_runtime::server::serve::{self, Access, Server, Tls};
use kube::config::{KubeConfigOptions, Kubeconfig};

/// A small CI service. Its objects are kept in memory, or by an API server that has the CRDs.
#[derive(Parser)]
struct Args {
    /// Address to listen on; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Answer `/healthz`, `/readyz` and `/metrics` at this address only, in plain HTTP.
    #[arg(long, value_name = "ADDRESS")]
    management: Option<SocketAddr>,
    /// File of callers, one a line: token, name, and `viewer`, `developer` or `operator`.
    #[arg(long, value_name = "FILE")]
    tokens: PathBuf,
    /// Keep objects on the API server that this file names, as its user.
    #[arg(long, value_name = "FILE")]
    kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig, when it is not the current one.
    #[arg(long, value_name = "NAME", requires = "kubeconfig")]
    context: Option<String>,
    /// Begin with a few projects and runs, and let runs go on without an operator.
    #[arg(long, conflicts_with = "kubeconfig")]
    demo: bool,
    /// Certificate chain to serve TLS with, in PEM; it is read again when it changes.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// The certificate's key, in PEM.
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
    // From here on nobody knows where objects are kept.
    let routes = match &args.kubeconfig {
        None => Service::new(in_memory(args.demo).await?, tokens).router(),
        Some(file) => Service::new(api_server(file, args.context).await?, tokens).router(),
    };

    // `Checked`: the token file says who may call, and `Caller::may` what they may.
    let mut server = Server::new(routes.merge(web::routes()))
        .bind(args.listen)
        .access(Access::Checked)
        .health(Health::new())
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
    // From here on signals are listened to: whoever reads the line may send one.
    let end = running.until_asked();
    println!("listening on {scheme}://{address}");
    end.await;
    Ok(())
}

/// Objects that end with the program.
async fn in_memory(with_demo: bool) -> anyhow::Result<MemoryBackend> {
    let store = MemoryBackend::new();
    if with_demo {
        demo::fill(&store).await.context("filling the demo")?;
        tokio::spawn(demo::operate(store.clone()));
    }
    Ok(store)
}

/// The objects that an API server keeps.
async fn api_server(kubeconfig: &Path, context: Option<String>) -> anyhow::Result<KubeBackend> {
    let options = KubeConfigOptions { context, ..KubeConfigOptions::default() };
    let config = kube::Config::from_custom_kubeconfig(Kubeconfig::read_from(kubeconfig)?, &options).await?;
    Ok(KubeBackend::new(Client::from_config(config)?))
}
