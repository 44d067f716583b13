//! The place of a TOML error, as every other diagnostic gives it.

use std::sync::Arc;

use crdgen_schema::{Diagnostic, Source, Span};

/// A TOML error as a diagnostic that points at its place.
pub fn diagnostic(code: &'static str, source: &Arc<Source>, error: &toml::de::Error) -> Diagnostic {
    let offset = error.span().map_or(0, |span| span.start);
    Diagnostic::error(code, error.message()).at(source, span(&source.text, offset))
}

/// The line and the column of a byte offset.
pub fn span(text: &str, offset: usize) -> Span {
    let offset = (0..=offset.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    Span { offset, line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_lines_and_characters_from_one() {
        let text = "a\nü = ?\n";
        assert_eq!(span(text, 0), Span { offset: 0, line: 1, column: 1 });
        assert_eq!(span(text, text.find('?').unwrap()), Span { offset: 7, line: 2, column: 5 });
    }

    #[test]
    fn an_offset_behind_the_end_is_the_end() {
        assert_eq!(span("ab", 99), Span { offset: 2, line: 1, column: 3 });
    }
}
