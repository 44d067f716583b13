//! A list on its way to who asked for it.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;

use super::Error;
use crate::{List, ViewList};

/// The JSON of a list, in pieces. An error ends it before its end.
pub type ListingBody = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// A list that is to be passed on: decoded, or as JSON that nobody decoded. What a backend has costs least.
///
/// A service with a list of its own answers `Ok(list.into())`.
pub enum Listing<L> {
    /// Decoded.
    Decoded(L),
    /// As JSON.
    Body(ListingBody),
}

/// Objects that are to be passed on.
pub type Listed<K> = Listing<List<K>>;

/// Views that are to be passed on.
pub type ListedViews<V> = Listing<ViewList<V>>;

impl<L> From<L> for Listing<L> {
    fn from(list: L) -> Self {
        Self::Decoded(list)
    }
}

impl<L: fmt::Debug> fmt::Debug for Listing<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decoded(list) => f.debug_tuple("Decoded").field(list).finish(),
            Self::Body(_) => f.write_str("Body(..)"),
        }
    }
}
