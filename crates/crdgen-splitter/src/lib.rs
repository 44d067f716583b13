//! Lists and watches as bytes: splits, trims and cuts the JSON of an API server without decoding it.
//!
//! The code follows only brackets and strings, 64 bytes at a time, and passes on everything else unchanged. It
//! therefore requires valid JSON, which an API server sends. Do not use it for requests of users. Items that are
//! decoded are fully checked by serde.
//!
//! [`Splitter`], [`EventLines`], [`MetadataFilter`], [`Projection`] and [`ListWriter`] do no IO. [`CutList`], [`items()`] and
//! [`ListBody`] apply them to streams of [`Bytes`](bytes::Bytes). They read only when they are polled, so a slow
//! reader slows the server down, and memory stays at about one chunk and one item.

mod block;
mod coop;
mod cursor;
mod cut_list;
mod error;
mod event_lines;
mod filter;
mod items;
mod limits;
mod list_body;
mod list_end;
mod list_writer;
mod metadata_filter;
mod nest;
mod projection;
mod splitter;

#[doc(hidden)]
pub use cursor::object_members;
pub use cut_list::{CutError, CutList};
pub use error::{Error, ErrorKind};
pub use event_lines::{EventLines, EventType, RawEvent};
pub use filter::Filter;
pub use items::{Decodable, ItemError, Items, UndecodableObject, items};
pub use limits::Limits;
pub use list_body::{BodyError, ListBody, ListSource};
pub use list_end::ListEnd;
pub use list_writer::{ListHead, ListWriter};
pub use metadata_filter::{KeepMetadata, MetadataFilter};
pub use projection::Projection;
pub use splitter::Splitter;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
