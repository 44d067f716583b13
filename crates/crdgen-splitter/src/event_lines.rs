//! Splitter of the body of a watch into events.

use fearless_simd::Level;
use memchr::memchr;

use super::cursor::{Cursor, unescaped};
use super::error::{Error, ErrorKind};
use super::limits::Limits;

/// Type of a watch event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    /// The object was created or is newly selected.
    Added,
    /// The object changed.
    Modified,
    /// The object was deleted or is no longer selected.
    Deleted,
    /// Nothing changed. The object holds only the resourceVersion up to which all events were sent.
    Bookmark,
    /// The watch ended with an error. The object is a `Status`.
    Error,
}

/// Event whose object is not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawEvent<'a> {
    /// Type of the event.
    pub event_type: EventType,
    /// JSON of the object.
    pub object: &'a [u8],
}

/// Splitter of a JSON watch with one event per line. Accepts the body in chunks of any size.
#[derive(Debug)]
pub struct EventLines {
    limits: Limits,
    level: Level,
    /// Number of bytes read.
    offset: u64,
    /// Part of a line from earlier chunks.
    held: Vec<u8>,
    /// Whether `held` is a line that was returned already.
    is_done: bool,
}

impl Default for EventLines {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl EventLines {
    /// Creates a splitter at the start of a body.
    pub fn new(limits: Limits) -> Self {
        Self { limits, level: Level::new(), offset: 0, held: Vec::new(), is_done: false }
    }

    /// Returns the next event of the chunk and removes the bytes that were read from the chunk. Returns `None` when the
    /// next chunk is needed.
    ///
    /// # Errors
    ///
    /// Fails when a line is not an event or is too long. The splitter cannot be used after an error.
    pub fn next_event<'s, 'c: 's>(&'s mut self, chunk: &mut &'c [u8]) -> Result<Option<RawEvent<'s>>, Error> {
        loop {
            if std::mem::take(&mut self.is_done) {
                self.held.clear();
            }
            let start = self.offset - self.held.len() as u64;
            let Some(line) = self.line(chunk)? else { return Ok(None) };
            if self.is_blank(line) {
                continue;
            }
            let line = match line {
                Line::Chunk(line) => line,
                Line::Held => &self.held,
            };
            let event = event(self.level, line, self.limits.depth);
            return event.map(Some).map_err(|error| Error::new(start + error.offset, error.kind));
        }
    }

    /// Returns the number of bytes that are kept of an event whose end has not come.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    /// Frees the buffer of the last event. Otherwise the buffer is kept for the next event.
    pub fn free(&mut self) {
        if self.is_done {
            (self.held, self.is_done) = (Vec::new(), false);
        }
    }

    /// Checks that the body may end here.
    ///
    /// # Errors
    ///
    /// Fails when the body ends within a line, which means that the connection broke.
    pub fn finish(self) -> Result<(), Error> {
        if self.is_done || self.held.trim_ascii().is_empty() {
            return Ok(());
        }
        Err(Error::new(self.offset, ErrorKind::Truncated))
    }

    fn is_blank(&self, line: Line<'_>) -> bool {
        let line = match line {
            Line::Chunk(line) => line,
            Line::Held => &self.held,
        };
        line.trim_ascii().is_empty()
    }

    fn line<'c>(&mut self, chunk: &mut &'c [u8]) -> Result<Option<Line<'c>>, Error> {
        let end = memchr(b'\n', chunk);
        let part = &chunk[..end.unwrap_or(chunk.len())];
        let room = self.limits.item_bytes - self.held.len();
        if part.len() > room {
            return Err(Error::new(self.offset + room as u64, ErrorKind::TooLarge(self.limits.item_bytes)));
        }
        let read = part.len() + usize::from(end.is_some());
        self.offset += read as u64;
        *chunk = &chunk[read..];
        if end.is_some() && self.held.is_empty() {
            return Ok(Some(Line::Chunk(part)));
        }
        self.held.extend_from_slice(part);
        self.is_done = end.is_some();
        Ok(self.is_done.then_some(Line::Held))
    }
}

/// Location of a line: in the chunk, or in `held`.
#[derive(Clone, Copy)]
enum Line<'c> {
    Chunk(&'c [u8]),
    Held,
}

fn event(level: Level, line: &[u8], depth: u32) -> Result<RawEvent<'_>, Error> {
    let mut cursor = Cursor::new(level, line, depth);
    let (mut event_type, mut object) = (None, None);
    cursor.expect(b'{', "an event, '{'")?;
    loop {
        let key = cursor.key()?;
        cursor.peek()?;
        let start = cursor.at();
        cursor.value()?;
        match &*unescaped(key) {
            b"type" => {
                event_type = Some(
                    EventType::of(cursor.since(start))
                        .ok_or_else(|| Error::new(start as u64, ErrorKind::Expected("the type of an event")))?,
                )
            }
            b"object" => object = Some(cursor.since(start)),
            _ => {}
        }
        if !cursor.take(b',')? {
            cursor.expect(b'}', "',' or '}'")?;
            break;
        }
    }
    cursor.end()?;
    match (event_type, object) {
        (Some(event_type), Some(object)) => Ok(RawEvent { event_type, object }),
        _ => Err(cursor.kind(ErrorKind::Expected("an event, with type and object"))),
    }
}

impl EventType {
    fn of(value: &[u8]) -> Option<Self> {
        Some(match value {
            b"\"ADDED\"" => Self::Added,
            b"\"MODIFIED\"" => Self::Modified,
            b"\"DELETED\"" => Self::Deleted,
            b"\"BOOKMARK\"" => Self::Bookmark,
            b"\"ERROR\"" => Self::Error,
            _ => return None,
        })
    }
}
