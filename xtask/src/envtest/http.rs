//! Requests for starting a cluster.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value as Json;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};

use super::user::ADMIN;

/// A client of the API server with the administrator's permissions.
#[derive(Clone)]
pub struct Admin {
    agent: Agent,
    url: String,
}

impl Admin {
    /// Creates a client that trusts this certificate.
    pub fn new(url: String, certificate: &Path) -> Result<Self> {
        let pem = fs::read(certificate).with_context(|| format!("cannot read {}", certificate.display()))?;
        let roots: Vec<Certificate<'static>> = parse_pem(&pem)
            .filter_map(|item| match item {
                Ok(PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        let tls = TlsConfig::builder().root_certs(RootCerts::from(roots)).build();
        Ok(Self { agent: agent(tls), url })
    }

    /// Returns whether the API server is ready.
    pub fn is_ready(&self) -> bool {
        let request = self.agent.get(format!("{}/readyz", self.url)).header("Authorization", bearer());
        request.call().is_ok_and(|response| response.status().is_success())
    }

    /// Reads an object and discards it.
    pub fn get(&self, path: &str) -> Result<()> {
        let request = self.agent.get(format!("{}{path}", self.url)).header("Authorization", bearer());
        let mut response = request.call().with_context(|| format!("GET {path}"))?;
        response.body_mut().read_to_vec()?;
        if !response.status().is_success() {
            bail!("GET {path}: {}", response.status());
        }
        Ok(())
    }

    /// Sends a request with or without a JSON body, and returns the status and the body of the response.
    pub fn request(&self, method: &str, path: &str, body: Option<&Json>) -> Result<(u16, Json)> {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("Authorization", bearer())
            .header("Content-Type", "application/json")
            .body(body.map(Json::to_string).unwrap_or_default())?;
        let mut response = self.agent.run(request).with_context(|| format!("{method} {path}"))?;
        let text = response.body_mut().with_config().limit(64 << 20).read_to_string()?;
        Ok((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Json::String(text))))
    }

    /// Creates an object.
    pub fn post(&self, path: &str, object: &Json) -> Result<()> {
        self.send(path, "application/json", &object.to_string())
    }

    /// Creates an object from a body of any media type that the API server accepts.
    pub fn send(&self, path: &str, media_type: &str, body: &str) -> Result<()> {
        let request = self.agent.post(format!("{}{path}", self.url)).header("Authorization", bearer());
        let response = request.header("Content-Type", media_type).send(body).with_context(|| format!("POST {path}"))?;
        if !response.status().is_success() {
            bail!("POST {path}: {}", response.status());
        }
        Ok(())
    }
}

/// Returns whether a URL without TLS responds with success.
pub fn is_healthy(url: &str) -> bool {
    agent(TlsConfig::default()).get(url).call().is_ok_and(|response| response.status().is_success())
}

/// Posts to a URL without TLS and returns the response.
pub fn plain(url: &str, body: &Json) -> Result<Json> {
    let mut response = agent(TlsConfig::default()).post(url).send_json(body).with_context(|| format!("POST {url}"))?;
    let answer: Json = response.body_mut().read_json()?;
    if !response.status().is_success() {
        bail!("POST {url}: {}: {answer}", response.status());
    }
    Ok(answer)
}

fn agent(tls: TlsConfig) -> Agent {
    let config = Agent::config_builder();
    // A proxy in the environment must not be used for 127.0.0.1.
    let config = config.tls_config(tls).timeout_global(Some(Duration::from_secs(10))).proxy(None);
    config.http_status_as_error(false).build().into()
}

fn bearer() -> String {
    format!("Bearer {}", ADMIN.token)
}
