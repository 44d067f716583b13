//! Splitter of the body of a list into items.

use fearless_simd::Level;

use super::cursor::{is_blank, is_delimiter};
use super::error::{Error, ErrorKind};
use super::filter::Filter;
use super::limits::Limits;
use super::list_end::{ListEnd, Member};
use super::nest::{Found, Nest};

/// Splitter of a JSON list into items. Accepts the body in chunks of any size, and the keys of the list in any order.
///
/// At most one item is kept in memory, and only if it spans several chunks.
///
/// ```
/// use crdgen_splitter::Splitter;
///
/// let mut splitter = Splitter::default();
/// let mut items = Vec::new();
/// for chunk in [&br#"{"kind":"WidgetList","items":[{"a":1},{"b":"#[..], br#"2}],"metadata":{"resourceVersion":"7"}}"#] {
///     let mut rest = chunk;
///     while let Some(item) = splitter.next_item(&mut rest)? {
///         items.push(item.to_vec());
///     }
/// }
/// assert_eq!(items, [b"{\"a\":1}", b"{\"b\":2}"]);
/// assert_eq!(splitter.finish()?.metadata.resource_version.as_deref(), Some("7"));
/// # Ok::<_, crdgen_splitter::Error>(())
/// ```
#[derive(Debug)]
pub struct Splitter {
    limits: Limits,
    level: Level,
    state: State,
    /// Number of bytes read.
    offset: u64,
    /// Position at which the current item or value begins.
    start: u64,
    /// Part of an item, key or value from earlier chunks.
    held: Vec<u8>,
    member: Member,
    has_items: bool,
    end: ListEnd,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Start,
    FirstKey,
    NextKey,
    Key(Text),
    Colon,
    Value,
    String(Text),
    Scalar,
    Nested(Nest),
    AfterMember,
    FirstItem,
    NextItem,
    Item(Nest),
    /// The item in `held` was returned and is still there.
    ItemDone,
    AfterItem,
    End,
}

/// String that is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Text {
    Plain,
    /// The next byte is escaped.
    Escaped,
}

/// Location of an item: in the chunk, or in `held`.
enum Place<'c> {
    Chunk(&'c [u8]),
    Held,
}

impl Default for Splitter {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Splitter {
    /// Creates a splitter at the start of a body.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            level: Level::new(),
            state: State::Start,
            offset: 0,
            start: 0,
            held: Vec::new(),
            member: Member::Other,
            has_items: false,
            end: ListEnd::default(),
        }
    }

    /// Returns the next item of the chunk and removes the bytes that were read from the chunk. Returns `None` when the
    /// next chunk is needed.
    ///
    /// # Errors
    ///
    /// Fails when the body is not a list or exceeds a limit. The splitter cannot be used after an error.
    pub fn next_item<'s, 'c: 's>(&'s mut self, chunk: &mut &'c [u8]) -> Result<Option<&'s [u8]>, Error> {
        Ok(match self.advance(chunk)? {
            None => None,
            Some(Place::Chunk(item)) => Some(item),
            Some(Place::Held) => Some(&self.held),
        })
    }

    /// Appends the next item after filtering to `out`. Returns false when the next chunk is needed. See
    /// [`next_item`](Self::next_item).
    ///
    /// An item that lies within the chunk is found and filtered in one pass.
    ///
    /// # Errors
    ///
    /// Fails as [`next_item`](Self::next_item), and when the filter cannot copy an item.
    pub fn next_cut(&mut self, filter: &Filter, chunk: &mut &[u8], out: &mut Vec<u8>) -> Result<bool, Error> {
        if !self.advance_to_item(chunk)? {
            return Ok(false);
        }
        let before = out.len();
        if self.held.is_empty()
            && let Ok(len) = filter.copy_first(chunk, self.limits.depth, out)
            && len <= self.limits.item_bytes
        {
            self.pass(chunk, len);
            self.end.items += 1;
            self.state = State::AfterItem;
            return Ok(true);
        }
        // The item continues in the next chunk, or is malformed. Its end is then found without the filter.
        out.truncate(before);
        let Some(item) = self.next_item(chunk)? else { return Ok(false) };
        let len = item.len() as u64;
        match filter.copy(item, out) {
            Ok(()) => Ok(true),
            Err(error) => Err(Error::new(self.offset - len + error.offset, error.kind)),
        }
    }

    /// Returns the number of items returned so far.
    pub fn items(&self) -> u64 {
        self.end.items
    }

    /// Returns apiVersion, kind and metadata of the list, and the number of its items. Call it once every chunk was
    /// read to its end.
    ///
    /// # Errors
    ///
    /// Fails when the body is incomplete or has no `items`. An empty list of items is valid.
    pub fn finish(self) -> Result<ListEnd, Error> {
        match self.state {
            State::End if self.has_items => Ok(self.end),
            State::End => Err(self.kind(ErrorKind::Expected("a list, with items"))),
            _ => Err(self.kind(ErrorKind::Truncated)),
        }
    }

    fn kind(&self, kind: ErrorKind) -> Error {
        Error::new(self.offset, kind)
    }

    fn pass(&mut self, chunk: &mut &[u8], len: usize) {
        self.offset += len as u64;
        *chunk = &chunk[len..];
    }

    /// Reads up to the end of an item or of the chunk.
    fn advance<'c>(&mut self, chunk: &mut &'c [u8]) -> Result<Option<Place<'c>>, Error> {
        while self.advance_to_item(chunk)? {
            if let Some(item) = self.item(chunk)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// Reads up to the start or the continuation of an item. Returns false when the chunk has none.
    fn advance_to_item(&mut self, chunk: &mut &[u8]) -> Result<bool, Error> {
        while let Some(&byte) = chunk.first() {
            match self.state {
                State::Item(_) => return Ok(true),
                State::ItemDone => {
                    self.held.clear();
                    self.state = State::AfterItem;
                }
                State::Key(text) => self.key(text, chunk)?,
                State::String(text) => self.string(text, chunk)?,
                State::Scalar => self.scalar(chunk)?,
                State::Nested(nest) => self.nested(nest, chunk)?,
                _ if is_blank(byte) => self.pass(chunk, 1),
                _ => self.between(byte, chunk)?,
            }
        }
        Ok(false)
    }

    /// Handles a byte that is neither white space nor part of a string or value.
    fn between(&mut self, byte: u8, chunk: &mut &[u8]) -> Result<(), Error> {
        let next = match (self.state, byte) {
            (State::Start, b'{') => State::FirstKey,
            (State::FirstKey | State::AfterMember, b'}') => State::End,
            (State::FirstKey | State::NextKey, b'"') => State::Key(Text::Plain),
            (State::Colon, b':') => State::Value,
            (State::Value, _) => return self.value(byte, chunk),
            (State::AfterMember, b',') => State::NextKey,
            (State::FirstItem, b']') => State::AfterMember,
            (State::FirstItem | State::NextItem, b'{') => {
                self.start = self.offset;
                // The bracket is part of the item, so the search for the end starts with it.
                self.state = State::Item(Nest::new(self.limits.depth));
                return Ok(());
            }
            (State::AfterItem, b',') => State::NextItem,
            (State::AfterItem, b']') => State::AfterMember,
            (state, _) => return Err(self.kind(ErrorKind::Expected(expected(state)))),
        };
        self.pass(chunk, 1);
        self.state = next;
        Ok(())
    }

    fn value(&mut self, byte: u8, chunk: &mut &[u8]) -> Result<(), Error> {
        self.start = self.offset;
        self.state = match (self.member, byte) {
            (Member::Items, _) if self.has_items => return Err(self.kind(ErrorKind::Expected("items only once"))),
            (Member::Items, b'[') => {
                self.has_items = true;
                self.pass(chunk, 1);
                State::FirstItem
            }
            // Go writes null for a list that was never filled. Any other word fails once the value is complete.
            (Member::Items, b'n') => {
                self.has_items = true;
                State::Scalar
            }
            (Member::Items, _) => return Err(self.kind(ErrorKind::Expected("'['"))),
            (_, b'{' | b'[') => State::Nested(Nest::new(self.limits.depth)),
            (_, b'"') => {
                self.hold(&chunk[..1])?;
                self.pass(chunk, 1);
                State::String(Text::Plain)
            }
            (_, byte) if is_delimiter(byte) => return Err(self.kind(ErrorKind::Expected("a value"))),
            _ => State::Scalar,
        };
        Ok(())
    }

    fn item<'c>(&mut self, chunk: &mut &'c [u8]) -> Result<Option<Place<'c>>, Error> {
        let State::Item(nest) = &mut self.state else { return Ok(None) };
        let room = self.limits.item_bytes - self.held.len();
        let window = &chunk[..chunk.len().min(room)];
        match nest.scan(self.level, window) {
            Found::End(len) => {
                self.pass(chunk, len);
                self.end.items += 1;
                if self.held.is_empty() {
                    self.state = State::AfterItem;
                    return Ok(Some(Place::Chunk(&window[..len])));
                }
                self.held.extend_from_slice(&window[..len]);
                self.state = State::ItemDone;
                Ok(Some(Place::Held))
            }
            Found::Nothing if window.len() < chunk.len() => {
                Err(Error::new(self.start + self.limits.item_bytes as u64, ErrorKind::TooLarge(self.limits.item_bytes)))
            }
            Found::Nothing => {
                self.held.extend_from_slice(window);
                self.pass(chunk, window.len());
                Ok(None)
            }
            Found::TooDeep(index) => Err(Error::new(self.offset + index as u64, ErrorKind::TooDeep(self.limits.depth))),
        }
    }

    fn key(&mut self, text: Text, chunk: &mut &[u8]) -> Result<(), Error> {
        let (len, text) = string(text, chunk);
        self.hold_key(&chunk[..len])?;
        self.pass(chunk, len);
        self.state = match text {
            Some(text) => State::Key(text),
            None => {
                self.member = Member::of(&self.held);
                self.held.clear();
                self.pass(chunk, 1);
                State::Colon
            }
        };
        Ok(())
    }

    fn string(&mut self, text: Text, chunk: &mut &[u8]) -> Result<(), Error> {
        let (len, text) = string(text, chunk);
        match text {
            Some(text) => {
                self.hold(&chunk[..len])?;
                self.pass(chunk, len);
                self.state = State::String(text);
                Ok(())
            }
            None => self.value_ends(chunk, len + 1),
        }
    }

    fn scalar(&mut self, chunk: &mut &[u8]) -> Result<(), Error> {
        match chunk.iter().position(|&byte| is_delimiter(byte)) {
            Some(len) => self.value_ends(chunk, len),
            None => self.value_goes_on(chunk),
        }
    }

    fn nested(&mut self, mut nest: Nest, chunk: &mut &[u8]) -> Result<(), Error> {
        // Reads no further than the limit, so that the outcome does not depend on the size of the chunk.
        let room = if self.member.is_kept() { self.limits.envelope_bytes - self.held.len() } else { chunk.len() };
        let window = &chunk[..chunk.len().min(room)];
        match nest.scan(self.level, window) {
            Found::End(len) => self.value_ends(chunk, len),
            Found::Nothing => {
                self.state = State::Nested(nest);
                self.value_goes_on(chunk)
            }
            Found::TooDeep(index) => Err(Error::new(self.offset + index as u64, ErrorKind::TooDeep(self.limits.depth))),
        }
    }

    fn value_goes_on(&mut self, chunk: &mut &[u8]) -> Result<(), Error> {
        self.hold(chunk)?;
        self.pass(chunk, chunk.len());
        Ok(())
    }

    fn value_ends(&mut self, chunk: &mut &[u8], len: usize) -> Result<(), Error> {
        self.hold(&chunk[..len])?;
        self.pass(chunk, len);
        self.state = State::AfterMember;
        let value = std::mem::take(&mut self.held);
        self.end.set(self.member, &value, self.start)
    }

    /// Stores a part of a value if the value is needed.
    fn hold(&mut self, part: &[u8]) -> Result<(), Error> {
        if self.member.is_kept() { self.hold_key(part) } else { Ok(()) }
    }

    fn hold_key(&mut self, part: &[u8]) -> Result<(), Error> {
        let limit = self.limits.envelope_bytes;
        let room = limit - self.held.len();
        if part.len() > room {
            return Err(Error::new(self.offset + room as u64, ErrorKind::TooLarge(limit)));
        }
        self.held.extend_from_slice(part);
        Ok(())
    }
}

/// Returns the number of bytes of the string in the chunk, without the closing quote, and the state after them. The
/// state is `None` when the string ends.
fn string(mut text: Text, chunk: &[u8]) -> (usize, Option<Text>) {
    for (index, byte) in chunk.iter().enumerate() {
        text = match (text, byte) {
            (Text::Plain, b'"') => return (index, None),
            (Text::Plain, b'\\') => Text::Escaped,
            _ => Text::Plain,
        };
    }
    (chunk.len(), Some(text))
}

fn expected(state: State) -> &'static str {
    match state {
        State::Start => "a list, '{'",
        State::FirstKey => "a key or '}'",
        State::NextKey => "a key",
        State::Colon => "':'",
        State::AfterMember => "',' or '}'",
        State::FirstItem => "an item, '{', or ']'",
        State::NextItem => "an item, '{'",
        State::AfterItem => "',' or ']'",
        State::End => "nothing behind the list",
        State::Key(_)
        | State::Value
        | State::String(_)
        | State::Scalar
        | State::Nested(_)
        | State::Item(_)
        | State::ItemDone => "a value",
    }
}
