//! Measurement of the ways: one list at a time for CPU time, and four lists at a time with small requests in between
//! for memory and latency.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use crdgen_harness::program::Program;
use serde::Serialize;

use super::load::{Answer, Connection};
use super::way::Way;

/// Numbers of objects and runs.
pub struct Plan {
    pub objects: usize,
    pub many: usize,
    pub runs: usize,
}

/// Result for one way.
#[derive(Debug, Serialize)]
pub struct Measured {
    pub way: &'static str,
    /// CPU time of the service for one list, least of all runs, in milliseconds.
    pub cpu_ms: f64,
    /// Time from the request to the first byte of the list, median of all runs, in milliseconds.
    pub first_byte_ms: f64,
    /// Time from the request to the last byte of the list, least of all runs, in milliseconds.
    pub total_ms: f64,
    /// Length of the list in bytes.
    pub bytes: u64,
    /// Peak memory with one list at a time, in MB.
    pub peak_mb: f64,
    /// Peak memory with four lists at a time, in MB.
    pub peak_mb_of_4: f64,
    /// Peak memory with one long list, in MB; only for ways whose memory must not grow with the list.
    pub peak_mb_of_many: Option<f64>,
    /// Memory before the first list, in MB. For a cache this includes its objects.
    pub idle_mb: f64,
    /// 99th percentile of small requests without other load, in milliseconds.
    pub small_alone_p99_ms: f64,
    /// 99th percentile of small requests while one client requests one list after the other.
    pub small_p99: Patience,
    /// 99th percentile of small requests while four clients request lists. On two processors this is more load than the
    /// clients, the API server and the service can handle at once.
    pub small_p99_of_4: Patience,
}

/// 99th percentile of the time of small requests, in milliseconds.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Patience {
    /// Request for an object of the API server.
    pub one_ms: f64,
    /// Request to a route that does nothing, at the same time. This time is not caused by the way.
    pub nothing_ms: Option<f64>,
}

/// Number of lists that are requested at a time.
const CLIENTS: usize = 4;

struct Running {
    way: Way,
    program: Program,
    cpu: Vec<Duration>,
    answers: Vec<Answer>,
    peak: u64,
    idle: u64,
}

/// Measures every way, in turns.
pub fn all(ways: Vec<Way>, plan: &Plan) -> Result<Vec<Measured>> {
    let mut running = Vec::new();
    for way in ways {
        let program = (way.start)()?;
        let mut running_way = Running { way, program, cpu: Vec::new(), answers: Vec::new(), peak: 0, idle: 0 };
        running_way.warm_up()?;
        running.push(running_way);
    }
    for round in 0..plan.runs {
        for running in &mut running {
            // A request that takes seconds is made only twice.
            if round < 2 || running.cpu[0] < Duration::from_secs(2) {
                running.list(plan, round).with_context(|| running.way.name)?;
            }
        }
    }
    running.into_iter().map(|running| running.finish(plan)).collect()
}

impl Running {
    fn warm_up(&mut self) -> Result<()> {
        self.idle = self.program.resident()?;
        let mut connection = Connection::open(self.program.address)?;
        for _ in 0..5 {
            connection.get(&(self.way.list)("n10")).with_context(|| self.way.name)?;
        }
        self.program.forget_peak()
    }

    /// Requests a list. Every second round uses a new process, because the placement of a process in memory can make it
    /// a third slower for as long as it runs.
    fn list(&mut self, plan: &Plan, round: usize) -> Result<()> {
        if round > 0 && round.is_multiple_of(2) {
            self.program = (self.way.start)()?;
            self.warm_up()?;
        }
        let before = self.program.cpu()?;
        let answer = Connection::open(self.program.address)?.get(&(self.way.list)(&namespace(plan.objects)))?;
        self.cpu.push(self.program.cpu()?.saturating_sub(before));
        self.answers.push(answer);
        self.peak = self.peak.max(self.program.peak()?);
        Ok(())
    }

    fn finish(mut self, plan: &Plan) -> Result<Measured> {
        let name = self.way.name;
        // Before the requests of several clients, whose memory is not returned at once.
        let peak_of_many = if self.way.is_flat { Some(self.many(plan).with_context(|| name)?) } else { None };
        let alone = self.alone().with_context(|| name)?;
        let small_p99 = self.meanwhile(1, plan).with_context(|| name)?;
        self.program.forget_peak()?;
        let small_p99_of_4 = self.meanwhile(CLIENTS, plan).with_context(|| name)?;
        let peak_of_4 = self.program.peak()?;
        let mut first_bytes: Vec<Duration> = self.answers.iter().map(|answer| answer.first_byte).collect();
        first_bytes.sort_unstable();
        Ok(Measured {
            way: name,
            cpu_ms: ms(self.cpu.iter().min().copied().unwrap_or_default()),
            first_byte_ms: ms(first_bytes[first_bytes.len() / 2]),
            total_ms: ms(self.answers.iter().map(|answer| answer.total).min().unwrap_or_default()),
            bytes: self.answers[0].bytes,
            peak_mb: mb(self.peak),
            peak_mb_of_4: mb(peak_of_4),
            peak_mb_of_many: peak_of_many.map(mb),
            idle_mb: mb(self.idle),
            small_alone_p99_ms: ms(alone),
            small_p99,
            small_p99_of_4,
        })
    }

    /// Returns the 99th percentile of small requests without other load.
    fn alone(&self) -> Result<Duration> {
        let (is_over, one, address) = (AtomicBool::new(false), (self.way.one)(SMALL), self.program.address);
        thread::scope(|scope| {
            let small = scope.spawn(|| small_requests(&one, address, &is_over));
            thread::sleep(Duration::from_secs(1));
            is_over.store(true, Ordering::Relaxed);
            small.join().expect("no panic")
        })
    }

    /// Returns the times of small requests while a number of clients request lists.
    fn meanwhile(&self, clients: usize, plan: &Plan) -> Result<Patience> {
        let (address, list) = (self.program.address, (self.way.list)(&namespace(plan.objects)));
        let runs = if self.cpu[0] < Duration::from_secs(2) { plan.runs } else { 1 };
        let lists = |_| {
            let list = list.clone();
            move || (0..runs).try_for_each(|_| Connection::open(address)?.get(&list).map(drop))
        };
        let (is_over, one, nothing) = (AtomicBool::new(false), (self.way.one)(SMALL), self.way.nothing);
        thread::scope(|scope| {
            let small = scope.spawn(|| small_requests(&one, address, &is_over));
            let nothing = nothing.map(|nothing| scope.spawn(|| small_requests(nothing, address, &is_over)));
            let lists: Vec<_> = (0..clients).map(lists).map(|list| scope.spawn(list)).collect();
            let lists: Result<Vec<()>> = lists.into_iter().map(|list| list.join().expect("no panic")).collect();
            is_over.store(true, Ordering::Relaxed);
            let small = small.join().expect("no panic");
            let nothing = nothing.map(|nothing| nothing.join().expect("no panic")).transpose();
            lists?;
            Ok(Patience { one_ms: ms(small?), nothing_ms: nothing?.map(ms) })
        })
    }

    fn many(&mut self, plan: &Plan) -> Result<u64> {
        self.program.forget_peak()?;
        Connection::open(self.program.address)?.get(&(self.way.list)(&namespace(plan.many)))?;
        self.program.peak()
    }
}

/// Name of the object in small requests.
const SMALL: &str = "app-00003-tls";

fn small_requests(path: &str, address: SocketAddr, is_over: &AtomicBool) -> Result<Duration> {
    let mut connection = Connection::open(address)?;
    let mut times = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        times.push(connection.get(path)?.total);
        thread::sleep(Duration::from_millis(2));
    }
    times.sort_unstable();
    Ok(times[(times.len() * 99).div_ceil(100).saturating_sub(1)])
}

/// Returns the namespace with this number of objects.
fn namespace(objects: usize) -> String {
    format!("n{objects}")
}

fn ms(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e5).round() / 100.0
}

fn mb(bytes: u64) -> f64 {
    (bytes as f64 / 1e5).round() / 10.0
}
