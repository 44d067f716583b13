//! Objects of a kind in memory, kept up to date by a watch: lists, reads and watches that cost the API server nothing.
//!
//! An object is kept as its trimmed JSON and where in it the keys stand, which is a tenth of what it takes decoded; it is
//! decoded by who asks for it. Where the watch comes from the cache does not know: it is fed.

mod feed;
mod held;
mod list;
mod object;
mod ring;
mod snapshot;
mod store;
mod watch;

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch as signal;

pub use self::feed::{FeedError, RawEvent};
pub use self::list::CachedList;
pub use self::object::{CachedObject, Unfit};

use self::store::Store;
use crate::Resource;
use crate::backend::{Error, Key, ListQuery, Namespace, Reason, Result};
use crate::bytes::ListHead;

/// A cache of `K`. A clone is another handle on the same objects.
///
/// A resource version must be a number, as that of every API server on etcd is.
pub struct Cache<K> {
    shared: Arc<Shared>,
    kind: PhantomData<fn() -> K>,
}

/// Limits of what a cache keeps beside the objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Changes that a watch can go back to (default 8,192). A watch that lags more is told that it has expired.
    pub changes: usize,
    /// Bytes of these changes (default 32 MiB). The oldest go first.
    pub change_bytes: usize,
    /// Versions of the list that pages can go on from (default 16). Objects that changed since are kept for them.
    pub snapshots: usize,
    /// Bytes of earlier states of objects that pages and slow readers need (default 32 MiB). Beyond that the oldest pages
    /// and readers expire.
    pub snapshot_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { changes: 8192, change_bytes: 32 << 20, snapshots: 16, snapshot_bytes: 32 << 20 }
    }
}

struct Shared {
    store: Mutex<Store>,
    /// The version up to which everything is known; `None` until the first list was read.
    version: signal::Sender<Option<u64>>,
}

impl Shared {
    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic elsewhere leaves no half-done change: what can fail is done before the store is touched.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Resource> Cache<K> {
    /// An empty cache, which answers once it was fed everything that is there.
    pub fn new(limits: Limits) -> Self {
        let shared = Shared { store: Mutex::new(Store::new(limits)), version: signal::Sender::new(None) };
        Self { shared: Arc::new(shared), kind: PhantomData }
    }

    /// Number of objects.
    pub fn len(&self) -> usize {
        self.shared.store().objects().len()
    }

    /// Returns whether there are no objects.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The version up to which everything is known; `None` until the first list was read.
    pub fn version(&self) -> Option<u64> {
        *self.shared.version.borrow()
    }

    /// Waits until everything up to a version is known: what was written at this version is then read.
    ///
    /// # Errors
    ///
    /// [`Reason::Timeout`] when that takes longer than `patience`, [`Reason::BadRequest`] when it is no version.
    pub async fn at_least(&self, resource_version: &str, patience: Duration) -> Result<()> {
        let version: u64 = version(resource_version)?;
        let mut known = self.shared.version.subscribe();
        let reached = known.wait_for(|known| known.is_some_and(|known| known >= version));
        match tokio::time::timeout(patience, reached).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Error::new(Reason::Timeout, format!("version {version} is not known here yet"))),
        }
    }

    /// Waits until the first list was read.
    pub async fn synced(&self) {
        // The sender lives as long as `self`.
        _ = self.shared.version.subscribe().wait_for(Option::is_some).await;
    }

    /// One object.
    ///
    /// # Errors
    ///
    /// [`Reason::NotFound`], and [`Reason::ServiceUnavailable`] until the first list was read.
    pub fn get(&self, key: &Key) -> Result<CachedObject> {
        self.known_version()?;
        let found = self.shared.store().objects().get(key.namespace.as_ref().map(Namespace::as_str), key.name.as_str());
        found.ok_or_else(|| Error::not_found::<K>(&key.name))
    }

    /// A page of objects, in the order of namespace and name. All pages of a list show the same version.
    ///
    /// # Errors
    ///
    /// [`Reason::Expired`] when the page before is too old, [`Reason::NotImplemented`] for a field selector,
    /// [`Reason::ServiceUnavailable`] until the first list was read.
    pub fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<CachedList> {
        let version = self.known_version()?;
        if !query.fields.requirements.is_empty() {
            return Err(Error::not_implemented("select by fields"));
        }
        let page = self.shared.store().page(version, namespace, query)?;
        Ok(CachedList::new(ListHead::of::<K>(), page))
    }

    fn known_version(&self) -> Result<u64> {
        self.version().ok_or_else(|| Error::new(Reason::ServiceUnavailable, "the cache is being filled"))
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

/// A resource version as a number.
fn version(text: &str) -> Result<u64> {
    text.parse().map_err(|_| Error::new(Reason::BadRequest, format!("{text:?} is not a resource version")))
}
