//! Events of both YAML parsers in one form.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Chain, Read};

use libyaml_safer::EventData;

use super::failure::Failure;
use super::pieces::Piece;
use crate::source::scalar::Style;

/// Event of a parser.
pub(super) enum Event<'t> {
    /// Start of a document.
    Document,
    /// Scalar, not resolved yet.
    Scalar(Written<'t>),
    /// Alias: a copy of an anchored node.
    Alias(Anchor),
    /// Start of a sequence.
    List(Option<Anchor>),
    /// Start of a mapping.
    Map(Option<Anchor>),
    /// End of the innermost sequence or mapping.
    End,
    /// End of the text.
    Finished,
}

/// Scalar as written.
pub(super) struct Written<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) style: Style,
    pub(super) tag: Option<String>,
    pub(super) anchor: Option<Anchor>,
}

/// Number of an anchor. Each `&name` has a number of its own, even if a name is repeated.
pub(super) type Anchor = usize;

/// Parser as a source of events.
pub(super) trait Events<'t> {
    /// Returns the next event, and the offset of its first byte in the source.
    fn next(&mut self) -> Result<(Event<'t>, usize), Failure>;
}

/// Events of saphyr-parser.
pub(super) struct Saphyr<'t> {
    piece: Piece<'t>,
    /// Number of characters before the piece.
    chars_before: usize,
    parser: saphyr_parser::Parser<'t, saphyr_parser::StrInput<'t>>,
}

impl<'t> Saphyr<'t> {
    pub(super) fn new(piece: Piece<'t>) -> Self {
        let parser = saphyr_parser::Parser::new_from_str(piece.text);
        Self { piece, chars_before: piece.lines.chars_until(piece.start), parser }
    }

    fn offset(&self, marker: &saphyr_parser::Marker) -> usize {
        self.piece.lines.offset_of_char(self.chars_before + marker.index())
    }
}

impl<'t> Events<'t> for Saphyr<'t> {
    fn next(&mut self) -> Result<(Event<'t>, usize), Failure> {
        use saphyr_parser::Event as From;
        let some = |anchor: usize| (anchor > 0).then_some(anchor);
        loop {
            let (event, span) = match self.parser.next_event() {
                None => return Ok((Event::Finished, self.piece.start + self.piece.text.len())),
                Some(Ok(next)) => next,
                Some(Err(error)) => {
                    let span = self.piece.lines.span(self.offset(error.marker()));
                    return Err(Failure::Syntax { message: error.info().to_owned(), span });
                }
            };
            let event = match event {
                From::Nothing | From::StreamStart | From::DocumentEnd => continue,
                From::StreamEnd => Event::Finished,
                From::DocumentStart(_) => Event::Document,
                From::Alias(anchor) => Event::Alias(anchor),
                From::Scalar(text, style, anchor, tag) => Event::Scalar(Written {
                    text,
                    style: match style {
                        saphyr_parser::ScalarStyle::Plain => Style::Plain,
                        _ => Style::Text,
                    },
                    tag: tag.map(|tag| format!("{}{}", tag.handle, tag.suffix)),
                    anchor: some(anchor),
                }),
                From::SequenceStart(anchor, _) => Event::List(some(anchor)),
                From::MappingStart(anchor, _) => Event::Map(some(anchor)),
                From::SequenceEnd | From::MappingEnd => Event::End,
            };
            return Ok((event, self.offset(&span.start)));
        }
    }
}

/// Events of libyaml-safer.
pub(super) struct Libyaml<'t> {
    piece: Piece<'t>,
    parser: libyaml_safer::Parser<Chain<&'t [u8], &'static [u8]>>,
    anchors: HashMap<String, Anchor>,
    /// Number of anchors so far. Names may repeat.
    given: usize,
    /// Offset of the last event.
    last: usize,
}

impl<'t> Libyaml<'t> {
    pub(super) fn new(piece: Piece<'t>) -> Self {
        let mut parser = libyaml_safer::Parser::new();
        parser.set_encoding(libyaml_safer::Encoding::Utf8);
        // kubectl ends every line too. Without a line end, libyaml-safer panics on a block at the end of the text.
        let line_end: &[u8] = if piece.text.ends_with('\n') { b"" } else { b"\n" };
        parser.set_input(piece.text.as_bytes().chain(line_end));
        Self { piece, parser, anchors: HashMap::new(), given: 0, last: piece.start }
    }

    fn anchor(&mut self, name: Option<String>) -> Option<Anchor> {
        self.given += 1;
        self.anchors.insert(name?, self.given);
        Some(self.given)
    }

    fn alias(&self, name: &str) -> Result<Anchor, Failure> {
        self.anchors.get(name).copied().ok_or_else(|| Failure::Content {
            message: format!("unknown anchor `{name}`"),
            span: self.piece.lines.span(self.last),
        })
    }

    fn offset(&self, mark: libyaml_safer::Mark) -> usize {
        let within = usize::try_from(mark.index).unwrap_or(usize::MAX);
        self.piece.start + within.min(self.piece.text.len())
    }

    fn failure(&self, error: &libyaml_safer::Error) -> Failure {
        let offset = error.problem_mark().map_or(self.last, |mark| self.offset(mark));
        let message = match error.context() {
            Some(context) => format!("{} {context}", error.problem()),
            None => error.problem().to_owned(),
        };
        Failure::Syntax { message, span: self.piece.lines.span(offset) }
    }
}

impl<'t> Events<'t> for Libyaml<'t> {
    fn next(&mut self) -> Result<(Event<'t>, usize), Failure> {
        loop {
            let event = self.parser.parse().map_err(|error| self.failure(&error))?;
            self.last = self.offset(event.start_mark);
            let event = match event.data {
                EventData::StreamStart { .. } | EventData::DocumentEnd { .. } => continue,
                EventData::StreamEnd => Event::Finished,
                EventData::DocumentStart { .. } => {
                    self.anchors.clear();
                    Event::Document
                }
                EventData::Alias { anchor } => Event::Alias(self.alias(&anchor)?),
                EventData::Scalar { anchor, tag, value, style, .. } => Event::Scalar(Written {
                    text: value.into(),
                    style: match style {
                        libyaml_safer::ScalarStyle::Plain => Style::Plain,
                        _ => Style::Text,
                    },
                    tag,
                    anchor: self.anchor(anchor),
                }),
                EventData::SequenceStart { anchor, .. } => Event::List(self.anchor(anchor)),
                EventData::MappingStart { anchor, .. } => Event::Map(self.anchor(anchor)),
                EventData::SequenceEnd | EventData::MappingEnd => Event::End,
            };
            return Ok((event, self.last));
        }
    }
}
