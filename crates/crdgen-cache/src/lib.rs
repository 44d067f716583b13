//! Cache of the objects of a kind, kept up to date by a watch. Lists, reads and watches of the cache send no request to
//! the API server.
//!
//! An object is kept as trimmed JSON with the positions of its key fields, which takes about a tenth of the memory of
//! the decoded object. Callers decode the objects that they read. The cache does not open the watch itself: the caller
//! feeds it with events.

mod feed;
mod limits;
mod list;
mod object;
mod pinned;
mod ring;
mod snapshot;
mod store;
mod watch;

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crdgen_backend::{Error, Key, ListQuery, Namespace, Reason, Result};
use crdgen_core::Resource;
use crdgen_splitter::ListHead;
use tokio::sync::watch as signal;

pub use self::feed::{FeedError, RawEvent};
pub use self::limits::Limits;
pub use self::list::CachedList;
pub use self::object::{CachedObject, InvalidObject};

use self::store::Store;

/// Cache of the objects of kind `K`. A clone uses the same objects.
///
/// The resourceVersion of every object must be a number, as on every API server with etcd.
pub struct Cache<K> {
    shared: Arc<Shared>,
    kind: PhantomData<fn() -> K>,
}

struct Shared {
    store: Mutex<Store>,
    /// resourceVersion up to which the cache is complete. `None` before the first list was read.
    version: signal::Sender<Option<u64>>,
}

impl Shared {
    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic leaves no partial change, since steps that can fail run before the store is changed.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Resource> Cache<K> {
    /// Creates an empty cache. Reads fail until the cache was fed with a complete list.
    pub fn new(limits: Limits) -> Self {
        let shared = Shared { store: Mutex::new(Store::new(limits)), version: signal::Sender::new(None) };
        Self { shared: Arc::new(shared), kind: PhantomData }
    }

    /// Returns the number of objects.
    pub fn len(&self) -> usize {
        self.shared.store().objects().len()
    }

    /// Returns whether the cache has no objects.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the resourceVersion up to which the cache is complete. `None` before the first list was read.
    pub fn version(&self) -> Option<u64> {
        *self.shared.version.borrow()
    }

    /// Waits until the cache is complete up to a resourceVersion, so that a write at this version can be read.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::Timeout`] after `patience`, and [`Reason::BadRequest`] when `resource_version` is not a
    /// number.
    pub async fn at_least(&self, resource_version: &str, patience: Duration) -> Result<()> {
        let version: u64 = version(resource_version)?;
        let mut known = self.shared.version.subscribe();
        let reached = known.wait_for(|known| known.is_some_and(|known| known >= version));
        match tokio::time::timeout(patience, reached).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => {
                Err(Error::new(Reason::Timeout, format!("the cache has not reached version {version} yet")))
            }
        }
    }

    /// Waits until the first list was read.
    pub async fn synced(&self) {
        // The sender lives as long as `self`, so waiting cannot fail.
        _ = self.shared.version.subscribe().wait_for(Option::is_some).await;
    }

    /// Returns an object.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NotFound`] when the object does not exist, and [`Reason::ServiceUnavailable`] before the first
    /// list was read.
    pub fn get(&self, key: &Key) -> Result<CachedObject> {
        self.known_version()?;
        let found = self.shared.store().objects().get(key.namespace.as_ref().map(Namespace::as_str), key.name.as_str());
        found.ok_or_else(|| Error::not_found::<K>(&key.name))
    }

    /// Returns a page of objects, ordered by namespace and name. All pages of a list show the same version.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::Expired`] when the continue token is too old, [`Reason::NotImplemented`] for a field selector,
    /// and [`Reason::ServiceUnavailable`] before the first list was read.
    pub fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<CachedList> {
        let version = self.known_version()?;
        if !query.fields.requirements.is_empty() {
            return Err(Error::not_implemented("select by fields"));
        }
        let page = self.shared.store().page(version, namespace, query)?;
        Ok(CachedList::new(ListHead::of::<K>(), page))
    }

    fn known_version(&self) -> Result<u64> {
        self.version()
            .ok_or_else(|| Error::new(Reason::ServiceUnavailable, "the cache has not read the first list yet"))
    }
}

impl<K> Clone for Cache<K> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone(), kind: PhantomData }
    }
}

impl<K: Resource> fmt::Debug for Cache<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("kind", &K::KIND).field("version", &self.version()).finish_non_exhaustive()
    }
}

/// Parses a resourceVersion as a number.
fn version(text: &str) -> Result<u64> {
    text.parse().map_err(|_| Error::new(Reason::BadRequest, format!("{text:?} is not a resource version")))
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
