//! Limits of size and depth.

/// Limits of the input of a [`Splitter`](super::Splitter). An input that exceeds a limit is an error, so memory is
/// bounded for any input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Maximum size of an item or watch event in bytes (default: 16 MiB). By default, an API server accepts 3 MiB in a
    /// request, and etcd 1.5 MiB in an object. The default leaves room for servers with higher limits.
    pub item_bytes: usize,
    /// Maximum number of open brackets within an item (default: 10,000). Kubernetes has the same limit for a request.
    pub depth: u32,
    /// Maximum size in bytes of a key, or of a value that is kept besides the items: `apiVersion`, `kind` and
    /// `metadata` (default: 64 KiB).
    pub envelope_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { item_bytes: 16 << 20, depth: 10_000, envelope_bytes: 64 << 10 }
    }
}
