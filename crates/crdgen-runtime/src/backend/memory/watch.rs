//! Watches: what is there, then every write that concerns what is selected.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::stream;
use serde_json::Value;
use tokio::sync::watch;

use super::log::Entry;
use super::object::Object;
use super::objects::Objects;
use super::selection::Selection;
use super::store::SharedStore;
use crate::backend::{Change, Error, Event, Namespace, Reason, Result, Start, Watch, WatchQuery};

/// Begins a watch; `read` makes of an object what the watch tells of it.
pub(super) fn begin<T: Send + 'static>(
    objects: Objects,
    namespace: Option<&Namespace>,
    query: &WatchQuery,
    read: fn(Value) -> Result<T>,
) -> Result<Watch<T>> {
    let Objects { store: shared, kind, .. } = objects;
    let selection = Selection::new(&kind, namespace, &query.labels, &query.fields)?;
    let store = shared.read();
    let mut watching = Watching {
        store: shared.clone(),
        resource: kind.resource.clone(),
        selection,
        told: store.revision(),
        waiting: VecDeque::new(),
        bell: store.bell(),
        is_over: false,
    };
    match &query.start {
        Start::Everything => {
            let there = store.objects(&kind).filter(|(id, object)| watching.selection.selects(id, object));
            let added = there.map(|(_, object)| (Change::Added(object.clone()), None));
            watching.waiting = added.collect();
            watching.waiting.push_back((Change::Synced, Some(store.revision())));
        }
        Start::After(version) => {
            watching.told = version.parse().map_err(|_| {
                // An API server says no more than that.
                Error::internal(format!("{version:?} is no resource version"))
            })?;
            // A version that was never given out is one of a store before this one.
            if watching.told > store.revision() || store.log().since(watching.told).is_none() {
                return Err(expired(watching.told));
            }
        }
    }
    drop(store);
    let events = stream::unfold((watching, kind), move |(mut watching, kind)| async move {
        let event = watching.next().await?.and_then(|(change, revision)| {
            let change = change.try_map(|object| read(object.to_value(&kind)))?;
            Ok(Event { change, resource_version: revision.map(|revision| revision.to_string()) })
        });
        Some((event, (watching, kind)))
    });
    Ok(Box::pin(events))
}

/// What is to be told, and the revision up to which everything is told with it.
type Telling = (Change<Arc<Object>>, Option<u64>);

struct Watching {
    store: SharedStore,
    resource: Arc<str>,
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
        let store = self.store.read();
        let entries = store.log().since(self.told).ok_or_else(|| expired(self.told))?;
        let concerning = entries.filter(|entry| entry.kind == self.resource);
        self.waiting.extend(concerning.filter_map(|entry| change(&self.selection, entry)));
        self.told = self.told.max(store.revision());
        Ok(())
    }
}

/// What a write means to who sees only what is selected. What is gone, or no longer selected, is told as it was, at the
/// version at which it went.
fn change(selection: &Selection, entry: &Entry) -> Option<Telling> {
    let seen = |object: &Option<Arc<Object>>| object.clone().filter(|object| selection.selects(&entry.id, object));
    let change = match (seen(&entry.before), seen(&entry.after)) {
        (None, None) => return None,
        (None, Some(after)) => Change::Added(after),
        (Some(_), Some(after)) => Change::Modified(after),
        (Some(before), None) => {
            let mut last = Object::clone(&before);
            last.set_meta("resourceVersion", entry.revision.to_string());
            Change::Deleted(Arc::new(last))
        }
    };
    Some((change, Some(entry.revision)))
}

fn expired(revision: u64) -> Error {
    Error::new(Reason::Expired, format!("too old resource version: {revision}"))
}
