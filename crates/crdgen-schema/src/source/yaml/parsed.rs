//! Result of parsing a piece.

use super::failure::Failure;
use crate::Node;
use crate::source::mapping::RepeatedKey;

/// Result of a piece: the documents before a failure, the failure, and repeated keys.
#[derive(Default)]
pub(super) struct Parsed {
    pub(super) roots: Vec<Node>,
    pub(super) repeated: Vec<RepeatedKey>,
    pub(super) failure: Option<Failure>,
    /// Cost of all values so far, including those of earlier pieces.
    pub(super) cost: usize,
}
