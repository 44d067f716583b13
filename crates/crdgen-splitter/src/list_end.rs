//! Members of a list other than its items.

use crdgen_core::ListMeta;
use serde::de::DeserializeOwned;

use super::error::{Error, ErrorKind};

/// Members of a list other than its items, known once the whole body was read. API servers write `metadata` after the
/// items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListEnd {
    /// `apiVersion` of the list.
    pub api_version: Option<String>,
    /// `kind` of the list.
    pub kind: Option<String>,
    /// Metadata of the list: resourceVersion, continue token (absent on the last page) and number of remaining objects.
    pub metadata: ListMeta,
    /// Number of items in the body.
    pub items: u64,
}

/// Members of a list that are read. For a duplicate key the last value counts, except for `items`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    ApiVersion,
    Kind,
    Metadata,
    Items,
    Other,
}

impl Member {
    /// Returns the member for a key as written, without quotes.
    pub(super) fn of(key: &[u8]) -> Self {
        match super::cursor::unescaped(key).as_ref() {
            b"apiVersion" => Self::ApiVersion,
            b"kind" => Self::Kind,
            b"metadata" => Self::Metadata,
            b"items" => Self::Items,
            _ => Self::Other,
        }
    }

    /// Returns whether the value of the member is needed as a whole.
    pub(super) fn is_kept(self) -> bool {
        self != Self::Other
    }
}

impl ListEnd {
    /// Stores the value of a member. `offset` is the position of the value in the body.
    pub(super) fn set(&mut self, member: Member, value: &[u8], offset: u64) -> Result<(), Error> {
        match member {
            Member::ApiVersion => self.api_version = parse(value, "the list's apiVersion, a string", offset)?,
            Member::Kind => self.kind = parse(value, "the list's kind, a string", offset)?,
            Member::Metadata => {
                let metadata: Option<ListMeta> = parse(value, "the list's metadata", offset)?;
                self.metadata = metadata.unwrap_or_default();
                // Go writes an empty token when there is no next page.
                self.metadata.continue_ = self.metadata.continue_.take().filter(|token| !token.is_empty());
            }
            // A list of items is never passed to this function, so only null is valid here.
            Member::Items => _ = parse::<()>(value, "a list of items", offset)?,
            Member::Other => {}
        }
        Ok(())
    }
}

fn parse<T: DeserializeOwned>(value: &[u8], what: &'static str, offset: u64) -> Result<Option<T>, Error> {
    serde_json::from_slice(value).map_err(|_| Error::new(offset, ErrorKind::Expected(what)))
}
