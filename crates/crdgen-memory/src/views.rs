//! Cache of the JSON of views, so that each change is converted to a view once for all watches.

use std::any::TypeId;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use crdgen_backend::{Error, Result};
use crdgen_core::View;

use super::kind::Kind;
use super::reported_object::ReportedObject;

/// Maximum number of cached views.
const MOST: usize = 256;

/// Maximum number of bytes of JSON in the cache.
const MOST_BYTES: usize = 4 << 20;

/// Most recent views.
#[derive(Debug, Default)]
pub(super) struct Views(Mutex<VecDeque<(Id, Bytes)>>);

/// Key of a view: its type, the version of the object's state, and the version with which a watch reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Id {
    view: TypeId,
    state: u64,
    reported: u64,
}

impl Id {
    fn of<V: View>(reported: &ReportedObject) -> Self {
        Self { view: TypeId::of::<V>(), state: reported.object.version, reported: reported.version }
    }
}

impl Views {
    /// Returns the JSON of a view from the cache.
    pub(super) fn get<V: View>(&self, reported: &ReportedObject) -> Option<Bytes> {
        let id = Id::of::<V>(reported);
        self.lock().iter().rev().find(|(known, _)| *known == id).map(|(_, json)| json.clone())
    }

    /// Creates the JSON of a view. Returns the cached one when another watch created it meanwhile.
    pub(super) fn make<V: View>(&self, kind: &Kind, reported: &ReportedObject) -> Result<Bytes> {
        if let Some(json) = self.get::<V>(reported) {
            return Ok(json);
        }
        let view: V = reported.object.decode_at(kind, reported.version)?;
        let json = Bytes::from(serde_json::to_vec(&view).map_err(Error::internal)?);
        self.remember(Id::of::<V>(reported), json.clone());
        Ok(json)
    }

    fn remember(&self, id: Id, json: Bytes) {
        let mut views = self.lock();
        views.push_back((id, json));
        while views.len() > MOST || views.iter().map(|(_, json)| json.len()).sum::<usize>() > MOST_BYTES {
            views.pop_front();
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(Id, Bytes)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
