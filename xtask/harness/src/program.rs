//! A program that listens, with its CPU time and memory. Linux only, because the figures come from `/proc`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

/// A running program. Dropping the value ends it.
#[derive(Debug)]
pub struct Program {
    child: Child,
    /// Address that the program listens on.
    pub address: SocketAddr,
}

impl Program {
    /// Starts a program. The first line of its output must end with its address, plain or as a URL.
    pub fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("it is piped")).read_line(&mut line)?;
        let address = line.trim().rsplit([' ', '/']).next().unwrap_or_default().parse();
        let address = address.with_context(|| format!("{command:?} says {line:?} where its address should be"));
        address.map(|address| Self { child, address })
    }

    /// Returns a program that was told its address.
    pub fn told(child: Child, address: SocketAddr) -> Self {
        Self { child, address }
    }

    /// Returns the exit status if the program has ended.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Returns the CPU time of all current threads.
    pub fn cpu(&self) -> Result<Duration> {
        let mut nanoseconds = 0;
        for thread in fs::read_dir(self.file("task"))? {
            let statistics = fs::read_to_string(thread?.path().join("schedstat"))?;
            nanoseconds += statistics.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        ensure!(nanoseconds > 0, "this kernel does not count what threads cost");
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Returns the peak memory since [`forget_peak`](Self::forget_peak), in bytes.
    pub fn peak(&self) -> Result<u64> {
        self.memory("VmHWM:")
    }

    /// Returns the current memory, in bytes.
    pub fn resident(&self) -> Result<u64> {
        self.memory("VmRSS:")
    }

    /// Resets the peak memory.
    pub fn forget_peak(&self) -> Result<()> {
        Ok(fs::write(self.file("clear_refs"), "5")?)
    }

    fn memory(&self, field: &str) -> Result<u64> {
        let status = fs::read_to_string(self.file("status"))?;
        let line =
            status.lines().find_map(|line| line.strip_prefix(field)).context("the process has no memory any more")?;
        Ok(line.trim().trim_end_matches("kB").trim().parse::<u64>()? * 1024)
    }

    fn file(&self, name: &str) -> String {
        format!("/proc/{}/{name}", self.child.id())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}
