//! Addresses: which of them may be links, and where one ends in text.

use super::clean::visible;
use super::tree::Inline;

const WEB: [&str; 2] = ["http://", "https://"];

/// Whether it is the address of a web page.
pub fn is_web(url: &str) -> bool {
    WEB.iter().any(|scheme| after(url, scheme).is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric())))
}

fn after<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let begins = url.get(..scheme.len())?.eq_ignore_ascii_case(scheme);
    begins.then(|| &url[scheme.len()..])
}

/// Returns what a link may lead to, without characters that Markdown gives a meaning to; nothing unless it is a web page.
pub fn target(url: &str) -> Option<String> {
    let url = visible(url);
    is_web(&url).then(|| url.chars().map(encoded).collect())
}

fn encoded(c: char) -> String {
    let means_something = " <>()[]{}\\\"'`*|".contains(c);
    if means_something { format!("%{:02X}", u32::from(c)) } else { c.to_string() }
}

/// Text with the addresses in it set apart.
pub fn apart(mut text: &str) -> Vec<Inline> {
    let mut parts = Vec::new();
    while let Some(start) = next(text) {
        let rest = &text[start..];
        let end = bare(rest).len();
        parts.push(Inline::Text(text[..start].to_owned()));
        parts.push(Inline::Url(rest[..end].to_owned()));
        text = &rest[end..];
    }
    parts.push(Inline::Text(text.to_owned()));
    parts
}

/// The address that a text begins with, up to what is rather punctuation behind it.
pub fn bare(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || "<>()[]{}\"'`|\\^".contains(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_'])
}

/// Where the first address begins. A scheme with no host behind it is none.
fn next(text: &str) -> Option<usize> {
    let found = WEB.iter().filter_map(|scheme| {
        let hosts = |at: &usize| text[at + scheme.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        text.match_indices(scheme).map(|(at, _)| at).find(hosts)
    });
    found.min()
}
