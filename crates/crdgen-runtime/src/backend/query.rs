//! Which objects a list asks for.

use std::num::NonZeroU64;

use super::{FieldSelector, LabelSelector};

/// Which objects, and how many at once. The default asks for all of them in one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// At most so many in a page.
    pub limit: Option<NonZeroU64>,
    /// The token of the page before.
    pub continue_: Option<String>,
    /// By label.
    pub labels: LabelSelector,
    /// By field.
    pub fields: FieldSelector,
}
