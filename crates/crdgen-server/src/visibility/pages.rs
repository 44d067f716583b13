//! Pages of a list with hidden objects.
//!
//! Pages are filled after hiding. So the number of objects on a page, and whether there is a next page, depend on
//! visible objects only.

use std::num::NonZeroU64;

use crdgen_backend::ListQuery;
use crdgen_core::{List, ListMeta, Resource};
use serde::{Deserialize, Serialize};

use super::Visibility;
use crate::problem::Problem;

/// Number of objects to read at a time.
const CHUNK: NonZeroU64 = NonZeroU64::new(500).expect("not zero");

/// Position at which a list continues.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Place {
    /// Backend's continue token of the page.
    page: String,
    /// Number of objects to skip on that page, hidden ones included.
    skip: u64,
}

/// Reads pages with `read` until there are as many visible objects as the query asks for. Also returns the position of
/// the next page, if there is another visible object.
pub(crate) async fn fill<K, F>(
    visibility: &Visibility<K>,
    query: &ListQuery,
    from: Option<Place>,
    mut read: impl FnMut(ListQuery) -> F,
) -> Result<(List<K>, Option<Place>), Problem>
where
    K: Resource,
    F: Future<Output = Result<List<K>, Problem>> + Send,
{
    // The first page has no continue token to return to, so no more than the wanted number is read of it.
    let limit = query.limit.filter(|_| from.is_none());
    let first = read(page_query(query, from.as_ref(), limit)).await?;
    let metadata = ListMeta { resource_version: first.metadata.resource_version.clone(), ..ListMeta::default() };
    let mut filled = Filled { visibility, items: Vec::new(), wanted: wanted(query) };
    let (mut page, mut place) = (first, from);
    let next = loop {
        let rest = page.metadata.continue_.take();
        if let Some(next) = filled.take(page, place.as_ref()) {
            break Some(next);
        }
        let Some(token) = rest else { break None };
        let following = Place { page: token, skip: 0 };
        page = read(page_query(query, Some(&following), None)).await?;
        place = Some(following);
    };
    Ok((List::new(filled.items, metadata), next))
}

fn wanted(query: &ListQuery) -> usize {
    query.limit.map_or(usize::MAX, |limit| usize::try_from(limit.get()).unwrap_or(usize::MAX))
}

/// Returns the query for a page of the backend. A query without a limit reads everything at once.
fn page_query(query: &ListQuery, place: Option<&Place>, limit: Option<NonZeroU64>) -> ListQuery {
    let chunk = |asked: NonZeroU64| {
        let skipped = NonZeroU64::MIN.saturating_add(place.map_or(0, |place| place.skip));
        asked.max(CHUNK).max(skipped)
    };
    ListQuery {
        limit: limit.or_else(|| query.limit.map(chunk)),
        continue_: place.map(|place| place.page.clone()),
        ..query.clone()
    }
}

/// Page that is being filled.
struct Filled<'a, K> {
    visibility: &'a Visibility<K>,
    items: Vec<K>,
    wanted: usize,
}

impl<K: Resource> Filled<'_, K> {
    /// Takes the visible objects of a page of the backend. When the page is full and another visible object follows,
    /// returns the position of that object.
    fn take(&mut self, page: List<K>, place: Option<&Place>) -> Option<Place> {
        let skip = place.map_or(0, |place| place.skip);
        let first = usize::try_from(skip).unwrap_or(usize::MAX);
        for (index, object) in page.items.into_iter().enumerate().skip(first) {
            if !self.visibility.sees(&object) {
                continue;
            }
            // The first page has no continue token to return to, so all of its objects are taken, even if the backend
            // ignores the limit.
            if place.is_some() && self.items.len() >= self.wanted {
                return Some(Place { page: place?.page.clone(), skip: index as u64 });
            }
            self.items.push(object);
        }
        None
    }
}
