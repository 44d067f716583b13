//! How large and how deep what is read may be.

/// What a [`Splitter`](super::Splitter) takes; more is an error, so that memory stays bounded whatever is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one item or watch event. An API server takes 3 MiB in a request and etcd 1.5 MiB in an object by default;
    /// the default of 16 MiB leaves room for servers that were told otherwise.
    pub item_bytes: usize,
    /// Brackets that may be open within an item. Kubernetes refuses more than 10,000 in a request, which is the default.
    pub depth: u32,
    /// Bytes of a key or value beside the items that are kept: `apiVersion`, `kind` and `metadata` (default 64 KiB).
    pub envelope_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { item_bytes: 16 << 20, depth: 10_000, envelope_bytes: 64 << 10 }
    }
}
