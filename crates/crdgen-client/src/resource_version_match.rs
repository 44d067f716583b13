//! Lists at a given resourceVersion.

use crdgen_backend::ListQuery;
use crdgen_core::Resource;
use serde::de::DeserializeOwned;

use super::api::{AllNamespaces, Api};
use super::error::Result;
use super::page::Page;
use super::request::Query;

/// resourceVersion of the state that a list must show (parameters `resourceVersion` and `resourceVersionMatch`).
///
/// A server that has not reached this resourceVersion waits for a few seconds, and then answers with a timeout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResourceVersionMatch {
    /// The state at exactly this resourceVersion. The list returns [`Error::Expired`](super::Error::Expired) if the
    /// server no longer has this state.
    Exact(String),
    /// The state at this resourceVersion, or a later state in the server's cache. `0` accepts any state.
    NotOlderThan(String),
}

impl ResourceVersionMatch {
    pub(super) fn add_to(&self, query: &mut Query) {
        let (version, matching) = match self {
            Self::Exact(version) => (version, "Exact"),
            Self::NotOlderThan(version) => (version, "NotOlderThan"),
        };
        query.add("resourceVersion", version);
        query.add("resourceVersionMatch", matching);
    }
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> Api<K, T> {
    /// Returns a page of objects at the given resourceVersion. The continue token of the page contains the
    /// resourceVersion, so request later pages with [`list`](Self::list).
    pub async fn list_at_version(&self, query: &ListQuery, version: &ResourceVersionMatch) -> Result<Page<T>> {
        let mut request = self.list_request(query);
        version.add_to(&mut request.query);
        self.page(&request).await
    }
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> AllNamespaces<K, T> {
    /// Returns a page of objects at the given resourceVersion. See [`Api::list_at_version`].
    pub async fn list_at_version(&self, query: &ListQuery, version: &ResourceVersionMatch) -> Result<Page<T>> {
        self.0.list_at_version(query, version).await
    }
}
