//! Two replicas of the example's service, started as a container would be, on the API server that has the manifests.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use crdgen_harness::workspace;
use serde_json::{Value, json};
use ureq::Agent;

use super::manifests::Manifests;
use super::root::Root;

/// Path of the account's files in a pod.
const ACCOUNT: &str = "var/run/secrets/kubernetes.io/serviceaccount";
const OBJECTS: &str = "/apis/ci.example.com/v1/namespaces/ci";
const RUNNERS: &str = "/apis/ci.example.com/v1/runners";
/// Time limit for a probe to have the expected status.
const PATIENCE: Duration = Duration::from_secs(30);

/// Running replicas.
pub struct Replicas<'a> {
    manifests: &'a Manifests,
    replicas: [Replica; 2],
}

impl<'a> Replicas<'a> {
    /// Starts two replicas with the arguments of the deployment, except for their addresses.
    pub fn start(root: &Root, manifests: &'a Manifests) -> Result<Self> {
        let (server, certificate) = manifests.server()?;
        root.add(&format!("{ACCOUNT}/token"), &manifests.token()?)?;
        root.add(&format!("{ACCOUNT}/ca.crt"), &fs::read_to_string(certificate)?)?;
        root.add(&format!("{ACCOUNT}/namespace"), "ci")?;
        let tokens = fs::read_to_string(workspace::root().join("examples/ci-service/tokens.example"))?;
        root.add("etc/ci-service/tokens", &tokens)?;
        let (host, port) =
            server.trim_start_matches("https://").rsplit_once(':').context("the API server has no port")?;
        let replica = || {
            let mut command = root.command();
            command.env("KUBERNETES_SERVICE_HOST", host).env("KUBERNETES_SERVICE_PORT", port);
            Replica::start(command, &manifests.template()?["spec"]["containers"][0]["args"])
        };
        Ok(Self { manifests, replicas: [replica()?, replica()?] })
    }

    /// Checks that the replicas answer probes, share their objects, and end when they are asked to.
    pub fn check(self) -> Result<()> {
        let container = &self.manifests.template()?["spec"]["containers"][0];
        for replica in &self.replicas {
            for probe in ["livenessProbe", "readinessProbe"] {
                let path = container[probe]["httpGet"]["path"].as_str().with_context(|| format!("no {probe}"))?;
                replica.wait_for(path, 200)?;
            }
        }
        self.share_objects()?;
        for replica in self.replicas {
            replica.end()?;
        }
        Ok(())
    }

    /// Creates objects at one replica and reads them at the other, page by page. The generated role must allow all of it.
    fn share_objects(&self) -> Result<()> {
        let [first, second] = &self.replicas;
        let project = |name: &str| {
            json!({
                "apiVersion": "ci.example.com/v1", "kind": "Project", "metadata": { "name": name },
                "spec": { "repository": { "url": "https://git.example.com/shop/web.git" } },
            })
        };
        let projects = format!("{OBJECTS}/projects");
        for name in ["api", "web"] {
            first.send("POST", &projects, Some(&project(name)), 201)?;
        }
        let page = first.send("GET", &format!("{projects}?limit=1"), None, 200)?;
        let token = page["metadata"]["continue"].as_str().context("the list has one page")?;
        let rest = second.send("GET", &format!("{projects}?limit=1&continue={token}"), None, 200)?;
        ensure!(rest["items"][0]["metadata"]["name"] == "web", "the second page is {rest}");

        let status = json!({ "status": { "observedGeneration": 1 } });
        first.send("PATCH", &format!("{projects}/web/status"), Some(&status), 200)?;
        let runner = json!({
            "apiVersion": "ci.example.com/v1", "kind": "Runner", "metadata": { "name": "small" },
            "spec": { "image": "runner:1" },
        });
        first.send("POST", RUNNERS, Some(&runner), 201)?;
        let scale = json!({ "spec": { "replicas": 3 } });
        second.send("PATCH", &format!("{RUNNERS}/small/scale"), Some(&scale), 200)?;
        second.send("DELETE", &format!("{RUNNERS}/small"), None, 200)?;
        first.send("GET", &format!("{RUNNERS}/small"), None, 404)?;
        Ok(())
    }
}

/// A running replica. Dropping the value kills it.
struct Replica {
    process: Child,
    agent: Agent,
    api: String,
    management: String,
}

impl Replica {
    fn start(mut command: Command, arguments: &Value) -> Result<Self> {
        let management = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        for argument in arguments.as_array().context("the container has no arguments")? {
            let argument = argument.as_str().context("an argument is no text")?;
            match argument.split_once('=') {
                Some(("--listen", _)) => command.arg("--listen=127.0.0.1:0"),
                Some(("--management", _)) => command.arg(format!("--management={management}")),
                _ => command.arg(argument),
            };
        }
        let mut process = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
        let output = process.stdout.take().context("it is piped")?;
        let agent = Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true).proxy(None);
        let mut replica = Self {
            process,
            agent: agent.build().into(),
            api: String::new(),
            management: format!("http://{management}"),
        };
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let address = line.trim().strip_prefix("listening on ");
        replica.api = address.with_context(|| format!("the service says {line:?}"))?.to_owned();
        Ok(replica)
    }

    /// Sends a request as an operator, and returns the body of the answer, which must have this status.
    fn send(&self, method: &str, path: &str, body: Option<&Value>, status: u16) -> Result<Value> {
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.api));
        let request = request.header("Authorization", "Bearer ada-secret");
        let mut answer = match body {
            Some(body) => {
                let media_type = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
                self.agent.run(request.header("Content-Type", media_type).body(body.to_string())?)?
            }
            None => self.agent.run(request.body(())?)?,
        };
        let text = answer.body_mut().read_to_string()?;
        ensure!(answer.status() == status, "{method} {path}: {}: {text}", answer.status());
        Ok(serde_json::from_str(&text)?)
    }

    /// Waits until a probe has this status.
    fn wait_for(&self, path: &str, status: u16) -> Result<()> {
        let started = Instant::now();
        loop {
            let answer = self.agent.get(format!("{}{path}", self.management)).call();
            if answer.is_ok_and(|answer| answer.status() == status) {
                return Ok(());
            }
            ensure!(started.elapsed() < PATIENCE, "{path} does not become {status}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Asks the replica to end. It must say first that it is not ready, then end with success.
    fn end(mut self) -> Result<()> {
        // `chroot` replaces itself by the program, so the child is the program.
        let asked = Command::new("kill").arg(self.process.id().to_string()).status()?;
        ensure!(asked.success(), "kill: {asked}");
        self.wait_for("/readyz", 503)?;
        self.wait_for("/healthz", 200)?;
        let status = self.process.wait()?;
        if !status.success() {
            bail!("the service ends with {status}");
        }
        Ok(())
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        // The program may have ended already, so errors do not matter.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
