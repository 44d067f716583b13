//! Creation by POST, or by a server-side apply that finds no object.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Apply, Backend as _, Cause, Effect, Error, Key, Namespace, Reason, WriteOptions};
use crdgen_core::{Metadata as _, Resource};
use serde_json::Value;

use super::incoming::{Incoming, Refusal};
use super::{Call, validate};
use crate::problem::Problem;
use crate::write_options::write_options;
use crate::{AdmissionRequest, Created, ObjectBody, Policy, Reported, Serve, Target, Verb};

/// Creation that the policy allows, with the admitted object.
#[derive(Debug)]
pub struct CreateRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Namespace; `None` for a cluster-scoped kind.
    pub namespace: Option<Namespace>,
    /// Object to create. A store step may change it.
    pub object: K,
    /// Options of the write.
    pub options: WriteOptions,
    /// Server-side apply that creates the object; `None` for a POST.
    apply: Option<Creating>,
}

/// Server-side apply that creates an object.
#[derive(Debug)]
struct Creating {
    key: Key,
    apply: Apply,
    /// Result of the apply in a dry run.
    preview: Value,
}

impl<'a, S: Serve<K>, K: Resource> CreateRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Returns whether the creation is a server-side apply.
    pub fn is_apply(&self) -> bool {
        self.apply.is_some()
    }

    /// Creates the object in the backend.
    ///
    /// For a server-side apply, changes that the policy or a store step made to the object are applied together with
    /// the caller's fields. The field manager comes to own them too.
    ///
    /// # Errors
    ///
    /// Returns the backend's error, or [`NotImplemented`](crdgen_backend::Reason::NotImplemented) if a field was
    /// removed that the caller did not apply.
    pub async fn run(self) -> Result<K, Problem> {
        let backend = self.options.on(self.call.service.backend(self.call.caller))?;
        let Some(Creating { key, mut apply, preview }) = self.apply else {
            return Ok(backend.create(self.namespace.as_ref(), &self.object).await?);
        };
        apply.amend(&preview, &serde_json::to_value(&self.object).map_err(Error::internal)?)?;
        Ok(backend.apply(&key, &apply).await?)
    }
}

/// Handles `POST` to a collection.
pub(crate) async fn create<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    match created::<S, K>(service, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn created<S: Serve<K>, K: Resource>(service: S, request: Request) -> Result<Response, Refusal> {
    let mut incoming = Incoming::authorized::<K>(service, request, Verb::Create, None).await?;
    let options = write_options(&mut incoming.head)?;
    let report = options.report();
    let (subject, ObjectBody { object, length }) = incoming.body::<ObjectBody<K>>().await?;
    if object.metadata().resource_version().is_some_and(|version| !version.is_empty()) {
        let cause = Cause::invalid("metadata.resourceVersion", "must not be set in an object to create");
        return Err(Problem::new(Reason::BadRequest, cause.message.clone()).with_cause(cause).into());
    }
    let answer = admitted(subject.call(), &subject.target, options, (object, length), None).await;
    Ok(Reported::new(answer.map(Created), report).into_response())
}

/// Creates the object of a server-side apply: admits it as a creation, and stores it by the store step `create`.
pub(super) async fn by_apply<S: Serve<K>, K: Resource>(
    call: Call<'_, S>,
    target: &Target,
    key: Key,
    options: WriteOptions,
    apply: Apply,
) -> Result<K, Problem> {
    let dry = WriteOptions { effect: Effect::DryRun, report: None, ..options.clone() };
    let object = dry.on(call.service.backend(call.caller))?.apply(&key, &apply).await?;
    let preview = serde_json::to_value(&object).map_err(Error::internal)?;
    admitted(call, target, options, (object, usize::MAX), Some(Creating { key, apply, preview })).await
}

async fn admitted<S: Serve<K>, K: Resource>(
    call: Call<'_, S>,
    target: &Target,
    options: WriteOptions,
    (object, length): (K, usize),
    apply: Option<Creating>,
) -> Result<K, Problem> {
    let mut write = AdmissionRequest::create(target, object);
    call.service.admit(call.caller, &mut write).await?;
    let object = write.into_object()?;
    let validation = Serve::<K>::validation(call.service);
    let object = validate::creation(validation, object, length).await?;
    let namespace = target.namespace.clone();
    let created = call.service.create(CreateRequest { call, namespace, object, options, apply }).await?;
    Ok(validate::answer(validation, created, std::slice::from_ref).await)
}
