//! Watches: many watches of one change, more watches than allowed, and watchers that stop reading.

use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::caller::Caller;
use super::entry::Attack;
use super::route::Route;
use super::siege::{Expected, Siege};
use super::wire::{Connection, MERGE, Request};
use super::{http2, objects};

pub const ATTACKS: &[Attack] = &[
    Attack::new("watchers-of-a-large-change", "a change is written once, however many watch", watchers),
    Attack::new("watches-without-end", "a caller has no more watches than are good for others (429)", endless),
    Attack::new("watchers-that-stop", "events that nobody reads take no more memory than there is", stopped),
];

/// Size of the object that changes, in bytes.
const LARGE: usize = 1_200_000;

/// Creates the object. Returns the path of a watch that starts at its resourceVersion.
fn large(siege: &mut Siege) -> Result<String> {
    let value = objects::list_of(LARGE / 5, "1234");
    let create = Request::post(siege.collection("pipelines"), objects::pipeline_with("large", &value));
    let created = siege.ready(&create.by(Caller::Developer))?.json();
    let version = created["metadata"]["resourceVersion"].as_str().context("the object has no version")?;
    let namespace = &siege.namespace;
    Ok(format!("{}/watch/namespaces/{namespace}/pipelines?resourceVersion={version}", objects::GROUP))
}

fn watch(path: &str) -> Request {
    Request::get(path).by(Caller::Viewer).with("accept", "application/x-ndjson")
}

fn change(siege: &Siege, index: usize) -> Request {
    let label = format!(r#"{{"metadata":{{"labels":{{"turn":"t{index}"}}}}}}"#);
    Request::patch(MERGE, siege.object("pipelines", "large"), label).by(Caller::Developer)
}

fn watchers(siege: &mut Siege) -> Result<()> {
    let watch = watch(&large(siege)?);
    let count = siege.pick(40, 600);
    let patience = siege.patience() + Duration::from_secs(10);
    let told = http2::block_on(async {
        let mut readers = Vec::new();
        let mut refused = 0;
        for _ in 0..count {
            siege.requests += 1;
            match open(siege.route, &watch).await? {
                (200, stream) => readers.push(tokio::spawn(read(stream, Instant::now() + patience))),
                (429, _) => refused += 1,
                (status, _) => siege.wrong(format!("a watch: {status}")),
            }
        }
        let open = readers.len();
        siege.check(open + refused > 0 && open > 0, || "no watch was begun".to_owned());
        let before = siege.target.cpu()?;
        siege.expect("the change", &change(siege, 0), Expected::Answer);
        let mut told = 0;
        for reader in readers {
            told += usize::from(reader.await? >= LARGE);
        }
        let cpu = siege.target.cpu()?.saturating_sub(before);
        siege.check(told == open, || format!("{told} of {open} watchers were told of the change"));
        Ok((open, cpu))
    });
    let (open, cpu) = told?;
    // Each watcher is sent the event, and the kernel alone takes about a millisecond for that.
    let most = Duration::from_millis(500) + Duration::from_millis(siege.pick(25, 4)) * u32::try_from(open)?;
    siege.check(cpu <= most, || format!("a change cost {cpu:.1?} on a processor for {open} watchers"));
    Ok(())
}

/// Starts a watch. Returns the status of the answer and the connection.
async fn open(route: Route, request: &Request) -> Result<(u16, TcpStream)> {
    let mut stream = route.connect_async(Duration::from_secs(5))?;
    stream.write_all(&request.bytes()).await?;
    let mut head = [0; 4096];
    let length = stream.read(&mut head).await?;
    let head = String::from_utf8_lossy(&head[..length]);
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.with_context(|| format!("{head:?} is no answer"))?, stream))
}

/// Reads a whole event. Returns the number of bytes.
async fn read(mut stream: TcpStream, until: Instant) -> usize {
    let (mut bytes, mut chunk) = (0, vec![0; 256 << 10]);
    while bytes < LARGE {
        match timeout_at(until, stream.read(&mut chunk)).await {
            Ok(Ok(read)) if read > 0 => bytes += read,
            _ => break,
        }
    }
    bytes
}

fn endless(siege: &mut Siege) -> Result<()> {
    siege.pipeline("small")?;
    let path = format!("{}/watch/namespaces/{}/pipelines", objects::GROUP, siege.namespace);
    let route = siege.route;
    http2::block_on(async {
        let mut connections = Vec::new();
        let mut is_refused = false;
        while !is_refused && connections.len() < 30 {
            let mut connection = http2::Connection::open(route, 64 << 10).await?;
            for _ in 0..100 {
                siege.requests += 1;
                is_refused = connection.head(&watch(&path)).await? == 429;
                if is_refused {
                    break;
                }
            }
            connections.push(connection);
        }
        siege.check(is_refused, || format!("{} watches of one caller were begun", connections.len() * 100));
        let other = Request::get(&path).by(Caller::Operator);
        let answer = Connection::open(route.of_newcomer(), siege.patience()).and_then(|mut connection| {
            connection.send(&other.bytes())?;
            connection.receive_head()
        });
        siege.judge("a watch of another caller", answer, Expected::Status(&[200]));
        Ok(())
    })
}

fn stopped(siege: &mut Siege) -> Result<()> {
    let watch = watch(&large(siege)?).bytes();
    let mut connections = Vec::new();
    for _ in 0..siege.pick(40, 200) {
        siege.requests += 1;
        let mut connection = siege.connect()?;
        connection.send(&watch)?;
        connections.push(connection);
    }
    for index in 0..siege.pick(4, 30) {
        siege.expect("a change", &change(siege, index), Expected::AnswerOrNoRoom);
        thread::sleep(Duration::from_millis(50));
    }
    thread::sleep(Duration::from_secs(1));
    Ok(())
}
