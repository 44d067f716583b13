//! Content of a cache: objects, recent changes, and the versions for which further pages can be read.

use std::collections::VecDeque;
use std::sync::Arc;

use crdgen_backend::{DeletedKey, Error, ListQuery, Namespace, Reason, Result};

use super::limits::Limits;
use super::list::Page;
use super::object::CachedObject;
use super::pinned::{PinnedSnapshot, PinnedSnapshots};
use super::ring::{Change, Ring};
use super::snapshot::Snapshot;

#[derive(Debug)]
pub(super) struct Store {
    objects: Snapshot,
    ring: Ring,
    /// Versions for which further pages can be read, newest last.
    pages: VecDeque<Arc<PinnedSnapshot>>,
    /// Readers of earlier versions.
    pinned: PinnedSnapshots,
    limits: Limits,
    /// Changes whose version is not known yet.
    pending: Vec<Pending>,
    is_synced: bool,
}

/// Change that was reported without a version.
#[derive(Debug)]
pub(super) enum Pending {
    Put(CachedObject),
    Remove(CachedObject),
    /// The object was deleted. Its last state is unknown.
    Forget(DeletedKey),
}

impl Store {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            objects: Snapshot::default(),
            ring: Ring::new(limits.changes, limits.change_bytes),
            pages: VecDeque::new(),
            pinned: PinnedSnapshots::default(),
            limits,
            pending: Vec::new(),
            is_synced: false,
        }
    }

    pub(super) fn objects(&self) -> &Snapshot {
        &self.objects
    }

    pub(super) fn ring(&self) -> &Ring {
        &self.ring
    }

    /// Returns the current objects, pinned for a slow reader.
    pub(super) fn pin(&mut self, version: u64) -> Arc<PinnedSnapshot> {
        self.pinned.pin(version, &self.objects)
    }

    /// Adds a change. It takes effect with the next [`commit`](Self::commit).
    pub(super) fn note(&mut self, change: Pending) {
        self.pending.push(change);
    }

    /// Applies all pending changes at `version`.
    pub(super) fn commit(&mut self, version: u64) {
        let changes: Vec<Change> =
            std::mem::take(&mut self.pending).into_iter().filter_map(|pending| self.apply(pending, version)).collect();
        if !std::mem::replace(&mut self.is_synced, true) {
            self.ring.restart(version);
            return;
        }
        // Several changes at one version are reported one after the other. A bookmark after them reports the version.
        let is_single = changes.len() == 1;
        for change in changes {
            self.ring.push(Change { is_last: is_single, ..change });
        }
        if !is_single {
            self.ring.push(Change::bookmark(version));
        }
    }

    fn apply(&mut self, pending: Pending, version: u64) -> Option<Change> {
        let (before, after, last) = match pending {
            Pending::Put(object) => {
                let before = self.objects.put(object.clone());
                // The object was reported again after a gap.
                if before.as_ref().is_some_and(|before| before.version() == object.version()) {
                    return None;
                }
                (before, Some(object), None)
            }
            Pending::Remove(last) => (self.remove(last.namespace(), last.name(), last.uid()), None, Some(last)),
            Pending::Forget(DeletedKey { key, uid }) => {
                let namespace = key.namespace.as_ref().map(Namespace::as_str);
                (self.remove(namespace, key.name.as_str(), &uid), None, None)
            }
        };
        if let Some(before) = &before {
            self.pinned.replaced(before.weight(), self.limits.snapshot_bytes);
        }
        (before.is_some() || after.is_some()).then_some(Change { before, after, last, version, is_last: false })
    }

    /// Removes an object, unless the name now belongs to an object with another uid.
    fn remove(&mut self, namespace: Option<&str>, name: &str, uid: &str) -> Option<CachedObject> {
        self.objects.get(namespace, name).filter(|known| known.uid() == uid)?;
        self.objects.remove(namespace, name)
    }

    /// Returns a page of a list at `version`, or at the version of the query's continue token.
    pub(super) fn page(&mut self, version: u64, namespace: Option<&Namespace>, query: &ListQuery) -> Result<Page> {
        let (pinned, start) = match &query.continue_ {
            None => (self.pin(version), 0),
            Some(token) => self.resume(token)?,
        };
        let page = Page::cut(pinned.clone(), start, namespace, query)?;
        if page.goes_on() && self.pages.iter().all(|known| !Arc::ptr_eq(known, &pinned)) {
            self.pages.push_back(pinned);
            if self.pages.len() > self.limits.snapshots.max(1) {
                self.pages.pop_front();
            }
        }
        Ok(page)
    }

    fn resume(&self, token: &str) -> Result<(Arc<PinnedSnapshot>, usize)> {
        let parsed =
            token.split_once('.').and_then(|(version, index)| Some((version.parse().ok()?, index.parse().ok()?)));
        let (version, index): (u64, usize) =
            parsed.ok_or_else(|| Error::new(Reason::BadRequest, "the continue token was not issued by this server"))?;
        let pinned = self.pages.iter().find(|known| known.version() == version).cloned();
        let expired = || Error::new(Reason::Expired, "the continue token has expired; list again without it");
        Ok((pinned.ok_or_else(expired)?, index))
    }
}
