//! The attacked service: the example's program, started within limits for one attack.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use crdgen_harness::program::Program;
use crdgen_harness::workspace;

use super::caller::TOKENS;
use super::limit::{Group, Limit};
use super::route::Route;
use super::wire::{Connection, Request};

/// Settings that all targets have in common.
pub struct Range {
    pub program: PathBuf,
    pub limit: Limit,
    /// Kubeconfig of the API server that keeps the objects; `None` for the memory backend.
    pub kubeconfig: Option<PathBuf>,
    folder: PathBuf,
}

/// Conditions that an attack asks for.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// Maximum number of file descriptors of the service.
    pub descriptors: Option<u32>,
    /// Certificate and key files to serve TLS with.
    pub tls: Option<(PathBuf, PathBuf)>,
}

/// A running service. It ends when this value is dropped.
pub struct Target {
    // Dropped before its group, because a group with a process cannot be removed.
    program: Program,
    _group: Option<Group>,
    pub address: SocketAddr,
    log: PathBuf,
}

impl Range {
    pub fn new(program: PathBuf, limit: Limit, kubeconfig: Option<PathBuf>) -> Result<Self> {
        let folder = workspace::scratch("attack");
        workspace::write(&folder.join("tokens"), TOKENS)?;
        Ok(Self { program, limit, kubeconfig, folder })
    }

    /// Starts a service. Its log goes to a file named after the attack.
    pub fn start(&self, name: &str, conditions: &Conditions) -> Result<Target> {
        let (mut command, group) = self.limit.command(&self.program, conditions.descriptors)?;
        command.args(["--listen", "127.0.0.1:0", "--tokens"]).arg(self.folder.join("tokens"));
        if let Some(kubeconfig) = &self.kubeconfig {
            command.arg("--kubeconfig").arg(kubeconfig);
        }
        if let Some((certificate, key)) = &conditions.tls {
            command.arg("--tls-certificate").arg(certificate).arg("--tls-key").arg(key);
        }
        let log = self.folder.join(format!("{name}.log"));
        logging_to(&mut command, &log)?;
        let program = Program::start(command).with_context(|| format!("see {}", log.display()))?;
        let address = program.address;
        Ok(Target { program, _group: group, address, log })
    }

    /// Returns the folder for an attack's own files.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

fn logging_to(command: &mut Command, log: &Path) -> Result<()> {
    let file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    command.stderr(file);
    Ok(())
}

impl Target {
    /// Returns the reason why the service does not serve, if it does not: the process ended, or `/readyz`
    /// does not answer on a new connection.
    pub fn failure(&mut self) -> Result<Option<String>> {
        if let Some(status) = self.program.ended()? {
            return Ok(Some(format!("the process ended: {status}{}", self.last_words())));
        }
        let connection = Connection::open(Route::of_neighbour(self.address), PATIENCE);
        let ready = connection.and_then(|mut open| open.ask(&Request::get("/readyz")));
        Ok(match ready {
            Ok(answer) if answer.status == 200 => None,
            Ok(answer) => Some(format!("/readyz answers {}", answer.status)),
            Err(error) => Some(format!("/readyz: {error:#}")),
        })
    }

    /// Returns the processor time of the service so far.
    pub fn cpu(&self) -> Result<Duration> {
        self.program.cpu()
    }

    /// Resets the peak of memory.
    pub fn forget_peak(&self) -> Result<()> {
        self.program.forget_peak()
    }

    /// Returns the peak of memory since the last reset, in bytes.
    pub fn peak(&self) -> Result<u64> {
        self.program.peak()
    }

    /// Returns the present memory, in bytes.
    pub fn resident(&self) -> Result<u64> {
        self.program.resident()
    }

    /// Returns the last line of the log that reports a panic or a stack overflow.
    fn last_words(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let last = log.lines().rev().find(|line| line.contains("panicked") || line.contains("overflow"));
        last.map(|line| format!(" ({})", line.trim())).unwrap_or_default()
    }
}

/// Maximum wait for `/readyz`.
const PATIENCE: Duration = Duration::from_secs(5);
