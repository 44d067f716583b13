//! Snapshots held for readers, within a limit of memory.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crdgen_backend::{Error, Reason, Result};

use super::snapshot::Snapshot;

/// Objects of one version, for pages, lists and watches that read them over time. Released when too many of the objects
/// were replaced meanwhile, since replaced objects are kept only for these readers.
#[derive(Debug)]
pub(super) struct Held {
    version: u64,
    objects: Mutex<Option<Snapshot>>,
    /// Bytes of the objects that were replaced since.
    replaced: AtomicUsize,
}

impl Held {
    pub(super) fn version(&self) -> u64 {
        self.version
    }

    /// Returns the objects.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::Expired`] when the objects were released.
    pub(super) fn objects(&self) -> Result<Snapshot> {
        let expired = || Error::new(Reason::Expired, "the list that is being read has expired; list again");
        self.lock().clone().ok_or_else(expired)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Snapshot>> {
        self.objects.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Snapshots held for readers, oldest first.
#[derive(Debug, Default)]
pub(super) struct Holders(Vec<Weak<Held>>);

impl Holders {
    /// Returns the held objects of a version. Readers of one version share them.
    pub(super) fn hold(&mut self, version: u64, objects: &Snapshot) -> Arc<Held> {
        let newest = self.0.last().and_then(Weak::upgrade);
        if let Some(held) = newest.filter(|held| held.version == version && held.replaced.load(Ordering::Relaxed) == 0)
        {
            return held;
        }
        let objects = Mutex::new(Some(objects.clone()));
        let held = Arc::new(Held { version, objects, replaced: AtomicUsize::new(0) });
        self.0.push(Arc::downgrade(&held));
        held
    }

    /// Counts a replaced object. Releases every snapshot of which more than `limit` bytes were replaced.
    pub(super) fn replaced(&mut self, bytes: usize, limit: usize) {
        self.0.retain(|held| {
            let Some(held) = held.upgrade() else { return false };
            let is_cheap = held.replaced.fetch_add(bytes, Ordering::Relaxed) + bytes <= limit;
            if !is_cheap {
                held.lock().take();
            }
            is_cheap
        });
    }
}
