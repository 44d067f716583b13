//! Warning headers as an API server sends them: `Warning: 299 - "unknown field \"spec.x\""`.

use std::collections::HashSet;
use std::future::ready;

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use crdgen_core::Resource;

/// Largest number of warnings in an answer. Clients refuse a head with too many headers.
const MAX_NUMBER: usize = 16;
/// Total number of characters up to which warnings are sent in full (`truncateAtTotalRunes` of `filters/warning.go`).
const MAX_TOTAL: usize = 4 << 10;
/// Largest number of characters of each warning when the total is larger than [`MAX_TOTAL`] (`truncateItemRunes`).
const MAX_EACH: usize = 256;

/// Adds the deprecation warning to every answer of the routes of a deprecated version, before all other warnings. A
/// copy of this warning that an API server has already sent is removed.
pub fn deprecated<K: Resource, S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    let text = K::DEPRECATED.filter(|text| is_sendable(text));
    let Some(warning) = text.and_then(|text| header(beginning(text, MAX_EACH))) else { return routes };
    let warn = move |mut response: Response| {
        put_first(response.headers_mut(), &warning);
        ready(response)
    };
    routes.route_layer(map_response(warn))
}

fn put_first(headers: &mut HeaderMap, warning: &HeaderValue) {
    let others: Vec<_> = headers.get_all(header::WARNING).iter().filter(|other| *other != warning).cloned().collect();
    headers.insert(header::WARNING, warning.clone());
    for other in others.into_iter().take(MAX_NUMBER - 1) {
        headers.append(header::WARNING, other);
    }
}

/// Returns the header values of these texts, without duplicates: at most 16, and about 4096 characters in all.
pub fn headers(mut texts: Vec<String>) -> Vec<HeaderValue> {
    let mut seen = HashSet::new();
    texts.retain(|text| is_sendable(text) && seen.insert(text.clone()));
    texts.truncate(MAX_NUMBER);
    let total: usize = texts.iter().map(|text| text.chars().count()).sum();
    let each = if total > MAX_TOTAL { MAX_EACH } else { MAX_TOTAL };
    let mut written = 0;
    let fits = |text: &&str| {
        let has_room = written < MAX_TOTAL;
        written += text.chars().count();
        has_room
    };
    texts.iter().map(|text| beginning(text, each)).take_while(fits).filter_map(header).collect()
}

fn beginning(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(end, _)| &text[..end])
}

/// Returns whether the text is not empty and has no control characters (`NewWarningHeader`).
fn is_sendable(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

fn header(text: &str) -> Option<HeaderValue> {
    let quoted = text.replace('\\', "\\\\").replace('"', "\\\"");
    HeaderValue::from_bytes(format!("299 - \"{quoted}\"").as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(texts: &[String]) -> Vec<HeaderValue> {
        headers(texts.to_vec())
    }

    #[test]
    fn quoted_once_and_without_control_characters() {
        let texts = ["a \"b\" \\", "a \"b\" \\", "", "two\nlines", "ü"].map(str::to_owned);
        let sent = sent(&texts);
        let sent: Vec<_> = sent.iter().map(|value| std::str::from_utf8(value.as_bytes()).unwrap()).collect();
        assert_eq!(sent, [r#"299 - "a \"b\" \\""#, r#"299 - "ü""#]);
    }

    #[test]
    fn many_are_cut_short_and_end() {
        let long = "x".repeat(MAX_TOTAL - 1);
        assert_eq!(sent(std::slice::from_ref(&long))[0].len(), MAX_TOTAL - 1 + r#"299 - """#.len());
        let many: Vec<_> = (0..100_000).map(|index| format!("{index} {long}")).collect();
        let sent = sent(&many);
        assert_eq!(sent.len(), MAX_NUMBER);
        assert!(sent.iter().all(|value| value.len() == MAX_EACH + r#"299 - """#.len()));
    }

    #[test]
    fn a_deprecation_is_first_and_said_once() {
        let [deprecation, other] = ["v1alpha1 is deprecated", "unknown field"].map(|text| header(text).unwrap());
        let mut headers = HeaderMap::new();
        for value in [&other, &deprecation] {
            headers.append(header::WARNING, value.clone());
        }
        put_first(&mut headers, &deprecation);
        assert!(headers.get_all(header::WARNING).iter().eq([&deprecation, &other]));
        for value in super::headers((0..100).map(|index| index.to_string()).collect()) {
            headers.append(header::WARNING, value);
        }
        put_first(&mut headers, &deprecation);
        assert_eq!((headers.len(), &headers[header::WARNING]), (MAX_NUMBER, &deprecation));
    }
}
