//! Selectors and paging of lists.

use std::num::NonZeroU64;

use super::{FieldSelector, LabelSelector};

/// Selectors and paging of a list. Default: all objects in one page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Maximum number of objects in a page. `None`: all objects in one page.
    pub limit: Option<NonZeroU64>,
    /// Continue token of the previous page.
    pub continue_: Option<String>,
    /// Label selector.
    pub labels: LabelSelector,
    /// Field selector.
    pub fields: FieldSelector,
}
