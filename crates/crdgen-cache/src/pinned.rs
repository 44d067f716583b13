//! Snapshots pinned for readers, within a limit of memory.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use crdgen_backend::{Error, Reason, Result};

use super::snapshot::Snapshot;

/// Objects of one version, for pages, lists and watches that read them over time. Released when too many of the objects
/// were replaced meanwhile, since replaced objects are kept only for these readers.
#[derive(Debug)]
pub(super) struct PinnedSnapshot {
    version: u64,
    objects: Mutex<Option<Snapshot>>,
    /// Bytes of the objects that were replaced since.
    replaced: AtomicUsize,
}

impl PinnedSnapshot {
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

/// Snapshots pinned for readers, oldest first.
#[derive(Debug, Default)]
pub(super) struct PinnedSnapshots(Vec<Weak<PinnedSnapshot>>);

impl PinnedSnapshots {
    /// Returns the pinned objects of a version. Readers of one version share them.
    pub(super) fn pin(&mut self, version: u64, objects: &Snapshot) -> Arc<PinnedSnapshot> {
        let newest = self.0.last().and_then(Weak::upgrade);
        if let Some(pinned) =
            newest.filter(|pinned| pinned.version == version && pinned.replaced.load(Ordering::Relaxed) == 0)
        {
            return pinned;
        }
        let objects = Mutex::new(Some(objects.clone()));
        let pinned = Arc::new(PinnedSnapshot { version, objects, replaced: AtomicUsize::new(0) });
        self.0.push(Arc::downgrade(&pinned));
        pinned
    }

    /// Counts a replaced object. Releases every snapshot of which more than `limit` bytes were replaced.
    pub(super) fn replaced(&mut self, bytes: usize, limit: usize) {
        self.0.retain(|pinned| {
            let Some(pinned) = pinned.upgrade() else { return false };
            let is_cheap = pinned.replaced.fetch_add(bytes, Ordering::Relaxed) + bytes <= limit;
            if !is_cheap {
                pinned.lock().take();
            }
            is_cheap
        });
    }
}
