//! All pages of a list as one stream.

use std::num::NonZeroU64;

use crdgen_backend::ListQuery;
use crdgen_core::Resource;
use futures_core::Stream;
use futures_util::stream;
use serde::de::DeserializeOwned;

use super::api::Api;
use super::decode_error;
use super::error::{Error, Result};
use super::head::Head;
use super::items::Items;
use super::retry::{Backoff, Repeat};

/// Page size of a query without a limit.
pub(super) const PAGE: NonZeroU64 = NonZeroU64::new(500).expect("more than none");

/// List that is read page by page, item by item.
pub(super) struct Pages<K, T> {
    api: Api<K, T>,
    query: ListQuery,
    phase: Phase,
    /// Last returned object, as [`Head::path`]. Lists are ordered by it.
    last: String,
    backoff: Backoff,
}

/// Next step of the stream.
enum Phase {
    /// Request a page.
    Ask,
    /// Read a page.
    Read(Box<Items>),
    /// End the stream.
    Over,
}

impl<K: Resource, T: DeserializeOwned + Send + 'static> Pages<K, T> {
    pub fn new(api: Api<K, T>, mut query: ListQuery) -> Self {
        query.limit.get_or_insert(PAGE);
        let backoff = Backoff::new(api.transport.policy());
        Self { api, query, phase: Phase::Ask, last: String::new(), backoff }
    }

    pub fn into_stream(self) -> impl Stream<Item = Result<T>> + Send {
        stream::unfold(self, |mut pages| async move { Some((pages.next().await?, pages)) })
    }

    async fn next(&mut self) -> Option<Result<T>> {
        loop {
            let step = match std::mem::replace(&mut self.phase, Phase::Over) {
                Phase::Ask => self.ask().await,
                Phase::Read(items) => match self.read(items).await {
                    Ok(Some(item)) => return Some(item),
                    Ok(None) => Ok(()),
                    Err(error) => Err(error),
                },
                Phase::Over => return None,
            };
            if let Err(error) = step
                && let Err(error) = self.recover(error).await
            {
                return Some(Err(error));
            }
        }
    }

    async fn ask(&mut self) -> Result<()> {
        let request = self.api.list_request(&self.query);
        let items = Items::open(&self.api.transport, &request, self.api.filter.clone()).await?;
        self.phase = Phase::Read(Box::new(items));
        Ok(())
    }

    /// Returns the next item of a page that was not returned before. `None` at the end of the page.
    async fn read(&mut self, mut items: Box<Items>) -> Result<Option<Result<T>>> {
        while let Some(json) = items.next().await? {
            match Head::of(json).map(|head| head.path()) {
                Some(path) if path <= self.last => continue,
                Some(path) => self.last = path,
                None => {}
            }
            let item = decode_error::read(json).map_err(|error| Box::new(error).into());
            self.backoff.reset();
            self.phase = Phase::Read(items);
            return Ok(Some(item));
        }
        self.query.continue_ = items.end()?.continue_;
        if self.query.continue_.is_some() {
            self.phase = Phase::Ask;
        }
        Ok(None)
    }

    /// Continues after a failure if a retry may help. Items that were returned are skipped.
    async fn recover(&mut self, error: Error) -> Result<()> {
        match error {
            // The server no longer has the version of the first page.
            Error::Expired(_) if self.query.continue_.is_some() => self.query.continue_ = None,
            error => self.backoff.pause_after(error, Repeat::Harmless).await?,
        }
        self.phase = Phase::Ask;
        Ok(())
    }
}
