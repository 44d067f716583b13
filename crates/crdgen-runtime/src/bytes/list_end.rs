//! What a list says beside its items.

use serde::de::DeserializeOwned;

use super::error::{Error, Flaw};
use crate::ListMeta;

/// What is known of a list once its body was read: API servers write `metadata` behind the items.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListEnd {
    /// `apiVersion` of the list.
    pub api_version: Option<String>,
    /// `kind` of the list.
    pub kind: Option<String>,
    /// The version that the list shows, the token of the next page (absent on the last one), how many objects follow.
    pub metadata: ListMeta,
    /// How many items there were.
    pub items: u64,
}

/// The members of a list that are read; the last of several counts, as in every JSON parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Member {
    ApiVersion,
    Kind,
    Metadata,
    Items,
    Other,
}

impl Member {
    /// The member of a key as written, without its quotes.
    pub(super) fn of(key: &[u8]) -> Self {
        match super::cursor::unescaped(key).as_ref() {
            b"apiVersion" => Self::ApiVersion,
            b"kind" => Self::Kind,
            b"metadata" => Self::Metadata,
            b"items" => Self::Items,
            _ => Self::Other,
        }
    }

    /// Whether its value is looked at as a whole.
    pub(super) fn is_kept(self) -> bool {
        self != Self::Other
    }
}

impl ListEnd {
    /// Takes a value in that starts at `offset`.
    pub(super) fn set(&mut self, member: Member, value: &[u8], offset: u64) -> Result<(), Error> {
        match member {
            Member::ApiVersion => self.api_version = parse(value, "the list's apiVersion, a string", offset)?,
            Member::Kind => self.kind = parse(value, "the list's kind, a string", offset)?,
            Member::Metadata => {
                let metadata: Option<ListMeta> = parse(value, "the list's metadata", offset)?;
                self.metadata = metadata.unwrap_or_default();
                // Go writes an empty token where there is no next page.
                self.metadata.continue_ = self.metadata.continue_.take().filter(|token| !token.is_empty());
            }
            // Items that are a list never come here.
            Member::Items => _ = parse::<()>(value, "a list of items", offset)?,
            Member::Other => {}
        }
        Ok(())
    }
}

fn parse<T: DeserializeOwned>(value: &[u8], what: &'static str, offset: u64) -> Result<Option<T>, Error> {
    serde_json::from_slice(value).map_err(|_| Error::new(offset, Flaw::Expected(what)))
}
