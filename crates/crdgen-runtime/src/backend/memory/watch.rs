//! Watches: what is there, then every write that concerns what is selected.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::stream;
use tokio::sync::watch;

use super::MemoryBackend;
use super::log::Entry;
use super::object::Object;
use super::selection::Selection;
use super::store::{KindId, kind_id};
use crate::Resource;
use crate::backend::{Change, Error, Event, Namespace, Reason, Result, Start, Watch, WatchQuery};

/// Begins a watch; `read` makes of an object what the watch tells of it.
pub(super) fn begin<K: Resource, T: Send + 'static>(
    backend: &MemoryBackend,
    namespace: Option<&Namespace>,
    query: &WatchQuery,
    read: fn(Object) -> Result<T>,
) -> Result<Watch<T>> {
    let selection = Selection::new::<K>(namespace, &query.labels, &query.fields)?;
    let store = backend.read();
    let mut watching = Watching {
        backend: backend.clone(),
        kind: kind_id::<K>(),
        selection,
        told: store.revision(),
        waiting: VecDeque::new(),
        bell: store.bell(),
        is_over: false,
    };
    match &query.start {
        Start::Everything => {
            let there = store.after::<K>(None).filter(|(id, object)| watching.selection.selects(id, object));
            let added = there.map(|(_, object)| (Change::Added(object.clone()), None));
            watching.waiting = added.collect();
            watching.waiting.push_back((Change::Synced, Some(store.revision())));
        }
        Start::After(version) => {
            watching.told = version.parse().map_err(|_| {
                Error::new(Reason::BadRequest, format!("{version:?} is no resource version of this server"))
            })?;
            // A version that was never given out is one of a store before this one.
            if watching.told > store.revision() || store.log().since(watching.told).is_none() {
                return Err(expired(watching.told));
            }
        }
    }
    drop(store);
    let events = stream::unfold(watching, move |mut watching| async move {
        let event = watching.next().await?.and_then(|(change, revision)| {
            let change = change.try_map(|object| read(Object::clone(&object)))?;
            Ok(Event { change, resource_version: revision.map(|revision| revision.to_string()) })
        });
        Some((event, watching))
    });
    Ok(Box::pin(events))
}

/// What is to be told, and the revision up to which everything is told with it.
type Telling = (Change<Arc<Object>>, Option<u64>);

struct Watching {
    backend: MemoryBackend,
    kind: KindId,
    selection: Selection,
    /// Everything up to this revision is told, or waits to be.
    told: u64,
    waiting: VecDeque<Telling>,
    bell: watch::Receiver<u64>,
    is_over: bool,
}

impl Watching {
    /// What is to be told next. `None` when the watch is over.
    async fn next(&mut self) -> Option<Result<Telling>> {
        loop {
            if let Some(telling) = self.waiting.pop_front() {
                return Some(Ok(telling));
            }
            if self.is_over {
                return None;
            }
            self.bell.borrow_and_update();
            if let Err(error) = self.catch_up() {
                self.is_over = true;
                return Some(Err(error));
            }
            if self.waiting.is_empty() {
                self.bell.changed().await.ok()?;
            }
        }
    }

    /// Reads the log. Watchers that are too slow have to begin again.
    fn catch_up(&mut self) -> Result<()> {
        let store = self.backend.read();
        let entries = store.log().since(self.told).ok_or_else(|| expired(self.told))?;
        let concerning = entries.filter(|entry| entry.kind == self.kind);
        self.waiting.extend(concerning.filter_map(|entry| change(&self.selection, entry)));
        self.told = self.told.max(store.revision());
        Ok(())
    }
}

/// What a write means to who sees only what is selected: an object that is no longer selected is gone, with its new state.
fn change(selection: &Selection, entry: &Entry) -> Option<Telling> {
    let seen = |object: &Option<Arc<Object>>| object.clone().filter(|object| selection.selects(&entry.id, object));
    let change = match (seen(&entry.before), seen(&entry.after)) {
        (None, None) => return None,
        (None, Some(after)) => Change::Added(after),
        (Some(_), Some(after)) => Change::Modified(after),
        (Some(last), None) => Change::Deleted(entry.after.clone().unwrap_or(last)),
    };
    Some((change, Some(entry.revision)))
}

fn expired(revision: u64) -> Error {
    Error::new(Reason::Expired, format!("too old resource version: {revision}"))
}
