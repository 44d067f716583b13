//! `newcomer`: the first steps of a user. In a folder outside of the workspace crdgen is installed from its package, and a
//! project is made with `crdgen new`, built from the packages, tested, started and called.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use crdgen_harness::program::Program;
use crdgen_harness::tools::{Missing, Web};
use crdgen_harness::{Verdict, process, workspace};
use serde_json::{Value, json};

use crate::package;

/// Install crdgen from its package outside of the workspace, make a project, and build, test and call it.
#[derive(clap::Args)]
pub struct Args {
    /// Make the project with a web page: check its types, build it, and call the service from Node
    #[arg(long)]
    web: bool,
    /// Print one JSON object at the end
    #[arg(long)]
    json: bool,
}

const CRD: &str = "examples/build-rs/crds";
const NAME: &str = "harbour";
const BACKUPS: &str = "/apis/storage.example.com/v1/namespaces/default/backups";
const WATCH: &str = "/apis/storage.example.com/v1/watch/namespaces/default/backups";
const SAMPLE: &str = "objects/backup.json";

pub fn run(args: &Args) -> Result<Verdict> {
    ensure!(process::is_installed("curl"), "curl is not installed");
    let web = match args.web.then(Web::set_up).transpose()? {
        Some(Err(Missing(what))) => bail!("{what}"),
        Some(Ok(web)) => Some(web),
        None => None,
    };
    let _alone = workspace::exclusive("newcomer")?;
    let mut journey = Journey::start()?;
    let result = journey.run(web.as_ref());
    let minutes = journey.started.elapsed().as_secs_f64() / 60.0;
    if let Err(error) = &result {
        println!("FAILED: {error:#}");
    }
    let lines = journey.lines()?;
    println!("{minutes:.1} minutes, {} commands, {lines} lines of service", journey.commands);
    if args.json {
        let failure = result.as_ref().err().map(|error| format!("{error:#}"));
        let figures = json!({
            "minutes": minutes,
            "commands": journey.commands,
            "lines of service": lines,
            "steps": journey.steps,
            "failure": failure,
        });
        println!("{figures}");
    }
    Ok(if result.is_ok() { Verdict::Good } else { Verdict::Findings })
}

/// A user's session.
struct Journey {
    /// Folder outside of the workspace, removed when dropped.
    folder: tempfile::TempDir,
    started: Instant,
    /// Number of commands that a user types.
    commands: usize,
    /// Each command with its seconds.
    steps: Vec<Value>,
}

impl Journey {
    fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        Ok(Self { folder, started: Instant::now(), commands: 0, steps: Vec::new() })
    }

    fn run(&mut self, web: Option<&Web>) -> Result<()> {
        self.install()?;
        self.make(web.is_some())?;
        for arguments in
            [&["build"][..], &["test"], &["fmt", "--check"], &["clippy", "--all-targets", "--", "-D", "warnings"]]
        {
            self.cargo(arguments)?;
        }
        let service = self.serve()?;
        self.session(&format!("http://{}", service.address))?;
        if let Some(web) = web {
            self.page(web, &format!("http://{}", service.address))?;
        }
        drop(service);
        let mut check = self.crdgen();
        check.args(["generate", "--check"]);
        self.must("crdgen generate --check", &mut check)?;
        Ok(())
    }

    fn project(&self) -> PathBuf {
        self.folder.path().join(NAME)
    }

    fn crdgen(&self) -> Command {
        Command::new(self.folder.path().join("tools/bin/crdgen"))
    }

    /// Puts the packages where cargo takes them for the releases of a registry, and installs crdgen from its package.
    fn install(&mut self) -> Result<()> {
        let here = self.folder.path().to_owned();
        let packages = package::unpack(&package::package()?, &here.join("packages"))?;
        let mut config = "[patch.crates-io]\n".to_owned();
        for (name, folder) in &packages {
            config.push_str(&format!("{name} = {{ path = {folder:?} }}\n"));
        }
        workspace::write(&here.join(".cargo/config.toml"), &config)?;
        let mut install = process::cargo();
        install.args(["install", "--quiet", "--debug", "--root"]).arg(here.join("tools"));
        install.arg("--target-dir").arg(builds()).arg("--path").arg(&packages["crdgen"]);
        self.must_in(&here, "cargo install crdgen", &mut install)?;
        Ok(())
    }

    fn make(&mut self, with_web: bool) -> Result<()> {
        let root = workspace::root();
        let mut new = self.crdgen();
        new.args(["new", NAME, "--crd"]).arg(root.join(CRD));
        if with_web {
            new.arg("--web");
        }
        let here = self.folder.path().to_owned();
        self.must_in(&here, "crdgen new", &mut new)?;
        // The versions of this workspace are built with, so that a new release of a dependency breaks nothing here.
        fs::copy(root.join("Cargo.lock"), self.project().join("Cargo.lock"))?;
        Ok(())
    }

    fn cargo(&mut self, arguments: &[&str]) -> Result<()> {
        let mut cargo = process::cargo();
        cargo.args(arguments).env("CARGO_TARGET_DIR", builds());
        self.must(&format!("cargo {}", arguments.join(" ")), &mut cargo)?;
        Ok(())
    }

    fn serve(&mut self) -> Result<Program> {
        self.commands += 1;
        let mut service = Command::new(builds().join("debug").join(NAME));
        service.env("LISTEN", "127.0.0.1:0");
        Program::start(service)
    }

    fn session(&mut self, service: &str) -> Result<()> {
        let project = self.project();
        let sample = fs::read_to_string(project.join(SAMPLE)).context(SAMPLE)?;
        let mut invalid: Value = serde_json::from_str(&sample)?;
        invalid["metadata"]["name"] = "invalid".into();
        invalid["spec"]["volume"] = "".into();
        let objects = format!("{service}{BACKUPS}");
        let one = format!("{objects}/example");

        let created = self.curl(201, &["--data", &sample, &objects])?;
        ensure!(self.curl(200, &[&one])? == created, "what is read is not what was created");
        let list = self.curl(200, &[&objects])?;
        ensure!(list["items"][0]["metadata"]["name"] == "example", "the list: {list}");
        self.watch(&format!("{service}{WATCH}"))?;
        let refused = self.curl(422, &["--data", &invalid.to_string(), &objects])?;
        ensure!(refused.to_string().contains("spec.volume"), "the refusal names no field: {refused}");
        self.curl(200, &["--request", "DELETE", &one])?;
        self.curl(404, &[&one])?;
        self.curl(200, &[&format!("{service}/readyz")])?;
        Ok(())
    }

    /// Calls the service and returns the answer's JSON, or null.
    fn curl(&mut self, status: u16, arguments: &[&str]) -> Result<Value> {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--header", "Content-Type: application/json"]);
        curl.args(["--write-out", "\n%{http_code}"]).args(arguments);
        let output = self.must(&format!("curl {}", arguments.last().copied().unwrap_or_default()), &mut curl)?;
        let text = String::from_utf8(output.stdout)?;
        let (body, code) = text.rsplit_once('\n').context("no status")?;
        ensure!(code == status.to_string(), "{code} instead of {status}: {body}");
        Ok(serde_json::from_str(body).unwrap_or_default())
    }

    /// Watches for a second. The objects that there are come first.
    fn watch(&mut self, url: &str) -> Result<()> {
        self.commands += 1;
        let mut curl = Command::new("curl");
        let output = process::capture(curl.args(["--silent", "--no-buffer", "--max-time", "1", url]))?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(text.contains("\"ADDED\"") && text.contains("\"example\""), "the watch: {text}");
        Ok(())
    }

    /// Checks the types of the page, builds it, and calls the service from Node.
    fn page(&mut self, web: &Web, service: &str) -> Result<()> {
        let folder = self.project().join("web");
        web.lend_packages(&folder)?;
        for script in ["check", "build"] {
            self.must_in(&folder, &format!("npm run {script}"), Command::new("npm").args(["run", "--silent", script]))?;
        }
        let mut compiler = Command::new(folder.join("node_modules/.bin/tsc"));
        compiler.args(["--noEmit", "false", "--rootDir", "src", "--outDir", "compiled"]);
        self.must_in(&folder, "tsc", &mut compiler)?;
        fs::write(folder.join("call.js"), NODE)?;
        let mut node = Command::new("node");
        self.must_in(&folder, "node call.js", node.args(["call.js", service]))?;
        Ok(())
    }

    fn must(&mut self, name: &str, command: &mut Command) -> Result<Output> {
        let project = self.project();
        self.must_in(&project, name, command)
    }

    /// Runs a command in a folder. Fails unless the command succeeds.
    fn must_in(&mut self, folder: &Path, name: &str, command: &mut Command) -> Result<Output> {
        self.commands += 1;
        let started = Instant::now();
        let output = process::capture(command.current_dir(folder))?;
        let took = started.elapsed();
        self.steps.push(json!({ "command": name, "seconds": took.as_secs_f64() }));
        if took > Duration::from_secs(1) {
            println!("{:6.1} s  {name}", took.as_secs_f64());
        }
        ensure!(output.status.success(), "{name}: {}\n{}", output.status, process::text(&output));
        Ok(output)
    }

    fn lines(&self) -> Result<usize> {
        let file = self.project().join("src/main.rs");
        Ok(fs::read_to_string(file).map(|text| text.lines().count()).unwrap_or_default())
    }
}

/// Target folder of the project. It is kept, so that the dependencies are built only once.
fn builds() -> PathBuf {
    workspace::scratch("newcomer").join("target")
}

/// Program that calls the service with the generated client.
const NODE: &str = r#"
import assert from "node:assert/strict";
import { createBackup, deleteBackup, isProblem, listBackups } from "./compiled/api/index.js";

const api = { baseUrl: process.argv[2] };
const object = { metadata: { name: "from-node" }, spec: { volume: "data" } };
await createBackup(api, { namespace: "default" }, { apiVersion: "storage.example.com/v1", kind: "Backup", ...object });
const { items } = await listBackups(api, { namespace: "default" });
assert.deepEqual(items.map((item) => item.metadata.name), ["from-node"]);
await deleteBackup(api, { namespace: "default", name: "from-node" });
await assert.rejects(deleteBackup(api, { namespace: "default", name: "from-node" }), (error) => isProblem(error, "NotFound"));
"#;
