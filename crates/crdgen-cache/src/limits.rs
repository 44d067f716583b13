//! Limits of the data that a cache keeps.

/// Limits of the data that a cache keeps in addition to its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Maximum number of past changes that the cache keeps for watches (default: 8,192). A watch that needs a change
    /// which is no longer kept fails with [`Reason::Expired`](crdgen_backend::Reason::Expired).
    pub changes: usize,
    /// Maximum number of bytes of the past changes (default: 32 MiB). The oldest changes are dropped first.
    pub change_bytes: usize,
    /// Maximum number of resourceVersions for which the cache can return further pages of a list (default: 16). For
    /// these pages the cache keeps the former states of objects that have changed.
    pub snapshots: usize,
    /// Maximum number of bytes of the former states that are kept for further pages and for slow readers (default: 32
    /// MiB). Beyond this limit the oldest pages and readers fail with [`Reason::Expired`](crdgen_backend::Reason::Expired).
    pub snapshot_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { changes: 8192, change_bytes: 32 << 20, snapshots: 16, snapshot_bytes: 32 << 20 }
    }
}
