//! From offsets in a text to lines and columns, in time that does not grow with the length of a line.

use crate::Span;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Characters are counted at every so many bytes.
const BLOCK: usize = 256;

/// The text behind a byte order mark, if it has one.
pub(super) fn without_bom(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// The lines of a text.
pub(super) struct Lines<'t> {
    text: &'t str,
    /// Offset of the first byte of each line, without the byte order mark.
    starts: Vec<usize>,
    /// Number of characters that start before each block; none in a text of ASCII, where a character is a byte.
    chars_before: Option<Vec<usize>>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut starts = vec![text.len() - without_bom(text).len()];
        starts.extend(text.match_indices('\n').map(|(offset, _)| offset + 1));
        let chars_before = (!text.is_ascii()).then(|| {
            text.as_bytes()
                .chunks(BLOCK)
                .scan(0, |sum, block| {
                    let before = *sum;
                    *sum += count_chars(block);
                    Some(before)
                })
                .collect()
        });
        Self { text, starts, chars_before }
    }

    /// The text behind the byte order mark, with its offset.
    pub(super) fn content(&self) -> (usize, &'t str) {
        (self.starts[0], &self.text[self.starts[0]..])
    }

    /// The place of a byte.
    pub(super) fn span(&self, offset: usize) -> Span {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let column = self.chars_until(offset).saturating_sub(self.chars_until(self.starts[line - 1])) + 1;
        Span { offset, line, column }
    }

    /// The number of characters before a byte.
    pub(super) fn chars_until(&self, offset: usize) -> usize {
        let Some(before) = &self.chars_before else { return offset };
        let block = (offset / BLOCK).min(before.len() - 1);
        before[block] + count_chars(&self.text.as_bytes()[block * BLOCK..offset])
    }

    /// The offset of a character.
    pub(super) fn offset_of_char(&self, index: usize) -> usize {
        let Some(before) = &self.chars_before else { return index.min(self.text.len()) };
        let block = before.partition_point(|count| *count <= index) - 1;
        let bytes = &self.text.as_bytes()[block * BLOCK..];
        bytes
            .iter()
            .enumerate()
            .filter(|(_, byte)| starts_char(**byte))
            .nth(index - before[block])
            .map_or(self.text.len(), |(at, _)| block * BLOCK + at)
    }
}

fn starts_char(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| starts_char(**byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_in_characters_from_one() {
        let text = format!("\u{feff}é: b\r\n{}ü: x", "–".repeat(300));
        let lines = Lines::new(&text);
        for (char_index, (offset, letter)) in text.char_indices().enumerate() {
            assert_eq!(lines.chars_until(offset), char_index);
            assert_eq!(lines.offset_of_char(char_index), offset, "{letter}");
        }
        let place = |letter: char| {
            let span = lines.span(text.find(letter).unwrap());
            (span.line, span.column)
        };
        assert_eq!([place('é'), place('b'), place('ü'), place('x')], [(1, 1), (1, 4), (2, 301), (2, 304)]);
    }

    #[test]
    fn an_empty_text_has_one_line() {
        assert_eq!(Lines::new("").span(0), Span { offset: 0, line: 1, column: 1 });
    }
}
