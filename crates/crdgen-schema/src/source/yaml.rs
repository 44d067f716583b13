//! Reader of YAML, as kubectl reads it.
//!
//! Like kubectl, the reader first cuts the text at its `---` lines, so that a broken document does not hide the others.
//! Each piece is parsed by saphyr, which is fast. kubectl's own parser is a port of libyaml. libyaml accepts some texts
//! that saphyr refuses (`'a'#b`, `>-#`, a tab before a value), and breaks lines at U+2028. So a piece that saphyr
//! refuses, or that has such characters, is parsed by another port of libyaml.

mod compose;
mod event;
mod pieces;

use std::sync::Arc;

use super::budget::{MAX_COST, MAX_FINDINGS};
use super::lines::Lines;
use super::mapping::{PrivateKey, RepeatedKey};
use super::{Read, Source};
use crate::{Diagnostic, Node, Span};
use compose::compose;
use event::{Libyaml, Saphyr};

/// Code of the diagnostic about a template, which is not YAML before it is rendered.
pub(crate) const TEMPLATE: &str = "source::template";

/// Reason why a piece has no value.
enum Failure {
    /// The parser refuses the text.
    Syntax { message: String, span: Span },
    /// The text has no meaning: an unknown anchor, a list as a key, ...
    Content { message: String, span: Span },
    /// The text has a key that no object may have.
    Private(PrivateKey),
}

/// Text between two `---` lines, and its offset.
#[derive(Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    start: usize,
    lines: &'t Lines<'t>,
}

/// Result of a piece: the documents before a failure, the failure, and repeated keys.
#[derive(Default)]
struct Parsed {
    roots: Vec<Node>,
    repeated: Vec<RepeatedKey>,
    failure: Option<Failure>,
    /// Cost of all values so far, including those of earlier pieces.
    cost: usize,
}

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

fn unreadable(message: &str, source: &Arc<Source>, span: Span) -> Diagnostic {
    Diagnostic::error("source::yaml", format!("kubectl cannot read this YAML: {message}")).at(source, span)
}

impl Failure {
    fn diagnostic(self, source: &Arc<Source>) -> Diagnostic {
        match self {
            Self::Syntax { message, span } => unreadable(&message, source, span)
                .help("check the indentation, brackets and quotes of this line and of the line above"),
            Self::Content { message, span } => unreadable(&message, source, span),
            Self::Private(key) => key.diagnostic(source),
        }
    }

    fn template(self, source: &Arc<Source>) -> Diagnostic {
        match self {
            Self::Syntax { message, span } | Self::Content { message, span } => {
                let message = format!("this looks like a Helm or Go template, not YAML: {message}");
                let help = "render it first, and use the output as the input: `helm template <chart> --include-crds`";
                Diagnostic::error(TEMPLATE, message).at(source, span).help(help)
            }
            Self::Private(key) => key.diagnostic(source),
        }
    }
}
