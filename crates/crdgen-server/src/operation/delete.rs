//! Deletion of one object.

use std::marker::PhantomData;

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Backend as _, Deleted, Key, Preconditions, WriteOptions};
use crdgen_core::Resource;

use super::Call;
use super::incoming::{Incoming, Refusal, Subject};
use crate::delete_options::DeleteOptions;
use crate::etag::preconditions;
use crate::problem::Problem;
use crate::visibility::pinned;
use crate::write_options::write_options;
use crate::{AdmissionRequest, Policy, Reported, Serve, Verb, reply};

/// Deletion that the policy allows.
#[derive(Debug)]
pub struct DeleteRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Object to delete.
    pub key: Key,
    /// Conditions on the stored object.
    pub preconditions: Preconditions,
    /// Options of the deletion.
    pub options: WriteOptions,
    kind: PhantomData<fn() -> K>,
}

impl<'a, S: Serve<K>, K: Resource> DeleteRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Deletes the object from the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<Deleted<K>, Problem> {
        let backend = self.options.on(self.call.service.backend(self.call.caller))?;
        Ok(backend.delete(&self.key, &self.preconditions).await?)
    }
}

/// Handles `DELETE` of an object.
pub(crate) async fn delete<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    deleted::<S, K>(service, request).await.unwrap_or_else(Refusal::into_response)
}

async fn deleted<S: Serve<K>, K: Resource>(service: S, request: Request) -> Result<Response, Refusal> {
    let mut incoming = Incoming::authorized::<K>(service, request, Verb::Delete, None).await?;
    let (preconditions, options) = (preconditions(&incoming.head)?, write_options(&mut incoming.head)?);
    let report = options.report();
    let (subject, said) = incoming.body::<DeleteOptions>().await?;
    let (preconditions, options) = (said.preconditions(preconditions)?, said.options(options)?);
    let answer = admitted::<S, K>(&subject, preconditions, options).await;
    let answer = answer.map(reply::deleted).map_err(|problem| said.conflict(problem));
    Ok(Reported::new(answer, report).into_response())
}

async fn admitted<S: Serve<K>, K: Resource>(
    subject: &Subject<S>,
    preconditions: Preconditions,
    options: WriteOptions,
) -> Result<Deleted<K>, Problem> {
    let (call, key) = (subject.call(), subject.key()?);
    let backend = call.service.backend(call.caller);
    let found = call.service.visible(call.caller).find(&backend, &key).await?;
    let preconditions = pinned(preconditions, found.as_ref());
    let mut write = AdmissionRequest::delete(&subject.target, &backend, &key, found);
    call.service.admit(call.caller, &mut write).await?;
    let preconditions = write.pinned(preconditions);
    drop(write);
    call.service.delete(DeleteRequest { call, key: key.clone(), preconditions, options, kind: PhantomData }).await
}
