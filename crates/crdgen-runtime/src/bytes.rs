//! Lists and watches as bytes: what an API server sends is split, trimmed and cut to views without being decoded.
//!
//! Brackets and strings are followed, 64 bytes at a time; whatever stands between them is passed on as it came. So this
//! trusts that a server's JSON is JSON, as requests of users never are; what is decoded from an item is checked by serde.

mod block;
mod cursor;
mod error;
mod event_lines;
mod filter;
mod limits;
mod list_end;
mod nest;
mod projection;
mod splitter;
mod trim;

pub use error::{Error, Flaw};
pub use event_lines::{EventLines, EventType, RawEvent};
pub use filter::Filter;
pub use limits::Limits;
pub use list_end::ListEnd;
pub use projection::Projection;
pub use splitter::Splitter;
pub use trim::{Keep, Trim};
