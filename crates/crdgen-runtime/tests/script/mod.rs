//! Server with scripted answers, which records its requests.

#![allow(dead_code, reason = "each test uses a part")]

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use crdgen_runtime::client::Client;
use futures_util::stream;
use http::request::Parts;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use kube::client::Body;
use serde_json::{Value as Json, json};
use tower::service_fn;

/// Scripted answer.
pub enum Answer {
    /// Complete answer with this status and body.
    Whole(u16, String),
    /// Complete answer with this status, header and body.
    With(u16, (&'static str, &'static str), String),
    /// Success with these pieces of a body, after which the connection breaks.
    Broken(Vec<String>),
    /// Broken connection without an answer.
    Nothing,
}

impl Answer {
    pub fn ok(body: &Json) -> Self {
        Self::Whole(200, body.to_string())
    }

    /// Returns a complete answer with these lines.
    pub fn lines(lines: &[Json]) -> Self {
        Self::Whole(200, lines.iter().map(|line| format!("{line}\n")).collect())
    }

    /// Returns an answer with a Kubernetes `Status`.
    pub fn refusal(code: u16, reason: &str) -> Self {
        Self::Whole(code, status(code, reason).to_string())
    }
}

pub fn status(code: u16, reason: &str) -> Json {
    json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "secret", "reason": reason, "code": code })
}

/// Scripted server.
#[derive(Clone)]
pub struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
    sent: Arc<Mutex<Vec<(String, Json)>>>,
}

impl Script {
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            asked: Arc::default(),
            sent: Arc::default(),
        }
    }

    pub fn client(&self) -> Client {
        let script = self.clone();
        let service = service_fn(move |request: Request<Body>| {
            let script = script.clone();
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await.expect("a body at hand").to_bytes();
                script.answer(&head, &body)
            }
        });
        Client::new(kube::Client::new(service, "default"))
    }

    /// Returns method, path and query of every request.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Returns media type and JSON of every body.
    pub fn sent(&self) -> Vec<(String, Json)> {
        self.sent.lock().unwrap().clone()
    }

    fn answer(&self, head: &Parts, body: &[u8]) -> io::Result<Response<UnsyncBoxBody<Bytes, io::Error>>> {
        self.asked.lock().unwrap().push(format!("{} {}", head.method, head.uri));
        if let Ok(json) = serde_json::from_slice(body) {
            let media_type = head.headers.get("content-type").map(|value| value.to_str().unwrap().to_owned());
            self.sent.lock().unwrap().push((media_type.unwrap_or_default(), json));
        }
        let answer = self.answers.lock().unwrap().pop_front();
        let (response, pieces, broken) = match answer.unwrap_or_else(|| Answer::refusal(403, "Forbidden")) {
            Answer::Whole(status, body) => (Response::builder().status(status), vec![body], false),
            Answer::With(status, (name, value), body) => {
                (Response::builder().status(status).header(name, value), vec![body], false)
            }
            Answer::Broken(pieces) => (Response::builder(), pieces, true),
            Answer::Nothing => return Err(io::ErrorKind::ConnectionReset.into()),
        };
        let end = broken.then(|| Err(io::ErrorKind::ConnectionReset.into()));
        let pieces = pieces.into_iter().map(|piece| Ok(Frame::data(Bytes::from(piece)))).chain(end);
        Ok(response.body(StreamBody::new(stream::iter(pieces)).boxed_unsync()).unwrap())
    }
}
