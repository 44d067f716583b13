//! Page of a list. An object that cannot be decoded does not fail the page.

use crdgen_core::ListMeta;
use serde::de::DeserializeOwned;

use super::api::Api;
use super::decode_error::{self, DecodeError};
use super::error::Result;
use super::items::Items;
use super::request::Request;
use super::retry::Backoff;

/// Page of objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// Objects of the page, without those that cannot be decoded as `T`.
    pub items: Vec<T>,
    /// Objects that cannot be decoded as `T`, each with its error.
    pub unreadable: Vec<DecodeError>,
    /// Metadata of the list: resourceVersion and continue token.
    pub metadata: ListMeta,
}

impl<K, T: DeserializeOwned> Api<K, T> {
    /// Requests a page, with retries.
    pub(super) async fn page(&self, request: &Request) -> Result<Page<T>> {
        let mut backoff = Backoff::new(self.transport.policy());
        loop {
            match self.page_once(request).await {
                Ok(page) => return Ok(page),
                Err(error) => backoff.pause_after(error, request.repeat).await?,
            }
        }
    }

    async fn page_once(&self, request: &Request) -> Result<Page<T>> {
        let mut from = Items::open(&self.transport, request, self.filter.clone()).await?;
        let (mut items, mut unreadable) = (Vec::new(), Vec::new());
        while let Some(json) = from.next().await? {
            match decode_error::read(json) {
                Ok(item) => items.push(item),
                Err(error) => unreadable.push(error),
            }
        }
        Ok(Page { items, unreadable, metadata: from.end()? })
    }
}
