//! Watch answers: server-sent events, or one line of JSON for each event.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use crdgen_backend::pieces::Pieces;
use crdgen_backend::{Change, EncodedObject, Error, Event, EventStream, Reason};
use crdgen_core::{Metadata, Resource, View};
use futures_core::Stream;
use serde::Serialize;
use tokio::time::{Instant, Sleep, sleep};

use super::identified::{Identified, Identity};
use crate::problem::Problem;

/// Format of watch events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchForm {
    /// Server-sent events (`text/event-stream`). The resourceVersion is the event id.
    Events,
    /// Newline-delimited JSON (`application/x-ndjson`).
    Lines,
}

const EVENTS: &str = "text/event-stream";
const LINES: &str = "application/x-ndjson";

/// Interval between heartbeats. Most proxies close a connection that is silent for a minute.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Chooses the first format that `Accept` names. A wildcard (`*/*`), or no header, chooses server-sent events.
impl<S: Send + Sync> FromRequestParts<S> for WatchForm {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(parts)
    }
}

impl WatchForm {
    pub(super) fn read(head: &Parts) -> Result<Self, Problem> {
        let mut values = head.headers.get_all(header::ACCEPT).iter().peekable();
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
        accepted.ok_or_else(|| {
            Problem::new(Reason::NotAcceptable, format!("a watch answers only with {EVENTS} or {LINES}"))
        })
    }
}

/// Answer to a watch.
#[derive(Debug)]
pub struct WatchResponse(Response);

impl IntoResponse for WatchResponse {
    fn into_response(self) -> Response {
        self.0
    }
}

impl WatchForm {
    /// Returns the answer that streams the events in this format. Objects that the backend gives as JSON are passed on
    /// without a copy.
    pub fn reply<T: Watched>(self, watch: impl Into<EventStream<T>>) -> WatchResponse {
        let encoder = EventEncoder { watch: Some(watch.into()), failure: None };
        let body = Body::from_stream(Framed {
            encoder,
            form: self,
            pieces: Pieces::default(),
            heartbeat: Box::pin(sleep(HEARTBEAT)),
        });
        let headers: &[(HeaderName, &str)] = match self {
            // `X-Accel-Buffering: no` keeps proxies from holding an answer back until it is complete.
            Self::Events => &[
                (header::CONTENT_TYPE, EVENTS),
                (header::CACHE_CONTROL, "no-store"),
                (HeaderName::from_static("x-accel-buffering"), "no"),
            ],
            Self::Lines => &[(header::CONTENT_TYPE, LINES)],
        };
        let mut response = Response::new(body);
        for (name, value) in headers {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        WatchResponse(response)
    }
}

/// Object, or view of an object, in a watch event.
pub trait Watched: Serialize + Send + 'static {
    /// Returns the identity of the object.
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

/// Event as JSON, in pieces.
#[derive(Debug)]
struct EncodedEvent {
    /// Resource version up to which the watch has now been reported; it becomes the event id.
    version: Option<String>,
    json: Vec<Bytes>,
}

impl EncodedEvent {
    fn decoded<T: Watched>(event: Event<T>) -> Self {
        Self::event(event, |object| serde_json::to_vec(object).ok().map(|json| vec![json.into()]), T::identity)
    }

    fn encoded(event: Event<EncodedObject>) -> Self {
        Self::event(event, |object| Some(object.json().to_vec()), identity)
    }

    /// Builds an event from the JSON and the identity of its object. If the object cannot be serialized, the result is
    /// an `ERROR` event.
    fn event<T>(
        event: Event<T>,
        json: impl Fn(&T) -> Option<Vec<Bytes>>,
        identity: for<'a> fn(&'a T) -> Identity<'a>,
    ) -> Self {
        let Event { change, resource_version: version } = event;
        let (mut members, object) = match &change {
            Change::Added(object) => (Members::of("ADDED"), Some(object)),
            Change::Modified(object) => (Members::of("MODIFIED"), Some(object)),
            Change::Deleted(object) => (Members::of("DELETED"), Some(object)),
            Change::DeletedFinalStateUnknown(_) => (Members::of("DELETED"), None),
            Change::InitialEventsEnd => (Members::of("SYNCED"), None),
            Change::Bookmark => (Members::of("BOOKMARK"), None),
        };
        if let Some(object) = object {
            let Some(json) = json(object) else { return Self::unwritten() };
            members.shared("object", json);
        }
        match &change {
            Change::Deleted(object) => members.add("gone", &identity(object)),
            Change::DeletedFinalStateUnknown(deleted_key) => {
                let name = deleted_key.key.name.as_str();
                let namespace = deleted_key.key.namespace.as_ref().map(|namespace| namespace.as_str());
                members.add("gone", &Identity { name, namespace, uid: &deleted_key.uid });
            }
            _ => {}
        }
        if let Some(version) = &version {
            members.add("resourceVersion", version);
        }
        Self { version, json: members.end() }
    }

    fn unwritten() -> Self {
        Self::problem(&Problem::new(Reason::InternalError, "an object cannot be written as JSON"))
    }

    fn problem(problem: &Problem) -> Self {
        let mut members = Members::of("ERROR");
        members.add("error", problem);
        Self { version: None, json: members.end() }
    }

    /// Writes the event in `form`.
    fn write(self, form: WatchForm, pieces: &mut Pieces) {
        if form == WatchForm::Lines {
            self.json.into_iter().chain([Bytes::from_static(b"\n")]).for_each(|piece| pieces.add(piece));
            return;
        }
        // An event id must be one line. A version with a line break is left out, and a client cannot resume after such
        // an event.
        let id = self.version.filter(|version| !version.contains(['\n', '\r', '\0']));
        let end = id.map_or("\n\n".to_owned(), |id| format!("\nid: {id}\n\n"));
        pieces.add(Bytes::from_static(b"data: "));
        self.json.into_iter().chain([end.into()]).for_each(|piece| pieces.add(piece));
    }
}

fn identity(object: &EncodedObject) -> Identity<'_> {
    Identity { name: object.name(), namespace: object.namespace(), uid: object.uid() }
}

/// JSON object that is being written. Some of its members are bytes shared with other events.
struct Members {
    whole: Vec<Bytes>,
    own: Vec<u8>,
}

impl Members {
    fn of(r#type: &str) -> Self {
        Self { whole: Vec::new(), own: format!("{{\"type\":\"{type}\"").into() }
    }

    fn name(&mut self, name: &str) {
        self.own.extend_from_slice(format!(",\"{name}\":").as_bytes());
    }

    fn add(&mut self, name: &str, value: &impl Serialize) {
        self.name(name);
        // Strings, and problems made of strings and numbers: serializing them cannot fail.
        let _ = serde_json::to_writer(&mut self.own, value);
    }

    fn shared(&mut self, name: &str, json: Vec<Bytes>) {
        self.name(name);
        self.whole.push(std::mem::take(&mut self.own).into());
        self.whole.extend(json);
    }

    fn end(mut self) -> Vec<Bytes> {
        self.own.push(b'}');
        self.whole.push(self.own.into());
        self.whole
    }
}

/// Events of a watch. An error that is followed by another event is not reported. The error at the end of the watch is
/// reported, because it is the reason for the end.
struct EventEncoder<T> {
    watch: Option<EventStream<T>>,
    failure: Option<Error>,
}

impl<T: Watched> EventEncoder<T> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<EncodedEvent>> {
        while let Some(watch) = &mut self.watch {
            let event = match watch {
                EventStream::Decoded(watch) => {
                    ready!(watch.as_mut().poll_next(context)).map(|event| event.map(EncodedEvent::decoded))
                }
                EventStream::Encoded(watch) => {
                    ready!(watch.as_mut().poll_next(context)).map(|event| event.map(EncodedEvent::encoded))
                }
            };
            match event {
                Some(Ok(event)) => {
                    self.failure = None;
                    return Poll::Ready(Some(event));
                }
                Some(Err(error)) => self.failure = Some(error),
                None => self.watch = None,
            }
        }
        Poll::Ready(self.failure.take().map(|error| EncodedEvent::problem(&error.into())))
    }
}

/// Body of a watch answer: events in `form`, and heartbeats for server-sent events.
struct Framed<T> {
    encoder: EventEncoder<T>,
    form: WatchForm,
    pieces: Pieces,
    heartbeat: Pin<Box<Sleep>>,
}

impl<T: Watched> Stream for Framed<T> {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(piece) = this.pieces.pop() {
            return Poll::Ready(Some(Ok(piece)));
        }
        if let Poll::Ready(event) = this.encoder.poll_next(context) {
            this.heartbeat.as_mut().reset(Instant::now() + HEARTBEAT);
            let Some(event) = event else { return Poll::Ready(None) };
            event.write(this.form, &mut this.pieces);
            return Poll::Ready(this.pieces.pop().map(Ok));
        }
        if this.form == WatchForm::Lines {
            return Poll::Pending;
        }
        ready!(this.heartbeat.as_mut().poll(context));
        this.heartbeat.as_mut().reset(Instant::now() + HEARTBEAT);
        Poll::Ready(Some(Ok(Bytes::from_static(b":\n\n"))))
    }
}
