//! Clients that watch the generated routes: many connections of server-sent events at a time. Objects are created once
//! all connections watch, and each connection must get an event for every object.
//!
//! The program prints a line when all connections watch, creates the objects after a line on standard input, and ends
//! with one line of JSON: the number of events and the time they took. It fails unless every watcher gets every event.

use std::io::BufRead;
use std::net::SocketAddr;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use crdgen_bench_service::certificates;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

#[derive(Parser)]
struct Args {
    /// Address of the routes.
    #[arg(long)]
    address: SocketAddr,
    /// Number of connections that watch.
    #[arg(long)]
    watchers: usize,
    /// Number of objects to create.
    #[arg(long)]
    objects: usize,
}

const GROUP: &str = "/apis/cert-manager.io/v1";

#[tokio::main]
async fn main() -> Result<()> {
    let Args { address, watchers, objects } = Args::parse();
    let (told, mut telling) = mpsc::channel(1024);
    let mut watching = Vec::new();
    for _ in 0..watchers {
        watching.push(tokio::spawn(watch(address, objects, told.clone())));
    }
    for _ in 0..watchers {
        telling.recv().await.context("a watcher that watches")?;
    }
    println!("watching");
    std::io::stdin().lock().read_line(&mut String::new())?;
    let start = Instant::now();
    for index in 0..objects {
        create(address, index).await?;
    }
    let mut events = 0;
    for watcher in watching {
        events += watcher.await??;
    }
    let ms = start.elapsed().as_millis();
    ensure!(events == watchers * objects, "{events} events came to {watchers} watchers of {objects} objects");
    println!("{}", json!({ "events": events, "ms": ms }));
    Ok(())
}

/// Watches until there was an event for every object, once and in order. Sends to `told` when the initial objects have
/// been sent.
async fn watch(address: SocketAddr, objects: usize, told: mpsc::Sender<()>) -> Result<usize> {
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    let request =
        format!("GET {GROUP}/watch/certificates HTTP/1.1\r\nhost: bench\r\naccept: text/event-stream\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let (mut seen, mut line) = (0, String::new());
    while seen < objects {
        line.clear();
        ensure!(stream.read_line(&mut line).await? > 0, "the watch ended after {seen} events");
        let Some(data) = line.strip_prefix("data: ") else { continue };
        // The rest of the object is not needed to count the event.
        if data.starts_with(r#"{"type":"SYNCED""#) {
            told.send(()).await?;
        } else if data.starts_with(r#"{"type":"ADDED""#) {
            ensure!(data.contains(&format!("\"name\":\"{}\"", certificates::name(seen))), "out of turn: {seen}");
            seen += 1;
        }
    }
    Ok(seen)
}

async fn create(address: SocketAddr, index: usize) -> Result<()> {
    let mut object = certificates::certificate(index);
    let metadata = object["metadata"].as_object_mut().context("metadata")?;
    metadata.retain(|field, _| ["name", "labels", "annotations"].contains(&field.as_str()));
    let body = object.to_string();
    let head = format!(
        "POST {GROUP}/namespaces/bench/certificates HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    ensure!(answer.starts_with("HTTP/1.1 201"), "{}", answer.lines().next().unwrap_or_default());
    Ok(())
}
