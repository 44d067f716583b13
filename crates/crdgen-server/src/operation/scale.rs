//! Operations on the scale subresource.

use std::marker::PhantomData;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Backend as _, Key, MergePatch, Preconditions, Scale, WriteOptions};
use crdgen_core::Resource;

use super::Call;
use super::incoming::{Incoming, Refusal, Subject};
use crate::body::Merge;
use crate::etag::preconditions;
use crate::problem::Problem;
use crate::visibility::pinned;
use crate::write_options::write_options;
use crate::{AdmissionRequest, Body, Policy, Reported, Serve, Subresource, Verb, reply};

/// Read of a scale that the policy allows.
#[derive(Debug)]
pub struct GetScaleRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Object whose scale is read.
    pub key: Key,
    kind: PhantomData<fn() -> K>,
}

impl<'a, S: Serve<K>, K: Resource> GetScaleRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Reads the scale from the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<Scale, Problem> {
        Ok(self.call.service.backend(self.call.caller).get_scale(&self.key).await?)
    }
}

/// Replacement of a scale that the policy allows.
#[derive(Debug)]
pub struct ReplaceScaleRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Object whose scale is replaced.
    pub key: Key,
    /// New scale.
    pub scale: Scale,
    /// Conditions on the stored object.
    pub preconditions: Preconditions,
    /// Options of the write.
    pub options: WriteOptions,
    kind: PhantomData<fn() -> K>,
}

impl<'a, S: Serve<K>, K: Resource> ReplaceScaleRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Sets the replicas in the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<Scale, Problem> {
        let backend = self.options.on(self.call.service.backend(self.call.caller))?;
        Ok(backend.replace_scale(&self.key, &self.scale, &self.preconditions).await?)
    }
}

/// Patch of a scale that the policy allows.
#[derive(Debug)]
pub struct PatchScaleRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Object whose scale is changed.
    pub key: Key,
    /// Merge patch of the scale.
    pub patch: MergePatch,
    /// Conditions on the stored object.
    pub preconditions: Preconditions,
    /// Options of the write.
    pub options: WriteOptions,
    kind: PhantomData<fn() -> K>,
}

impl<'a, S: Serve<K>, K: Resource> PatchScaleRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Sets the replicas in the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<Scale, Problem> {
        let backend = self.options.on(self.call.service.backend(self.call.caller))?;
        Ok(backend.patch_scale(&self.key, &self.patch, &self.preconditions).await?)
    }
}

/// Handles `GET` of a scale.
pub(crate) async fn get_scale<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    found::<S, K>(service, request).await.unwrap_or_else(Refusal::into_response)
}

/// Handles `PUT` of a scale.
pub(crate) async fn replace_scale<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    replaced::<S, K>(service, request).await.unwrap_or_else(Refusal::into_response)
}

/// Handles `PATCH` of a scale.
pub(crate) async fn patch_scale<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    patched::<S, K>(service, request).await.unwrap_or_else(Refusal::into_response)
}

const SCALE: Option<Subresource> = Some(Subresource::Scale);

async fn found<S: Serve<K>, K: Resource>(service: S, request: Request) -> Result<Response, Refusal> {
    let incoming = Incoming::authorized::<K>(service, request, Verb::Get, SCALE).await?;
    let (call, key) = (incoming.subject.call(), incoming.subject.key()?);
    call.service.visible(call.caller).find(&call.service.backend(call.caller), &key).await?;
    let scale = call.service.get_scale(GetScaleRequest { call, key, kind: PhantomData }).await?;
    Ok(reply::scale(scale))
}

async fn replaced<S: Serve<K>, K: Resource>(service: S, request: Request) -> Result<Response, Refusal> {
    let mut incoming = Incoming::authorized::<K>(service, request, Verb::Update, SCALE).await?;
    let (preconditions, options) = (preconditions(&incoming.head)?, write_options(&mut incoming.head)?);
    let report = options.report();
    let (subject, Body(scale)) = incoming.body::<Body<Scale>>().await?;
    let answer = async {
        let (call, replicas) = (subject.call(), Some(scale.spec.replicas));
        let (key, preconditions) = admitted::<S, K>(&subject, Verb::Update, preconditions, replicas).await?;
        let request = ReplaceScaleRequest { call, key, scale, preconditions, options, kind: PhantomData };
        call.service.replace_scale(request).await
    };
    Ok(Reported::new(answer.await.map(reply::scale), report).into_response())
}

async fn patched<S: Serve<K>, K: Resource>(service: S, request: Request) -> Result<Response, Refusal> {
    let mut incoming = Incoming::authorized::<K>(service, request, Verb::Patch, SCALE).await?;
    let (preconditions, options) = (preconditions(&incoming.head)?, write_options(&mut incoming.head)?);
    let report = options.report();
    let (subject, Merge(patch)) = incoming.body::<Merge>().await?;
    let replicas = patch.as_value().pointer("/spec/replicas").and_then(serde_json::Value::as_i64);
    let answer = async {
        let (call, replicas) = (subject.call(), replicas.and_then(|replicas| replicas.try_into().ok()));
        let (key, preconditions) = admitted::<S, K>(&subject, Verb::Patch, preconditions, replicas).await?;
        let request = PatchScaleRequest { call, key, patch, preconditions, options, kind: PhantomData };
        call.service.patch_scale(request).await
    };
    Ok(Reported::new(answer.await.map(reply::scale), report).into_response())
}

/// Admits a write of a scale. Returns the key of the object and the preconditions of the write.
async fn admitted<S: Serve<K>, K: Resource>(
    subject: &Subject<S>,
    verb: Verb,
    preconditions: Preconditions,
    replicas: Option<i32>,
) -> Result<(Key, Preconditions), Problem> {
    let (call, key) = (subject.call(), subject.key()?);
    let backend = call.service.backend(call.caller);
    let found = call.service.visible(call.caller).find(&backend, &key).await?;
    let preconditions = pinned(preconditions, found.as_ref());
    let mut write = AdmissionRequest::scale(verb, &subject.target, &backend, &key, replicas, found);
    call.service.admit(call.caller, &mut write).await?;
    let preconditions = write.pinned(preconditions);
    drop(write);
    Ok((key.clone(), preconditions))
}
