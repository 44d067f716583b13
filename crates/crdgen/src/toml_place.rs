//! Places in TOML: of errors, as diagnostics, and of values.

use std::sync::Arc;

use crdgen_model::Placed;
use crdgen_schema::{Diagnostic, Place, Source, Span, nearest};
use toml::Spanned;

/// Returns a TOML error as a diagnostic at its place. The help suggests the name that may have been meant.
pub fn diagnostic(code: &'static str, source: &Arc<Source>, error: &toml::de::Error) -> Diagnostic {
    let offset = error.span().map_or(0, |span| span.start);
    let help = meant(error.message()).map(|meant| format!("did you mean `{meant}`?"));
    Diagnostic { help, ..Diagnostic::error(code, error.message()).at(source, span(&source.text, offset)) }
}

/// Returns the expected name that is most like the unknown one, from a message of serde such as "unknown
/// field `a`, expected one of `b`, `c`" or "unknown variant ...".
fn meant(message: &str) -> Option<&str> {
    let (unknown, expected) = message.strip_prefix("unknown ")?.split_once(", expected ")?;
    let unknown = unknown.split('`').nth(1)?;
    nearest(unknown, expected.split('`').skip(1).step_by(2)).first().copied()
}

/// Adds the place in the config to a value, for checks that need the CRDs.
pub fn placed<T, U>(spanned: &Spanned<T>, source: &Arc<Source>, value: impl FnOnce(&T) -> U) -> Placed<U> {
    let span = self::span(&source.text, spanned.span().start);
    Placed { value: value(spanned.get_ref()), place: Some(Place { source: source.clone(), span }) }
}

/// Returns the line and the column of a byte offset. An offset after the end counts as the end.
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
    fn an_unknown_name_brings_the_expected_one_that_is_most_like_it() {
        assert_eq!(meant("unknown field `inptus`, expected one of `inputs`, `rust`"), Some("inputs"));
        assert_eq!(meant("unknown variant `drive`, expected `expanded` or `derive`"), Some("derive"));
        assert_eq!(meant("unknown field `cube`, expected one of `inputs`, `rust`"), None);
        assert_eq!(meant("invalid type: string \"a`b\", expected a boolean"), None);
    }

    #[test]
    fn an_offset_behind_the_end_is_the_end() {
        assert_eq!(span("ab", 99), Span { offset: 2, line: 1, column: 3 });
    }
}
