//! A page of a list, item by item: one that cannot be read does not take the others along.

use serde::de::DeserializeOwned;

use super::api::Api;
use super::error::Result;
use super::items::Items;
use super::request::Request;
use super::retry::Backoff;
use super::unreadable::{self, Unreadable};
use crate::ListMeta;

/// A page of objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// Those that could be read.
    pub items: Vec<T>,
    /// What could not.
    pub unreadable: Vec<Unreadable>,
    /// Where the list stands.
    pub metadata: ListMeta,
}

impl<K, T: DeserializeOwned> Api<K, T> {
    /// The page that a request answers with.
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
            match unreadable::read(json) {
                Ok(item) => items.push(item),
                Err(error) => unreadable.push(error),
            }
        }
        Ok(Page { items, unreadable, metadata: from.end()? })
    }
}
