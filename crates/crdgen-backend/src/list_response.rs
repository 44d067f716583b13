//! Lists for the answer to a caller, decoded or as JSON.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use crdgen_core::{List, ViewList};
use futures_core::Stream;

use super::Error;

/// Stream of the JSON of a list, in pieces. After an error of the stream, the list is incomplete.
pub type ListResponseBody = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// List for the answer to a caller, decoded or as JSON. A backend returns the form that it can produce at the lowest
/// cost.
///
/// A service that overrides the list returns `Ok(list.into())`.
pub enum ListResponse<L> {
    /// Decoded list.
    Decoded(L),
    /// JSON of the list.
    Body(ListResponseBody),
}

/// List of objects for the answer to a caller.
pub type ObjectListResponse<K> = ListResponse<List<K>>;

/// List of views for the answer to a caller.
pub type ViewListResponse<V> = ListResponse<ViewList<V>>;

impl<L> From<L> for ListResponse<L> {
    fn from(list: L) -> Self {
        Self::Decoded(list)
    }
}

impl<L: fmt::Debug> fmt::Debug for ListResponse<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decoded(list) => f.debug_tuple("Decoded").field(list).finish(),
            Self::Body(_) => f.write_str("Body(..)"),
        }
    }
}
