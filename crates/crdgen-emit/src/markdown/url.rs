//! Addresses of web pages: detection in text, and their form in links.

use super::clean::visible;
use super::tree::Inline;

const WEB: [&str; 2] = ["http://", "https://"];

/// Returns whether `url` is the address of a web page.
pub fn is_web(url: &str) -> bool {
    WEB.iter().any(|scheme| after(url, scheme).is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric())))
}

fn after<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    let begins = url.get(..scheme.len())?.eq_ignore_ascii_case(scheme);
    begins.then(|| &url[scheme.len()..])
}

/// Returns the address for a link, with characters that Markdown gives a meaning to percent-encoded. Returns
/// `None` if `url` is not a web page.
pub fn target(url: &str) -> Option<String> {
    let url = visible(url);
    is_web(&url).then(|| url.chars().map(encoded).collect())
}

fn encoded(c: char) -> String {
    let means_something = " <>()[]{}\\\"'`*|".contains(c);
    if means_something { format!("%{:02X}", u32::from(c)) } else { c.to_string() }
}

/// Splits text into addresses and the text between them.
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

/// Returns the address at the beginning of a text, without punctuation at its end.
pub fn bare(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace() || "<>()[]{}\"'`|\\^".contains(c)).unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_'])
}

/// Returns the offset of the first address. A scheme without a host is not an address.
pub fn next(text: &str) -> Option<usize> {
    let found = WEB.iter().filter_map(|scheme| {
        let hosts = |at: &usize| text[at + scheme.len()..].starts_with(|c: char| c.is_ascii_alphanumeric());
        text.match_indices(scheme).map(|(at, _)| at).find(hosts)
    });
    found.min()
}
