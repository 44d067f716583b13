//! Texts that several schemas have, each kept once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

/// Descriptions of schemas. Kubernetes' own types are in many CRDs, several times in each, so most descriptions repeat.
#[derive(Default)]
pub(crate) struct Texts(Mutex<HashSet<Arc<str>>>);

impl Texts {
    /// Returns the text as it is kept.
    pub(crate) fn share(&self, text: &str) -> Arc<str> {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = texts.get(text) {
            return known.clone();
        }
        let text = Arc::<str>::from(text);
        texts.insert(text.clone());
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_are_kept_once() {
        let texts = Texts::default();
        let [first, second, other] = ["a", "a", "b"].map(|text| texts.share(text));
        assert!(Arc::ptr_eq(&first, &second) && !Arc::ptr_eq(&first, &other));
        assert_eq!((&*second, &*other), ("a", "b"));
    }
}
