//! Wait for a state of an object.

use std::time::Duration;

use crdgen_backend::{Change, FieldRequirement, FieldSelector, Name, WatchQuery};
use crdgen_core::Resource;
use futures_util::StreamExt;
use serde::de::DeserializeOwned;

use super::api::Api;
use super::error::{Error, Result};

impl<K: Resource, T: DeserializeOwned + Send + 'static> Api<K, T> {
    /// Waits until `condition` returns true, and returns the state of the object that met the condition. `condition` is
    /// called with every state that the watch reports, and with `None` if the object does not exist.
    ///
    /// # Errors
    ///
    /// Returns [`Error::WaitTimeout`] if no state meets the condition within `timeout`. Returns every error of the
    /// [watch](Self::watch).
    pub async fn wait_for(
        &self,
        name: &Name,
        condition: impl Fn(Option<&T>) -> bool + Send,
        timeout: Duration,
    ) -> Result<Option<T>> {
        let fields = FieldSelector {
            requirements: vec![FieldRequirement::Equals("metadata.name".to_owned(), name.as_str().to_owned())],
        };
        let mut watch = std::pin::pin!(self.watch(&WatchQuery { fields, ..WatchQuery::default() }));
        let wanted = async {
            let mut there = false;
            while let Some(event) = watch.next().await {
                let state = match event?.change {
                    Change::Added(object) | Change::Modified(object) => Some(object),
                    Change::Deleted(_) | Change::DeletedFinalStateUnknown(_) => None,
                    Change::InitialEventsEnd if !there => None,
                    Change::InitialEventsEnd | Change::Bookmark => continue,
                };
                there = state.is_some();
                if condition(state.as_ref()) {
                    return Ok(state);
                }
            }
            Err(Error::WaitTimeout)
        };
        tokio::time::timeout(timeout, wanted).await.unwrap_or(Err(Error::WaitTimeout))
    }
}
