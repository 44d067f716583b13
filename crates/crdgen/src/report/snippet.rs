//! Diagnostics drawn by miette: the source lines around the place, labelled with the schema path.

use std::borrow::Cow;
use std::fmt;

use crdgen_schema::{Diagnostic, Place};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};
use terminal_size::{Width, terminal_size_of};

use super::Level;
use crate::text::printable;

/// Draws a diagnostic with colours. The output stream removes the colours where they are not wanted.
pub fn render(found: &Diagnostic, level: Level) -> String {
    let excerpt =
        found.place.as_ref().map(|place| Excerpt { name: &place.source.name, text: printable(&place.source.text) });
    let mut out = String::new();
    let width = terminal_width();
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode())
        .with_width(width)
        .with_links(false)
        .render_report(&mut out, &Shown { found, level, excerpt })
        .expect("writing to a string");
    out
}

fn terminal_width() -> usize {
    let width = terminal_size_of(std::io::stderr()).map(|(Width(columns), _)| usize::from(columns));
    width.unwrap_or(100).clamp(40, 140)
}

#[derive(Debug)]
struct Shown<'a> {
    found: &'a Diagnostic,
    level: Level,
    excerpt: Option<Excerpt<'a>>,
}

#[derive(Debug)]
struct Excerpt<'a> {
    name: &'a str,
    text: Cow<'a, str>,
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.found.message))
    }
}

impl std::error::Error for Shown<'_> {}

impl miette::Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.found.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.level {
            Level::Error => miette::Severity::Error,
            Level::Warning => miette::Severity::Warning,
            Level::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        // Without a place there is no label, so the help shows the path.
        let path = self.found.path.as_ref().filter(|_| self.found.place.is_none());
        let parts: Vec<_> = path.into_iter().chain(&self.found.help).map(|part| printable(part)).collect();
        (!parts.is_empty()).then(|| Box::new(parts.join("\n")) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.found.place.as_ref()?;
        let label = self.found.path.as_deref().unwrap_or("here");
        let span = LabeledSpan::new(Some(printable(label).into_owned()), place.span.offset, word_at(place));
        Some(Box::new(std::iter::once(span)))
    }
}

/// Returns the length of the word at a place.
fn word_at(place: &Place) -> usize {
    let rest = place.source.text.get(place.span.offset..).unwrap_or_default();
    rest.find(char::is_whitespace).unwrap_or(rest.len())
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let contents = self.text.as_ref().read_span(span, lines_before, lines_after)?;
        Ok(Box::new(MietteSpanContents::new_named(
            printable(self.name).into_owned(),
            contents.data(),
            *contents.span(),
            contents.line(),
            contents.column(),
            contents.line_count(),
        )))
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
        for part in ["crd::spec", "not a mapping", "[a.yaml:2:1]", "spec: ?[2J", "a.example.com spec", "write one"] {
            assert!(drawn.contains(part), "{part} in {drawn}");
        }
        assert!(!drawn.contains('\u{1b}'));
    }

    #[test]
    fn a_place_at_the_end_of_the_file_is_drawn_too() {
        let source = Arc::new(Source { name: "a.yaml".into(), text: "a: [1".into() });
        let found = Diagnostic::error("yaml::syntax", "expected ]").at(&source, Span { offset: 5, line: 1, column: 6 });
        assert!(render(&found, Level::Error).contains("expected ]"));
    }
}
