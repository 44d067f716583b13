//! Diagnostics with a part of their source, drawn as rustc draws its own: the line of the place and the lines around it.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level as Drawn, Renderer, Snippet};
use crdgen_schema::{Diagnostic, Place};
use terminal_size::{Width, terminal_size_of};

use super::Level;
use crate::text::printable;

/// Draws a diagnostic with colours. The output stream removes the colours where they are not wanted.
pub fn render(found: &Diagnostic, level: Level) -> String {
    let title = match level {
        Level::Error => Drawn::ERROR,
        Level::Warning => Drawn::WARNING,
        Level::Note => Drawn::NOTE,
    };
    let title = title.primary_title(printable(&found.message)).id(found.code);
    let path = found.path.as_deref().map(printable);
    let drawn = match &found.place {
        Some(place) => {
            let Excerpt { text, first_line, word } = Excerpt::of(place);
            let word = AnnotationKind::Primary.span(word).label(path);
            let name = printable(&place.source.name);
            title.element(Snippet::source(text).path(name).line_start(first_line).fold(false).annotation(word))
        }
        None => Group::with_title(title).elements(path.map(|path| Drawn::NOTE.with_name("in").message(path))),
    };
    let help = found.help.as_deref().map(|help| Drawn::HELP.message(printable(help)));
    Renderer::styled().term_width(terminal_width()).render(&[drawn.elements(help)]) + "\n"
}

fn terminal_width() -> usize {
    let width = terminal_size_of(std::io::stderr()).map(|(Width(columns), _)| usize::from(columns));
    width.unwrap_or(100).clamp(40, 140)
}

/// Line of a place, with the line before it and the line after it.
struct Excerpt {
    text: String,
    /// Number of the first line, from 1.
    first_line: usize,
    /// The word at the place, as a range of bytes of the text.
    word: Range<usize>,
}

impl Excerpt {
    fn of(place: &Place) -> Self {
        let text = place.source.text.as_str();
        let (before, rest) = text.split_at_checked(place.span.offset).unwrap_or((text, ""));
        let mut starts = before.rmatch_indices('\n').map(|(at, _)| at + 1);
        let lines_before = usize::from(starts.next().is_some());
        let before = &before[starts.next().unwrap_or_default()..];
        let rest = match rest.match_indices('\n').nth(1) {
            Some((end, _)) => &rest[..end],
            None => rest.strip_suffix('\n').unwrap_or(rest),
        };
        // The end of a file is drawn as a space.
        let rest = if rest.is_empty() { " " } else { rest };
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        Self {
            text: printable(&format!("{before}{rest}").replace('\r', " ")).into_owned(),
            first_line: place.span.line - lines_before,
            word: before.len()..before.len() + word,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::{Source, Span};

    use super::*;

    #[test]
    fn shows_the_line_the_path_and_the_help() {
        let source = Arc::new(Source { name: "a.yaml".into(), text: "kind: A\nspec: \u{1b}[2J\n".into() });
        let found = Diagnostic::error("crd::spec", "not a mapping")
            .at(&source, Span { offset: 8, line: 2, column: 1 })
            .path("a.example.com spec")
            .help("write one");
        let drawn = anstream::adapter::strip_str(&render(&found, Level::Error)).to_string();
        for part in [
            "error[crd::spec]: not a mapping\n",
            "--> a.yaml:2:1\n",
            "1 | kind: A\n2 | spec: ?[2J\n",
            "^^^^^ a.example.com spec\n",
            "= help: write one\n",
        ] {
            assert!(drawn.contains(part), "{part} in {drawn}");
        }
        assert!(!drawn.contains('\u{1b}'));
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let text =
            format!("{{\"a\": \"{}\",\r\n\"b\": 1, \"c\": \"{}\"}}\r\n", "x".repeat(100_000), "y".repeat(100_000));
        let offset = text.find('1').expect("a number");
        let column = offset - text.find('\n').expect("two lines");
        let source = Arc::new(Source { name: "a.json".into(), text });
        let found = Diagnostic::error("crd::spec", "no").at(&source, Span { offset, line: 2, column });
        let drawn = anstream::adapter::strip_str(&render(&found, Level::Error)).to_string();
        assert!(drawn.contains("--> a.json:2:6") && !drawn.contains('?'), "{drawn}");
        assert!(drawn.lines().all(|line| line.len() < 300), "{drawn}");
    }

    #[test]
    fn a_place_at_the_end_of_the_file_is_drawn_too() {
        for (text, line, column) in [("a: [1", 1, 6), ("a: [1\n", 2, 1), ("a: [1\r\n\r\n", 3, 1), ("", 1, 1)] {
            let source = Arc::new(Source { name: "a.yaml".into(), text: text.into() });
            let end = Span { offset: text.len(), line, column };
            let found = Diagnostic::error("yaml::syntax", "expected ]").at(&source, end);
            let drawn = anstream::adapter::strip_str(&render(&found, Level::Error)).to_string();
            assert!(drawn.contains(&format!("--> a.yaml:{line}:{column}\n")), "{drawn}");
        }
    }
}
