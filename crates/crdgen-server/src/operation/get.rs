//! Read of one object, whole or as a view.

use std::marker::PhantomData;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Backend as _, Error, Key};
use crdgen_core::{Resource, View};

use super::incoming::{Incoming, Refusal, Subject};
use super::{Call, validate};
use crate::problem::Problem;
use crate::{IfNoneMatch, ObjectResponse, Policy, Serve, Subresource, Verb, ViewResponse};

/// Read that the policy allows. A request for a hidden object never reaches a store step.
#[derive(Debug)]
pub struct GetRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Object to read.
    pub key: Key,
    /// Object that the policy has read, for a caller who does not see everything.
    found: Option<K>,
    kind: PhantomData<fn() -> K>,
}

impl<'a, S: Serve<K>, K: Resource> GetRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Reads the object from the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<K, Problem> {
        match self.found {
            Some(object) => Ok(object),
            None => Ok(self.call.service.backend(self.call.caller).get(&self.key).await?),
        }
    }

    /// Reads a view of the object from the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run_view<V: View<Of = K>>(self) -> Result<V, Problem> {
        match self.found {
            Some(object) => Ok(V::of(&object).map_err(Error::internal)?),
            None => Ok(self.call.service.backend(self.call.caller).get_view(&self.key).await?),
        }
    }
}

/// Handles `GET` of an object.
pub(crate) async fn get<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    answer(found::<S, K>(service, request, None).await)
}

/// Handles `GET` of the status of an object.
pub(crate) async fn get_status<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    answer(found::<S, K>(service, request, Some(Subresource::Status)).await)
}

/// Handles `GET` of a view of an object.
pub(crate) async fn get_view<S, K, V>(State(service): State<S>, request: Request) -> Response
where
    S: Serve<K>,
    K: Resource,
    V: View<Of = K>,
{
    match seen::<S, K, V>(service, request).await {
        Ok(view) => ViewResponse(view).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn answer<K: Resource>(found: Result<ObjectResponse<K>, Refusal>) -> Response {
    match found {
        Ok(stored) => stored.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

async fn found<S: Serve<K>, K: Resource>(
    service: S,
    request: Request,
    part: Option<Subresource>,
) -> Result<ObjectResponse<K>, Refusal> {
    let incoming = Incoming::authorized::<K>(service, request, Verb::Get, part).await?;
    let known = IfNoneMatch::read(&incoming.head)?;
    let object = read::<S, K>(&incoming.subject).await?;
    let validation = Serve::<K>::validation(&incoming.subject.service);
    Ok(known.reply(validate::answer(validation, object, std::slice::from_ref).await))
}

async fn seen<S, K, V>(service: S, request: Request) -> Result<V, Refusal>
where
    S: Serve<K>,
    K: Resource,
    V: View<Of = K>,
{
    let incoming = Incoming::authorized::<K>(service, request, Verb::Get, None).await?;
    let (call, key) = (incoming.subject.call(), incoming.subject.key()?);
    if !call.service.visible(call.caller).is_everything() {
        return Ok(V::of(&read::<S, K>(&incoming.subject).await?).map_err(Error::internal)?);
    }
    Ok(call.service.get_view(GetRequest { call, key, found: None, kind: PhantomData }).await?)
}

/// Reads a visible object.
async fn read<S: Serve<K>, K: Resource>(subject: &Subject<S>) -> Result<K, Refusal> {
    let (call, key) = (subject.call(), subject.key()?);
    let visibility = call.service.visible(call.caller);
    let found = visibility.find(&call.service.backend(call.caller), &key).await?;
    let request = GetRequest { call, key: key.clone(), found, kind: PhantomData };
    let object = match subject.target.subresource {
        None => call.service.get(request).await?,
        Some(_) => call.service.get_status(request).await?,
    };
    Ok(visibility.one(object, &key)?)
}
