//! Items of a list, decoded one by one while the body arrives.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use crdgen_core::{ListMeta, json};
use futures_core::Stream;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::error::Error;
use super::filter::Filter;
use super::limits::Limits;
use super::list_body::ListSource;
use super::list_end::ListEnd;
use super::splitter::Splitter;

/// Returns the items of the list in `body`. An item that cannot be decoded is an error, and other items follow.
pub fn items<T, S>(body: S) -> Items<S, T> {
    Items::new(body, Limits::default())
}

/// Stream of the items of a list. See [`items`].
#[derive(Debug)]
pub struct Items<S, T> {
    body: S,
    chunk: Bytes,
    filter: Option<Filter>,
    /// Item after filtering.
    cut: Vec<u8>,
    state: State,
    item: PhantomData<fn() -> T>,
}

#[derive(Debug)]
enum State {
    Reading(Splitter),
    Ended(ListEnd),
    Failed,
}

/// Error in the stream of items.
#[derive(Debug)]
pub enum ItemError<E> {
    /// One object cannot be decoded. Other items follow.
    Undecodable(UndecodableObject),
    /// The body is not a list. No items follow.
    List(Error),
    /// The body failed. No items follow.
    Body(E),
}

/// Object that its type cannot hold, for example one that a newer or older server stored.
#[derive(Debug)]
pub struct UndecodableObject {
    /// Index of the object in the list, from 0.
    pub index: u64,
    /// Namespace of the object, if it could be read.
    pub namespace: Option<String>,
    /// Name of the object, if it could be read.
    pub name: Option<String>,
    /// Error of the parser. It may quote a value of the object. The text of `UndecodableObject` itself never does.
    pub source: serde_json::Error,
}

impl<S, T> Items<S, T> {
    /// Creates the stream with the given limits. See [`items`].
    pub fn new(body: S, limits: Limits) -> Self {
        let state = State::Reading(Splitter::new(limits));
        Self { body, chunk: Bytes::new(), filter: None, cut: Vec::new(), state, item: PhantomData }
    }

    /// Decodes only the fields that the filter keeps.
    #[must_use]
    pub fn cut(mut self, filter: &impl AsRef<Filter>) -> Self {
        self.filter = Some(filter.as_ref().clone());
        self
    }

    /// Returns apiVersion, kind and metadata of the list, and the number of its items. `None` before the end of the
    /// stream, and after an error of the list or the body.
    pub fn end(&self) -> Option<&ListEnd> {
        match &self.state {
            State::Ended(end) => Some(end),
            State::Reading(_) | State::Failed => None,
        }
    }

    /// Returns a stream that leaves out items that cannot be decoded, and passes them to `report` instead.
    pub fn decodable<F: FnMut(UndecodableObject)>(self, report: F) -> Decodable<S, T, F> {
        Decodable { items: self, report }
    }

    fn fail<E>(&mut self, error: ItemError<E>) -> Poll<Option<Result<T, ItemError<E>>>> {
        self.state = State::Failed;
        Poll::Ready(Some(Err(error)))
    }
}

impl<S, T, E> Stream for Items<S, T>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    T: DeserializeOwned,
{
    type Item = Result<T, ItemError<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            let State::Reading(splitter) = &mut this.state else { return Poll::Ready(None) };
            let mut rest = &this.chunk[..];
            let index = splitter.items();
            let item = match &this.filter {
                None => splitter.next_item(&mut rest),
                Some(filter) => {
                    this.cut.clear();
                    let found = splitter.next_cut(filter, &mut rest, &mut this.cut);
                    found.map(|is_there| is_there.then_some(&this.cut[..]))
                }
            };
            let next = match item {
                Ok(item) => item.map(|item| decode(item, index).map_err(ItemError::Undecodable)),
                Err(error) => return this.fail(ItemError::List(error)),
            };
            let left = rest.len();
            this.chunk.advance(this.chunk.len() - left);
            if next.is_some() {
                return Poll::Ready(next);
            }
            match Pin::new(&mut this.body).poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(chunk))) => this.chunk = chunk,
                Poll::Ready(Some(Err(error))) => return this.fail(ItemError::Body(error)),
                Poll::Ready(None) => {
                    let State::Reading(splitter) = std::mem::replace(&mut this.state, State::Failed) else {
                        return Poll::Ready(None);
                    };
                    match splitter.finish() {
                        Ok(end) => this.state = State::Ended(end),
                        Err(error) => return this.fail(ItemError::List(error)),
                    }
                }
            }
        }
    }
}

impl<S, T, E> ListSource for Items<S, T>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    T: DeserializeOwned,
{
    fn metadata(&self) -> ListMeta {
        self.end().map(|end| end.metadata.clone()).unwrap_or_default()
    }
}

/// Stream of the items that could be decoded. See [`Items::decodable`].
#[derive(Debug)]
pub struct Decodable<S, T, F> {
    items: Items<S, T>,
    report: F,
}

impl<S, T, E, F> Stream for Decodable<S, T, F>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    T: DeserializeOwned,
    F: FnMut(UndecodableObject) + Unpin,
{
    type Item = Result<T, ItemError<E>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match Pin::new(&mut this.items).poll_next(context) {
                Poll::Ready(Some(Err(ItemError::Undecodable(error)))) => (this.report)(error),
                other => return other,
            }
        }
    }
}

impl<S, T, E, F> ListSource for Decodable<S, T, F>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    T: DeserializeOwned,
    F: FnMut(UndecodableObject) + Unpin,
{
    fn metadata(&self) -> ListMeta {
        self.items.metadata()
    }
}

fn decode<T: DeserializeOwned>(item: &[u8], index: u64) -> Result<T, UndecodableObject> {
    json::from_slice(item).map_err(|source| {
        let Named { metadata } = serde_json::from_slice(item).unwrap_or_default();
        UndecodableObject { index, namespace: metadata.namespace, name: metadata.name, source }
    })
}

/// Identity of an object, read independently of its type.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    metadata: NamedMetadata,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NamedMetadata {
    namespace: Option<String>,
    name: Option<String>,
}

impl fmt::Display for UndecodableObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item {}", self.index)?;
        match (&self.namespace, &self.name) {
            (Some(namespace), Some(name)) => write!(f, " ({namespace}/{name})")?,
            (None, Some(name)) => write!(f, " ({name})")?,
            (_, None) => {}
        }
        write!(f, " is not of its type, at column {}", self.source.column())
    }
}

impl std::error::Error for UndecodableObject {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl<E: fmt::Display> fmt::Display for ItemError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Undecodable(error) => error.fmt(f),
            Self::List(error) => write!(f, "the body is not that of a list: {error}"),
            Self::Body(error) => write!(f, "the body of the list broke: {error}"),
        }
    }
}

impl<E: std::error::Error + 'static> std::error::Error for ItemError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Undecodable(error) => Some(error),
            Self::List(error) => Some(error),
            Self::Body(error) => Some(error),
        }
    }
}
