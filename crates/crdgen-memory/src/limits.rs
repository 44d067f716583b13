//! Limits of a store, in bytes.

use std::collections::HashMap;
use std::sync::Arc;

use crdgen_backend::{Error, Reason};

use super::place::Place;

/// Maximum numbers of bytes that a [`MemoryBackend`](super::MemoryBackend) keeps. The backend uses memory for the
/// objects, for the log of changes for watches, and for requests in progress.
///
/// An object counts as its JSON plus about 600 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all objects (default: 128 MiB). A write that would exceed this limit fails with
    /// [`Reason::Forbidden`](crdgen_backend::Reason::Forbidden).
    pub store_bytes: usize,
    /// Bytes of the objects of one namespace (default: 32 MiB). A write that would exceed this limit fails with
    /// [`Reason::Forbidden`](crdgen_backend::Reason::Forbidden). Does not apply to cluster-scoped objects.
    pub namespace_bytes: usize,
    /// Bytes of the log of changes (default: 32 MiB). The oldest changes are dropped first. Watches and paged lists
    /// that need a dropped change fail with [`Reason::Expired`](crdgen_backend::Reason::Expired) and must start again.
    pub log_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { store_bytes: 128 << 20, namespace_bytes: 32 << 20, log_bytes: 32 << 20 }
    }
}

/// Bytes that the objects of a store use.
#[derive(Debug, Default)]
pub(super) struct Usage {
    all: usize,
    namespaces: HashMap<Arc<str>, usize>,
}

/// Limit that a write would exceed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exceeded {
    whose: Holder,
    held: usize,
    limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    Store,
    Namespace,
}

impl Usage {
    /// Checks that an object of `new` bytes may replace one of `old` bytes. Always allowed when the object does not
    /// grow.
    pub(super) fn check(&self, place: &Place, old: usize, new: usize, limits: &Limits) -> Result<(), Exceeded> {
        let namespace = &place.id.namespace;
        let of_namespace = self.namespaces.get(namespace).copied().unwrap_or_default();
        let exceeds = |held: usize, limit: usize| new > old && held - old + new > limit;
        if exceeds(self.all, limits.store_bytes) {
            return Err(Exceeded { whose: Holder::Store, held: self.all, limit: limits.store_bytes });
        }
        if !namespace.is_empty() && exceeds(of_namespace, limits.namespace_bytes) {
            return Err(Exceeded { whose: Holder::Namespace, held: of_namespace, limit: limits.namespace_bytes });
        }
        Ok(())
    }

    /// Counts an object of `new` bytes that replaces one of `old` bytes.
    pub(super) fn count(&mut self, place: &Place, old: usize, new: usize) {
        self.all = self.all - old + new;
        let namespace = self.namespaces.entry(place.id.namespace.clone()).or_default();
        *namespace = *namespace - old + new;
        if *namespace == 0 {
            self.namespaces.remove(&place.id.namespace);
        }
    }
}

impl Exceeded {
    /// Returns the error for the write, in the words of an API server's quotas, with advice.
    pub(super) fn error(self, place: &Place) -> Error {
        let Place { kind, id } = place;
        let holder = match self.whose {
            Holder::Store => "the store".to_owned(),
            Holder::Namespace => format!("namespace {:?}", &*id.namespace),
        };
        let (name, held, limit) = (&*id.name, self.held, self.limit);
        let message = format!(
            "{kind} {name:?} is forbidden: exceeded quota: {holder} holds {held} of at most {limit} bytes; delete objects, or \
             raise the limit of the memory backend"
        );
        Error::new(Reason::Forbidden, message)
    }
}
