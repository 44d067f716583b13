//! Limits on the cost of hostile texts.

/// Maximum size of a source, in bytes. All CRDs of a large cluster together are smaller.
pub(super) const MAX_TEXT: usize = 64 << 20;

/// Maximum cost of all values of a source: bytes of text, and [`NODE_COST`] for each node. A text of two-byte values
/// would need thirty times its size in memory.
pub(super) const MAX_COST: usize = 160 << 20;

/// Maximum depth of YAML. Every later step is recursive, so the limit bounds its stack. The deepest known CRD has 39
/// levels. For JSON, serde_json has a limit of its own: 128.
pub(super) const MAX_DEPTH: usize = 256;

/// Maximum cost that all aliases of a document together may copy, counted as for [`MAX_COST`].
pub(super) const MAX_COPIED: usize = 64 << 20;

/// Cost of a node without its text.
pub(super) const NODE_COST: usize = 64;

/// Maximum number of diagnostics of one kind for a source.
pub(super) const MAX_FINDINGS: usize = 100;
