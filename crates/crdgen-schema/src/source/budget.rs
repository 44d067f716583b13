//! What a hostile text may cost.

/// Bytes of a source. All CRDs of a large cluster together have less.
pub(super) const MAX_TEXT: usize = 64 << 20;

/// How much all values of a source together may have, in bytes of text and overhead of nodes. A text of two-byte values
/// would need thirty times its size in memory.
pub(super) const MAX_COST: usize = 160 << 20;

/// How deep YAML may nest; for JSON serde_json has a limit of its own, 128. Every later step recurses, so this bounds
/// their stack. The deepest CRD seen nests 39 levels.
pub(super) const MAX_DEPTH: usize = 256;

/// How much all aliases of a document together may copy, in bytes of text and overhead of nodes.
pub(super) const MAX_COPIED: usize = 64 << 20;

/// The part of a node's cost that does not depend on its text.
pub(super) const NODE_COST: usize = 64;

/// Findings about one source. More say no more than the first ones.
pub(super) const MAX_FINDINGS: usize = 100;
