//! Watches of what is cached. None of them has a queue of its own that could grow: each stands somewhere in the ring.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_core::Stream;
use futures_util::stream;
use tokio::sync::watch as signal;

use super::held::Held;
use super::object::CachedObject;
use super::ring::Change as Changed;
use super::{Cache, Shared, version};
use crate::Resource;
use crate::backend::{Change, Error, Event, Namespace, Reason, Result, Start, WatchQuery};

/// Changes that are looked at in one go.
const BATCH: usize = 64;

/// Bytes of changes that wait for one watch, unless it is one change.
const BATCH_BYTES: usize = 64 << 10;

impl<K: Resource> Cache<K> {
    /// Tells what is there and what happens to it. Who reads so slowly that changes are forgotten meanwhile is told
    /// [`Reason::Expired`], after which nothing follows.
    ///
    /// # Errors
    ///
    /// [`Reason::Expired`] when what happened since the start is not known, [`Reason::NotImplemented`] for a field selector,
    /// [`Reason::ServiceUnavailable`] until the first list was read.
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
    /// Objects that were there at the beginning and are still to be told.
    present: Option<Present>,
    /// The number of the next change; `None` once the watch is over.
    next: Option<u64>,
    told: VecDeque<Event<CachedObject>>,
}

/// Objects that were there when a watch began.
struct Present {
    held: Arc<Held>,
    next: usize,
    end: usize,
    version: u64,
}

impl Watcher {
    fn start(&mut self, known: u64) -> Result<()> {
        let shared = self.shared.clone();
        let mut store = shared.store();
        match &self.query.start {
            Start::After(text) => {
                let since = version(text)?;
                self.next = Some(store.ring().after(since).ok_or_else(expired)?);
            }
            Start::Everything => {
                self.next = Some(store.ring().next());
                let (next, end) = store.objects().bounds(self.namespace.as_deref());
                self.present = Some(Present { held: store.hold(known), next, end, version: known });
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
                // The cache is gone when nobody can signal any more.
                Ok(0) => self.signal.changed().await.ok()?,
                Ok(_) => {}
            }
        }
    }

    /// The next of the objects that were there.
    fn present(&mut self) -> Option<Result<Event<CachedObject>>> {
        let mut present = self.present.take()?;
        let objects = match present.held.objects() {
            Ok(objects) => objects,
            Err(error) => {
                self.next = None;
                return Some(Err(error));
            }
        };
        let rest = (present.next..present.end).filter_map(|index| Some((index, objects.at(index)?)));
        let found = rest.map(|(index, object)| (index, object.clone())).find(|(_, object)| self.selects(object));
        let Some((index, object)) = found else {
            return Some(Ok(Event { change: Change::Synced, resource_version: Some(present.version.to_string()) }));
        };
        present.next = index + 1;
        self.present = Some(present);
        Some(Ok(Event { change: Change::Added(object), resource_version: None }))
    }

    /// Looks at some more changes; how many there were. `None` once the watch is over.
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
            // As the API server: the state that left the selection, if there is one.
            (true, false, _, Some(after)) => Change::Deleted(after),
            (true, false, Some(before), None) => Change::Deleted(changed.last.unwrap_or(before)),
            (_, _, None, None) => Change::Bookmark,
            // Nothing that was asked for, so the version does not matter either: a bookmark will say the next one.
            _ => return,
        };
        self.told.push_back(Event { change, resource_version });
    }

    fn selects(&self, object: &CachedObject) -> bool {
        object.is_selected(self.namespace.as_deref(), &self.query.labels)
    }
}

fn expired() -> Error {
    Error::new(Reason::Expired, "what happened since is not known any more; list again")
}
