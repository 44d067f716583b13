//! A page of a list, item by item: one that cannot be read does not take the others along.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::error::Result;
use super::unreadable::{self, Unreadable};
use crate::ListMeta;

/// A page of objects.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// Those that could be read.
    pub items: Vec<T>,
    /// What could not.
    pub unreadable: Vec<Unreadable>,
    /// Where the list stands.
    pub metadata: ListMeta,
}

/// A page whose items are not read yet.
#[derive(Deserialize)]
pub(super) struct RawPage<'a> {
    #[serde(borrow)]
    pub items: Vec<&'a RawValue>,
    #[serde(default)]
    pub metadata: ListMeta,
}

impl<'a> RawPage<'a> {
    pub fn of(json: &'a [u8]) -> Result<Self> {
        // The slow second read for a path would need an owned type; a server that sends no list is at fault as a whole.
        serde_json::from_slice(json).map_err(|_| match unreadable::read::<serde::de::IgnoredAny>(json) {
            Err(unreadable) => Box::new(unreadable).into(),
            Ok(_) => crate::backend::Malformed::new("the answer is no list").into(),
        })
    }

    /// The token of the next page.
    pub fn next(&self) -> Option<String> {
        self.metadata.continue_.clone().filter(|token| !token.is_empty())
    }
}

impl<T: DeserializeOwned> Page<T> {
    pub(super) fn of(json: &[u8]) -> Result<Self> {
        let raw = RawPage::of(json)?;
        let (mut items, mut unreadable) = (Vec::with_capacity(raw.items.len()), Vec::new());
        for item in raw.items {
            match unreadable::read(item.get().as_bytes()) {
                Ok(item) => items.push(item),
                Err(error) => unreadable.push(error),
            }
        }
        Ok(Self { items, unreadable, metadata: raw.metadata })
    }
}
