//! What a server warns of while it does what it was asked: the header `Warning: 299 - "unknown field \"spec.x\""`.

use std::sync::{Arc, Mutex, PoisonError};

use http::{HeaderMap, header};

/// Warnings as they come, for whoever holds a clone.
#[derive(Clone, Debug, Default)]
pub struct Warnings {
    texts: Arc<Mutex<Vec<String>>>,
}

impl Warnings {
    /// Takes what came until now.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.texts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Adds one.
    pub fn add(&self, text: &str) {
        self.texts.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }
}

/// The texts of the warnings of an answer.
pub(super) fn of(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers.get_all(header::WARNING).into_iter().filter_map(|value| value.to_str().ok()).flat_map(texts)
}

/// The texts of a header, which may have several: code, agent, then the text in quotes.
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
