//! Text of a paragraph while it is parsed.

use pulldown_cmark::{LinkType, Tag};

use super::clean::visible;
use super::tree::Inline;
use super::url;

/// Inlines, collected in the order of the parser's events.
#[derive(Default)]
pub struct Line {
    inlines: Vec<Inline>,
}

impl Line {
    pub fn text(&mut self, text: &str) {
        let text = visible(text);
        match self.inlines.last_mut() {
            Some(Inline::Text(before)) => before.push_str(&text),
            _ => self.inlines.push(Inline::Text(text)),
        }
    }

    pub fn code(&mut self, text: &str) {
        let text = visible(text);
        if !text.is_empty() {
            self.inlines.push(Inline::Code(text));
        }
    }

    /// Adds the end of a line.
    pub fn break_off(&mut self, hard: bool) {
        self.inlines.push(Inline::Break { hard });
    }

    /// Adds emphasis, or a link to a web page. Any other link becomes text, as does an image within a link.
    pub fn tag(&mut self, tag: Tag<'_>, inner: Vec<Inline>, in_link: bool, source: &str) {
        match tag {
            Tag::Emphasis | Tag::Strong => self.span(mark(&tag, source), inner),
            Tag::Link { link_type: LinkType::Autolink | LinkType::Email, dest_url, .. } => match url::is_web(&dest_url)
            {
                true => self.inlines.push(Inline::Url(visible(&dest_url))),
                false => self.text(&format!("<{dest_url}>")),
            },
            Tag::Link { ref dest_url, .. } | Tag::Image { ref dest_url, .. } => match url::target(dest_url) {
                Some(target) if !in_link && inner.iter().all(is_simple) => {
                    self.inlines.push(Inline::Link(target, inner))
                }
                _ => self.bracketed(if matches!(tag, Tag::Image { .. }) { "![" } else { "[" }, inner, dest_url),
            },
            _ => self.append(inner),
        }
    }

    fn span(&mut self, mark: &'static str, inner: Vec<Inline>) {
        if !inner.is_empty() {
            self.inlines.push(Inline::Span(mark, inner));
        }
    }

    fn bracketed(&mut self, open: &str, inner: Vec<Inline>, target: &str) {
        self.text(open);
        self.append(inner);
        self.text(&format!("]({target})"));
    }

    fn append(&mut self, inner: Vec<Inline>) {
        for inline in inner {
            match inline {
                Inline::Text(text) => self.text(&text),
                other => self.inlines.push(other),
            }
        }
    }

    fn flatten(&mut self, inlines: Vec<Inline>) {
        for inline in inlines {
            match inline {
                Inline::Text(text) | Inline::Url(text) => self.text(&text),
                Inline::Span(mark, inner) => {
                    self.text(mark);
                    self.flatten(inner);
                    self.text(mark);
                }
                Inline::Link(target, inner) => {
                    self.text("[");
                    self.flatten(inner);
                    self.text(&format!("]({target})"));
                }
                other => self.inlines.push(other),
            }
        }
    }

    /// Returns the inlines. URLs in the text become inlines of their own, unless the text is in a link.
    pub fn end(self, in_link: bool) -> Vec<Inline> {
        let parts = self.inlines.into_iter().flat_map(|inline| match inline {
            Inline::Text(text) if !in_link => url::apart(&text),
            other => vec![other],
        });
        parts.filter(|inline| *inline != Inline::Text(String::new())).collect()
    }
}

/// Returns whether no parser can take a part of an inline for the end of the link that contains it.
fn is_simple(inline: &Inline) -> bool {
    match inline {
        Inline::Code(code) => !code.contains(['`', '[', ']']),
        Inline::Span(_, inner) => inner.iter().all(is_simple),
        _ => true,
    }
}

fn mark(tag: &Tag<'_>, source: &str) -> &'static str {
    match (tag, source.starts_with('_')) {
        (Tag::Strong, false) => "**",
        (Tag::Strong, true) => "__",
        (_, false) => "*",
        (_, true) => "_",
    }
}

/// Replaces emphasis and links by text with their marks.
pub fn flat(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut line = Line::default();
    line.flatten(inlines);
    trimmed(line.end(false))
}

/// Removes spaces at the ends of lines, and empty lines.
pub fn trimmed(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(inlines.len());
    for inline in inlines {
        match inline {
            Inline::Break { .. } => {
                trim_end(&mut out);
                out.extend((!at_line_start(&out)).then_some(inline));
            }
            Inline::Text(text) if at_line_start(&out) => {
                let text = text.trim_start_matches(' ');
                out.extend((!text.is_empty()).then(|| Inline::Text(text.to_owned())));
            }
            _ => out.push(inline),
        }
    }
    trim_end(&mut out);
    while out.pop_if(|last| matches!(last, Inline::Break { .. })).is_some() {}
    out
}

fn at_line_start(line: &[Inline]) -> bool {
    matches!(line.last(), None | Some(Inline::Break { .. }))
}

fn trim_end(inlines: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = inlines.last_mut() {
        text.truncate(text.trim_end_matches(' ').len());
        if text.is_empty() {
            inlines.pop();
        }
    }
}

/// Joins the inlines into one line.
pub fn unbroken(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut line = Line::default();
    for inline in inlines {
        match inline {
            Inline::Text(text) => line.text(&text),
            Inline::Break { .. } => line.text(" "),
            Inline::Span(mark, inner) => line.span(mark, unbroken(inner)),
            Inline::Link(target, inner) => line.inlines.push(Inline::Link(target, unbroken(inner))),
            other => line.inlines.push(other),
        }
    }
    line.inlines
}
