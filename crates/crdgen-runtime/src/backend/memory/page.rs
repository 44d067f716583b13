//! Lists: which objects, in which order, and where the next page starts.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::object::Object;
use super::selection::Selection;
use super::store::{ObjectId, Store};
use crate::backend::{Error, ListQuery, Namespace, Reason, Result};
use crate::{ListMeta, Resource};

/// A page of the objects that the query selects. Pages are cut from what is stored now, but all carry the revision of the
/// first, so that a watch from there misses nothing.
pub(super) fn select<K: Resource>(
    store: &Store,
    namespace: Option<&Namespace>,
    query: &ListQuery,
) -> Result<(Vec<Object>, ListMeta)> {
    let selection = Selection::new::<K>(namespace, &query.labels, &query.fields)?;
    let token = query.continue_.as_deref().map(Token::decode).transpose()?;
    let revision = token.as_ref().map_or(store.revision(), |token| token.revision);

    let mut selected =
        store.after::<K>(token.as_ref().map(|token| &token.last)).filter(|(id, object)| selection.selects(id, object));
    let limit = query.limit.map_or(usize::MAX, |limit| usize::try_from(limit.get()).unwrap_or(usize::MAX));
    let page: Vec<_> = selected.by_ref().take(limit).collect();
    let remaining = selected.count();

    let last = page.last().filter(|_| remaining > 0).map(|(id, _)| (*id).clone());
    let metadata = ListMeta {
        continue_: last.map(|last| Token { revision, last }.encode()).transpose()?,
        // As the API server: with a selector it would have to be counted.
        remaining_item_count: (remaining > 0 && selection.is_whole()).then_some(remaining as i64),
        resource_version: Some(revision.to_string()),
    };
    Ok((page.into_iter().map(|(_, object)| Object::clone(object)).collect(), metadata))
}

/// Where a list goes on.
#[derive(Serialize, Deserialize)]
struct Token {
    #[serde(rename = "rv")]
    revision: u64,
    last: ObjectId,
}

impl Token {
    fn encode(&self) -> Result<String> {
        Ok(URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).map_err(Error::internal)?))
    }

    fn decode(text: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let token = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        token.ok_or_else(|| Error::new(Reason::BadRequest, "the continue token is not one of this server"))
    }
}
