//! Watch for a caller who does not see every object.

use std::collections::HashSet;
use std::future::ready;

use crdgen_backend::{Change, DeletedKey, Event, Key, Result, Watch};
use crdgen_core::{Metadata as _, Resource};
use futures_util::StreamExt as _;

use super::Visibility;

impl<K: Resource> Visibility<K> {
    /// Removes hidden objects from a watch. An object that becomes hidden is reported as gone, without its state.
    pub(crate) fn watch(&self, watch: Watch<K>) -> Watch<K> {
        if self.is_everything() {
            return watch;
        }
        let mut visible = VisibleEvents::of(self.clone());
        Box::pin(watch.filter_map(move |event| ready(visible.tell(event))))
    }
}

/// State of a watch: the objects that the caller knows from its events.
struct VisibleEvents<K> {
    visibility: Visibility<K>,
    /// Uids of the objects that were reported to the caller.
    told: HashSet<Box<str>>,
}

impl<K: Resource> VisibleEvents<K> {
    fn of(visibility: Visibility<K>) -> Self {
        Self { visibility, told: HashSet::new() }
    }

    /// Returns the event for the caller, or `None` if it concerns a hidden object only.
    fn tell(&mut self, event: Result<Event<K>>) -> Option<Result<Event<K>>> {
        match event {
            Ok(Event { change, resource_version }) => {
                self.change(change).map(|change| Ok(Event { change, resource_version }))
            }
            Err(error) => Some(Err(error)),
        }
    }

    fn change(&mut self, change: Change<K>) -> Option<Change<K>> {
        match change {
            Change::Added(object) | Change::Modified(object) => self.present(object),
            Change::Deleted(object) => {
                let was_told = self.told.remove(uid(&object));
                let change = if self.visibility.sees(&object) { Some(Change::Deleted(object)) } else { gone(&object) };
                change.filter(|_| was_told)
            }
            Change::DeletedFinalStateUnknown(deleted_key) => {
                self.told.remove(&*deleted_key.uid).then_some(Change::DeletedFinalStateUnknown(deleted_key))
            }
            Change::InitialEventsEnd | Change::Bookmark => Some(change),
        }
    }

    fn present(&mut self, object: K) -> Option<Change<K>> {
        match (self.visibility.sees(&object), self.told.contains(uid(&object))) {
            (true, true) => Some(Change::Modified(object)),
            (true, false) => {
                self.told.insert(uid(&object).into());
                Some(Change::Added(object))
            }
            (false, true) => {
                self.told.remove(uid(&object));
                gone(&object)
            }
            (false, false) => None,
        }
    }
}

fn uid<K: Resource>(object: &K) -> &str {
    object.metadata().uid().unwrap_or_default()
}

/// Returns the event for an object that is gone or became hidden, without its state.
fn gone<K: Resource>(object: &K) -> Option<Change<K>> {
    // The backend has already checked the name.
    Some(Change::DeletedFinalStateUnknown(DeletedKey { key: Key::of(object).ok()?, uid: uid(object).to_owned() }))
}
