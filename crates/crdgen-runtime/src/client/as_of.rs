//! Lists of a certain moment.

use serde::de::DeserializeOwned;

use super::api::{AllNamespaces, Api};
use super::error::Result;
use super::page::Page;
use super::request::Query;
use crate::Resource;
use crate::backend::ListQuery;

/// How new a list must be (`resourceVersion` and `resourceVersionMatch`). A server that has not come so far yet waits for a few
/// seconds, and then fails with a timeout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// As it was at this version. What the server no longer knows is [`Error::Expired`](super::Error::Expired).
    Exactly(String),
    /// At this version, or a later one that the server has at hand; `0` is whatever it has.
    NotOlderThan(String),
}

impl AsOf {
    pub(super) fn add_to(&self, query: &mut Query) {
        let (version, matching) = match self {
            Self::Exactly(version) => (version, "Exact"),
            Self::NotOlderThan(version) => (version, "NotOlderThan"),
        };
        query.add("resourceVersion", version);
        query.add("resourceVersionMatch", matching);
    }
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> Api<K, T> {
    /// As [`list`](Self::list), of a certain moment. The token of the next page says of which, so that page is asked for by
    /// [`list`](Self::list).
    pub async fn list_as_of(&self, query: &ListQuery, as_of: &AsOf) -> Result<Page<T>> {
        let mut request = self.list_request(query);
        as_of.add_to(&mut request.query);
        self.page(&request).await
    }
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> AllNamespaces<K, T> {
    /// As [`Api::list_as_of`].
    pub async fn list_as_of(&self, query: &ListQuery, as_of: &AsOf) -> Result<Page<T>> {
        self.0.list_as_of(query, as_of).await
    }
}
