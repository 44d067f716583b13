//! A caller that makes small requests during an attack: twenty a second, on a connection of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use super::route::Route;
use super::wire::{Connection, Request};

/// Namespace of the neighbour's object.
pub const PEACE: &str = "peace";
use crate::envtest::Admin;

/// Time between two requests.
const PACE: Duration = Duration::from_millis(50);
/// Maximum wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A caller under way, on a thread of its own.
pub struct Neighbour {
    is_over: Arc<AtomicBool>,
    calls: JoinHandle<Calls>,
}

/// Times and failures of the requests that were made.
#[derive(Debug, Default)]
pub struct Calls {
    times: Vec<Duration>,
    /// Descriptions of the requests without an answer of status 200.
    pub failures: Vec<String>,
}

impl Neighbour {
    /// Starts to send `request` to a service over HTTP/1.1, on a connection that is kept.
    pub fn of(address: SocketAddr, request: Request) -> Result<Self> {
        let route = Route::of_neighbour(address);
        let connect = move || Connection::open(route, PATIENCE);
        Self::begin(connect()?, connect, move |connection| {
            let answer = connection.ask(&request)?;
            ensure!(answer.status == 200, "{}: {}", answer.status, answer.text());
            Ok(())
        })
    }

    /// Starts to read `path` from an API server.
    pub fn of_server(admin: Admin, path: String) -> Result<Self> {
        Self::begin(admin.clone(), move || Ok(admin.clone()), move |admin| admin.get(&path))
    }

    fn begin<C: Send + 'static>(
        connection: C,
        connect: impl Fn() -> Result<C> + Send + 'static,
        ask: impl Fn(&mut C) -> Result<()> + Send + 'static,
    ) -> Result<Self> {
        let is_over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&is_over);
        let calls = thread::spawn(move || Calls::make(connection, connect, ask, &seen));
        Ok(Self { is_over, calls })
    }

    /// Stops, and returns the requests that were made.
    pub fn hang_up(self) -> Result<Calls> {
        self.is_over.store(true, Ordering::Relaxed);
        match self.calls.join() {
            Ok(calls) => Ok(calls),
            Err(_) => bail!("the neighbour panicked"),
        }
    }
}

impl Calls {
    fn make<C>(
        connection: C,
        connect: impl Fn() -> Result<C>,
        ask: impl Fn(&mut C) -> Result<()>,
        is_over: &AtomicBool,
    ) -> Self {
        let mut calls = Self::default();
        let mut kept = Some(connection);
        let mut due = Instant::now();
        while !is_over.load(Ordering::Relaxed) {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let connection = kept.take().map_or_else(&connect, Ok);
            match connection.and_then(|mut connection| ask(&mut connection).map(|()| connection)) {
                Ok(connection) => kept = Some(connection),
                Err(error) => calls.failures.push(format!("{error:#}")),
            }
            // Time counts from the moment at which the request was due. A late answer delays the next
            // requests, which would otherwise look quick.
            calls.times.push(due.elapsed());
            due += PACE;
        }
        calls
    }

    /// Returns the time within which 99 % of the requests were answered.
    pub fn p99(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get((times.len() * 99).div_ceil(100).saturating_sub(1)).copied().unwrap_or_default()
    }

    pub fn count(&self) -> usize {
        self.times.len()
    }
}

#[cfg(test)]
impl Calls {
    /// Returns calls that took these times.
    pub fn of(times: &[Duration]) -> Self {
        Self { times: times.to_vec(), failures: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_a_hundred_may_be_late() {
        let mut times = vec![Duration::from_millis(1); 99];
        times.push(Duration::from_secs(1));
        assert_eq!(Calls::of(&times).p99(), Duration::from_millis(1));
        times.push(Duration::from_secs(1));
        assert_eq!(Calls::of(&times).p99(), Duration::from_secs(1));
        assert_eq!(Calls::default().p99(), Duration::ZERO);
    }
}
