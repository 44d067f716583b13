//! What a hostile text may cost.

/// How deep YAML may nest; for JSON serde_json has a limit of its own, 128. Every later step recurses, so this bounds
/// their stack. The deepest CRD seen nests 39 levels.
pub(super) const MAX_DEPTH: usize = 256;

/// How much all aliases of a document together may copy, in bytes of text and overhead of nodes.
pub(super) const MAX_COPIED: usize = 64 << 20;

/// The part of a node's cost that does not depend on its text.
pub(super) const NODE_COST: usize = 64;
