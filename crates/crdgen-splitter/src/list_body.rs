//! Body of a list, written while its items arrive. The list is never in memory as a whole.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use crdgen_core::ListMeta;
use futures_core::Stream;
use serde::Serialize;

use super::coop::Budget;
use super::list_writer::{CHUNK, ListHead, ListWriter};

/// Stream of items that returns the metadata of the list after its end.
pub trait ListSource: Stream {
    /// Returns the resourceVersion of the list and the continue token of the next page. Called once, at the end of the
    /// stream.
    fn metadata(&self) -> ListMeta;
}

/// Body of a list as a stream of chunks of about 64 KiB. The stream ends after the first error, so a reader can tell
/// that the list is incomplete.
#[derive(Debug)]
pub struct ListBody<S> {
    items: S,
    writer: ListWriter,
    is_done: bool,
    budget: Budget,
}

impl<S> ListBody<S> {
    /// Creates a list with `head` and `items`.
    pub fn new(items: S, head: ListHead) -> Self {
        Self { items, writer: ListWriter::new(head), is_done: false, budget: Budget::default() }
    }
}

/// Reason why a list is incomplete.
#[derive(Debug)]
pub enum BodyError<E> {
    /// The stream of items failed.
    Item(E),
    /// An item cannot be serialized as JSON.
    Encode(serde_json::Error),
}

impl<S, T, E> Stream for ListBody<S>
where
    S: ListSource + Stream<Item = Result<T, E>> + Unpin,
    T: Serialize,
{
    type Item = Result<Bytes, BodyError<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        ready!(this.budget.poll(context));
        while !this.is_done && this.writer.len() < CHUNK {
            let result = match Pin::new(&mut this.items).poll_next(context) {
                Poll::Ready(Some(item)) => {
                    let item = item.map_err(BodyError::Item);
                    item.and_then(|item| this.writer.item(&item).map_err(BodyError::Encode))
                }
                Poll::Ready(None) => {
                    this.is_done = true;
                    this.writer.end(&this.items.metadata());
                    Ok(())
                }
                Poll::Pending if this.writer.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            };
            if let Err(error) = result {
                this.is_done = true;
                this.writer.take();
                return Poll::Ready(Some(Err(error)));
            }
        }
        if this.writer.is_empty() {
            return Poll::Ready(None);
        }
        // Decoding and encoding an item costs several times as much as copying its bytes.
        this.budget.spend(4 * this.writer.len());
        Poll::Ready(Some(Ok(this.writer.take())))
    }
}

impl<E: fmt::Display> fmt::Display for BodyError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(error) => error.fmt(f),
            Self::Encode(error) => write!(f, "an item cannot be written: {error}"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for BodyError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Item(error) => Some(error),
            Self::Encode(error) => Some(error),
        }
    }
}
