//! Lists at a given resourceVersion.

use crdgen_backend::ListQuery;
use crdgen_core::Resource;
use serde::de::DeserializeOwned;

use super::api::{AllNamespaces, Api};
use super::error::Result;
use super::page::Page;
use super::request::Query;

/// Version that a list must show (`resourceVersion` and `resourceVersionMatch`).
///
/// A server that has not reached the version waits for a few seconds and then fails with a timeout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// The list at exactly this version. Returns [`Error::Expired`](super::Error::Expired) when the server no longer
    /// has it.
    Exactly(String),
    /// The list at this version, or a later one that the server has in its cache. `0` accepts any version.
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
    /// Returns a page of objects at the given version. The continue token of the page names the version, so request
    /// later pages with [`list`](Self::list).
    pub async fn list_as_of(&self, query: &ListQuery, as_of: &AsOf) -> Result<Page<T>> {
        let mut request = self.list_request(query);
        as_of.add_to(&mut request.query);
        self.page(&request).await
    }
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> AllNamespaces<K, T> {
    /// Returns a page of objects at the given version. See [`Api::list_as_of`].
    pub async fn list_as_of(&self, query: &ListQuery, as_of: &AsOf) -> Result<Page<T>> {
        self.0.list_as_of(query, as_of).await
    }
}
