//! Watches of cached objects. A watch has no queue that can grow: it is a position in the buffer of changes.

use std::collections::VecDeque;
use std::sync::Arc;

use crdgen_backend::{Change, Error, Event, Namespace, Reason, Result, Start, WatchQuery};
use crdgen_core::Resource;
use futures_core::Stream;
use futures_util::stream;
use tokio::sync::watch as signal;

use super::object::CachedObject;
use super::pinned::PinnedSnapshot;
use super::ring::Change as Changed;
use super::{Cache, Shared, version};

/// Maximum number of changes to examine at once.
const BATCH: usize = 64;

/// Maximum number of bytes of changes queued for one watch. A single change may be larger.
const BATCH_BYTES: usize = 64 << 10;

impl<K: Resource> Cache<K> {
    /// Watches objects: reports the existing objects and then every change. A reader that is too slow for the buffer of
    /// changes gets [`Reason::Expired`], and the stream ends.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::Expired`] when the changes since the start were dropped, [`Reason::NotImplemented`] for a
    /// field selector, and [`Reason::ServiceUnavailable`] before the first list was read.
    pub fn watch(
        &self,
        namespace: Option<&Namespace>,
        query: &WatchQuery,
    ) -> Result<impl Stream<Item = Result<Event<CachedObject>>> + Send + use<K>> {
        let known = self.known_version()?;
        if !query.fields.requirements.is_empty() {
            return Err(Error::not_implemented("select by fields"));
        }
        let mut watcher = Watcher {
            shared: self.shared.clone(),
            signal: self.shared.version.subscribe(),
            namespace: namespace.map(|namespace| namespace.as_str().to_owned()),
            query: query.clone(),
            present: None,
            next: Some(0),
            told: VecDeque::new(),
        };
        watcher.start(known)?;
        Ok(stream::unfold(watcher, |mut watcher| async move { Some((watcher.next().await?, watcher)) }))
    }
}

struct Watcher {
    shared: Arc<Shared>,
    signal: signal::Receiver<Option<u64>>,
    namespace: Option<String>,
    query: WatchQuery,
    /// Objects that existed when the watch began and are not reported yet.
    present: Option<Present>,
    /// Number of the next change. `None` when the watch is over.
    next: Option<u64>,
    told: VecDeque<Event<CachedObject>>,
}

/// Objects that existed when a watch began.
struct Present {
    pinned: Arc<PinnedSnapshot>,
    next: usize,
    end: usize,
    version: u64,
}

impl Watcher {
    fn start(&mut self, known: u64) -> Result<()> {
        let shared = self.shared.clone();
        let mut store = shared.store();
        match &self.query.start {
            Start::ResourceVersion(text) => {
                let since = version(text)?;
                self.next = Some(store.ring().after(since).ok_or_else(expired)?);
            }
            Start::InitialEvents => {
                self.next = Some(store.ring().next());
                let (next, end) = store.objects().bounds(self.namespace.as_deref());
                self.present = Some(Present { pinned: store.pin(known), next, end, version: known });
            }
        }
        Ok(())
    }

    async fn next(&mut self) -> Option<Result<Event<CachedObject>>> {
        loop {
            if let Some(event) = self.present() {
                return Some(event);
            }
            if let Some(event) = self.told.pop_front() {
                return Some(Ok(event));
            }
            self.signal.borrow_and_update();
            match self.look()? {
                Err(error) => return Some(Err(error)),
                // The signal ends when the cache is dropped.
                Ok(0) => self.signal.changed().await.ok()?,
                Ok(_) => {}
            }
        }
    }

    /// Returns the next event for the objects that existed when the watch began.
    fn present(&mut self) -> Option<Result<Event<CachedObject>>> {
        let mut present = self.present.take()?;
        let objects = match present.pinned.objects() {
            Ok(objects) => objects,
            Err(error) => {
                self.next = None;
                return Some(Err(error));
            }
        };
        let rest = (present.next..present.end).filter_map(|index| Some((index, objects.at(index)?)));
        let found = rest.map(|(index, object)| (index, object.clone())).find(|(_, object)| self.selects(object));
        let Some((index, object)) = found else {
            return Some(Ok(Event {
                change: Change::InitialEventsEnd,
                resource_version: Some(present.version.to_string()),
            }));
        };
        present.next = index + 1;
        self.present = Some(present);
        Some(Ok(Event { change: Change::Added(object), resource_version: None }))
    }

    /// Examines further changes and returns their number. `None` when the watch is over.
    fn look(&mut self) -> Option<Result<usize>> {
        let number = self.next?;
        let shared = self.shared.clone();
        let changes: Vec<Changed> = match shared.store().ring().from(number, BATCH, BATCH_BYTES) {
            Some(changes) => changes.cloned().collect(),
            None => {
                self.next = None;
                return Some(Err(expired()));
            }
        };
        self.next = Some(number + changes.len() as u64);
        let count = changes.len();
        for change in changes {
            self.tell(change);
        }
        Some(Ok(count))
    }

    fn tell(&mut self, changed: Changed) {
        let resource_version = changed.is_last.then(|| changed.version.to_string());
        let was = changed.before.as_ref().is_some_and(|object| self.selects(object));
        let is = changed.after.as_ref().is_some_and(|object| self.selects(object));
        let change = match (was, is, changed.before, changed.after) {
            (false, true, _, Some(after)) => Change::Added(after),
            (true, true, _, Some(after)) => Change::Modified(after),
            // As on the API server, reports the state that is no longer selected.
            (true, false, _, Some(after)) => Change::Deleted(after),
            (true, false, Some(before), None) => Change::Deleted(changed.last.unwrap_or(before)),
            (_, _, None, None) => Change::Bookmark,
            // The change is not selected. Its version is not reported either: a later event reports a newer version.
            _ => return,
        };
        self.told.push_back(Event { change, resource_version });
    }

    fn selects(&self, object: &CachedObject) -> bool {
        object.is_selected(self.namespace.as_deref(), &self.query.labels)
    }
}

fn expired() -> Error {
    Error::new(Reason::Expired, "the changes since this version are no longer known; list again")
}
