//! Division of a text at its `---` lines.

use crate::source::lines::Lines;

/// Text between two `---` lines, and its offset.
#[derive(Clone, Copy)]
pub(super) struct Piece<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) lines: &'t Lines<'t>,
}

/// Cuts a text before every `---` line, unless only comments and directives precede it.
pub(super) fn pieces<'t>(lines: &'t Lines<'t>) -> Vec<Piece<'t>> {
    let (offset, text) = lines.content();
    let mut pieces = Vec::new();
    let (mut start, mut end, mut has_content) = (0, 0, false);
    for line in lines.each() {
        if has_content && is_separator(line) {
            pieces.push(Piece { text: &text[start..end], start: offset + start, lines });
            start = end;
        }
        has_content = has_content || !is_preamble(line);
        end += line.len();
    }
    pieces.push(Piece { text: &text[start..end], start: offset + start, lines });
    pieces
}

fn is_separator(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Returns whether a line is blank, a comment or a directive, and so belongs to the document that follows.
fn is_preamble(line: &str) -> bool {
    let text = line.trim_start();
    text.is_empty() || text.starts_with('#') || line.starts_with('%')
}
