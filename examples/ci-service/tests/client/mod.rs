//! The service as a process, and its clients.

mod cluster;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};

use cluster::Cluster;
use serde_json::Value;
use ureq::Agent;
use ureq::http::{Request, Response, header};

/// A running service. Dropping the value ends the process.
pub struct Server {
    process: Child,
    address: SocketAddr,
    namespace: String,
}

impl Server {
    /// Starts the service on a free port, with objects in memory or on the API server of the environment.
    pub fn start() -> Self {
        Self::in_namespace(Cluster::of_environment().map_or_else(|| "shop".to_owned(), Cluster::namespace))
    }

    /// Starts another process with the objects of this one. `None` if the objects are in memory.
    pub fn replica(&self) -> Option<Self> {
        Cluster::of_environment().map(|_| Self::in_namespace(self.namespace.clone()))
    }

    fn in_namespace(namespace: String) -> Self {
        let tokens = concat!(env!("CARGO_MANIFEST_DIR"), "/tokens.example");
        let mut command = Command::new(env!("CARGO_BIN_EXE_ci-service"));
        command.args(["--listen", "127.0.0.1:0", "--tokens", tokens]).stdout(Stdio::piped());
        if let Some(cluster) = Cluster::of_environment() {
            command.arg("--kubeconfig").arg(cluster.kubeconfig());
        }
        let mut process = command.spawn().expect("the service starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("the service says where it listens");
        let address = line.trim().rsplit('/').next().expect("an address").parse().expect("an address");
        Self { process, address, namespace }
    }

    /// Returns a namespace that only this server uses.
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the path of the objects of a kind in the namespace.
    pub fn collection(&self, plural: &str) -> String {
        format!("/apis/ci.example.com/v1/namespaces/{}/{plural}", self.namespace)
    }

    /// Returns a client with a token.
    pub fn client(&self, token: &str) -> Client {
        let config = Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true);
        Client { agent: config.build().into(), base: format!("http://{}", self.address), token: token.to_owned() }
    }

    /// Asks the service to end, as an init system does, and returns its exit status.
    #[cfg(unix)]
    pub fn stop(mut self) -> ExitStatus {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().expect("kill runs").success());
        self.process.wait().expect("the service ends")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A client of the service with a token.
#[derive(Clone)]
pub struct Client {
    agent: Agent,
    base: String,
    token: String,
}

/// A response. Its body is null if it is not JSON.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub body: Value,
}

impl Client {
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None)
    }

    /// Returns the body of a response that is not JSON.
    pub fn text(&self, path: &str) -> String {
        let mut answer = self.agent.get(format!("{}{path}", self.base)).call().expect("the service answers");
        answer.body_mut().read_to_string().expect("text")
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(("application/json", &body.to_string())))
    }

    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, Some(("application/json", &body.to_string())))
    }

    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send("PATCH", path, Some(("application/merge-patch+json", &body.to_string())))
    }

    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None)
    }

    /// Sends a request, optionally with a body and its media type.
    pub fn send(&self, method: &str, path: &str, body: Option<(&str, &str)>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        let answer = match body {
            Some((media_type, text)) => {
                self.agent.run(request.header(header::CONTENT_TYPE, media_type).body(text).unwrap())
            }
            None => self.agent.run(request.body(()).unwrap()),
        };
        Answer::read(answer.expect("the service answers"))
    }
}

impl Answer {
    fn read(mut answer: Response<ureq::Body>) -> Self {
        let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Self {
            status: answer.status().as_u16(),
            content_type: content_type.unwrap_or_default().to_owned(),
            body: answer.body_mut().read_json().unwrap_or_default(),
        }
    }

    /// Fails unless the response is a problem document with this status and reason.
    #[track_caller]
    pub fn assert_problem(&self, status: u16, reason: &str) {
        assert_eq!(self.content_type, "application/problem+json", "{self:?}");
        assert_eq!((self.status, &self.body["status"], &self.body["reason"]), (status, &status.into(), &reason.into()));
        assert!(self.body["title"].is_string() && self.body["type"].is_string(), "{self:?}");
    }
}
