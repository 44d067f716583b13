//! Visibility: the objects that a caller may see.
//!
//! Without hidden objects there is no cost: lists stay bytes, and no write reads an object first. For other callers, a
//! hidden object behaves as if it did not exist.

mod pages;
mod visible_events;

use std::fmt;
use std::sync::Arc;

use crdgen_backend::{Backend, Error, Key, Preconditions, Reason, Result, Start, WatchQuery};
use crdgen_core::{Metadata as _, Resource};

pub(super) use self::pages::{Place, fill};

type Sees<K> = dyn Fn(&K) -> bool + Send + Sync;

/// Visibility of the objects of a kind: all objects, or those for which a function returns true.
///
/// ```
/// # use crdgen_runtime::{Metadata, Resource, server::Visibility};
/// fn of_team<K: Resource>(team: &str) -> Visibility<K> {
///     let team = team.to_owned();
///     Visibility::only(move |object: &K| object.metadata().label("team") == Some(&team))
/// }
/// ```
pub struct Visibility<K>(Option<Arc<Sees<K>>>);

impl<K> Clone for Visibility<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K> fmt::Debug for Visibility<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_none() { "Visibility(everything)" } else { "Visibility(only ..)" })
    }
}

impl<K: Resource> Visibility<K> {
    /// Creates a visibility that hides nothing.
    pub fn everything() -> Self {
        Self(None)
    }

    /// Creates a visibility of the objects for which `sees` returns true. `sees` is called for every object that a list
    /// or a watch reads, and must not block.
    pub fn only(sees: impl Fn(&K) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(sees)))
    }

    /// Returns whether no object is hidden.
    pub fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    /// Returns whether the caller may see an object.
    pub fn sees(&self, object: &K) -> bool {
        self.0.as_ref().is_none_or(|sees| sees(object))
    }

    /// Returns the object, or `NotFound` if it is hidden.
    pub(super) fn one(&self, object: K, key: &Key) -> Result<K> {
        if self.sees(&object) { Ok(object) } else { Err(absent::<K>(key)) }
    }

    /// Reads the object of a request if any object can be hidden from the caller. Returns `None` without reading if
    /// nothing is hidden, and `NotFound` if the object is hidden or absent.
    pub(super) async fn find(&self, backend: &impl Backend<K>, key: &Key) -> Result<Option<K>> {
        if self.is_everything() {
            return Ok(None);
        }
        match backend.get(key).await {
            Ok(object) => self.one(object, key).map(Some),
            // The error is built here, so that a hidden and an absent object get the same answer from every backend.
            Err(error) if error.reason == Reason::NotFound => Err(absent::<K>(key)),
            Err(error) => Err(error),
        }
    }

    /// Returns the query for the backend's watch. If objects can be hidden, a watch that would resume after a version
    /// starts from the beginning, since it is not recorded which objects the caller saw at that version.
    pub(super) fn watched(&self, query: WatchQuery) -> WatchQuery {
        if self.is_everything() { query } else { WatchQuery { start: Start::InitialEvents, ..query } }
    }
}

/// Adds the uid of the object that was read to the preconditions, so that a later object of the same name is not
/// written.
pub(super) fn pinned<K: Resource>(preconditions: Preconditions, found: Option<&K>) -> Preconditions {
    let uid = found.and_then(|object| object.metadata().uid()).map(str::to_owned);
    Preconditions { uid: preconditions.uid.or(uid), ..preconditions }
}

fn absent<K: Resource>(key: &Key) -> Error {
    Error::not_found::<K>(&key.name)
}
