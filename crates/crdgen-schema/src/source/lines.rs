//! Conversion of offsets in a text to lines and columns, in time independent of the length of a line.

use std::cell::Cell;
use std::mem;

use crate::Span;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Number of bytes between two counts of characters.
const BLOCK: usize = 64;

/// Returns the text without its byte order mark.
pub(super) fn without_bom(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

/// Lines of a text.
pub(super) struct Lines<'t> {
    text: &'t str,
    /// Offset of the first byte of each line. The byte order mark does not belong to the first line.
    starts: Ascending,
    /// Number of characters that start before each block. `None` for ASCII, where every character is one byte.
    chars_before: Option<Ascending>,
}

impl<'t> Lines<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut starts = vec![text.len() - without_bom(text).len()];
        starts.extend(memchr::memchr_iter(b'\n', text.as_bytes()).map(|offset| offset + 1));
        let chars_before = (!text.is_ascii()).then(|| {
            let counts = text.as_bytes().chunks(BLOCK).map(count_chars);
            let before = counts.scan(0, |sum, count| Some(mem::replace(sum, *sum + count)));
            Ascending::new(before.collect())
        });
        Self { text, starts: Ascending::new(starts), chars_before }
    }

    /// Returns the text without its byte order mark, and the text's offset.
    pub(super) fn content(&self) -> (usize, &'t str) {
        (self.starts.numbers[0], &self.text[self.starts.numbers[0]..])
    }

    /// Returns the lines, each with its line feed.
    pub(super) fn each(&self) -> impl Iterator<Item = &'t str> {
        let starts = &self.starts.numbers;
        let ends = starts[1..].iter().copied().chain([self.text.len()]);
        starts.iter().zip(ends).map(|(start, end)| &self.text[*start..end]).filter(|line| !line.is_empty())
    }

    /// Returns the whole text.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Returns the position of a byte in a line. Both are counted from 1, as serde_json does.
    pub(super) fn span_in_line(&self, line: usize, byte: usize) -> Span {
        let start = self.starts.numbers.get(line.saturating_sub(1)).copied().unwrap_or(self.text.len());
        let mut offset = (start + byte.saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        self.span(offset)
    }

    /// Returns the position of an offset.
    pub(super) fn span(&self, offset: usize) -> Span {
        let line = self.starts.find(offset);
        let start = self.starts.numbers[line].min(offset);
        let chars = match &self.text.as_bytes()[start..offset] {
            short if short.len() < BLOCK && short.is_ascii() => short.len(),
            _ => self.chars_until(offset) - self.chars_until(start),
        };
        Span { offset, line: line + 1, column: chars + 1 }
    }

    /// Returns the number of characters before an offset.
    pub(super) fn chars_until(&self, offset: usize) -> usize {
        let Some(before) = &self.chars_before else { return offset };
        let block = (offset / BLOCK).min(before.numbers.len() - 1);
        before.numbers[block] + count_chars(&self.text.as_bytes()[block * BLOCK..offset])
    }

    /// Returns the offset of a character.
    pub(super) fn offset_of_char(&self, index: usize) -> usize {
        let Some(before) = &self.chars_before else { return index.min(self.text.len()) };
        let block = before.find(index);
        let (start, chars) = (block * BLOCK, index - before.numbers[block]);
        let bytes = &self.text.as_bytes()[start..];
        if bytes.get(..=chars).is_some_and(<[u8]>::is_ascii) {
            return start + chars;
        }
        let mut starts = bytes.iter().enumerate().filter(|(_, byte)| starts_char(**byte));
        starts.nth(chars).map_or(self.text.len(), |(at, _)| start + at)
    }
}

/// Ascending numbers. Lookups are fast if they are close to the previous one.
struct Ascending {
    numbers: Vec<usize>,
    last: Cell<usize>,
}

impl Ascending {
    fn new(numbers: Vec<usize>) -> Self {
        Self { numbers, last: Cell::new(0) }
    }

    /// Returns the index of the last number that is not greater than a value, or 0 if all are greater.
    fn find(&self, value: usize) -> usize {
        let last = self.last.get();
        let is_last_before =
            |index: usize| self.numbers[index] <= value && self.numbers.get(index + 1).is_none_or(|next| value < *next);
        let index = (last..self.numbers.len().min(last + 4))
            .find(|index| is_last_before(*index))
            .unwrap_or_else(|| self.numbers.partition_point(|number| *number <= value).saturating_sub(1));
        self.last.set(index);
        index
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
        assert_eq!(lines.span_in_line(2, 902).column, 301, "in the middle of a character");
        assert_eq!([place('é'), place('b'), place('ü'), place('x')], [(1, 1), (1, 4), (2, 301), (2, 304)]);
    }

    #[test]
    fn an_empty_text_has_one_line() {
        assert_eq!(Lines::new("").span(0), Span { offset: 0, line: 1, column: 1 });
    }
}
