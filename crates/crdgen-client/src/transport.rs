//! Transport of requests: retries where that is safe, and answers of limited size.

use std::error::Error as StdError;
use std::sync::Arc;

use bytes::Bytes;
use crdgen_backend::Warnings;
use http::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use kube::client::Body;

use super::error::{Error, Result};
use super::refusal::Refusal;
use super::request::Request;
use super::retry::{Backoff, RetryPolicy};
use super::warning;

/// Maximum size of an answer with one object, in bytes. etcd stores objects of up to 1.5 MiB.
pub(super) const OBJECT_LIMIT: usize = 16 << 20;

type Warned = dyn Fn(&str) + Send + Sync;

/// Connection to a server, with its retry policy and receivers of warnings.
#[derive(Clone)]
pub(super) struct Transport {
    kube: kube::Client,
    policy: RetryPolicy,
    warned: Option<Arc<Warned>>,
    warnings: Option<Warnings>,
}

impl Transport {
    pub fn new(kube: kube::Client) -> Self {
        Self { kube, policy: RetryPolicy::default(), warned: None, warnings: None }
    }

    pub fn policy(&self) -> RetryPolicy {
        self.policy
    }

    pub fn set_policy(&mut self, policy: RetryPolicy) {
        self.policy = policy;
    }

    pub fn set_warned(&mut self, warned: Arc<Warned>) {
        self.warned = Some(warned);
    }

    pub fn collect(&mut self, warnings: Warnings) {
        self.warnings = Some(warnings);
    }

    /// Sends a request, with retries, and reads the whole answer. Fails for an answer with an error status.
    pub async fn fetch(&self, request: &Request, limit: usize) -> Result<Response<Bytes>> {
        let mut backoff = Backoff::new(self.policy);
        loop {
            match self.attempt(request, limit).await {
                Ok(response) => return Ok(response),
                Err(error) => backoff.pause_after(error, request.repeat).await?,
            }
        }
    }

    /// Sends a request once and reads the whole answer.
    async fn attempt(&self, request: &Request, limit: usize) -> Result<Response<Bytes>> {
        let answer = async {
            let (head, body) = self.open(request).await?.into_parts();
            Ok(Response::from_parts(head, collect(body, limit).await?))
        };
        tokio::time::timeout(self.policy.timeout, answer).await.unwrap_or(Err(Error::Timeout))
    }

    /// Sends a request once. The status of the answer is a success, and its body is not read yet.
    pub async fn open(&self, request: &Request) -> Result<Response<Body>> {
        let response = self.kube.send(request.to_http()?).await.map_err(unsent_or_lost)?;
        self.warn(&response);
        if response.status().is_success() {
            return Ok(response);
        }
        let (parts, body) = response.into_parts();
        let body = collect(body, OBJECT_LIMIT).await?;
        Err(Error::of_refusal(Refusal::of_answer(parts.status, &parts.headers, &body), &request.path))
    }

    fn warn(&self, response: &Response<Body>) {
        for text in warning::of(response.headers()) {
            if let Some(warned) = &self.warned {
                warned(&text);
            }
            if let Some(warnings) = &self.warnings {
                warnings.add(&text);
            }
        }
    }
}

/// Reads a body to its end.
async fn collect(body: Body, limit: usize) -> Result<Bytes> {
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Error::TooLarge(limit)),
        Err(error) => Err(Error::ConnectionLost(error)),
    }
}

/// Classifies an error: a request that certainly was not sent, or one that may have arrived.
fn unsent_or_lost(error: kube::Error) -> Error {
    let unsent = match &error {
        kube::Error::Auth(_) | kube::Error::HttpError(_) | kube::Error::BuildRequest(_) => true,
        kube::Error::Service(source) => is_connect(&**source),
        _ => false,
    };
    match unsent {
        true => Error::NotSent(error),
        false => Error::ConnectionLost(Box::new(error)),
    }
}

fn is_connect(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.downcast_ref::<hyper_util::client::legacy::Error>().is_some_and(|error| error.is_connect()) {
            return true;
        }
        next = error.source();
    }
    false
}
