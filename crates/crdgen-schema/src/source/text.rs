//! Decoding of an input to text by its byte order mark, as kubectl decodes files and standard input.

use std::fmt;

/// Position of the first byte that is not UTF-8, in an input without a byte order mark of UTF-16.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotUtf8 {
    at: usize,
    line: usize,
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}, line {}", self.at, self.line)
    }
}

/// Decodes UTF-16 if there is a byte order mark of either byte order, as PowerShell writes it, and UTF-8 otherwise.
/// Unpaired surrogates of UTF-16 become U+FFFD.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, NotUtf8> {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => Ok(utf16(rest, u16::from_le_bytes)),
        [0xfe, 0xff, rest @ ..] => Ok(utf16(rest, u16::from_be_bytes)),
        _ => String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            NotUtf8 { at, line }
        }),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, half) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let text = char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
    text.chain(half.first().map(|_| char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a: \u{e9}\u{1f600}\nb: c\n";

    fn marked(unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff).chain(TEXT.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn a_byte_order_mark_tells_the_encoding() {
        assert_eq!(decode(marked(u16::to_le_bytes)).as_deref(), Ok(TEXT));
        assert_eq!(decode(marked(u16::to_be_bytes)).as_deref(), Ok(TEXT));
        assert_eq!(decode(TEXT.into()).as_deref(), Ok(TEXT));
        assert_eq!(decode(Vec::new()).as_deref(), Ok(""));
    }

    #[test]
    fn broken_text_is_replaced_in_utf_16_and_refused_in_utf_8() {
        assert_eq!(decode(vec![0xff, 0xfe, b'a', 0, 0, 0xd8, b'b']).as_deref(), Ok("a\u{fffd}\u{fffd}"));
        assert_eq!(decode(vec![b'a', b'\n', 0xe9]), Err(NotUtf8 { at: 2, line: 2 }));
    }
}
