//! Reader of YAML, as kubectl reads it.
//!
//! Like kubectl, the reader first cuts the text at its `---` lines, so that a broken document does not hide the others.
//! Each piece is parsed by saphyr, which is fast. kubectl's own parser is a port of libyaml. libyaml accepts some texts
//! that saphyr refuses (`'a'#b`, `>-#`, a tab before a value), and breaks lines at U+2028. So a piece that saphyr
//! refuses, or that has such characters, is parsed by another port of libyaml.

mod compose;
mod event;
mod failure;
mod parsed;
mod pieces;

use std::sync::Arc;

use super::budget::{MAX_COST, MAX_FINDINGS};
use super::lines::Lines;
use super::read::Read;
use crate::Diagnostic;
use crate::document::Source;
use compose::compose;
use event::{Libyaml, Saphyr};
use failure::Failure;
use parsed::Parsed;
use pieces::Piece;

pub(crate) use failure::TEMPLATE;

/// Reads all documents of a source.
pub(super) fn read(source: &Arc<Source>) -> Read {
    let lines = Lines::new(&source.text);
    let mut read = Read::default();
    let mut template = None;
    let (mut cost, mut failures, mut repeated) = (0, 0, 0);
    for piece in pieces::pieces(&lines) {
        if cost > MAX_COST {
            break;
        }
        if failures == MAX_FINDINGS {
            let message = format!("more than {MAX_FINDINGS} documents of `{}` cannot be read", source.name);
            read.diagnostics.push(Diagnostic::error("source::too-many", message));
            break;
        }
        let parsed = parse(piece, cost);
        cost = parsed.cost;
        read.roots.extend(parsed.roots);
        for key in parsed.repeated.into_iter().take(MAX_FINDINGS - repeated) {
            repeated += 1;
            read.diagnostics.push(key.diagnostic(source));
        }
        match parsed.failure {
            // One diagnostic is enough: a template fails in many pieces.
            Some(failure) if piece.text.contains("{{") => {
                template.get_or_insert_with(|| failure.template(source));
            }
            Some(failure) => {
                failures += 1;
                read.diagnostics.push(failure.diagnostic(source));
            }
            None => {}
        }
    }
    read.diagnostics.extend(template);
    read
}

/// Parses a piece. `cost` is the cost of the pieces before.
fn parse(piece: Piece<'_>, cost: usize) -> Parsed {
    let saphyr = || compose(Saphyr::new(piece), piece.lines, cost);
    let libyaml = || compose(Libyaml::new(piece), piece.lines, cost);
    if libyaml_panics(piece.text) {
        return saphyr();
    }
    if only_libyaml_reads(piece.text) {
        return libyaml();
    }
    match saphyr() {
        Parsed { failure: Some(Failure::Syntax { .. }), .. } => libyaml(),
        parsed => parsed,
    }
}

/// Returns whether libyaml-safer 0.3 panics: it does so on a tag followed by a comma (`[!tag, a]`).
fn libyaml_panics(text: &str) -> bool {
    let comma_ends = |rest: &str| rest.chars().find(|letter| *letter == ',' || letter.is_whitespace()) == Some(',');
    text.split('!').skip(1).any(|rest| !rest.starts_with('<') && comma_ends(rest))
}

/// Returns whether a text has characters that libyaml treats as line breaks or refuses, and saphyr treats as text.
fn only_libyaml_reads(text: &str) -> bool {
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    // Without an early exit, the loop is vectorised.
    text.bytes().fold(false, |found, byte| found | is_control(byte))
        || (!text.is_ascii() && ["\u{85}", "\u{2028}", "\u{2029}"].iter().any(|line_break| text.contains(line_break)))
}
