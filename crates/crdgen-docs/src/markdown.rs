//! Descriptions as HTML.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, html};

/// Renders a description as HTML. HTML in the description becomes text, images become their alternative text, and links
/// lead to web pages only.
pub(crate) fn html(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len() + text.len() / 8 + 8);
    let mut links = Vec::new();
    let events = Parser::new_ext(&text, Options::ENABLE_TABLES).flat_map(|event| harmless(event, &mut links));
    html::push_html(&mut out, events);
    out
}

/// Removes characters that are invisible or change the direction of text.
fn visible(text: &str) -> String {
    let is_invisible = |letter: char| {
        matches!(letter,
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}'
            | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{feff}')
    };
    text.chars().filter(|letter| !is_invisible(*letter)).collect()
}

/// Returns what is kept of a parser's event. `links` has an entry for each open link: whether it is kept.
fn harmless<'t>(event: Event<'t>, links: &mut Vec<bool>) -> Vec<Event<'t>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => vec![Event::Text(text)],
        Event::Start(Tag::HtmlBlock) => vec![Event::Start(Tag::Paragraph)],
        Event::End(TagEnd::HtmlBlock) => vec![Event::End(TagEnd::Paragraph)],
        // A page has its own headings.
        Event::Start(Tag::Heading { .. }) => vec![Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)],
        Event::End(TagEnd::Heading(_)) => vec![Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)],
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => Vec::new(),
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            links.push(is_web(dest_url));
            if is_web(dest_url) { vec![event] } else { Vec::new() }
        }
        Event::End(TagEnd::Link) => match links.pop() {
            Some(true) => vec![event],
            _ => Vec::new(),
        },
        Event::Text(text) if links.is_empty() && text.contains("://") => linked(&text),
        Event::Rule => Vec::new(),
        other => vec![other],
    }
}

/// Splits text at the addresses of web pages, which become links.
fn linked<'t>(text: &str) -> Vec<Event<'t>> {
    let mut events = Vec::new();
    let mut rest = text;
    while let Some(start) = ["https://", "http://"].iter().filter_map(|scheme| rest.find(scheme)).min() {
        let end = rest[start..].find(|letter: char| letter.is_whitespace() || "<>()[]{}\"'`".contains(letter));
        let address = &rest[start..end.map_or(rest.len(), |end| start + end)];
        let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        events.push(Event::Text(rest[..start].to_owned().into()));
        rest = &rest[start + address.len()..];
        if !is_web(address) {
            events.push(Event::Text(address.to_owned().into()));
            continue;
        }
        events.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: address.to_owned().into(),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }));
        events.push(Event::Text(address.to_owned().into()));
        events.push(Event::End(TagEnd::Link));
    }
    events.push(Event::Text(rest.to_owned().into()));
    events
}

/// Returns whether an address is that of a web page.
fn is_web(address: &str) -> bool {
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    host.is_some_and(|host| host.starts_with(|letter: char| letter.is_ascii_alphanumeric()))
}

/// Returns the first sentence of a description as plain text.
pub(crate) fn summary(text: &str) -> String {
    const MOST: usize = 160;
    let paragraph = text.split("\n\n").find(|paragraph| !paragraph.trim().is_empty()).unwrap_or_default();
    let line = visible(paragraph).split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = line.find(". ").map_or(line.as_str(), |end| &line[..=end]);
    match sentence.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} ...", sentence[..end].trim_end()),
        None => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_is_rendered() {
        assert_eq!(html("a `b` *c*\n\n- d\n"), "<p>a <code>b</code> <em>c</em></p>\n<ul>\n<li>d</li>\n</ul>\n");
        assert_eq!(html("# a\nb"), "<p><strong>a</strong></p>\n<p>b</p>\n");
        let link = "<a href=\"https://example.com/a\">https://example.com/a</a>";
        assert_eq!(html("see https://example.com/a."), format!("<p>see {link}.</p>\n"));
        assert_eq!(
            html("[https://x.y](https://example.com/a)"),
            format!("<p>{}</p>\n", link.replace(">https://example.com/a<", ">https://x.y<"))
        );
    }

    #[test]
    fn nothing_in_a_description_runs_or_loads() {
        let hostile = "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)> ![a](http://x/y.png) \
                       [b](javascript:alert(1)) <a href=\"javascript:alert(1)\">c</a> [d]: data:text/html,x\n\n\
                       <https://x\" onclick=\"alert(1)> \u{202e}";
        let html = html(hostile);
        for harmful in ["<script", "<img", "<a href=\"java", "<a href=\"https://x\" ", "\u{202e}"] {
            assert!(!html.contains(harmful), "{harmful} in {html}");
        }
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }

    #[test]
    fn a_summary_is_one_sentence() {
        assert_eq!(summary("\n\nA boat\nfloats. It sinks."), "A boat floats.");
        assert_eq!(summary(&"a ".repeat(200)).chars().count(), 163);
        assert_eq!(summary(""), "");
    }
}
