//! Limits of decoded JSON.

use std::io;

use serde::Serialize;
use serde_json::Value;

use super::{is_private, private_key};

/// Largest depth of nested objects and arrays. `serde_json` itself stops at 128.
pub const MAX_DEPTH: usize = 125;

/// Largest size in bytes of JSON that is made of a request: the API server's limit for a request.
pub const MAX_BYTES: usize = 3 << 20;

/// Limit that a JSON value exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The value is nested deeper than [`MAX_DEPTH`].
    Depth,
    /// An object has a private key of `serde_json`.
    Key,
}

impl Fault {
    /// Returns the message, to follow a subject such as "the body".
    pub fn text(self) -> String {
        match self {
            Self::Depth => format!("is nested deeper than {MAX_DEPTH}"),
            Self::Key => private_key(),
        }
    }
}

/// Checks the depth and the keys of a value that is `depth` levels deep in another one. Returns the number of values in
/// it, itself included.
///
/// # Errors
///
/// Returns the first limit that the value exceeds.
pub fn check(value: &Value, depth: usize) -> Result<usize, Fault> {
    let below = |sum: usize, value| Ok(sum + check(value, depth + 1)?);
    match value {
        Value::Array(_) | Value::Object(_) if depth >= MAX_DEPTH => Err(Fault::Depth),
        Value::Array(items) => items.iter().try_fold(1, below),
        Value::Object(fields) if fields.keys().any(|key| is_private(key)) => Err(Fault::Key),
        Value::Object(fields) => fields.values().try_fold(1, below),
        _ => Ok(1),
    }
}

/// Returns the length of a value as compact JSON, in bytes.
pub fn size(value: &impl Serialize) -> usize {
    size_up_to(value, usize::MAX)
}

/// Returns the length of a value as compact JSON, in bytes. Stops counting shortly after `most`.
pub fn size_up_to(value: &impl Serialize, most: usize) -> usize {
    let mut counter = Counter { count: 0, most };
    // Serializing fails only when the counter stops it.
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
