//! Many who watch at once: what the service needs for them, and that all are told of everything.

use std::fmt;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Serialize;
use serde_json::Value;

use super::way;
use crate::program::Program;

/// How many objects are made while everybody watches.
const OBJECTS: usize = 100;

/// What watchers cost.
#[derive(Debug, Serialize)]
pub struct Watched {
    watchers: usize,
    objects: usize,
    /// Events that came: one of every object to every watcher.
    events: u64,
    /// From the first object to the last event, in milliseconds.
    ms: u64,
    /// Memory of the service before anybody watches, in MB.
    idle_mb: f64,
    /// Once everybody does.
    watched_mb: f64,
    /// At most.
    peak_mb: f64,
}

/// Has so many watch the generated routes over objects in memory.
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

/// The memory when everybody watches, and what the watchers say at the end.
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
