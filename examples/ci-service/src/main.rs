//! The service as a program: `ci-service --tokens tokens.example`.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context;
use ci_service::service::Service;
use clap::Parser;
use tokio::net::TcpListener;

/// A small CI service. Its objects are kept in memory.
#[derive(Parser)]
struct Args {
    /// Address to listen on; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// File of callers, one a line: token, name, and `viewer`, `developer` or `operator`.
    #[arg(long, value_name = "FILE")]
    tokens: PathBuf,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let file = args.tokens.display();
    let tokens = fs::read_to_string(&args.tokens).with_context(|| format!("cannot read {file}"))?;
    let service = Service::new(tokens.parse().with_context(|| file.to_string())?);
    let listener = TcpListener::bind(args.listen).await.with_context(|| format!("cannot listen on {}", args.listen))?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, service.router()).with_graceful_shutdown(shutdown()).await?;
    Ok(())
}

/// Ends when the process is asked to; requests under way are answered.
async fn shutdown() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            },
            Err(_) => drop(interrupt.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupt.await);
}
