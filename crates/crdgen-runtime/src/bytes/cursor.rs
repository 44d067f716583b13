//! Walks over JSON text that is at hand as a whole: keys are looked at, values passed over.

use std::borrow::Cow;

use fearless_simd::Level;

use super::error::{Error, Flaw};
use super::nest::{Found, Nest, end_of_string};

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
    level: Level,
    depth: u32,
}

impl<'a> Cursor<'a> {
    /// The start of a text. `depth` is how many brackets may be open.
    pub(super) fn new(level: Level, text: &'a [u8], depth: u32) -> Self {
        Self { text, at: 0, level, depth }
    }

    /// How many bytes were passed.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What was passed since `start`.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        &self.text[start..self.at]
    }

    /// The next byte that is not white space.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<u8, Error> {
        while let Some(&byte) = self.text.get(self.at) {
            if !is_blank(byte) {
                return Ok(byte);
            }
            self.at += 1;
        }
        Err(self.flaw(Flaw::Truncated))
    }

    /// Passes one byte if it is the next one behind white space.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, Error> {
        let is_next = self.peek()? == byte;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Passes a byte that must be there.
    #[inline]
    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Error> {
        if self.take(byte)? { Ok(()) } else { Err(self.flaw(Flaw::Expected(what))) }
    }

    /// Passes a key and its colon; the key as written, without its quotes.
    #[inline]
    pub(super) fn key(&mut self) -> Result<&'a [u8], Error> {
        if self.peek()? != b'"' {
            return Err(self.flaw(Flaw::Expected("a key")));
        }
        let key = self.string()?;
        self.expect(b':', "':'")?;
        Ok(key)
    }

    /// Passes a value of any type.
    #[inline]
    pub(super) fn value(&mut self) -> Result<(), Error> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => self.nest(0),
            _ => self.scalar(),
        }
    }

    /// Passes everything up to and with the bracket that closes the innermost of those that are open.
    pub(super) fn rest_of_object(&mut self) -> Result<(), Error> {
        self.nest(1)
    }

    /// Nothing but white space may follow.
    pub(super) fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            Ok(_) => Err(self.flaw(Flaw::Expected("the end of the object"))),
            Err(_) => Ok(()),
        }
    }

    /// That the next byte is wrong.
    pub(super) fn flaw(&self, flaw: Flaw) -> Error {
        Error::new(self.at as u64, flaw)
    }

    fn string(&mut self) -> Result<&'a [u8], Error> {
        let start = self.at + 1;
        let Some(len) = end_of_string(self.level, &self.text[start..]) else {
            self.at = self.text.len();
            return Err(self.flaw(Flaw::Truncated));
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
                Err(self.flaw(Flaw::Truncated))
            }
            Found::TooDeep(index) => {
                self.at += index;
                Err(self.flaw(Flaw::TooDeep(self.depth)))
            }
        }
    }

    /// A number, `true`, `false` or `null`: what it is nobody asks here.
    fn scalar(&mut self) -> Result<(), Error> {
        let rest = &self.text[self.at..];
        match rest.iter().position(|&byte| is_delimiter(byte)) {
            Some(0) => Err(self.flaw(Flaw::Expected("a value"))),
            Some(len) => {
                self.at += len;
                Ok(())
            }
            None => {
                self.at = self.text.len();
                Err(self.flaw(Flaw::Truncated))
            }
        }
    }
}

/// Passes the members of an object, each by its key and the place of its value.
#[cfg(feature = "cache")]
pub(crate) fn object_members(
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

/// White space of JSON.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t')
}

/// What ends a number or a word.
pub(super) fn is_delimiter(byte: u8) -> bool {
    is_blank(byte) || matches!(byte, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']')
}

/// A key as it is meant. Only what has a backslash is changed; what cannot be read stays as it is, and so is no known key.
pub(super) fn unescaped(key: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\\', key).is_none() {
        return Cow::Borrowed(key);
    }
    let quoted = [b"\"", key, b"\""].concat();
    serde_json::from_slice::<String>(&quoted).map_or(Cow::Borrowed(key), |text| Cow::Owned(text.into_bytes()))
}
