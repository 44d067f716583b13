//! Items of a page, read one by one while the page arrives. Holds at most one chunk and one item.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};
use crdgen_core::ListMeta;
use crdgen_splitter::{Filter, Splitter};
use http_body_util::BodyExt;
use kube::client::Body;

use super::error::{Error, Result};
use super::request::Request;
use super::transport::Transport;

/// Page that is being read.
pub(super) struct Items {
    body: Body,
    chunk: Bytes,
    splitter: Splitter,
    filter: Arc<Filter>,
    item: Vec<u8>,
    silence: Duration,
}

impl Items {
    /// Requests a page.
    pub async fn open(transport: &Transport, request: &Request, filter: Arc<Filter>) -> Result<Self> {
        let silence = transport.policy().timeout;
        let opened = tokio::time::timeout(silence, transport.open(request)).await;
        let body = opened.unwrap_or(Err(Error::Timeout))?.into_body();
        Ok(Self { body, chunk: Bytes::new(), splitter: Splitter::default(), filter, item: Vec::new(), silence })
    }

    /// Returns the next item after filtering.
    pub async fn next(&mut self) -> Result<Option<&[u8]>> {
        self.item.clear();
        while !self.cut()? {
            if !self.read().await? {
                return Ok(None);
            }
        }
        Ok(Some(&self.item))
    }

    /// Returns the metadata of the list. Call it when there are no more items.
    pub fn end(self) -> Result<ListMeta> {
        Ok(self.splitter.finish()?.metadata)
    }

    /// Returns whether the received bytes completed an item.
    fn cut(&mut self) -> Result<bool> {
        let mut rest = &self.chunk[..];
        let found = self.splitter.next_cut(&self.filter, &mut rest, &mut self.item)?;
        let left = rest.len();
        self.chunk.advance(self.chunk.len() - left);
        Ok(found)
    }

    /// Reads a chunk. Returns false at the end of the body.
    async fn read(&mut self) -> Result<bool> {
        let frame = tokio::time::timeout(self.silence, self.body.frame()).await.map_err(|_| Error::Timeout)?;
        let Some(frame) = frame else { return Ok(false) };
        let frame = frame.map_err(|error| Error::ConnectionLost(Box::new(error)))?;
        self.chunk = frame.into_data().unwrap_or_default();
        Ok(true)
    }
}
