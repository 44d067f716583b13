//! Limits of decoded JSON.

use std::io;

use serde::Serialize;
use serde_json::Value;

use super::{is_private, private_key};

/// Levels of objects and lists that may stand in each other. `serde_json` itself gives up at 128.
pub(crate) const MAX_DEPTH: usize = 125;

/// Length of the largest JSON that is made of a request, in bytes: what an API server takes in one request.
pub(crate) const MAX_BYTES: usize = 3 << 20;

/// A limit that JSON does not keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is nested deeper than [`MAX_DEPTH`].
    Depth,
    /// It has a key that `serde_json` takes for its own.
    Key,
}

impl Fault {
    /// The fault in words, after "the body" or the like.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Depth => format!("is nested deeper than {MAX_DEPTH}"),
            Self::Key => private_key(),
        }
    }
}

/// Checks the depth and the keys of a value that stands `depth` levels deep in another one. Returns how many values it
/// consists of.
///
/// # Errors
///
/// The first limit that the value does not keep.
pub(crate) fn check(value: &Value, depth: usize) -> Result<usize, Fault> {
    let below = |sum: usize, value| Ok(sum + check(value, depth + 1)?);
    match value {
        Value::Array(_) | Value::Object(_) if depth >= MAX_DEPTH => Err(Fault::Depth),
        Value::Array(items) => items.iter().try_fold(1, below),
        Value::Object(fields) if fields.keys().any(|key| is_private(key)) => Err(Fault::Key),
        Value::Object(fields) => fields.values().try_fold(1, below),
        _ => Ok(1),
    }
}

/// Length of a value as compact JSON, in bytes.
pub(crate) fn size(value: &impl Serialize) -> usize {
    size_up_to(value, usize::MAX)
}

/// Length of a value as compact JSON, in bytes, counted no further than to about `most`.
pub(crate) fn size_up_to(value: &impl Serialize, most: usize) -> usize {
    let mut counter = Counter { count: 0, most };
    // JSON can be written; only the count may end early.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.count
}

struct Counter {
    count: usize,
    most: usize,
}

impl io::Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.count += bytes.len();
        if self.count > self.most { Err(io::ErrorKind::WriteZero.into()) } else { Ok(bytes.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
