//! Watches: the existing objects, then every change of the selected objects.

use std::collections::VecDeque;
use std::future::ready;
use std::sync::Arc;

use bytes::Bytes;
use crdgen_backend::{Change, EncodedObject, Error, Event, Namespace, Reason, Result, Start, Watch, WatchQuery, work};
use crdgen_core::View;
use futures_util::stream;
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::task::yield_now;

use super::log::Change as Logged;
use super::objects::Objects;
use super::reported_object::ReportedObject;
use super::selection::Selection;
use super::snapshot::Snapshot;
use super::store::SharedStore;
use super::stored::Stored;

/// Maximum number of bytes of objects queued for one watcher. A single object may be larger.
const WAITING_BYTES: usize = 64 << 10;

/// Maximum number of changes to examine in one read of the log.
const BATCH: usize = 256;

/// Starts a watch that reports objects or views, decoded as `T`.
pub(super) fn decoded<T: DeserializeOwned + Send + 'static>(
    objects: Objects,
    namespace: Option<&Namespace>,
    query: &WatchQuery,
) -> Result<Watch<T>> {
    let kind = objects.kind.clone();
    begin(objects, namespace, query, move |ReportedObject { object, version }| {
        let kind = kind.clone();
        work::run(object.len(), move || object.decode_at(&kind, version))
    })
}

/// Starts a watch that reports objects as JSON.
pub(super) fn encoded(
    objects: Objects,
    namespace: Option<&Namespace>,
    query: &WatchQuery,
) -> Result<Watch<EncodedObject>> {
    let kind = objects.kind.clone();
    begin(objects, namespace, query, move |ReportedObject { object, version }| {
        ready(Ok(encoded_as(&object, object.pieces(&kind, version).into())))
    })
}

/// Starts a watch that reports views as JSON.
pub(super) fn encoded_views<V: View>(
    objects: Objects,
    namespace: Option<&Namespace>,
    query: &WatchQuery,
) -> Result<Watch<EncodedObject>> {
    let (store, kind) = (objects.store.clone(), objects.kind.clone());
    begin(objects, namespace, query, move |reported| {
        let (store, kind, object) = (store.clone(), kind.clone(), reported.object.clone());
        async move {
            let view = match store.views().get::<V>(&reported) {
                Some(view) => view,
                None => work::run(object.len(), move || store.views().make::<V>(&kind, &reported)).await?,
            };
            Ok(encoded_as(&object, vec![view]))
        }
    })
}

fn encoded_as(object: &Stored, json: Vec<Bytes>) -> EncodedObject {
    let Stored { id, uid, .. } = object;
    let namespace = Some(id.namespace.clone()).filter(|namespace| !namespace.is_empty());
    EncodedObject::shared(namespace, id.name.clone(), uid.clone(), json)
}

/// Starts a watch. `form` converts each object to the reported form.
fn begin<T, F, M>(objects: Objects, namespace: Option<&Namespace>, query: &WatchQuery, form: F) -> Result<Watch<T>>
where
    T: Send + 'static,
    F: Fn(ReportedObject) -> M + Send + Sync + 'static,
    M: Future<Output = Result<T>> + Send,
{
    let Objects { store: shared, kind, .. } = objects;
    let selection = Selection::new(&kind, namespace, &query.labels, &query.fields)?;
    let watching = Watching::new(shared, selection, &query.start)?;
    let events = stream::unfold((watching, form), |(mut watching, form)| async move {
        let event = match watching.next().await? {
            Ok((change, revision)) => event(change, revision, &form).await,
            Err(error) => Err(error),
        };
        Some((event, (watching, form)))
    });
    Ok(Box::pin(events))
}

async fn event<T, M: Future<Output = Result<T>>>(
    change: Change<ReportedObject>,
    revision: Option<u64>,
    form: &impl Fn(ReportedObject) -> M,
) -> Result<Event<T>> {
    let change = match change {
        Change::Added(reported) => Change::Added(form(reported).await?),
        Change::Modified(reported) => Change::Modified(form(reported).await?),
        Change::Deleted(reported) => Change::Deleted(form(reported).await?),
        Change::DeletedFinalStateUnknown(deleted_key) => Change::DeletedFinalStateUnknown(deleted_key),
        Change::InitialEventsEnd => Change::InitialEventsEnd,
        Change::Bookmark => Change::Bookmark,
    };
    Ok(Event { change, resource_version: revision.map(|revision| revision.to_string()) })
}

/// Change to report, with the revision up to which all changes are then reported.
type PendingEvent = (Change<ReportedObject>, Option<u64>);

struct Watching {
    store: SharedStore,
    selection: Selection,
    /// Objects that existed when the watch began and are not reported yet.
    present: Option<Snapshot>,
    /// Revision up to which all changes are reported or queued.
    reported: u64,
    waiting: VecDeque<PendingEvent>,
    bell: watch::Receiver<u64>,
    is_over: bool,
}

impl Watching {
    fn new(shared: SharedStore, selection: Selection, start: &Start) -> Result<Self> {
        let store = shared.read();
        let (reported, present) = match start {
            Start::InitialEvents => {
                let revision = store.revision();
                (revision, Some(Snapshot::all(shared.clone(), selection.clone(), revision)))
            }
            Start::ResourceVersion(version) => (version_of(version)?, None),
        };
        // A version above the current revision comes from an earlier store.
        if reported > store.revision() || store.log().since(reported).is_none() {
            return Err(expired(reported));
        }
        let bell = store.bell();
        drop(store);
        Ok(Self { store: shared, selection, present, reported, waiting: VecDeque::new(), bell, is_over: false })
    }

    /// Returns the next change to report. `None` when the watch is over.
    async fn next(&mut self) -> Option<Result<PendingEvent>> {
        loop {
            if let Some(pending) = self.waiting.pop_front() {
                return Some(Ok(pending));
            }
            if self.is_over {
                return None;
            }
            self.bell.borrow_and_update();
            match self.look() {
                // Many changes may not be selected, so other tasks get a turn.
                Ok(true) if self.waiting.is_empty() => yield_now().await,
                Ok(true) => {}
                Ok(false) => self.bell.changed().await.ok()?,
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
        }
    }

    /// Queues changes to report. Returns whether changes are queued or more remain to be examined.
    fn look(&mut self) -> Result<bool> {
        let Some(present) = &mut self.present else { return self.catch_up() };
        match present.read(WAITING_BYTES)? {
            Some(objects) => self
                .waiting
                .extend(objects.into_iter().map(|object| (Change::Added(ReportedObject::now(object)), None))),
            None => {
                self.present = None;
                self.waiting.push_back((Change::InitialEventsEnd, Some(self.reported)));
            }
        }
        Ok(true)
    }

    /// Reads more of the log. Fails when the log no longer has the next changes, since the watcher was too slow.
    fn catch_up(&mut self) -> Result<bool> {
        let (changes, revision) = self.changes()?;
        let mut waiting = 0;
        for change in changes {
            if waiting > WAITING_BYTES {
                return Ok(true);
            }
            self.reported = change.revision;
            if let Some(pending) = pending_event(&self.selection, change) {
                waiting += pending.1;
                self.waiting.push_back(pending.0);
            }
        }
        Ok(self.reported < revision || waiting > 0)
    }

    /// Returns the next changes and the revision of the store.
    fn changes(&self) -> Result<(Vec<Logged>, u64)> {
        let store = self.store.read();
        let changes = store.log().since(self.reported).ok_or_else(|| expired(self.reported))?;
        Ok((changes.take(BATCH).cloned().collect(), store.revision()))
    }
}

fn version_of(text: &str) -> Result<u64> {
    let malformed = || Error::new(Reason::BadRequest, format!("{text:?} is not a resource version: not a number"));
    text.parse().map_err(|_| malformed())
}

/// Returns a change as a watch of this selection reports it, with the size of its object in bytes. A deleted or no
/// longer selected object is reported in its last state, with the revision of the change.
fn pending_event(selection: &Selection, change: Logged) -> Option<(PendingEvent, usize)> {
    let Logged { revision, kind, before, after } = change;
    let seen = |object: Option<Arc<Stored>>| object.filter(|object| selection.selects(object));
    if kind != selection.kind.resource {
        return None;
    }
    let (change, object) = match (seen(before), seen(after)) {
        (None, None) => return None,
        (None, Some(after)) => {
            (Change::Added as fn(ReportedObject) -> Change<ReportedObject>, ReportedObject::now(after))
        }
        (Some(_), Some(after)) => (Change::Modified as _, ReportedObject::now(after)),
        (Some(before), None) => (Change::Deleted as _, ReportedObject { object: before, version: revision }),
    };
    let bytes = object.object.len();
    Some(((change(object), Some(revision)), bytes))
}

fn expired(revision: u64) -> Error {
    Error::new(Reason::Expired, format!("too old resource version: {revision}"))
}
