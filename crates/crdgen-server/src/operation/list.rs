//! Lists of objects and of views.

use std::marker::PhantomData;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Backend as _, Error, ListQuery, ListResponse, Namespace, ObjectListResponse, ViewListResponse};
use crdgen_core::{List, Resource, View, ViewList};
use futures_util::StreamExt as _;

use super::incoming::{Incoming, Refusal};
use super::{Call, validate};
use crate::list_query::list_query;
use crate::problem::Problem;
use crate::visibility::fill;
use crate::{Policy, Serve, Target, Verb, Visibility, continue_token, reply};

/// List that the policy allows.
#[derive(Debug)]
pub struct ListRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Namespace; `None` for all namespaces, and for a cluster-scoped kind.
    pub namespace: Option<Namespace>,
    /// Selectors and page of the list. For a caller who does not see everything, the policy asks for page after page,
    /// with limits and continue tokens of its own.
    pub query: ListQuery,
    /// Whether the policy needs the decoded objects.
    is_looked_at: bool,
    kind: PhantomData<fn() -> K>,
}

impl<'a, S: Serve<K>, K: Resource> ListRequest<'a, S, K> {
    fn new(call: Call<'a, S>, target: &Target, query: ListQuery, is_looked_at: bool) -> Self {
        Self { call, namespace: target.namespace.clone(), query, is_looked_at, kind: PhantomData }
    }

    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Lists the backend's objects.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<ObjectListResponse<K>, Problem> {
        let backend = self.call.service.backend(self.call.caller);
        Ok(match self.is_looked_at {
            true => backend.list(self.namespace.as_ref(), &self.query).await?.into(),
            false => backend.list_response(self.namespace.as_ref(), &self.query).await?,
        })
    }

    /// Lists views of the backend's objects.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run_views<V: View<Of = K>>(self) -> Result<ViewListResponse<V>, Problem> {
        let backend = self.call.service.backend(self.call.caller);
        Ok(backend.view_list_response(self.namespace.as_ref(), &self.query).await?)
    }
}

/// Handles `GET` of a collection.
pub(crate) async fn list<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    match listed::<S, K>(service, request).await {
        Ok(list) => reply::list_response(list),
        Err(refusal) => refusal.into_response(),
    }
}

/// Handles `GET` of a collection of views.
pub(crate) async fn list_views<S, K, V>(State(service): State<S>, request: Request) -> Response
where
    S: Serve<K>,
    K: Resource,
    V: View<Of = K>,
{
    match listed_views::<S, K, V>(service, request).await {
        Ok(list) => reply::list_response(list),
        Err(refusal) => refusal.into_response(),
    }
}

async fn listed<S: Serve<K>, K: Resource>(service: S, request: Request) -> Result<ObjectListResponse<K>, Refusal> {
    let incoming = Incoming::authorized::<K>(service, request, Verb::List, None).await?;
    let query = list_query(&incoming.head)?;
    let (call, target) = (incoming.subject.call(), &incoming.subject.target);
    let visibility = call.service.visible(call.caller);
    let is_judged = Serve::<K>::validation(call.service).reads_lists();
    if visibility.is_everything() && !is_judged {
        return Ok(call.service.list(ListRequest::new(call, target, query, false)).await?);
    }
    let list = match visibility.is_everything() {
        true => decoded(call.service.list(ListRequest::new(call, target, query, true)).await?).await?,
        false => visible(call, target, &visibility, query).await?,
    };
    let validation = Serve::<K>::validation(call.service);
    Ok(validate::answer(validation, list, |list: &List<K>| &list.items).await.into())
}

async fn listed_views<S, K, V>(service: S, request: Request) -> Result<ViewListResponse<V>, Refusal>
where
    S: Serve<K>,
    K: Resource,
    V: View<Of = K>,
{
    let incoming = Incoming::authorized::<K>(service, request, Verb::List, None).await?;
    let query = list_query(&incoming.head)?;
    let (call, target) = (incoming.subject.call(), &incoming.subject.target);
    let visibility = call.service.visible(call.caller);
    if visibility.is_everything() {
        return Ok(call.service.list_views::<V>(ListRequest::new(call, target, query, false)).await?);
    }
    let List { items, metadata, .. } = visible(call, target, &visibility, query).await?;
    let views: Result<Vec<V>, _> = items.iter().map(V::of).collect();
    Ok(ListResponse::from(ViewList::new(views.map_err(Error::internal)?, metadata)))
}

/// Returns a page of visible objects, with an encrypted continue token.
async fn visible<S: Serve<K>, K: Resource>(
    call: Call<'_, S>,
    target: &Target,
    visibility: &Visibility<K>,
    query: ListQuery,
) -> Result<List<K>, Problem> {
    let tokens = continue_token::Tokens::new::<S, K>(call.service, call.caller, target, &query);
    let place = query.continue_.as_deref().map(|text| tokens.open(text)).transpose()?;
    let query = ListQuery { continue_: None, ..query };
    let read =
        |query| async move { decoded(call.service.list(ListRequest::new(call, target, query, true)).await?).await };
    let (mut list, next) = fill(visibility, &query, place, read).await?;
    list.metadata.continue_ = next.map(|place| tokens.encrypt(&place)).transpose()?;
    Ok(list)
}

/// Decodes a list, whatever its form.
pub(super) async fn decoded<K: Resource>(list: ObjectListResponse<K>) -> Result<List<K>, Problem> {
    let mut body = match list {
        ListResponse::Decoded(list) => return Ok(list),
        ListResponse::Body(body) => body,
    };
    let mut json = Vec::new();
    while let Some(piece) = body.next().await {
        json.extend_from_slice(&piece?);
    }
    Ok(serde_json::from_slice(&json).map_err(Error::internal)?)
}
