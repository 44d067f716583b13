//! Stored object with the version that a watch reports.

use std::sync::Arc;

use super::stored::Stored;

/// Stored object as a watch reports it.
pub(super) struct ReportedObject {
    pub(super) object: Arc<Stored>,
    /// Reported `resourceVersion`. For a deleted object, the revision of the deletion.
    pub(super) version: u64,
}

impl ReportedObject {
    /// Creates the object as a watch reports its current state.
    pub(super) fn now(object: Arc<Stored>) -> Self {
        let version = object.version;
        Self { object, version }
    }
}
