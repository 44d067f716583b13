//! Measurement of many watches at the same time: memory of the service, and delivery of every event.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};
use crdgen_harness::program::Program;
use serde::Serialize;
use serde_json::Value;

use super::way;

/// Number of objects that are created while all clients watch.
const OBJECTS: usize = 100;

/// Result for the watches.
#[derive(Debug, Serialize)]
pub struct Watched {
    watchers: usize,
    objects: usize,
    /// Number of events: one for each object and watcher.
    events: u64,
    /// Time from the first object to the last event, in milliseconds.
    ms: u64,
    /// Memory of the service before the first watch, in MB.
    idle_mb: f64,
    /// Memory of the service while all clients watch, in MB.
    watched_mb: f64,
    /// Peak memory of the service, in MB.
    peak_mb: f64,
}

/// Starts watches of the generated routes over objects in memory, and measures them.
pub fn watch(watchers: usize) -> Result<Watched> {
    let mut service = way::command("service");
    service.args(["--memory", "--upstream", "http://nobody"]);
    let service = Program::start(service)?;
    let idle = service.resident()?;
    let mut command = way::command("watchers");
    command.args(["--address", &service.address.to_string(), "--watchers", &watchers.to_string()]);
    command.args(["--objects", &OBJECTS.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
    let outcome = play(&service, &mut child);
    if outcome.is_err() {
        _ = child.kill();
    }
    ensure!(child.wait()?.success(), "not every event came to everybody");
    let (watched, said) = outcome?;
    Ok(Watched {
        watchers,
        objects: OBJECTS,
        events: said["events"].as_u64().context("a number of events")?,
        ms: said["ms"].as_u64().context("a time")?,
        idle_mb: mb(idle),
        watched_mb: mb(watched),
        peak_mb: mb(service.peak()?),
    })
}

/// Returns the memory of the service while all clients watch, and the result that the watchers print.
fn play(service: &Program, child: &mut Child) -> Result<(u64, Value)> {
    let mut said = BufReader::new(child.stdout.take().context("it is piped")?).lines();
    let mut line = || said.next().context("the watchers are gone")?.context("text");
    ensure!(line()? == "watching");
    let watched = service.resident()?;
    child.stdin.take().context("it is piped")?.write_all(b"go\n")?;
    Ok((watched, serde_json::from_str(&line()?)?))
}

fn mb(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).round() / 10.0
}

impl fmt::Display for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { watchers, objects, events, ms, idle_mb, watched_mb, peak_mb } = self;
        write!(
            f,
            "{watchers} watchers (server-sent events, generated routes): {events} events of {objects} objects in {ms} ms; \
             MB: {idle_mb} idle, {watched_mb} with everybody there, {peak_mb} at most"
        )
    }
}
