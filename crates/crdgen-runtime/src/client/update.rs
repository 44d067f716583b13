//! Reading, changing and writing back, until nobody comes in between.

use serde::de::DeserializeOwned;

use super::api::Api;
use super::error::{Error, Result};
use super::retry::{Backoff, RetryPolicy};
use crate::Resource;
use crate::backend::Name;

/// How often another writer may come first.
const ATTEMPTS: u32 = 30;

impl<K: Resource + DeserializeOwned> Api<K> {
    /// Reads an object, lets `change` change it and replaces it; again, with the object as it is by then, when it changed in
    /// between. `change` is called once for each attempt.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when others came first every time. A replacement whose fate is not known is not tried again.
    pub async fn update_with_retry(&self, name: &Name, mut change: impl FnMut(&mut K) + Send) -> Result<K> {
        let policy = RetryPolicy { attempts: ATTEMPTS, ..self.transport.policy() };
        let mut backoff = Backoff::new(policy);
        loop {
            let mut object = self.get(name).await?;
            change(&mut object);
            match self.replace(name, &object).await {
                Err(error @ Error::Conflict(_)) if backoff.made() + 1 < ATTEMPTS => backoff.pause(&error).await,
                outcome => return outcome,
            }
        }
    }
}
