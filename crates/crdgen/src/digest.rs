//! SHA-256 digest of a text, as recorded in `crdgen.lock`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

/// SHA-256 digest that ignores whitespace at the ends of lines and of the text: `\r\n` counts as `\n`.
///
/// So files look unchanged after a checkout with `core.autocrlf`, and after a tool that fixes the ends of files.
#[derive(Clone, Copy)]
pub struct Digest {
    text: [u8; 32],
    /// Beginning of the digest of the text without its layout. Only generated files have it.
    words: Option<[u8; 8]>,
    exact: Option<Exact>,
}

/// Beginning of the BLAKE3 digest of all bytes of a generated file, which is computed much faster than the SHA-256.
///
/// The cache has it, the lock has not.
pub type Exact = [u8; 16];

impl Digest {
    /// Computes the digest of a file's content.
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self { text: digest_of_text(bytes.as_ref()), words: None, exact: None }
    }

    /// Computes the digest of a generated file, which also recognises the file in another layout.
    pub fn of_generated(bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        let words = digest_of_words(bytes).first_chunk().copied();
        Self { text: digest_of_text(bytes), words, exact: exact(bytes) }
    }

    /// Returns the digest of all bytes, if this is the digest of a file that this run generated.
    #[cfg(feature = "cli")]
    pub fn exact(&self) -> Option<Exact> {
        self.exact
    }

    /// Adds the digest of all bytes.
    #[cfg(feature = "cli")]
    pub fn with_exact(self, exact: Option<Exact>) -> Self {
        Self { exact, ..self }
    }

    /// Returns whether this is the digest of these bytes.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        (self.exact.is_some() && self.exact == exact(bytes)) || *self == Self::of(bytes)
    }

    /// Returns whether two generated files are equal without their layout. Returns false for digests of other texts.
    pub fn has_words_of(&self, other: &Self) -> bool {
        self.words.is_some() && self.words == other.words
    }

    fn parse(text: &str) -> Option<Self> {
        let (text, words) = text.split_once('-').map_or((text, None), |(text, words)| (text, Some(words)));
        let words = match words {
            Some(words) => Some(hexadecimal(words)?),
            None => None,
        };
        Some(Self { text: hexadecimal(text)?, words, exact: None })
    }
}

/// Characters that formatters add, remove or replace. An edit of these characters alone counts as a change of layout.
const LAYOUT: &[u8] = b" \t\r\n\"'\\,;()|";

/// Whether each byte is in [`LAYOUT`].
const IS_LAYOUT: [bool; 256] = {
    let mut is_layout = [false; 256];
    let mut index = 0;
    while index < LAYOUT.len() {
        is_layout[LAYOUT[index] as usize] = true;
        index += 1;
    }
    is_layout
};

/// Returns the digest of the lines without whitespace at their ends. Most lines have none, so the text between two lines
/// that have is hashed as it is.
fn digest_of_text(bytes: &[u8]) -> [u8; 32] {
    let mut hasher = Sha256::new();
    let mut hashed = 0;
    for (place, ignored) in ignored(bytes) {
        hasher.update(&bytes[hashed..place]);
        hashed = place + ignored.len();
    }
    hasher.update(&bytes[hashed..]);
    hasher.update(b"\n");
    hasher.finalize().into()
}

/// Returns the whitespace that [`Digest::of`] ignores, with its offsets: at the ends of lines and of the text.
fn ignored(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let text = bytes.trim_ascii_end();
    let mut line = 0;
    let at_lines = memchr::memchr_iter(b'\n', text).filter_map(move |end| {
        let (start, is_ignored) = (line, line < end && text[end - 1].is_ascii_whitespace());
        line = end + 1;
        is_ignored.then(|| {
            let place = start + text[start..end].trim_ascii_end().len();
            (place, &text[place..end])
        })
    });
    at_lines.chain(std::iter::once((text.len(), &bytes[text.len()..])))
}

/// Returns the digest of all bytes that are not layout.
fn digest_of_words(bytes: &[u8]) -> [u8; 32] {
    const PIECE: usize = 4096;
    let mut hasher = Sha256::new();
    let mut words = [0; PIECE];
    for piece in bytes.chunks(PIECE) {
        let mut count = 0;
        for byte in piece {
            words[count] = *byte;
            count += usize::from(!IS_LAYOUT[usize::from(*byte)]);
        }
        hasher.update(&words[..count]);
    }
    hasher.finalize().into()
}

#[cfg(feature = "cli")]
fn exact(bytes: &[u8]) -> Option<Exact> {
    blake3::hash(bytes).as_bytes().first_chunk().copied()
}

/// The library has no cache.
#[cfg(not(feature = "cli"))]
fn exact(_: &[u8]) -> Option<Exact> {
    None
}

fn hexadecimal<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N || !text.is_ascii() {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Digest {}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        let Some(words) = self.words else { return Ok(()) };
        f.write_str("-")?;
        words.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("expected a SHA-256: 64 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_the_sha256_of_the_bytes() {
        let abc = "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb";
        assert_eq!(Digest::of("abc\n").to_string(), abc);
        assert_eq!(Digest::of_generated("abc\n").to_string(), format!("{abc}-ba7816bf8f01cfea"));
    }

    #[test]
    fn ignores_whitespace_at_the_ends_of_lines_and_of_the_text() {
        assert_eq!(Digest::of("a\r\nb\r\n"), Digest::of("a\nb\n"));
        for text in ["a\n\n  b", "a\n\n  b\n\n \n", "a \n\t\n  b\t"] {
            assert_eq!(Digest::of(text), Digest::of("a\n\n  b\n"), "{text:?}");
        }
        for text in ["a\n  b\n", "a\n\n b\n", "\na\n\n  b\n", "a\r\r  b\n"] {
            assert_ne!(Digest::of(text), Digest::of("a\n\n  b\n"), "{text:?}");
        }
    }

    #[test]
    fn a_recorded_digest_is_of_the_same_text_with_and_without_the_digest_of_all_bytes() {
        let generated = Digest::of_generated("a\nb\n");
        for digest in [generated, Digest::parse(&generated.to_string()).unwrap()] {
            assert!(digest.is_of(b"a\nb\n") && digest.is_of(b"a\r\nb\r\n") && !digest.is_of(b"a\nc\n"));
        }
    }

    #[test]
    fn ignored_whitespace_has_its_place() {
        let found = |text: &'static str| ignored(text.as_bytes()).collect::<Vec<_>>();
        assert_eq!(found("a \n\n b\t\r\nc\n"), [(1, &b" "[..]), (6, b"\t\r"), (10, b"\n")]);
        assert_eq!(found("a"), [(1, &b""[..])]);
    }

    #[test]
    fn of_a_generated_file_recognises_its_words() {
        let generated = Digest::of_generated("type A = 'b' | 'c'\n");
        let formatted = Digest::of_generated("type A =\n  | \"b\"\n  | \"c\";\n");
        assert!(generated.has_words_of(&formatted) && generated != formatted);
        assert!(!generated.has_words_of(&Digest::of_generated("type A = 'b' | 'd'\n")));
        assert!(!Digest::of("a").has_words_of(&Digest::of("a")), "there is no digest of the words");
    }

    #[test]
    fn reads_what_it_prints_and_nothing_else() {
        for digest in [Digest::of("abc"), Digest::of_generated("abc")] {
            let read = Digest::parse(&digest.to_string()).unwrap();
            assert_eq!((read, read.words), (digest, digest.words));
        }
        let text = Digest::of("abc").to_string();
        for other in ["ba78".to_owned(), "zz".repeat(32), "é".repeat(32), format!("{text}-"), format!("{text}-ba78")] {
            assert!(Digest::parse(&other).is_none(), "{other}");
        }
    }
}
