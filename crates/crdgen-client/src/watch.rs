//! Watches: report the existing objects and then every change. A watch continues when a connection ends, or when the
//! server no longer has the changes since the last event.

mod connection;
mod memory;
mod reported_objects;

use std::borrow::Cow;
use std::collections::VecDeque;

use crdgen_backend::work::{EventMemory, ReservedMemory};
use crdgen_backend::{Change, EncodedObject, Event, ListQuery, Start, WatchQuery};
use crdgen_core::Resource;
use futures_core::Stream;
use futures_util::stream;
use http::StatusCode;
use serde::de::DeserializeOwned;

use self::connection::{Connection, Kind, ReceivedEvent};
use self::memory::reserve;
use self::reported_objects::{ReportedObjects, ToReport};
use super::api::{AllNamespaces, Api};
use super::decode_error;
use super::error::{Error, Result};
use super::head::{self, Head};
use super::items::Items;
use super::pages::PAGE;
use super::request::Request;
use super::retry::Backoff;

/// Maximum number of consecutive refusals by a server that was watched before. A server that has just started may not
/// know the kind or the permissions yet.
const REFUSALS: u32 = 8;

impl<K: Resource, T: DeserializeOwned + Send + 'static> Api<K, T> {
    /// Watches objects: reports the existing objects first, and then every change. When a connection ends, the watch
    /// opens the next connection and resumes after the last event. If the server no longer has the changes since that
    /// event, the watch lists the objects again and reports the differences. A watch with [`Start::ResourceVersion`] ends with
    /// [`Error::Expired`] instead. No state is reported twice.
    ///
    /// The stream returns an error for an object that cannot be decoded, and then continues. If the server refuses the
    /// watch and a retry cannot help, the stream returns an error and ends. A slow reader misses no event: the client
    /// reads from the server only as fast as the reader takes events.
    pub fn watch(&self, query: &WatchQuery) -> impl Stream<Item = Result<Event<T>>> + Send + use<K, T> {
        Watcher::new(self.clone(), query.clone(), |json| read(&json)).stream()
    }

    /// Watches objects like [`watch`](Self::watch), and reports each object as JSON, which is not decoded. So objects
    /// that cannot be decoded as `T` are reported too.
    pub fn watch_encoded(
        &self,
        query: &WatchQuery,
    ) -> impl Stream<Item = Result<Event<EncodedObject>>> + Send + use<K, T> {
        Watcher::new(self.clone(), query.clone(), encoded).stream()
    }
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> AllNamespaces<K, T> {
    /// Watches the objects of all namespaces. See [`Api::watch`].
    pub fn watch(&self, query: &WatchQuery) -> impl Stream<Item = Result<Event<T>>> + Send + use<K, T> {
        self.0.watch(query)
    }

    /// Watches the objects of all namespaces. See [`Api::watch_encoded`].
    pub fn watch_encoded(
        &self,
        query: &WatchQuery,
    ) -> impl Stream<Item = Result<Event<EncodedObject>>> + Send + use<K, T> {
        self.0.watch_encoded(query)
    }
}

/// Watch that reports objects as `O`.
struct Watcher<K, T, O> {
    api: Api<K, T>,
    /// Makes the reported form of an object of its JSON.
    decode: Decode<O>,
    query: WatchQuery,
    phase: Phase,
    /// Reported objects. `None` when the watch began at a version, since the objects of that version are unknown.
    reported: Option<ReportedObjects>,
    /// Version up to which all changes were reported or are in `pending`.
    version: String,
    pending: VecDeque<Result<Event<O>>>,
    /// Memory of the large event in `pending`, kept until the reader asks for the next event.
    reserved: Option<ReservedMemory>,
    /// Memory for large events. `None` outside of a server, where the reader decides how much it holds.
    memory: Option<EventMemory>,
    backoff: Backoff,
    /// Whether the server has answered successfully before.
    served: bool,
}

type Decode<O> = fn(Cow<'_, [u8]>) -> Result<O>;

/// Next step of the watch.
enum Phase {
    /// Open a page of the list: the first one, or that of a continue token.
    List(Option<String>),
    /// Read an object of a page.
    Page(Box<Page>),
    /// Open a connection.
    Connect,
    /// Read an event from a connection.
    Read(Box<Connection>),
    /// End the watch.
    Over,
}

/// Page of the list that is being read.
struct Page {
    token: Option<String>,
    objects: Items,
    /// Memory for an object of the page, which may be large.
    _memory: Option<ReservedMemory>,
}

impl<K: Resource, T: DeserializeOwned + Send + 'static, O: Send + 'static> Watcher<K, T, O> {
    fn new(api: Api<K, T>, query: WatchQuery, decode: Decode<O>) -> Self {
        let (phase, reported, version) = match &query.start {
            Start::InitialEvents => (Phase::List(None), Some(ReportedObjects::default()), String::new()),
            Start::ResourceVersion(version) => (Phase::Connect, None, version.clone()),
        };
        let backoff = Backoff::new(api.transport.policy());
        let (pending, reserved, memory) = (VecDeque::new(), None, EventMemory::current());
        Self { api, decode, query, phase, reported, version, pending, reserved, memory, backoff, served: false }
    }

    fn stream(self) -> impl Stream<Item = Result<Event<O>>> + Send + use<K, T, O> {
        stream::unfold(self, |mut watcher| async move { Some((watcher.next().await?, watcher)) })
    }

    async fn next(&mut self) -> Option<Result<Event<O>>> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
            self.reserved = None;
            let step = match std::mem::replace(&mut self.phase, Phase::Over) {
                Phase::List(token) => self.list(token).await,
                Phase::Page(page) => self.page(page).await,
                Phase::Connect => self.connect().await,
                Phase::Read(connection) => self.read(connection).await,
                Phase::Over => return None,
            };
            if let Err(error) = step {
                self.recover(error).await;
            }
        }
    }

    /// Opens a page of the list.
    async fn list(&mut self, token: Option<String>) -> Result<()> {
        // A failed step is repeated.
        self.phase = Phase::List(token.clone());
        let query = ListQuery {
            limit: Some(PAGE),
            continue_: token.clone(),
            labels: self.query.labels.clone(),
            fields: self.query.fields.clone(),
        };
        let reserved = reserve(self.memory.as_ref()).await;
        let request = self.api.list_request(&query);
        let objects = Items::open(&self.api.transport, &request, self.api.filter.clone()).await?;
        if token.is_none() {
            self.reported.get_or_insert_default().begin();
        }
        self.phase = Phase::Page(Box::new(Page { token, objects, _memory: reserved }));
        Ok(())
    }

    /// Reads an object of a page and reports it if it is new. A page is read as fast as its reader takes the events.
    async fn page(&mut self, mut page: Box<Page>) -> Result<()> {
        let reported = self.reported.get_or_insert_default();
        match page.objects.next().await {
            Ok(Some(json)) => {
                let to_report = Head::of(json).map_or(ToReport::Added, |head| reported.here(&head));
                report(&mut self.pending, to_report, || (self.decode)(Cow::Borrowed(json)), None);
                self.phase = Phase::Page(page);
                return Ok(());
            }
            Ok(None) => {}
            Err(error) => {
                self.phase = Phase::List(page.token);
                return Err(error);
            }
        }
        self.phase = Phase::List(page.token);
        let end = page.objects.end()?;
        self.backoff.reset();
        self.served = true;
        self.phase = match end.continue_ {
            Some(token) => Phase::List(Some(token)),
            None => {
                self.version = end.resource_version.unwrap_or_default();
                let gone = reported.end().into_iter().map(|gone| event(Change::DeletedFinalStateUnknown(gone), None));
                self.pending.extend(gone);
                self.pending.push_back(event(Change::InitialEventsEnd, Some(&self.version)));
                Phase::Connect
            }
        };
        Ok(())
    }

    async fn connect(&mut self) -> Result<()> {
        self.phase = Phase::Connect;
        let request = Request::get(self.api.place.all::<K>(), self.api.form.of_one());
        let Api { transport, filter, .. } = &self.api;
        let connection = Connection::open(transport, request, filter.clone(), &self.query, &self.version).await?;
        self.phase = Phase::Read(Box::new(connection));
        self.served = true;
        Ok(())
    }

    /// Reads an event from a connection.
    async fn read(&mut self, mut connection: Box<Connection>) -> Result<()> {
        self.phase = Phase::Connect;
        match connection.next(self.memory.as_ref()).await? {
            Some(mut received) => {
                let _permit = received.permit.take();
                self.reserved = received.reserved.take();
                self.backoff.reset();
                self.phase = Phase::Read(connection);
                self.event(received);
            }
            // Regular end of a connection. The pause protects a server that ends every watch at once.
            None => self.backoff.pause(&Error::Timeout).await,
        }
        Ok(())
    }

    fn event(&mut self, received: ReceivedEvent) {
        let Some(head) = Head::of(&received.object) else {
            let object = (self.decode)(Cow::Owned(received.object));
            self.pending.push_back(object.and_then(|object| event(Change::Modified(object), None)));
            return;
        };
        if !head.metadata.resource_version.is_empty() {
            self.version = head.metadata.resource_version.clone().into_owned();
        }
        let version = Some(self.version.as_str());
        let to_report = match (received.kind, &mut self.reported) {
            (Kind::Bookmark, _) => return self.pending.push_back(event(Change::Bookmark, version)),
            (Kind::Added | Kind::Modified, Some(reported)) => reported.here(&head),
            (Kind::Added, None) => ToReport::Added,
            (Kind::Modified, None) => ToReport::Modified,
            (Kind::Deleted, reported) => {
                if reported.as_mut().is_none_or(|reported| reported.gone(&head)) {
                    let object = (self.decode)(Cow::Owned(received.object));
                    self.pending.push_back(object.and_then(|object| event(Change::Deleted(object), version)));
                }
                return;
            }
        };
        report(&mut self.pending, to_report, || (self.decode)(Cow::Owned(received.object)), version);
    }

    /// Continues after a failure if a retry may help.
    async fn recover(&mut self, error: Error) {
        match error {
            // The server no longer has the history, so the objects are listed again.
            Error::Expired(_) if self.reported.is_some() => {
                self.phase = Phase::List(None);
                self.backoff.pause(&error).await;
            }
            error if error.is_transient() || self.may_change(&error) => self.backoff.pause(&error).await,
            error => {
                self.phase = Phase::Over;
                self.pending.push_back(Err(error));
            }
        }
    }

    /// Returns whether a server that answered before may soon answer differently.
    fn may_change(&self, error: &Error) -> bool {
        let served = self.served && self.backoff.made() < REFUSALS;
        let refused = matches!(error, Error::NotServed(_) | Error::Forbidden(_) | Error::Unauthorized(_));
        let failed = error.refusal().is_some_and(|refusal| refusal.status == StatusCode::INTERNAL_SERVER_ERROR);
        served && (refused || failed)
    }
}

fn event<T>(change: Change<T>, version: Option<&str>) -> Result<Event<T>> {
    Ok(Event { change, resource_version: version.map(str::to_owned) })
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T> {
    Ok(decode_error::read(json).map_err(Box::new)?)
}

fn encoded(json: Cow<'_, [u8]>) -> Result<EncodedObject> {
    let parts = Head::of(&json).and_then(|head| Some((head::key(&head.path())?, head.metadata.uid.into_owned())));
    match parts {
        Some((key, uid)) => Ok(EncodedObject::new(&key, &uid, json.into_owned())),
        None => Err(Box::new(decode_error::nameless(&json)).into()),
    }
}

/// Queues the events for a state of an object.
fn report<O>(
    pending: &mut VecDeque<Result<Event<O>>>,
    to_report: ToReport,
    object: impl FnOnce() -> Result<O>,
    version: Option<&str>,
) {
    let change = match to_report {
        ToReport::None => return,
        ToReport::Added => Change::Added,
        ToReport::Replaced(gone) => {
            pending.push_back(event(Change::DeletedFinalStateUnknown(gone), None));
            Change::Added
        }
        ToReport::Modified => Change::Modified,
    };
    pending.push_back(object().and_then(|object| event(change(object), version)));
}
