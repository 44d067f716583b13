//! What a caller sees of the objects that there are.
//!
//! Whoever sees everything costs nothing: lists stay bytes, and no write looks at anything first. For others an object that
//! they do not see is not there, whatever they do.

mod horizon;

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use futures_util::StreamExt as _;

use self::horizon::Horizon;
use super::identified::{Identified, WatchedViews};
use crate::backend::{
    Backend, Error, Event, Key, ListQuery, ListedViews, Listing, Namespace, Preconditions, Reason, Result, Start,
    Watch, WatchQuery,
};
use crate::{List, ListMeta, Metadata as _, Resource, View, ViewList};

type Sees<K> = dyn Fn(&K) -> bool + Send + Sync;

/// Which objects a caller sees.
///
/// ```
/// # use crdgen_runtime::{Metadata, Resource, server::Sight};
/// fn of_team<K: Resource>(team: &str) -> Sight<K> {
///     let team = team.to_owned();
///     Sight::only(move |object: &K| object.metadata().label("team") == Some(&team))
/// }
/// ```
pub struct Sight<K>(Option<Arc<Sees<K>>>);

impl<K> Clone for Sight<K> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<K> fmt::Debug for Sight<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_none() { "Sight(everything)" } else { "Sight(only ..)" })
    }
}

impl<K: Resource> Sight<K> {
    /// All of them.
    pub fn everything() -> Self {
        Self(None)
    }

    /// Those of which this holds. It is asked of every object that a list or a watch goes over, and must not wait.
    pub fn only(sees: impl Fn(&K) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(sees)))
    }

    /// Whether nothing is hidden.
    pub fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    /// Whether an object is seen.
    pub fn sees(&self, object: &K) -> bool {
        self.0.as_ref().is_none_or(|sees| sees(object))
    }

    /// The object, if it is seen.
    ///
    /// # Errors
    ///
    /// What there is to say of an object that is not there.
    pub fn one(&self, object: K) -> Result<K> {
        if self.sees(&object) { Ok(object) } else { Err(hidden(&object)) }
    }

    /// What is seen of a page. How many follow is not said, as that would count the others.
    pub fn list(&self, mut list: List<K>) -> List<K> {
        if self.0.is_some() {
            list.items.retain(|object| self.sees(object));
            list.metadata = ListMeta { remaining_item_count: None, ..list.metadata };
        }
        list
    }

    /// Keeps a write from an object that is not seen. The object is read only when something is hidden; the write is then for
    /// that very object.
    ///
    /// # Errors
    ///
    /// What there is to say of an object that is not there, or what keeps it from being read.
    pub async fn guard(
        &self,
        preconditions: Preconditions,
        stored: impl Future<Output = Result<K>>,
    ) -> Result<Preconditions> {
        if self.is_everything() {
            return Ok(preconditions);
        }
        match stored.await {
            Ok(object) if self.sees(&object) => {
                let uid = object.metadata().uid().map(str::to_owned);
                Ok(Preconditions { uid: preconditions.uid.or(uid), ..preconditions })
            }
            Ok(object) => Err(hidden(&object)),
            // The write itself says so, or makes one.
            Err(error) if error.reason == Reason::NotFound => Ok(preconditions),
            Err(error) => Err(error),
        }
    }

    /// A watch of what is seen. An object that gets out of sight is told as gone, without its state.
    ///
    /// # Errors
    ///
    /// The backend's.
    pub async fn watch(
        &self,
        backend: &impl Backend<K>,
        namespace: Option<&Namespace>,
        query: WatchQuery,
    ) -> Result<Watch<K>> {
        if self.is_everything() {
            return backend.watch(namespace, &query).await;
        }
        let watch = backend.watch(namespace, &anew(query)).await?;
        let mut horizon = Horizon::of(self.clone());
        Ok(Box::pin(watch.filter_map(move |event| ready(horizon.tell(event)))))
    }

    /// As [`watch`](Self::watch), of what a view reads.
    ///
    /// # Errors
    ///
    /// The backend's.
    pub async fn watch_views<V: View<Of = K>>(
        &self,
        backend: &impl Backend<K>,
        namespace: Option<&Namespace>,
        query: WatchQuery,
    ) -> Result<WatchedViews<V>> {
        if self.is_everything() {
            return backend.watch_views(namespace, &query).await;
        }
        let watch = self.watch(backend, namespace, query).await?;
        Ok(Box::pin(watch.map(|event| {
            let Event { change, resource_version } = event?;
            let change = change.try_map(|object| Identified::of(&object)).map_err(Error::internal)?;
            Ok(Event { change, resource_version })
        })))
    }

    /// A list of views of what is seen.
    ///
    /// # Errors
    ///
    /// The backend's; an object that the view cannot be made of.
    pub async fn views<V: View<Of = K>>(
        &self,
        backend: &impl Backend<K>,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<ListedViews<V>> {
        if self.is_everything() {
            return backend.view_listing(namespace, query).await;
        }
        let List { items, metadata, .. } = self.list(backend.list(namespace, query).await?);
        let views: std::result::Result<Vec<V>, _> = items.iter().map(V::of).collect();
        Ok(Listing::from(ViewList::new(views.map_err(Error::internal)?, metadata)))
    }

    /// A view of an object, if it is seen.
    ///
    /// # Errors
    ///
    /// The backend's; what there is to say of an object that is not there.
    pub async fn view<V: View<Of = K>>(&self, backend: &impl Backend<K>, key: &Key) -> Result<V> {
        if self.is_everything() {
            return backend.get_view(key).await;
        }
        let object = self.one(backend.get(key).await?)?;
        V::of(&object).map_err(Error::internal)
    }
}

/// What was seen at a version is not known later: whoever goes on after one is told again what there is.
fn anew(query: WatchQuery) -> WatchQuery {
    WatchQuery { start: Start::Everything, ..query }
}

fn hidden<K: Resource>(object: &K) -> Error {
    Error::not_found::<K>(object.metadata().name().unwrap_or_default())
}
