//! Warnings of a server, sent in the header `Warning: 299 - "unknown field \"spec.x\""`.

use http::{HeaderMap, header};

/// Returns the texts of the warnings of an answer.
pub(super) fn of(headers: &HeaderMap) -> impl Iterator<Item = String> {
    // Field names need not be ASCII.
    let headers = headers.get_all(header::WARNING).into_iter();
    headers.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok()).flat_map(texts)
}

/// Returns the texts of a header. Each warning has a code, an agent and a quoted text.
fn texts(header: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut characters = header.chars();
    while characters.by_ref().any(|c| c == '"') {
        let mut text = String::new();
        while let Some(c) = characters.next() {
            match c {
                '"' => break,
                '\\' => text.extend(characters.next()),
                c => text.push(c),
            }
        }
        texts.push(text);
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::texts;

    #[test]
    fn quotes_and_several_in_one_header() {
        let header = r#"299 - "unknown field \"spec.nope\"", 299 - "v1alpha1 is deprecated, use v1""#;
        assert_eq!(texts(header), [r#"unknown field "spec.nope""#, "v1alpha1 is deprecated, use v1"]);
        assert!(texts("299 -").is_empty());
    }
}
