//! Watches: the objects that are there, then every change that concerns the selected ones.

use std::collections::VecDeque;
use std::future::ready;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream;
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::task::yield_now;

use super::log::Change as Logged;
use super::objects::Objects;
use super::selection::Selection;
use super::snapshot::Snapshot;
use super::store::SharedStore;
use super::stored::Stored;
use crate::backend::{Change, EncodedObject, Error, Event, Namespace, Reason, Result, Start, Watch, WatchQuery};
use crate::{View, work};

/// Bytes of objects that wait for one watcher, unless it is one object.
const WAITING_BYTES: usize = 64 << 10;

/// Changes that are looked at in one go.
const BATCH: usize = 256;

/// A stored object as a watch tells it.
pub(super) struct Told {
    pub(super) object: Arc<Stored>,
    /// The `resourceVersion` that it is told with: of an object that is gone, the one at which it went.
    pub(super) version: u64,
}

/// A watch that tells of objects, or views, as their type.
pub(super) fn decoded<T: DeserializeOwned + Send + 'static>(
    objects: Objects,
    namespace: Option<&Namespace>,
    query: &WatchQuery,
) -> Result<Watch<T>> {
    let kind = objects.kind.clone();
    begin(objects, namespace, query, move |Told { object, version }| {
        let kind = kind.clone();
        work::run(object.len(), move || object.decode_at(&kind, version))
    })
}

/// A watch that tells of objects as their JSON.
pub(super) fn encoded(
    objects: Objects,
    namespace: Option<&Namespace>,
    query: &WatchQuery,
) -> Result<Watch<EncodedObject>> {
    let kind = objects.kind.clone();
    begin(objects, namespace, query, move |Told { object, version }| {
        ready(Ok(encoded_as(&object, object.pieces(&kind, version).into())))
    })
}

/// A watch that tells of views as their JSON.
pub(super) fn encoded_views<V: View>(
    objects: Objects,
    namespace: Option<&Namespace>,
    query: &WatchQuery,
) -> Result<Watch<EncodedObject>> {
    let (store, kind) = (objects.store.clone(), objects.kind.clone());
    begin(objects, namespace, query, move |told| {
        let (store, kind, object) = (store.clone(), kind.clone(), told.object.clone());
        async move {
            let view = match store.views().get::<V>(&told) {
                Some(view) => view,
                None => work::run(object.len(), move || store.views().make::<V>(&kind, &told)).await?,
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

/// Begins a watch; `form` makes of an object what the watch tells of it.
fn begin<T, F, M>(objects: Objects, namespace: Option<&Namespace>, query: &WatchQuery, form: F) -> Result<Watch<T>>
where
    T: Send + 'static,
    F: Fn(Told) -> M + Send + Sync + 'static,
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
    change: Change<Told>,
    revision: Option<u64>,
    form: &impl Fn(Told) -> M,
) -> Result<Event<T>> {
    let change = match change {
        Change::Added(told) => Change::Added(form(told).await?),
        Change::Modified(told) => Change::Modified(form(told).await?),
        Change::Deleted(told) => Change::Deleted(form(told).await?),
        Change::Vanished(vanished) => Change::Vanished(vanished),
        Change::Synced => Change::Synced,
        Change::Bookmark => Change::Bookmark,
    };
    Ok(Event { change, resource_version: revision.map(|revision| revision.to_string()) })
}

/// A change to be told, and the revision up to which everything is told with it.
type Telling = (Change<Told>, Option<u64>);

struct Watching {
    store: SharedStore,
    selection: Selection,
    /// The objects that were there when the watch began, as far as they are still to be told.
    present: Option<Snapshot>,
    /// Everything up to this revision is told, or waits to be.
    told: u64,
    waiting: VecDeque<Telling>,
    bell: watch::Receiver<u64>,
    is_over: bool,
}

impl Watching {
    fn new(shared: SharedStore, selection: Selection, start: &Start) -> Result<Self> {
        let store = shared.read();
        let (told, present) = match start {
            Start::Everything => {
                let revision = store.revision();
                (revision, Some(Snapshot::all(shared.clone(), selection.clone(), revision)))
            }
            Start::After(version) => (version_of(version)?, None),
        };
        // A version that was never given out is one of a store before this one.
        if told > store.revision() || store.log().since(told).is_none() {
            return Err(expired(told));
        }
        let bell = store.bell();
        drop(store);
        Ok(Self { store: shared, selection, present, told, waiting: VecDeque::new(), bell, is_over: false })
    }

    /// The next change to be told. `None` when the watch is over.
    async fn next(&mut self) -> Option<Result<Telling>> {
        loop {
            if let Some(telling) = self.waiting.pop_front() {
                return Some(Ok(telling));
            }
            if self.is_over {
                return None;
            }
            self.bell.borrow_and_update();
            match self.look() {
                // Much may have happened that is not selected.
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

    /// Looks for something to be told. Returns whether something waits now, or more is to be looked at.
    fn look(&mut self) -> Result<bool> {
        let Some(present) = &mut self.present else { return self.catch_up() };
        match present.read(WAITING_BYTES)? {
            Some(objects) => {
                self.waiting.extend(objects.into_iter().map(|object| (Change::Added(stored(object)), None)))
            }
            None => {
                self.present = None;
                self.waiting.push_back((Change::Synced, Some(self.told)));
            }
        }
        Ok(true)
    }

    /// Reads some more of the log. Watchers that are too slow have to begin again.
    fn catch_up(&mut self) -> Result<bool> {
        let (changes, revision) = self.changes()?;
        let mut waiting = 0;
        for change in changes {
            if waiting > WAITING_BYTES {
                return Ok(true);
            }
            self.told = change.revision;
            if let Some(telling) = telling(&self.selection, change) {
                waiting += telling.1;
                self.waiting.push_back(telling.0);
            }
        }
        Ok(self.told < revision || waiting > 0)
    }

    /// The next changes, and the revision of the store.
    fn changes(&self) -> Result<(Vec<Logged>, u64)> {
        let store = self.store.read();
        let changes = store.log().since(self.told).ok_or_else(|| expired(self.told))?;
        Ok((changes.take(BATCH).cloned().collect(), store.revision()))
    }
}

fn version_of(text: &str) -> Result<u64> {
    let malformed = || Error::new(Reason::BadRequest, format!("{text:?} is not a resource version: not a number"));
    text.parse().map_err(|_| malformed())
}

fn stored(object: Arc<Stored>) -> Told {
    let version = object.version;
    Told { object, version }
}

/// A change as it is told to who sees only the selected objects, and the bytes of its object. An object that is gone, or no
/// longer selected, is told as it was, at the version at which it went.
fn telling(selection: &Selection, change: Logged) -> Option<(Telling, usize)> {
    let Logged { revision, kind, before, after } = change;
    let seen = |object: Option<Arc<Stored>>| object.filter(|object| selection.selects(object));
    if kind != selection.kind.resource {
        return None;
    }
    let (change, object) = match (seen(before), seen(after)) {
        (None, None) => return None,
        (None, Some(after)) => (Change::Added as fn(Told) -> Change<Told>, stored(after)),
        (Some(_), Some(after)) => (Change::Modified as _, stored(after)),
        (Some(before), None) => (Change::Deleted as _, Told { object: before, version: revision }),
    };
    let bytes = object.object.len();
    Some(((change(object), Some(revision)), bytes))
}

fn expired(revision: u64) -> Error {
    Error::new(Reason::Expired, format!("too old resource version: {revision}"))
}
