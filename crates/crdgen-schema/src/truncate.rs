//! Text of objects and CRDs for messages. It is shortened: a text can have megabytes and occur in a thousand messages.

use std::fmt::{self, Display, Write};

/// Maximum number of bytes of one value in a message. The API server shows the whole value.
const MAX_VALUE: usize = 1024;

/// Maximum number of bytes of a path.
const MAX_PATH: usize = 4096;

/// Maximum number of bytes of a message.
const MAX_MESSAGE: usize = 8192;

/// Mark of a cut-off text.
const ELLIPSIS: char = '…';

/// Text that is cut off at a maximum length.
pub(crate) struct Truncated {
    text: String,
    most: usize,
    is_cut: bool,
}

impl Truncated {
    /// Creates an empty path.
    pub(crate) fn path() -> Self {
        Self { text: String::new(), most: MAX_PATH, is_cut: false }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Appends text up to the maximum length.
    pub(crate) fn push(&mut self, text: &str) {
        if self.is_cut {
            return;
        }
        let room = self.most - self.text.len();
        self.text.push_str(beginning(text, room));
        if text.len() > room {
            self.text.push(ELLIPSIS);
            self.is_cut = true;
        }
    }

    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl Write for Truncated {
    /// Returns an error once the text is cut off, so that formatting stops.
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text);
        if self.is_cut { Err(fmt::Error) } else { Ok(()) }
    }
}

/// Formats a value, shortened.
pub(crate) fn value(value: impl Display) -> String {
    let mut shown = Truncated { most: MAX_VALUE, ..Truncated::path() };
    // An error means that the text was cut off.
    _ = write!(shown, "{value}");
    shown.into_text()
}

/// Formats a text in quotes, with escapes, shortened.
pub(crate) fn quoted(text: &str) -> String {
    let start = beginning(text, MAX_VALUE);
    let rest = if start.len() < text.len() { ELLIPSIS.to_string() } else { String::new() };
    format!("{start:?}{rest}")
}

/// Formats values with commas between them, shortened.
pub(crate) fn list(values: impl Iterator<Item = String>) -> String {
    let mut shown = Truncated { most: MAX_VALUE, ..Truncated::path() };
    for value in values {
        let comma = if shown.is_empty() { "" } else { ", " };
        if write!(shown, "{comma}{value}").is_err() {
            break;
        }
    }
    shown.into_text()
}

/// Shortens a text and writes no quotes.
pub(crate) fn plain(text: &str) -> String {
    value(text)
}

/// Shortens a message.
pub(crate) fn message(mut text: String) -> String {
    let end = beginning(&text, MAX_MESSAGE).len();
    if end < text.len() {
        text.truncate(end);
        text.push(ELLIPSIS);
    }
    text
}

/// Returns the longest start of `text` of whole characters that has at most `room` bytes.
pub(crate) fn beginning(text: &str, room: usize) -> &str {
    let mut end = room.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_is_cut_at_a_character() {
        assert_eq!(value("short"), "short");
        assert_eq!(value("é".repeat(1000)), format!("{}…", "é".repeat(MAX_VALUE / 2)));
        assert_eq!(quoted("a\"b"), r#""a\"b""#);
        assert_eq!(quoted(&"a".repeat(2000)), format!("{:?}…", "a".repeat(MAX_VALUE)));
        assert_eq!(message("a".repeat(10_000)).len(), MAX_MESSAGE + ELLIPSIS.len_utf8());
    }

    #[test]
    fn a_long_list_is_cut() {
        assert_eq!(list(["a", "b"].map(str::to_owned).into_iter()), "a, b");
        let cut = list((0..1000).map(|number| number.to_string()));
        assert!(cut.starts_with("0, 1, 2") && cut.len() <= MAX_VALUE + ELLIPSIS.len_utf8(), "{cut}");
    }
}
