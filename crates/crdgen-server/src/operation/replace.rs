//! Replacement of a whole object or of its status.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Backend as _, Cause, Key, Preconditions, Reason, WriteOptions};
use crdgen_core::{Metadata as _, Resource};

use super::incoming::{Incoming, Refusal, Subject};
use super::{Call, validate};
use crate::etag::preconditions;
use crate::problem::Problem;
use crate::visibility::pinned;
use crate::write_options::write_options;
use crate::{AdmissionRequest, ObjectBody, ObjectResponse, Policy, Reported, Serve, Subresource, Verb};

/// Replacement that the policy allows, with the admitted object.
#[derive(Debug)]
pub struct ReplaceRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Object to replace.
    pub key: Key,
    /// Status if that is replaced, `None` for the object itself.
    pub subresource: Option<Subresource>,
    /// New object. A store step may change it.
    pub object: K,
    /// Conditions on the stored object.
    pub preconditions: Preconditions,
    /// Options of the write.
    pub options: WriteOptions,
}

impl<'a, S: Serve<K>, K: Resource> ReplaceRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Replaces the object in the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<K, Problem> {
        let backend = self.options.on(self.call.service.backend(self.call.caller))?;
        Ok(match self.subresource {
            None => backend.replace(&self.key, &self.object, &self.preconditions).await?,
            Some(_) => backend.replace_status(&self.key, &self.object, &self.preconditions).await?,
        })
    }
}

/// Handles `PUT` of an object.
pub(crate) async fn replace<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    answer(replaced::<S, K>(service, request, None).await)
}

/// Handles `PUT` of the status of an object.
pub(crate) async fn replace_status<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    answer(replaced::<S, K>(service, request, Some(Subresource::Status)).await)
}

fn answer(replaced: Result<Response, Refusal>) -> Response {
    replaced.unwrap_or_else(Refusal::into_response)
}

async fn replaced<S: Serve<K>, K: Resource>(
    service: S,
    request: Request,
    part: Option<Subresource>,
) -> Result<Response, Refusal> {
    let mut incoming = Incoming::authorized::<K>(service, request, Verb::Update, part).await?;
    let (preconditions, options) = (preconditions(&incoming.head)?, write_options(&mut incoming.head)?);
    let report = options.report();
    let (subject, ObjectBody { object, length }) = incoming.body::<ObjectBody<K>>().await?;
    let is_version = |version: &str| version.is_empty() || version.parse::<u64>().is_ok();
    if !object.metadata().resource_version().is_none_or(is_version) {
        let cause = Cause::invalid("metadata.resourceVersion", "not a resource version");
        return Err(Problem::new(Reason::BadRequest, cause.message.clone()).with_cause(cause).into());
    }
    let answer = admitted(&subject, preconditions, options, (object, length)).await;
    Ok(Reported::new(answer.map(ObjectResponse::new), report).into_response())
}

async fn admitted<S: Serve<K>, K: Resource>(
    subject: &Subject<S>,
    preconditions: Preconditions,
    options: WriteOptions,
    (object, length): (K, usize),
) -> Result<K, Problem> {
    let (call, key, subresource) = (subject.call(), subject.key()?, subject.target.subresource);
    let backend = call.service.backend(call.caller);
    let found = call.service.visible(call.caller).find(&backend, &key).await?;
    let preconditions = pinned(preconditions, found.as_ref());
    let mut write = AdmissionRequest::replace(&subject.target, &backend, &key, object, found);
    call.service.admit(call.caller, &mut write).await?;
    let preconditions = write.pinned(preconditions);
    let mut object = write.into_object()?;
    let validation = Serve::<K>::validation(call.service);
    if subresource.is_none() {
        object = validate::replacement(validation, object, length, backend.get(&key)).await?;
    }
    let request = ReplaceRequest { call, key: key.clone(), subresource, object, preconditions, options };
    let replaced = match subresource {
        None => call.service.replace(request).await?,
        Some(_) => call.service.replace_status(request).await?,
    };
    Ok(validate::answer(validation, replaced, std::slice::from_ref).await)
}
