//! Watches of objects and of views.

use std::marker::PhantomData;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Backend as _, EncodedObject, Error, Event, EventStream, Namespace, Watch, WatchQuery};
use crdgen_core::{Resource, View};
use futures_util::StreamExt as _;

use super::Call;
use super::incoming::{Incoming, Refusal, Subject};
use crate::problem::Problem;
use crate::watch_query::watch_query;
use crate::{Identified, Policy, Serve, Verb, WatchForm, WatchedViews};

/// Watch that the policy allows. Hidden objects are removed from the answer afterwards.
#[derive(Debug)]
pub struct WatchRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Namespace; `None` for all namespaces, and for a cluster-scoped kind.
    pub namespace: Option<Namespace>,
    /// Selectors and start of the watch.
    pub query: WatchQuery,
    /// Whether the policy needs the decoded objects.
    is_looked_at: bool,
    kind: PhantomData<fn() -> K>,
}

impl<'a, S: Serve<K>, K: Resource> WatchRequest<'a, S, K> {
    fn new(subject: &'a Subject<S>, query: WatchQuery, is_looked_at: bool) -> Self {
        let namespace = subject.target.namespace.clone();
        Self { call: subject.call(), namespace, query, is_looked_at, kind: PhantomData }
    }

    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Watches the backend's objects.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<EventStream<K>, Problem> {
        let backend = self.call.service.backend(self.call.caller);
        Ok(match self.is_looked_at {
            true => backend.watch(self.namespace.as_ref(), &self.query).await?.into(),
            false => backend.event_stream(self.namespace.as_ref(), &self.query).await?,
        })
    }

    /// Watches views of the backend's objects.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run_views<V: View<Of = K>>(self) -> Result<WatchedViews<V>, Problem> {
        let backend = self.call.service.backend(self.call.caller);
        Ok(backend.view_event_stream(self.namespace.as_ref(), &self.query).await?)
    }
}

/// Handles `GET` of the watch of a collection.
pub(crate) async fn watch<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    match watched::<S, K>(service, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

/// Handles `GET` of the watch of a collection of views.
pub(crate) async fn watch_views<S, K, V>(State(service): State<S>, request: Request) -> Response
where
    S: Serve<K>,
    K: Resource,
    V: View<Of = K>,
{
    match watched_views::<S, K, V>(service, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn watched<S: Serve<K>, K: Resource>(service: S, request: Request) -> Result<Response, Refusal> {
    let incoming = Incoming::authorized::<K>(service, request, Verb::Watch, None).await?;
    let (form, query) = (WatchForm::read(&incoming.head)?, watch_query(&incoming.head)?);
    let watch = incoming.subject.watch_permit.around(visible::<S, K>(&incoming.subject, query)).await?;
    Ok(incoming.subject.watch_permit.hold(form.reply(watch).into_response()))
}

async fn visible_views<S, K, V>(subject: &Subject<S>, query: WatchQuery) -> Result<WatchedViews<V>, Problem>
where
    S: Serve<K>,
    K: Resource,
    V: View<Of = K>,
{
    let call = subject.call();
    if call.service.visible(call.caller).is_everything() {
        return call.service.watch_views(WatchRequest::new(subject, query, false)).await;
    }
    let watch = decoded(visible::<S, K>(subject, query).await?);
    Ok(EventStream::Decoded(Box::pin(watch.map(view))))
}

async fn watched_views<S, K, V>(service: S, request: Request) -> Result<Response, Refusal>
where
    S: Serve<K>,
    K: Resource,
    V: View<Of = K>,
{
    let incoming = Incoming::authorized::<K>(service, request, Verb::Watch, None).await?;
    let (form, query) = (WatchForm::read(&incoming.head)?, watch_query(&incoming.head)?);
    let watch = incoming.subject.watch_permit.around(visible_views::<S, K, V>(&incoming.subject, query)).await?;
    Ok(incoming.subject.watch_permit.hold(form.reply(watch).into_response()))
}

fn view<V: View>(event: Result<Event<V::Of>, Error>) -> Result<Event<Identified<V>>, Error> {
    let Event { change, resource_version } = event?;
    let change = change.try_map(|object| Identified::of(&object)).map_err(Error::internal)?;
    Ok(Event { change, resource_version })
}

/// Returns a watch of visible objects.
async fn visible<S: Serve<K>, K: Resource>(subject: &Subject<S>, query: WatchQuery) -> Result<EventStream<K>, Problem> {
    let call = subject.call();
    let visibility = call.service.visible(call.caller);
    if visibility.is_everything() {
        return call.service.watch(WatchRequest::new(subject, query, false)).await;
    }
    let watch = call.service.watch(WatchRequest::new(subject, visibility.watched(query), true)).await?;
    Ok(EventStream::Decoded(visibility.watch(decoded(watch))))
}

/// Decodes the events of a watch, whatever their form.
fn decoded<K: Resource>(watch: EventStream<K>) -> Watch<K> {
    match watch {
        EventStream::Decoded(watch) => watch,
        EventStream::Encoded(watch) => Box::pin(watch.map(|event| {
            let Event { change, resource_version } = event?;
            let object = |object: EncodedObject| serde_json::from_slice(&object.json().concat());
            let change = change.try_map(object).map_err(Error::internal)?;
            Ok(Event { change, resource_version })
        })),
    }
}
