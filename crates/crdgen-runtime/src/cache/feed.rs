//! What a cache is fed with.

use std::convert::Infallible;
use std::fmt;
use std::pin::pin;

use futures_core::Stream;
use futures_util::StreamExt;
use serde_json::value::RawValue;

use super::object::{CachedObject, Unfit};
use super::store::Pending;
use super::{Cache, version};
use crate::Resource;
use crate::backend::{Change, Error, Event};
use crate::bytes::Trim;

/// An event of a watch whose objects are not decoded.
pub type RawEvent = Event<Box<RawValue>>;

impl<K: Resource> Cache<K> {
    /// Feeds the cache with a watch of everything, from the beginning, until the watch ends. What cannot be used is
    /// reported, and the next event may be good.
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

    /// Takes one event in.
    ///
    /// # Errors
    ///
    /// When its object does not say who it is, or its version is no number. The cache stays as it is.
    pub fn apply(&self, event: RawEvent) -> Result<(), FeedError> {
        self.apply_by(&mut Trimmer::default(), event)
    }

    fn apply_by<E>(&self, trimmer: &mut Trimmer, event: RawEvent) -> Result<(), FeedError<E>> {
        let mut object = |object: &RawValue| trimmer.object(object).map_err(FeedError::Object);
        let pending = match &event.change {
            Change::Added(json) | Change::Modified(json) => Some(Pending::Put(object(json)?)),
            Change::Deleted(json) => Some(Pending::Remove(object(json)?)),
            Change::Vanished(vanished) => Some(Pending::Forget(vanished.clone())),
            Change::Synced | Change::Bookmark => None,
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
    trim: Trim,
    scratch: Vec<u8>,
}

impl Trimmer {
    fn object(&mut self, object: &RawValue) -> Result<CachedObject, Unfit> {
        CachedObject::new(&self.trim, object.get(), &mut self.scratch)
    }
}

/// Why an event was not taken in.
#[derive(Debug)]
pub enum FeedError<E = Infallible> {
    /// It is an error of the watch.
    Watch(E),
    /// Its object does not say who it is.
    Object(Unfit),
    /// Its version is no number.
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
