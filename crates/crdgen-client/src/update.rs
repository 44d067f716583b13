//! Read, change and replace, with retries on conflicts.

use crdgen_backend::Name;
use crdgen_core::Resource;
use serde::de::DeserializeOwned;

use super::api::Api;
use super::error::{Error, Result};
use super::retry::{Backoff, RetryPolicy};

/// Maximum number of attempts when others change the object.
const ATTEMPTS: u32 = 30;

impl<K: Resource + DeserializeOwned> Api<K> {
    /// Reads an object, changes it with `change` and replaces it. After a conflict, reads the object again and calls
    /// `change` again, up to 30 times.
    ///
    /// # Errors
    ///
    /// Returns [`Error::Conflict`] if all 30 attempts had a conflict. A replacement is not repeated if the server may
    /// have carried it out.
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
