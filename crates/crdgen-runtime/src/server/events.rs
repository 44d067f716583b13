//! A watch as the body of an answer: server-sent events, or a line of JSON an event.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_core::Stream;
use serde::Serialize;
use tokio::time::{Instant, Sleep, sleep};

use super::identified::{Identified, Identity};
use crate::backend::pieces::Pieces;
use crate::backend::{Change, EncodedObject, Error, Event, EventStream, Reason};
use crate::problem::Problem;
use crate::{Metadata, Resource, View};

/// Form in which events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchForm {
    /// Server-sent events, with the version as their id.
    Events,
    /// Lines of JSON.
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
    /// The events of a watch in this form. Objects that the backend gives as JSON are passed on without being copied.
    pub fn reply<T: Watched>(self, watch: impl Into<EventStream<T>>) -> Watching {
        let telling = Telling { watch: Some(watch.into()), failure: None };
        let body = Body::from_stream(Framed {
            telling,
            form: self,
            pieces: Pieces::default(),
            heartbeat: Box::pin(sleep(HEARTBEAT)),
        });
        let headers: &[(HeaderName, &str)] = match self {
            // Some proxies hold answers back until they are whole.
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
        Watching(response)
    }
}

/// An object, or a view of one, that a watch tells of.
pub trait Watched: Serialize + Send + 'static {
    /// The identity of the object.
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

/// An event as JSON, in pieces.
#[derive(Debug)]
struct Told {
    /// Everything up to this version was told.
    version: Option<String>,
    json: Vec<Bytes>,
}

impl Told {
    fn decoded<T: Watched>(event: Event<T>) -> Self {
        Self::event(event, |object| serde_json::to_vec(object).ok().map(|json| vec![json.into()]), T::identity)
    }

    fn encoded(event: Event<EncodedObject>) -> Self {
        Self::event(event, |object| Some(object.json().to_vec()), EncodedObject::identity)
    }

    /// An event, by the JSON and the identity of its object. An object that cannot be written is not shown.
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
            Change::Vanished(_) => (Members::of("DELETED"), None),
            Change::Synced => (Members::of("SYNCED"), None),
            Change::Bookmark => (Members::of("BOOKMARK"), None),
        };
        if let Some(object) = object {
            let Some(json) = json(object) else { return Self::unwritten() };
            members.shared("object", json);
        }
        match &change {
            Change::Deleted(object) => members.add("gone", &identity(object)),
            Change::Vanished(vanished) => {
                let name = vanished.key.name.as_str();
                let namespace = vanished.key.namespace.as_ref().map(|namespace| namespace.as_str());
                members.add("gone", &Identity { name, namespace, uid: &vanished.uid });
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

    /// Writes the event in a form.
    fn write(self, form: WatchForm, pieces: &mut Pieces) {
        if form == WatchForm::Lines {
            self.json.into_iter().chain([Bytes::from_static(b"\n")]).for_each(|piece| pieces.add(piece));
            return;
        }
        // An id must be one line; one that is not cannot be gone on after.
        let id = self.version.filter(|version| !version.contains(['\n', '\r', '\0']));
        let end = id.map_or("\n\n".to_owned(), |id| format!("\nid: {id}\n\n"));
        pieces.add(Bytes::from_static(b"data: "));
        self.json.into_iter().chain([end.into()]).for_each(|piece| pieces.add(piece));
    }
}

impl EncodedObject {
    fn identity(&self) -> Identity<'_> {
        Identity { name: self.name(), namespace: self.namespace(), uid: self.uid() }
    }
}

/// The members of a JSON object that is being written, some of which are shared with others.
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
        // Texts, and problems of texts and numbers: they can be written.
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

/// The events of a watch. A failure after which it goes on is nothing to tell; the last one is why it ends.
struct Telling<T> {
    watch: Option<EventStream<T>>,
    failure: Option<Error>,
}

impl<T: Watched> Telling<T> {
    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Told>> {
        while let Some(watch) = &mut self.watch {
            let told = match watch {
                EventStream::Decoded(watch) => {
                    ready!(watch.as_mut().poll_next(context)).map(|event| event.map(Told::decoded))
                }
                EventStream::Encoded(watch) => {
                    ready!(watch.as_mut().poll_next(context)).map(|event| event.map(Told::encoded))
                }
            };
            match told {
                Some(Ok(told)) => {
                    self.failure = None;
                    return Poll::Ready(Some(told));
                }
                Some(Err(error)) => self.failure = Some(error),
                None => self.watch = None,
            }
        }
        Poll::Ready(self.failure.take().map(|error| Told::problem(&error.into())))
    }
}

/// The body of an answer: events in a form, and heartbeats where the form has them.
struct Framed<T> {
    telling: Telling<T>,
    form: WatchForm,
    pieces: Pieces,
    heartbeat: Pin<Box<Sleep>>,
}

impl<T: Watched> Stream for Framed<T> {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some(piece) = this.pieces.next() {
            return Poll::Ready(Some(Ok(piece)));
        }
        if let Poll::Ready(told) = this.telling.poll_next(context) {
            this.heartbeat.as_mut().reset(Instant::now() + HEARTBEAT);
            let Some(told) = told else { return Poll::Ready(None) };
            told.write(this.form, &mut this.pieces);
            return Poll::Ready(this.pieces.next().map(Ok));
        }
        if this.form == WatchForm::Lines {
            return Poll::Pending;
        }
        ready!(this.heartbeat.as_mut().poll(context));
        this.heartbeat.as_mut().reset(Instant::now() + HEARTBEAT);
        Poll::Ready(Some(Ok(Bytes::from_static(b":\n\n"))))
    }
}
