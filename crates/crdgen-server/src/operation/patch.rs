//! Patch of an object or of its status, in any format.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Backend, FieldValidation, Key, Preconditions, Reason, WriteOptions};
use crdgen_core::Resource;

use super::incoming::{Incoming, Refusal, Subject};
use super::{Call, create, declared, validate};
use crate::etag::preconditions;
use crate::problem::Problem;
use crate::visibility::pinned;
use crate::write_options::write_options;
use crate::{AdmissionRequest, ObjectResponse, Patch, PatchOrObject, Policy, Reported, Serve, Subresource, Verb};

/// Patch that the policy allows.
#[derive(Debug)]
pub struct PatchRequest<'a, S: Policy, K> {
    call: Call<'a, S>,
    /// Object to change.
    pub key: Key,
    /// Status if that is changed, `None` for the object itself.
    pub subresource: Option<Subresource>,
    /// Patch, or its result if admission has read that.
    pub patch: PatchOrObject<K>,
    /// Conditions on the stored object.
    pub preconditions: Preconditions,
    /// Options of the write.
    pub options: WriteOptions,
}

impl<'a, S: Serve<K>, K: Resource> PatchRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Changes the object in the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn run(self) -> Result<K, Problem> {
        let backend = self.options.on(self.call.service.backend(self.call.caller))?;
        let (key, preconditions) = (&self.key, &self.preconditions);
        Ok(match (self.patch, self.subresource) {
            (PatchOrObject::Object(object), None) => backend.replace(key, &object, preconditions).await?,
            (PatchOrObject::Object(object), Some(_)) => backend.replace_status(key, &object, preconditions).await?,
            (PatchOrObject::Patch(patch), None) => patch.object(&backend, key, preconditions).await?,
            (PatchOrObject::Patch(patch), Some(_)) => patch.status(&backend, key, preconditions).await?,
        })
    }
}

/// Handles `PATCH` of an object. A server-side apply creates an object that does not exist.
pub(crate) async fn patch<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    answer(patched::<S, K>(service, request, None, true).await)
}

/// Handles `PATCH` of an object of a kind that this API does not create.
pub(crate) async fn patch_existing<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    answer(patched::<S, K>(service, request, None, false).await)
}

/// Handles `PATCH` of the status of an object.
pub(crate) async fn patch_status<S: Serve<K>, K: Resource>(State(service): State<S>, request: Request) -> Response {
    answer(patched::<S, K>(service, request, Some(Subresource::Status), false).await)
}

fn answer(patched: Result<Response, Refusal>) -> Response {
    patched.unwrap_or_else(Refusal::into_response)
}

async fn patched<S: Serve<K>, K: Resource>(
    service: S,
    request: Request,
    part: Option<Subresource>,
    may_create: bool,
) -> Result<Response, Refusal> {
    let mut incoming = Incoming::authorized::<K>(service, request, Verb::Patch, part).await?;
    let (preconditions, options) = (preconditions(&incoming.head)?, write_options(&mut incoming.head)?);
    let report = options.report();
    let (subject, patch) = incoming.body::<Patch>().await?;
    let answer = match settled(&subject, &preconditions, &patch, may_create).await {
        Ok(Settled::Changes(found)) => changed(&subject, preconditions, options, patch, found).await,
        Ok(Settled::Creates) => created(&subject, options, patch).await,
        Err(problem) => Err(problem),
    };
    Ok(Reported::new(answer.map(ObjectResponse::new), report).into_response())
}

/// Effect of a patch.
enum Settled<K> {
    /// Changes an object. Contains the object if it had to be read.
    Changes(Option<K>),
    /// Creates an object.
    Creates,
}

/// Decides whether the patch changes or creates an object, because creations and changes are authorized and admitted
/// differently.
async fn settled<S: Serve<K>, K: Resource>(
    subject: &Subject<S>,
    preconditions: &Preconditions,
    patch: &Patch,
    may_create: bool,
) -> Result<Settled<K>, Problem> {
    let (call, key) = (subject.call(), subject.key()?);
    let backend = call.service.backend(call.caller);
    let visibility = call.service.visible(call.caller);
    if !visibility.is_everything() {
        // An apply could change a hidden object that is created at this moment, so it creates nothing here.
        return Ok(Settled::Changes(visibility.find(&backend, &key).await?));
    }
    if !patch.may_create() || subject.target.subresource.is_some() {
        return Ok(Settled::Changes(None));
    }
    match backend.get(&key).await {
        Ok(object) => Ok(Settled::Changes(Some(object))),
        Err(error) if error.reason == Reason::NotFound && may_create && *preconditions == Preconditions::default() => {
            call.service.authorize(call.caller, Verb::Create, &subject.target).await?;
            Ok(Settled::Creates)
        }
        Err(error) => Err(error.into()),
    }
}

async fn created<S: Serve<K>, K: Resource>(
    subject: &Subject<S>,
    options: WriteOptions,
    patch: Patch,
) -> Result<K, Problem> {
    let Patch::Apply(apply) = patch else {
        return Err(Problem::new(Reason::InternalError, "only a server-side apply can create an object"));
    };
    create::by_apply(subject.call(), &subject.target, subject.key()?, options, apply).await
}

async fn changed<S: Serve<K>, K: Resource>(
    subject: &Subject<S>,
    preconditions: Preconditions,
    mut options: WriteOptions,
    patch: Patch,
    found: Option<K>,
) -> Result<K, Problem> {
    if let Patch::Merge(patch) = &patch
        && declared::warned_of_merge::<K>(patch.as_value().clone(), &options).await?
    {
        options.field_validation = Some(FieldValidation::Ignore);
    }
    let (call, key, subresource) = (subject.call(), subject.key()?, subject.target.subresource);
    let backend = options.on(call.service.backend(call.caller))?;
    let preconditions = pinned(preconditions, found.as_ref());
    let mut write = AdmissionRequest::patch(&subject.target, &backend, &key, &options, patch, found);
    write.bound().await?;
    call.service.admit(call.caller, &mut write).await?;
    let preconditions = write.pinned(preconditions);
    let patch = write.into_patch()?;
    let request = PatchRequest { call, key: key.clone(), subresource, patch, preconditions, options };
    let changed = match subresource {
        None => call.service.patch(request).await?,
        Some(_) => call.service.patch_status(request).await?,
    };
    Ok(validate::answer(Serve::<K>::validation(call.service), changed, std::slice::from_ref).await)
}
