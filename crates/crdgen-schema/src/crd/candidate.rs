//! Objects that claim to be CRDs.

use std::sync::Arc;

use super::duplicate::Named;
use crate::{Node, Source, Span};

/// Object that claims to be a CRD of `apiextensions.k8s.io/v1`.
pub(super) struct Candidate {
    pub(super) source: Arc<Source>,
    pub(super) root: Node,
}

impl Candidate {
    /// Returns whether two candidates have the same spec.
    pub(super) fn is_equal(&self, other: &Self) -> bool {
        match (self.root.get("spec"), other.root.get("spec")) {
            (Some(this), Some(that)) => this.same_content(that),
            (this, that) => this.is_none() && that.is_none(),
        }
    }
}

impl Named for Candidate {
    fn name(&self) -> Option<&str> {
        name_of(&self.root)
    }

    fn place(&self) -> (&Arc<Source>, Span) {
        (&self.source, self.root.span)
    }
}

/// Returns the name of an object.
pub(super) fn name_of(root: &Node) -> Option<&str> {
    root.get("metadata")?.get("name")?.as_str()
}
