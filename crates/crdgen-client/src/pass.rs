//! Lists as JSON, filtered object by object while they arrive, and not decoded.

use std::sync::Arc;

use bytes::Bytes;
use crdgen_backend::ListQuery;
use crdgen_core::{Resource, View};
use crdgen_splitter::{CutError, CutList, Filter, Limits, ListHead, Projection};
use futures_core::Stream;
use futures_util::{StreamExt, stream};
use http_body_util::BodyExt;

use super::api::Api;
use super::error::{Error, Result};
use super::retry::Backoff;

impl<K: Resource> Api<K> {
    /// Returns the JSON of a list in pieces. Each object has the fields that it has in [`list`](Self::list). The stream
    /// keeps at most one piece and one object in memory.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`list`](Self::list) before the first piece. After a later error of the stream, the list is
    /// incomplete.
    pub async fn list_body(
        &self,
        query: &ListQuery,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + Unpin + use<K>> {
        self.pass(query, self.filter.clone()).await
    }

    /// Returns the JSON of a list of views in pieces. See [`list_body`](Self::list_body).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`list`](Self::list) before the first piece. After a later error of the stream, the list is
    /// incomplete.
    pub async fn view_list_body<V: View<Of = K>>(
        &self,
        query: &ListQuery,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + Unpin + use<K, V>> {
        self.pass(query, Arc::new(Projection::of::<V>().into())).await
    }

    async fn pass(
        &self,
        query: &ListQuery,
        filter: Arc<Filter>,
    ) -> Result<impl Stream<Item = Result<Bytes>> + Send + Unpin + use<K>> {
        let request = self.list_request(query);
        let silence = self.transport.policy().timeout;
        let mut backoff = Backoff::new(self.transport.policy());
        let body = loop {
            let opened = tokio::time::timeout(silence, self.transport.open(&request)).await;
            match opened.unwrap_or(Err(Error::Timeout)) {
                Ok(response) => break response.into_body(),
                Err(error) => backoff.pause_after(error, request.repeat).await?,
            }
        };
        let chunks = stream::unfold(body, move |mut body| async move {
            let frame = match tokio::time::timeout(silence, body.frame()).await {
                Ok(frame) => frame?.map_err(|error| Error::ConnectionLost(Box::new(error))),
                Err(_) => Err(Error::Timeout),
            };
            Some((frame.map(|frame| frame.into_data().unwrap_or_default()), body))
        });
        let cut = CutList::new(Box::pin(chunks), ListHead::of::<K>(), &filter, Limits::default());
        let mut pieces = cut.map(|piece| {
            piece.map_err(|error| match error {
                CutError::Body(error) => error,
                CutError::List(error) => error.into(),
            })
        });
        // An answer that is not a list at all is an error of the request, not of the stream.
        let first = pieces.next().await.transpose()?;
        Ok(stream::iter(first.map(Ok)).chain(pieces))
    }
}
