//! Splits the body of a watch into its events while it comes in.

use fearless_simd::Level;
use memchr::memchr;

use super::cursor::{Cursor, unescaped};
use super::error::{Error, Flaw};
use super::limits::Limits;

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventType {
    /// It is there, or new to the selector.
    Added,
    /// It changed.
    Modified,
    /// It is gone, or no longer selected.
    Deleted,
    /// Nothing; the object says only up to which version everything was sent.
    Bookmark,
    /// The watch is over; the object is a `Status`.
    Error,
}

/// An event whose object is not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RawEvent<'a> {
    /// What happened.
    pub event_type: EventType,
    /// To what.
    pub object: &'a [u8],
}

/// Splits a watch in JSON, one event a line, in whatever chunks it comes.
#[derive(Debug)]
pub struct EventLines {
    limits: Limits,
    level: Level,
    /// Bytes read.
    offset: u64,
    /// The part of a line that came in earlier chunks.
    held: Vec<u8>,
    /// An event was handed out that is still held.
    is_done: bool,
}

impl Default for EventLines {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl EventLines {
    /// At the start of a body.
    pub fn new(limits: Limits) -> Self {
        Self { limits, level: Level::new(), offset: 0, held: Vec::new(), is_done: false }
    }

    /// The next event of the chunk, which is shortened by what was read of it. `None` asks for the next chunk.
    ///
    /// # Errors
    ///
    /// When a line is not an event or is too long. Nothing more can be read of the body then.
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
            return event.map(Some).map_err(|error| Error::new(start + error.offset, error.flaw));
        }
    }

    /// That the body may end here.
    ///
    /// # Errors
    ///
    /// When it ends within a line: the connection broke.
    pub fn finish(self) -> Result<(), Error> {
        if self.is_done || self.held.trim_ascii().is_empty() {
            return Ok(());
        }
        Err(Error::new(self.offset, Flaw::Truncated))
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
            return Err(Error::new(self.offset + room as u64, Flaw::TooLarge(self.limits.item_bytes)));
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

/// Where a line lies.
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
                        .ok_or_else(|| Error::new(start as u64, Flaw::Expected("the type of an event")))?,
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
        _ => Err(cursor.flaw(Flaw::Expected("an event, with type and object"))),
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
