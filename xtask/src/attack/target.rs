//! The attacked service: the example's program, started within limits for one attack.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::caller::TOKENS;
use super::limit::{Group, Limit};
use super::route::Route;
use super::wire::{Connection, Request};
use crate::program::Program;
use crate::workspace;

/// Everything that targets have in common.
pub struct Range {
    pub program: PathBuf,
    pub limit: Limit,
    /// API server to keep objects on; memory when there is none.
    pub kubeconfig: Option<PathBuf>,
    folder: PathBuf,
}

/// Conditions that an attack asks for.
#[derive(Clone, Debug, Default)]
pub struct Conditions {
    /// Most descriptors that the service may have.
    pub descriptors: Option<u32>,
    /// Certificate and key to serve TLS with.
    pub tls: Option<(PathBuf, PathBuf)>,
}

/// A service that runs. It ends with this value.
pub struct Target {
    // Dropped before its group: a group with a process stays.
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

    /// Starts a service; what it logs goes to a file named after the attack.
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

    /// A folder for an attack's own files.
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
    /// Says why the service does not serve, if so: it ended, or has no answer to `/readyz` on a new connection.
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

    /// Time on a processor so far.
    pub fn cpu(&self) -> Result<Duration> {
        self.program.cpu()
    }

    /// Begins to look for the peak of memory anew.
    pub fn forget_peak(&self) -> Result<()> {
        self.program.forget_peak()
    }

    /// The most memory since, in bytes.
    pub fn peak(&self) -> Result<u64> {
        self.program.peak()
    }

    /// Memory now, in bytes.
    pub fn resident(&self) -> Result<u64> {
        self.program.resident()
    }

    /// The end of its log, where a panic or a full stack is told of.
    fn last_words(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let last = log.lines().rev().find(|line| line.contains("panicked") || line.contains("overflow"));
        last.map(|line| format!(" ({})", line.trim())).unwrap_or_default()
    }
}

/// How long `/readyz` is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
