//! A watch as the body of an answer: server-sent events, or a line of JSON an event.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::sse::{self, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use serde::Serialize;

use super::identified::{Identified, Identity};
use crate::backend::{Change, Error, Event, Key, Reason, Watch};
use crate::problem::Problem;
use crate::{Metadata, Resource, View};

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchForm {
    /// As server-sent events, with the version as their id.
    Events,
    /// As lines of JSON.
    Lines,
}

const EVENTS: &str = "text/event-stream";
const LINES: &str = "application/x-ndjson";

/// A proxy closes what is silent for longer; most of them after a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The first of both that `Accept` names; events when it takes anything.
impl<S: Send + Sync> FromRequestParts<S> for WatchForm {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut values = parts.headers.get_all(header::ACCEPT).iter().peekable();
        if values.peek().is_none() {
            return Ok(Self::Events);
        }
        let media_types = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
        let form = |media_type: &str| match media_type.split(';').next().unwrap_or_default().trim() {
            EVENTS | "text/*" | "*/*" => Some(Self::Events),
            LINES | "application/*" => Some(Self::Lines),
            _ => None,
        };
        let accepted = media_types.into_iter().find_map(form);
        accepted.ok_or_else(|| Problem::new(Reason::NotAcceptable, format!("a watch is {EVENTS} or {LINES}")))
    }
}

/// The answer to a watch.
#[derive(Debug)]
pub struct Watching(Response);

impl IntoResponse for Watching {
    fn into_response(self) -> Response {
        self.0
    }
}

impl WatchForm {
    /// The events of a watch in this form.
    pub fn reply<T: Watched>(self, watch: Watch<T>) -> Watching {
        let told = Telling { watch: Some(watch), failure: None };
        Watching(match self {
            Self::Events => {
                let heartbeat = KeepAlive::new().interval(HEARTBEAT);
                let mut response = Sse::new(Framed(told, Told::event)).keep_alive(heartbeat).into_response();
                // Some proxies hold answers back until they are whole.
                response.headers_mut().insert("x-accel-buffering", HeaderValue::from_static("no"));
                response
            }
            Self::Lines => {
                let media_type = HeaderValue::from_static(LINES);
                ([(header::CONTENT_TYPE, media_type)], Body::from_stream(Framed(told, Told::line))).into_response()
            }
        })
    }
}

/// What a watch can tell of: something that is written, and knows which object it is of.
pub trait Watched: Serialize + Send + 'static {
    /// Which object it is of.
    fn identity(&self) -> Identity<'_>;
}

impl<K: Resource> Watched for K {
    fn identity(&self) -> Identity<'_> {
        let metadata = self.metadata();
        let (name, uid) = (metadata.name().unwrap_or_default(), metadata.uid().unwrap_or_default());
        Identity { name, namespace: metadata.namespace(), uid }
    }
}

impl<V: View> Watched for Identified<V> {
    fn identity(&self) -> Identity<'_> {
        self.identity()
    }
}

/// An event as it is written.
struct Told {
    /// Everything up to this version was told.
    version: Option<String>,
    json: Vec<u8>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a, T> {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<&'a T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<Identity<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a Problem>,
}

fn unseen<'a>(key: &'a Key, uid: &'a str) -> Identity<'a> {
    Identity { name: key.name.as_str(), namespace: key.namespace.as_ref().map(|namespace| namespace.as_str()), uid }
}

impl<'a, T> Written<'a, T> {
    fn new(r#type: &'static str) -> Self {
        Self { r#type, object: None, gone: None, resource_version: None, error: None }
    }
}

impl Told {
    fn of<T: Watched>(event: &Event<T>) -> Self {
        let written = match &event.change {
            Change::Added(object) => Written { object: Some(object), ..Written::new("ADDED") },
            Change::Modified(object) => Written { object: Some(object), ..Written::new("MODIFIED") },
            Change::Deleted(object) => {
                Written { object: Some(object), gone: Some(object.identity()), ..Written::new("DELETED") }
            }
            Change::Vanished(vanished) => {
                Written { gone: Some(unseen(&vanished.key, &vanished.uid)), ..Written::new("DELETED") }
            }
            Change::Synced => Written::new("SYNCED"),
            Change::Bookmark => Written::new("BOOKMARK"),
        };
        let written = Written { resource_version: event.resource_version.as_deref(), ..written };
        Self { version: event.resource_version.clone(), json: json(&written) }
    }

    fn failure<T: Watched>(error: Error) -> Self {
        let problem = Problem::from(error);
        Self { version: None, json: json(&Written::<T> { error: Some(&problem), ..Written::new("ERROR") }) }
    }

    fn event(self) -> sse::Event {
        let event = sse::Event::default().data(String::from_utf8_lossy(&self.json));
        // An id must be one line; one that is not cannot be gone on after.
        match self.version.filter(|version| !version.contains(['\n', '\r', '\0'])) {
            Some(version) => event.id(version),
            None => event,
        }
    }

    fn line(mut self) -> Vec<u8> {
        self.json.push(b'\n');
        self.json
    }
}

/// What cannot be written is told as that: the object is not shown.
fn json<T: Watched>(written: &Written<'_, T>) -> Vec<u8> {
    serde_json::to_vec(written).unwrap_or_else(|_| {
        let problem = Problem::new(Reason::InternalError, "an object cannot be written as JSON");
        let error = Written::<T> { error: Some(&problem), ..Written::new("ERROR") };
        serde_json::to_vec(&error).unwrap_or_default()
    })
}

/// The events of a watch. A failure after which it goes on is nothing to tell; the last one is why it ends.
struct Telling<T> {
    watch: Option<Watch<T>>,
    failure: Option<Error>,
}

impl<T: Watched> Stream for Telling<T> {
    type Item = Told;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Told>> {
        while let Some(watch) = &mut self.watch {
            match ready!(watch.as_mut().poll_next(context)) {
                Some(Ok(event)) => {
                    self.failure = None;
                    return Poll::Ready(Some(Told::of(&event)));
                }
                Some(Err(error)) => self.failure = Some(error),
                None => self.watch = None,
            }
        }
        Poll::Ready(self.failure.take().map(Told::failure::<T>))
    }
}

/// Events in a form.
struct Framed<E, T>(Telling<E>, fn(Told) -> T);

impl<E: Watched, T> Stream for Framed<E, T> {
    type Item = Result<T, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let told = ready!(Pin::new(&mut self.0).poll_next(context));
        Poll::Ready(told.map(|told| Ok((self.1)(told))))
    }
}
