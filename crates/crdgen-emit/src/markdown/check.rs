//! Whether Markdown is harmless, by the rules of several parsers: not all know the same extensions.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{Dialect, escape, url};

/// Nothing but CommonMark; what rustdoc knows; what pages know.
fn parsers() -> [Options; 3] {
    let rustdoc = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION;
    let pages = Options::ENABLE_GFM
        | Options::ENABLE_MATH
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_HEADING_ATTRIBUTES;
    [Options::empty(), rustdoc, rustdoc | pages]
}

/// Returns something in the text that runs, loads, or leads elsewhere than to a web page, if there is any.
pub fn active(text: &str, dialect: Dialect) -> Option<String> {
    let chars = || text.chars().zip(std::iter::once(None).chain(text.chars().map(Some)));
    if chars().any(|(c, before)| escape::acts(c, before, dialect)) {
        return Some("the end of a comment, or a tag in it".to_owned());
    }
    if swallows(text) {
        return Some("an address that goes on over the text behind it".to_owned());
    }
    parsers().into_iter().find_map(|options| active_by(options, text))
}

/// Whether an address goes on over a backslash, a backtick or the beginning of a link. Pages and editors make links of
/// addresses before they look at any of these, so that what had been escaped, or code, means something again.
fn swallows(text: &str) -> bool {
    let goes_on = |at: usize| !text[..at].ends_with('\\') && word(&text[at..]).contains(['\\', '`', '[']);
    let mut is_closed = false;
    Parser::new(text).into_offset_iter().any(|(event, range)| {
        match event {
            Event::Start(Tag::Link { link_type: LinkType::Inline, .. }) => return goes_on(range.end),
            Event::Start(Tag::Link { .. } | Tag::CodeBlock(_)) => is_closed = true,
            Event::End(TagEnd::Link | TagEnd::CodeBlock) => is_closed = false,
            Event::Text(_) if !is_closed => return addresses(&text[range.clone()]).any(|at| goes_on(range.start + at)),
            _ => {}
        }
        false
    })
}

/// Where addresses begin, or their hosts.
fn addresses(text: &str) -> impl Iterator<Item = usize> {
    let lower = text.to_ascii_lowercase();
    let found = ["://", "www."].map(|mark| lower.match_indices(mark).map(|(at, _)| at).collect::<Vec<_>>());
    found.into_iter().flatten()
}

fn word(text: &str) -> &str {
    &text[..text.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(text.len())]
}

fn active_by(options: Options, text: &str) -> Option<String> {
    let parser = Parser::new_ext(text, options);
    if let Some((label, _)) = parser.reference_definitions().iter().next() {
        return Some(format!("a definition of {label:?}"));
    }
    parser.into_iter().find(is_active).map(|event| format!("{event:?}"))
}

fn is_active(event: &Event<'_>) -> bool {
    match event {
        Event::Html(_)
        | Event::InlineHtml(_)
        | Event::Start(Tag::HtmlBlock | Tag::Image { .. } | Tag::FootnoteDefinition(_)) => true,
        Event::Start(Tag::CodeBlock(kind)) => !matches!(kind, CodeBlockKind::Fenced(info) if &**info == "text"),
        Event::Start(Tag::Link { link_type, dest_url, .. }) => {
            !matches!(link_type, LinkType::Inline | LinkType::Autolink) || !url::is_web(dest_url)
        }
        _ => false,
    }
}
