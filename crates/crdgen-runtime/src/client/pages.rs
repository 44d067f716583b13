//! All pages of a list as one stream.

use std::num::NonZeroU64;
use std::vec;

use futures_core::Stream;
use futures_util::stream;
use serde::de::DeserializeOwned;

use super::api::Api;
use super::error::{Error, Result};
use super::head::Head;
use super::page::RawPage;
use super::transport::PAGE_LIMIT;
use super::unreadable;
use crate::Resource;
use crate::backend::ListQuery;

/// Objects in a page when nobody says how many.
pub(super) const PAGE: NonZeroU64 = NonZeroU64::new(500).expect("more than none");

/// A list that is read page by page.
pub(super) struct Pages<K, T> {
    api: Api<K, T>,
    query: ListQuery,
    items: vec::IntoIter<Result<T>>,
    /// The last object told, as [`Head::path`]; lists are in the order of these.
    last: String,
    more: bool,
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> Pages<K, T> {
    pub fn new(api: Api<K, T>, mut query: ListQuery) -> Self {
        query.limit.get_or_insert(PAGE);
        Self { api, query, items: Vec::new().into_iter(), last: String::new(), more: true }
    }

    pub fn into_stream(self) -> impl Stream<Item = Result<T>> + Send {
        stream::unfold(self, |mut pages| async move { Some((pages.next().await?, pages)) })
    }

    async fn next(&mut self) -> Option<Result<T>> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(item);
            }
            if !self.more {
                return None;
            }
            if let Err(error) = self.turn().await {
                self.more = false;
                return Some(Err(error));
            }
        }
    }

    /// Reads the next page.
    async fn turn(&mut self) -> Result<()> {
        let request = self.api.list_request(&self.query);
        let body = match self.api.transport.fetch(&request, PAGE_LIMIT).await {
            // The moment of the first page is forgotten. What was told is not told again.
            Err(Error::Expired(_)) if self.query.continue_.is_some() => {
                self.query.continue_ = None;
                return Ok(());
            }
            answer => answer?,
        };
        let page = RawPage::of(&body)?;
        let mut items = Vec::with_capacity(page.items.len());
        for item in &page.items {
            let json = item.get().as_bytes();
            let path = Head::of(json).map(|head| head.path());
            match path {
                Some(path) if path <= self.last => continue,
                Some(path) => self.last = path,
                None => {}
            }
            items.push(unreadable::read(json).map_err(|error| Box::new(error).into()));
        }
        self.query.continue_ = page.next();
        self.more = self.query.continue_.is_some();
        self.items = items.into_iter();
        Ok(())
    }
}
