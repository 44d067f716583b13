//! `schemathesis`: requests made from the example's OpenAPI document, valid and invalid ones and in the order of its
//! links, sent to the example. Every response must conform to the document.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use crdgen_harness::tools::Python;
use crdgen_harness::{Verdict, process, workspace};

use crate::envtest::Environment;

/// Test the example against its OpenAPI document, in memory and on an API server.
#[derive(clap::Args)]
pub struct Args {
    /// Storage of the example; both when absent
    #[arg(long, value_name = "WHERE")]
    backend: Option<Backend>,
    /// Number of requests for each operation and phase, instead of that in xtask/clients/schemathesis.toml
    #[arg(long, value_name = "N")]
    max_examples: Option<usize>,
}

/// Storage of the example's objects.
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
    let _alone = workspace::exclusive("schemathesis-reports")?;
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
    let mut verdict = Verdict::Good;
    for round in ROUNDS {
        let name = format!("{}-{}", backend.name(), round.name);
        match play(round, &name, &service.address, args, python)? {
            Verdict::Good => {}
            Verdict::Findings => verdict = Verdict::Findings,
        }
    }
    Ok(verdict)
}

/// A run of schemathesis.
struct Round {
    name: &'static str,
    /// Paths that are left out. A watch ends only when the client closes it, and schemathesis reads whole responses.
    without: &'static str,
    phases: &'static str,
}

const ROUNDS: [Round; 2] = [
    Round { name: "all", without: "/watch/", phases: "examples,coverage,fuzzing,stateful" },
    // Links are followed from creations without parameters if there are any, so the cluster-scoped kind is left out.
    Round { name: "namespaced", without: "/watch/|/runners", phases: "stateful" },
];

fn play(round: Round, name: &str, address: &str, args: &Args, python: &Python) -> Result<Verdict> {
    let files = workspace::root().join("xtask/clients");
    let mut command = Command::new(python.programs().join("schemathesis"));
    command.env("SCHEMATHESIS_HOOKS", files.join("schemathesis_hooks.py"));
    command.arg("--config-file").arg(files.join("schemathesis.toml"));
    command.arg("run").arg(workspace::root().join("examples/ci-service/openapi.json"));
    command.args(["--url", address, "--no-color"]);
    command.args(["--exclude-path-regex", round.without, "--phases", round.phases]);
    if let Some(count) = args.max_examples {
        command.args(["--max-examples", &count.to_string()]);
    }
    // Examples of failed requests are stored beside the report. Those of earlier runs must not be sent again.
    let folder = workspace::scratch("schemathesis").join("reports").join(name);
    workspace::empty(&folder)?;
    let output = process::capture(command.current_dir(&folder))?;
    let text = process::text(&output);
    let report = folder.join("report.txt");
    workspace::write(&report, &text)?;
    println!("schemathesis, {name}, as kept in {}:\n", report.display());
    text.lines().for_each(|line| println!("{}", shortened(line)));
    match output.status.code() {
        Some(0) => Ok(Verdict::Good),
        Some(1) => Ok(Verdict::Findings),
        _ => bail!("schemathesis: {}", output.status),
    }
}

/// Shortens a line. A response body of megabytes is a single line.
fn shortened(line: &str) -> &str {
    line.char_indices().nth(400).map_or(line, |(end, _)| &line[..end])
}

/// Installs the example's kinds on the API server by running one of the example's session tests.
fn install(kubeconfig: &Path) -> Result<()> {
    let session = ["test", "--quiet", "--package", "ci-service", "--test", "session", "objects_are_created"];
    process::run(process::cargo().args(session).env("CI_SERVICE_KUBECONFIG", kubeconfig))
}

/// The example as a process on a free port. Dropping the value ends it.
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
