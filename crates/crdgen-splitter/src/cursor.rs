//! Cursor over a complete JSON text: reads keys and skips values.

use std::borrow::Cow;

use fearless_simd::Level;

use super::error::{Error, ErrorKind};
use super::nest::{Found, Nest, end_of_string};

/// Position in a JSON text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
    level: Level,
    depth: u32,
}

impl<'a> Cursor<'a> {
    /// Creates a cursor at the start of a text. `depth` is the maximum number of open brackets.
    pub(super) fn new(level: Level, text: &'a [u8], depth: u32) -> Self {
        Self { text, at: 0, level, depth }
    }

    /// Returns the number of bytes before the cursor.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Returns the text from `start` up to the cursor.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        &self.text[start..self.at]
    }

    /// Skips white space and returns the next byte. Does not consume that byte.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<u8, Error> {
        while let Some(&byte) = self.text.get(self.at) {
            if !is_blank(byte) {
                return Ok(byte);
            }
            self.at += 1;
        }
        Err(self.kind(ErrorKind::Truncated))
    }

    /// Skips white space, and consumes the next byte if it is `byte`.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, Error> {
        let is_next = self.peek()? == byte;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Skips white space and consumes `byte`. Fails when another byte follows.
    #[inline]
    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Error> {
        if self.take(byte)? { Ok(()) } else { Err(self.kind(ErrorKind::Expected(what))) }
    }

    /// Consumes a key and its colon. Returns the key as written, without quotes.
    #[inline]
    pub(super) fn key(&mut self) -> Result<&'a [u8], Error> {
        if self.peek()? != b'"' {
            return Err(self.kind(ErrorKind::Expected("a key")));
        }
        let key = self.string()?;
        self.expect(b':', "':'")?;
        Ok(key)
    }

    /// Skips a value of any type.
    #[inline]
    pub(super) fn value(&mut self) -> Result<(), Error> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => self.nest(0),
            _ => self.scalar(),
        }
    }

    /// Skips the rest of the innermost open object or list, including its closing bracket.
    pub(super) fn rest_of_object(&mut self) -> Result<(), Error> {
        self.nest(1)
    }

    /// Checks that only white space follows.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            Ok(_) => Err(self.kind(ErrorKind::Expected("the end of the object"))),
            Err(_) => Ok(()),
        }
    }

    /// Creates an error at the position of the cursor.
    pub(super) fn kind(&self, kind: ErrorKind) -> Error {
        Error::new(self.at as u64, kind)
    }

    fn string(&mut self) -> Result<&'a [u8], Error> {
        let start = self.at + 1;
        let Some(len) = end_of_string(self.level, &self.text[start..]) else {
            self.at = self.text.len();
            return Err(self.kind(ErrorKind::Truncated));
        };
        self.at = start + len + 1;
        Ok(&self.text[start..start + len])
    }

    fn nest(&mut self, open: u32) -> Result<(), Error> {
        match Nest::within(open, self.depth).scan(self.level, &self.text[self.at..]) {
            Found::End(len) => {
                self.at += len;
                Ok(())
            }
            Found::Nothing => {
                self.at = self.text.len();
                Err(self.kind(ErrorKind::Truncated))
            }
            Found::TooDeep(index) => {
                self.at += index;
                Err(self.kind(ErrorKind::TooDeep(self.depth)))
            }
        }
    }

    /// Skips a number, `true`, `false` or `null`. Does not check the text.
    fn scalar(&mut self) -> Result<(), Error> {
        let rest = &self.text[self.at..];
        match rest.iter().position(|&byte| is_delimiter(byte)) {
            Some(0) => Err(self.kind(ErrorKind::Expected("a value"))),
            Some(len) => {
                self.at += len;
                Ok(())
            }
            None => {
                self.at = self.text.len();
                Err(self.kind(ErrorKind::Truncated))
            }
        }
    }
}

/// Calls `each` for every member of an object, with its key and the position of its value.
pub fn object_members(
    text: &[u8],
    mut each: impl FnMut(&[u8], std::ops::Range<usize>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut cursor = Cursor::new(Level::new(), text, super::Limits::default().depth);
    cursor.expect(b'{', "an object, '{'")?;
    if cursor.take(b'}')? {
        return Ok(());
    }
    loop {
        let key = cursor.key()?;
        cursor.peek()?;
        let start = cursor.at();
        cursor.value()?;
        each(&unescaped(key), start..cursor.at())?;
        if !cursor.take(b',')? {
            return cursor.expect(b'}', "',' or '}'");
        }
    }
}

/// Returns whether a byte is JSON white space.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// Returns whether a byte ends a number or a word.
pub(super) fn is_delimiter(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']')
}

/// Resolves the escapes of a key. A key with invalid escapes is returned as written, and then matches no known key.
pub(super) fn unescaped(key: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', key).is_none() {
        return Cow::Borrowed(key);
    }
    let quoted = [b"\"", key, b"\""].concat();
    serde_json::from_slice::<String>(&quoted).map_or(Cow::Borrowed(key), |text| Cow::Owned(text.into_bytes()))
}
