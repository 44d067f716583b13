//! Input of a cache.

use std::convert::Infallible;
use std::fmt;
use std::pin::pin;

use crdgen_backend::{Change, Error, Event};
use crdgen_core::Resource;
use crdgen_splitter::MetadataFilter;
use futures_core::Stream;
use futures_util::StreamExt;
use serde_json::value::RawValue;

use super::object::{CachedObject, InvalidObject};
use super::store::Pending;
use super::{Cache, version};

/// Watch event whose object is not decoded.
pub type RawEvent = Event<Box<RawValue>>;

impl<K: Resource> Cache<K> {
    /// Feeds the cache with the events of a watch until the watch ends. The watch must cover all objects and begin with
    /// the existing ones. Errors are passed to `report`, and the next event is read.
    pub async fn feed<E>(&self, events: impl Stream<Item = Result<RawEvent, E>>, mut report: impl FnMut(FeedError<E>)) {
        let mut trimmer = Trimmer::default();
        let mut events = pin!(events);
        while let Some(event) = events.next().await {
            let applied = match event {
                Ok(event) => self.apply_by(&mut trimmer, event),
                Err(error) => Err(FeedError::Watch(error)),
            };
            if let Err(error) = applied {
                report(error);
            }
        }
    }

    /// Feeds the cache with one event.
    ///
    /// # Errors
    ///
    /// Fails when the object has no readable identity, or when the resourceVersion is not a number. The cache stays
    /// unchanged.
    pub fn apply(&self, event: RawEvent) -> Result<(), FeedError> {
        self.apply_by(&mut Trimmer::default(), event)
    }

    fn apply_by<E>(&self, trimmer: &mut Trimmer, event: RawEvent) -> Result<(), FeedError<E>> {
        let mut object = |object: &RawValue| trimmer.object(object).map_err(FeedError::Object);
        let pending = match &event.change {
            Change::Added(json) | Change::Modified(json) => Some(Pending::Put(object(json)?)),
            Change::Deleted(json) => Some(Pending::Remove(object(json)?)),
            Change::DeletedFinalStateUnknown(deleted_key) => Some(Pending::Forget(deleted_key.clone())),
            Change::InitialEventsEnd | Change::Bookmark => None,
        };
        let version = event.resource_version.as_deref().map(version).transpose().map_err(FeedError::Version)?;
        let mut store = self.shared.store();
        if let Some(pending) = pending {
            store.note(pending);
        }
        if let Some(version) = version {
            store.commit(version);
            drop(store);
            self.shared.version.send_replace(Some(version));
        }
        Ok(())
    }
}

#[derive(Default)]
struct Trimmer {
    trim: MetadataFilter,
    scratch: Vec<u8>,
}

impl Trimmer {
    fn object(&mut self, object: &RawValue) -> Result<CachedObject, InvalidObject> {
        CachedObject::new(&self.trim, object.get(), &mut self.scratch)
    }
}

/// Reason why an event could not be used.
#[derive(Debug)]
pub enum FeedError<E = Infallible> {
    /// The watch returned an error.
    Watch(E),
    /// The object has no readable identity.
    Object(InvalidObject),
    /// The resourceVersion is not a number.
    Version(Error),
}

impl<E: fmt::Display> fmt::Display for FeedError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Watch(error) => error.fmt(f),
            Self::Object(error) => error.fmt(f),
            Self::Version(error) => error.fmt(f),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for FeedError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Watch(error) => error.source(),
            Self::Object(error) => error.source(),
            Self::Version(error) => error.source(),
        }
    }
}
