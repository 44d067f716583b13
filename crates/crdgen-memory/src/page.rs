//! Pages of a list and their continue tokens.

use std::ops::Bound;
use std::sync::Arc;

use crdgen_backend::encryption::EncryptionKey;
use crdgen_backend::{Error, ListQuery, Reason, Result};
use crdgen_core::ListMeta;

use super::place::ObjectId;
use super::selection::Selection;
use super::snapshot::Snapshot;
use super::store::SharedStore;
use super::stored::Stored;

/// Page of the selected objects.
pub(super) struct Page {
    pub(super) objects: Vec<Arc<Stored>>,
    pub(super) metadata: ListMeta,
    /// Revision that all pages of the list show.
    revision: u64,
}

/// Returns a page of the selected objects. All pages of a list show the revision of its first page.
pub(super) fn select(store: &SharedStore, selection: &Selection, query: &ListQuery) -> Result<Page> {
    let token =
        query.continue_.as_deref().map(|token| Token::decrypt(store.token_key(), selection, token)).transpose()?;
    let start = token.as_ref().map_or_else(|| selection.start(), |token| Bound::Excluded(token.last()));
    let (revision, there) = {
        let store = store.read();
        let revision = token.map_or(store.revision(), |token| token.revision);
        let objects = store.at(&selection.kind, revision, start.as_ref()).ok_or_else(expired)?;
        (revision, objects.take_while(|object| selection.is_of_place(&object.id)).cloned().collect::<Vec<_>>())
    };
    page(store.token_key(), there, revision, selection, query)
}

fn page(
    key: &EncryptionKey,
    there: Vec<Arc<Stored>>,
    revision: u64,
    selection: &Selection,
    query: &ListQuery,
) -> Result<Page> {
    let mut there = there.into_iter();
    let limit = query.limit.map_or(usize::MAX, |limit| usize::try_from(limit.get()).unwrap_or(usize::MAX));
    let objects: Vec<_> = there.by_ref().filter(|object| selection.selects(object)).take(limit).collect();
    // As on the API server, the objects after the page are not checked for selection, so the next page may be empty.
    let remaining = there.len();

    let last = objects.last().filter(|_| remaining > 0);
    let metadata = ListMeta {
        continue_: last.map(|last| Token::after(revision, &last.id).encrypt(key, selection)).transpose()?,
        // As on the API server, the number is absent with a selector, since it would have to be counted.
        remaining_item_count: (remaining > 0 && selection.is_whole()).then_some(remaining as i64),
        resource_version: Some(revision.to_string()),
    };
    Ok(Page { objects, metadata, revision })
}

impl Page {
    /// Splits the page into its first objects, of up to `bytes` and at least one, and a snapshot from which the others
    /// are read. A slow reader then holds no more than the first objects.
    pub(super) fn parted(
        mut self,
        store: &SharedStore,
        selection: &Selection,
        bytes: usize,
    ) -> (Vec<Arc<Stored>>, Option<Snapshot>) {
        let mut sum = 0;
        let fit = self.objects.iter().take_while(|object| {
            sum += object.len();
            sum <= bytes
        });
        let rest = self.objects.split_off(fit.count().max(1).min(self.objects.len()));
        let ends = self.objects.last().zip(rest.last());
        let rest = ends.map(|(last, end)| {
            let between = (Bound::Excluded(last.id.clone()), Some(end.id.clone()));
            Snapshot::new(store.clone(), selection.clone(), self.revision, between)
        });
        (self.objects, rest)
    }
}

fn expired() -> Error {
    Error::new(Reason::Expired, "the continue token has expired; list again without it")
}

/// Content of a continue token: the revision and the last object of the page.
struct Token {
    revision: u64,
    namespace: String,
    name: String,
}

impl Token {
    fn after(revision: u64, last: &ObjectId) -> Self {
        Self { revision, namespace: last.namespace.to_string(), name: last.name.to_string() }
    }

    fn last(&self) -> ObjectId {
        ObjectId::new(&self.namespace, &self.name)
    }

    /// Encrypts the token. The text is valid only for this selection.
    fn encrypt(&self, key: &EncryptionKey, selection: &Selection) -> Result<String> {
        let plain = serde_json::to_vec(&(self.revision, &self.namespace, &self.name)).map_err(Error::internal)?;
        Ok(key.encrypt(selection.text().as_bytes(), &plain))
    }

    fn decrypt(key: &EncryptionKey, selection: &Selection, text: &str) -> Result<Self> {
        let plain = key.decrypt(selection.text().as_bytes(), text);
        let token = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        let (revision, namespace, name) = token.ok_or_else(|| {
            Error::new(Reason::BadRequest, "the continue token was not issued for this list by this server")
        })?;
        Ok(Self { revision, namespace, name })
    }
}
