//! Filtered list: trims the items of a list, or cuts them to a view, while the list arrives.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use super::coop::Budget;
use super::error::Error;
use super::filter::Filter;
use super::limits::Limits;
use super::list_writer::{CHUNK, ListHead, ListWriter};
use super::splitter::Splitter;

/// Stream of the chunks of a list, made from the body of a list.
#[derive(Debug)]
pub struct CutList<S> {
    body: S,
    splitter: Option<Splitter>,
    filter: Filter,
    writer: ListWriter,
    budget: Budget,
}

impl<S> CutList<S> {
    /// Creates a list with `head` and the filtered items of `body`.
    pub fn new(body: S, head: ListHead, filter: &impl AsRef<Filter>, limits: Limits) -> Self {
        let filter = filter.as_ref().clone();
        Self {
            body,
            splitter: Some(Splitter::new(limits)),
            filter,
            writer: ListWriter::new(head),
            budget: Budget::default(),
        }
    }

    fn end(&mut self) -> Result<(), Error> {
        let Some(splitter) = self.splitter.take() else { return Ok(()) };
        self.writer.end(&splitter.finish()?.metadata);
        Ok(())
    }
}

/// Reason why a list is incomplete.
#[derive(Debug)]
pub enum CutError<E> {
    /// The body failed.
    Body(E),
    /// The body is not a list.
    List(Error),
}

impl<S, E> Stream for CutList<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
{
    type Item = Result<Bytes, CutError<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while let Some(splitter) = &mut this.splitter
            && this.writer.len() < CHUNK
        {
            ready!(this.budget.poll(context));
            let result = match Pin::new(&mut this.body).poll_next(context) {
                Poll::Ready(Some(Ok(chunk))) => {
                    this.budget.spend(chunk.len());
                    cut(splitter, &this.filter, &mut this.writer, &chunk).map_err(CutError::List)
                }
                Poll::Ready(Some(Err(error))) => Err(CutError::Body(error)),
                Poll::Ready(None) => this.end().map_err(CutError::List),
                Poll::Pending if this.writer.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            };
            if let Err(error) = result {
                this.splitter = None;
                this.writer.take();
                return Poll::Ready(Some(Err(error)));
            }
        }
        if this.writer.is_empty() {
            return Poll::Ready(None);
        }
        Poll::Ready(Some(Ok(this.writer.take())))
    }
}

fn cut(splitter: &mut Splitter, filter: &Filter, writer: &mut ListWriter, mut chunk: &[u8]) -> Result<(), Error> {
    while !chunk.is_empty() {
        writer.next_cut(splitter, filter, &mut chunk)?;
    }
    Ok(())
}

impl<E: fmt::Display> fmt::Display for CutError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(error) => write!(f, "the body of the list broke: {error}"),
            Self::List(error) => write!(f, "the body is not that of a list: {error}"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for CutError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            Self::List(error) => Some(error),
        }
    }
}
