//! `schemathesis`: requests made of the example's OpenAPI document, right and wrong ones and in the order of its links,
//! against the example. Whatever the answers are, the document must have said so.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::envtest::Environment;
use crate::tools::Python;
use crate::{Verdict, process, workspace};

/// Ask the example what its OpenAPI document promises, in memory and on an API server.
#[derive(clap::Args)]
pub struct Args {
    /// Where the example keeps its objects; both when absent
    #[arg(long, value_name = "WHERE")]
    backend: Option<Backend>,
    /// Requests for each operation and phase, instead of those of xtask/clients/schemathesis.toml
    #[arg(long, value_name = "N")]
    max_examples: Option<usize>,
}

/// Where the example keeps its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    Memory,
    ApiServer,
}

impl Backend {
    fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::ApiServer => "api-server",
        }
    }
}

pub fn run(args: &Args) -> Result<Verdict> {
    let python = match Python::schemathesis()? {
        Ok(python) => python,
        Err(missing) => {
            eprintln!("SKIPPED: {}", missing.0);
            return Ok(Verdict::Good);
        }
    };
    process::run(process::cargo().args(["build", "--quiet", "--package", "ci-service", "--bins"]))?;
    let backends = args.backend.map_or(vec![Backend::Memory, Backend::ApiServer], |only| vec![only]);
    let mut verdict = Verdict::Good;
    for backend in backends {
        if ask(backend, args, &python)? == Verdict::Findings {
            verdict = Verdict::Findings;
        }
    }
    Ok(verdict)
}

fn ask(backend: Backend, args: &Args, python: &Python) -> Result<Verdict> {
    let environment = match backend {
        Backend::Memory => None,
        Backend::ApiServer => Some(Environment::start()?),
    };
    if let Some(environment) = &environment {
        install(&environment.kubeconfig())?;
    }
    let service = Service::start(environment.as_ref().map(Environment::kubeconfig).as_deref())?;
    let mut command = Command::new(python.programs().join("schemathesis"));
    let config = workspace::root().join("xtask/clients/schemathesis.toml");
    command.arg("--config-file").arg(config).arg("run").arg(workspace::root().join("examples/ci-service/openapi.json"));
    command.args(["--url", &service.address, "--header", "Authorization: Bearer ada-secret", "--no-color"]);
    // A watch ends when its caller goes, and a reader of whole answers stays.
    command.args(["--exclude-path-regex", "/watch/"]);
    if let Some(count) = args.max_examples {
        command.args(["--max-examples", &count.to_string()]);
    }
    // Examples of failed requests lie beside the report.
    let folder = workspace::scratch("schemathesis");
    fs::create_dir_all(&folder)?;
    let output = process::capture(command.current_dir(&folder))?;
    let text = process::text(&output);
    let report = folder.join(format!("{}.txt", backend.name()));
    workspace::write(&report, &text)?;
    println!("schemathesis on {}: {}\n{}", backend.name(), report.display(), summary(&text));
    match output.status.code() {
        Some(0) => Ok(Verdict::Good),
        Some(1) => Ok(Verdict::Findings),
        _ => bail!("schemathesis: {}\n{text}", output.status),
    }
}

/// The failures and the figures at the end of a report.
fn summary(report: &str) -> &str {
    let begins = report.find("= FAILURES =").or_else(|| report.find("= SUMMARY ="));
    let line = |at: usize| report[..at].rfind('\n').map_or(0, |end| end + 1);
    begins.map_or(report, |at| &report[line(at)..])
}

/// Has the API server take the example's kinds, which is what the example's own session begins with.
fn install(kubeconfig: &Path) -> Result<()> {
    let session = ["test", "--quiet", "--package", "ci-service", "--test", "session", "objects_are_created"];
    process::run(process::cargo().args(session).env("CI_SERVICE_KUBECONFIG", kubeconfig))
}

/// The example as a process, on a free port; dropped, it ends.
struct Service {
    process: Child,
    address: String,
}

impl Service {
    fn start(kubeconfig: Option<&Path>) -> Result<Self> {
        let program: PathBuf =
            workspace::target().join("debug").join(format!("ci-service{}", std::env::consts::EXE_SUFFIX));
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--tokens"]);
        command.arg(workspace::root().join("examples/ci-service/tokens.example"));
        if let Some(kubeconfig) = kubeconfig {
            command.arg("--kubeconfig").arg(kubeconfig);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().context("cannot start ci-service")?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().context("stdout is piped")?).read_line(&mut line)?;
        let address = line.trim().rsplit(' ').next().unwrap_or_default().to_owned();
        if !address.starts_with("http://") {
            bail!("ci-service does not say where it listens");
        }
        Ok(Self { process, address })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
