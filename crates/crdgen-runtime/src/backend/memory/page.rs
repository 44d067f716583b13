//! Lists: which objects, in which order, and where the next page starts.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::object::Object;
use super::selection::Selection;
use super::store::{ObjectId, Store};
use crate::ListMeta;
use crate::backend::{Error, ListQuery, Namespace, Reason, Result};

/// Some of what is selected.
pub(super) struct Page {
    pub(super) objects: Vec<Arc<Object>>,
    pub(super) metadata: ListMeta,
}

/// A page of the objects that the query selects. All pages show the revision of the first.
pub(super) fn select(store: &Store, kind: &Kind, namespace: Option<&Namespace>, query: &ListQuery) -> Result<Page> {
    let selection = Selection::new(kind, namespace, &query.labels, &query.fields)?;
    let Some(token) = &query.continue_ else {
        return page(store.objects(kind), store.revision(), &selection, query);
    };
    let Token { revision, last } = Token::decode(token)?;
    let objects = store.objects_at(kind, revision, &last).ok_or_else(expired)?;
    page(objects.into_iter(), revision, &selection, query)
}

fn page<'s>(
    objects: impl Iterator<Item = (&'s ObjectId, &'s Arc<Object>)>,
    revision: u64,
    selection: &Selection,
    query: &ListQuery,
) -> Result<Page> {
    let mut there = objects.filter(|(id, _)| selection.is_of_place(id));
    let limit = query.limit.map_or(usize::MAX, |limit| usize::try_from(limit.get()).unwrap_or(usize::MAX));
    let page: Vec<_> = there.by_ref().filter(|(id, object)| selection.selects(id, object)).take(limit).collect();
    // As the API server: what follows is not looked at, so the next page may be empty.
    let remaining = there.count();

    let last = page.last().filter(|_| remaining > 0).map(|(id, _)| (*id).clone());
    let metadata = ListMeta {
        continue_: last.map(|last| Token { revision, last }.encode()).transpose()?,
        // As the API server: with a selector it would have to be counted.
        remaining_item_count: (remaining > 0 && selection.is_whole()).then_some(remaining as i64),
        resource_version: Some(revision.to_string()),
    };
    Ok(Page { objects: page.into_iter().map(|(_, object)| object.clone()).collect(), metadata })
}

fn expired() -> Error {
    Error::new(Reason::Expired, "the continue token is too old: what it shows is forgotten; list again without it")
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
