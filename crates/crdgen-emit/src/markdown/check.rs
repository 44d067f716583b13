//! Check that Markdown is harmless, by the rules of several parsers with different extensions.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{Dialect, escape, url};

/// Returns the options of three parsers: plain CommonMark, rustdoc, and web pages.
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

/// Returns something in the text that runs, loads, or links to anything but a web page, if there is any.
pub fn active(text: &str, dialect: Dialect) -> Option<String> {
    let chars = || text.chars().zip(std::iter::once(None).chain(text.chars().map(Some)));
    if (text.contains("*/") || text.contains('@')) && chars().any(|(c, before)| escape::acts(c, before, dialect)) {
        return Some("the end of a comment, or a tag in it".to_owned());
    }
    if has_address(text) && swallows(text) {
        return Some("an address that goes on over the text behind it".to_owned());
    }
    if is_inert(text) {
        return None;
    }
    parsers().into_iter().find_map(|options| active_by(options, text))
}

/// Returns whether a text has none of the marks that active text begins with: HTML and addresses in angle brackets, links,
/// images, footnotes and reference definitions, code blocks by fences or indentation.
fn is_inert(text: &str) -> bool {
    !text.contains(['<', '[', '\t']) && !["```", "~~~", "    "].iter().any(|mark| text.contains(mark))
}

/// Returns whether a text has an address or a link.
fn has_address(text: &str) -> bool {
    text.contains('[') || text.contains("://") || text.to_ascii_lowercase().contains("www.")
}

/// Returns whether an address extends over a backslash, a backtick or the beginning of a link. Web pages and
/// editors detect addresses before they look at these characters, so escaped text or code would become active
/// again.
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

/// Returns the offsets at which an address or its host begins.
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
