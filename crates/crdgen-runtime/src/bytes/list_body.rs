//! A list written while its items come in, so that it is never in memory as a whole.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use ::bytes::Bytes;
use futures_core::Stream;
use serde::Serialize;

use super::list_writer::{CHUNK, ListHead, ListWriter};
use super::turn::Turn;
use crate::ListMeta;

/// A stream of items that knows, once it has ended, what the list says beside them.
pub trait ListSource: Stream {
    /// The version that the list shows and the token of its next page. Asked for once, at the end.
    fn metadata(&self) -> ListMeta;
}

/// The body of a list as a stream of chunks of some 64 KiB. The first error ends it: whoever reads the body sees that it is
/// not complete.
#[derive(Debug)]
pub struct ListBody<S> {
    items: S,
    writer: ListWriter,
    is_done: bool,
    turn: Turn,
}

impl<S> ListBody<S> {
    /// A list with `head`, of `items`.
    pub fn new(items: S, head: ListHead) -> Self {
        Self { items, writer: ListWriter::new(head), is_done: false, turn: Turn::default() }
    }
}

/// Why a list ends before its end.
#[derive(Debug)]
pub enum BodyError<E> {
    /// Its items do.
    Item(E),
    /// An item cannot be written as JSON.
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
        ready!(this.turn.poll(context));
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
        // Items that were decoded and are written anew cost several times what their bytes would.
        this.turn.did(4 * this.writer.len());
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
