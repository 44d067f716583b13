//! Deletion of the objects that a query selects.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Backend, Error, Key, ListQuery, Namespace, Preconditions, Reason, WriteOptions};
use crdgen_core::{List, Metadata as _, Resource};

use super::Call;
use super::incoming::{Incoming, Refusal, Subject};
use crate::delete_options::{CollectionQuery, DeleteOptions};
use crate::problem::Problem;
use crate::{AdmissionRequest, Policy, Reported, Serve, Target, Verb, reply};

/// Collection deletion that the policy allows.
#[derive(Debug)]
pub struct DeleteCollectionRequest<'a, S: Policy, K: Resource> {
    call: Call<'a, S>,
    /// Namespace; `None` for a cluster-scoped kind.
    pub namespace: Option<Namespace>,
    /// Selectors of the objects to delete.
    pub query: ListQuery,
    /// Options of the deletion.
    pub options: WriteOptions,
    /// Objects to delete, each admitted. `None` if the policy did not check them one by one.
    found: Option<List<K>>,
}

impl<'a, S: Serve<K>, K: Resource> DeleteCollectionRequest<'a, S, K> {
    /// Returns the caller.
    pub fn caller(&self) -> &'a S::Caller {
        self.call.caller
    }

    /// Returns the objects to delete, if the policy has checked them one by one. A store step must then delete no
    /// others. `None` means every object that the query selects.
    pub fn found(&self) -> Option<&List<K>> {
        self.found.as_ref()
    }

    /// Deletes the objects from the backend.
    ///
    /// # Errors
    ///
    /// Returns the backend's error. Objects that were deleted before the error stay deleted.
    pub async fn run(self) -> Result<List<K>, Problem> {
        let backend = self.options.on(self.call.service.backend(self.call.caller))?;
        Ok(match self.found {
            Some(found) => delete_each(&backend, found).await?,
            None => backend.delete_collection(self.namespace.as_ref(), &self.query).await?,
        })
    }
}

/// Handles `DELETE` of a collection.
pub(crate) async fn delete_collection<S: Serve<K>, K: Resource>(
    State(service): State<S>,
    request: Request,
) -> Response {
    deleted::<S, K>(service, request).await.unwrap_or_else(Refusal::into_response)
}

async fn deleted<S: Serve<K>, K: Resource>(service: S, request: Request) -> Result<Response, Refusal> {
    let incoming = Incoming::authorized::<K>(service, request, Verb::DeleteCollection, None).await?;
    let CollectionQuery { query, options } = CollectionQuery::read(&incoming.head)?;
    let report = options.report();
    let (subject, said) = incoming.body::<DeleteOptions>().await?;
    let (preconditions, options) = (said.preconditions(Preconditions::default())?, said.options(options)?);
    let answer = admitted::<S, K>(&subject, query, preconditions, options).await;
    let answer = answer.map(reply::list).map_err(|problem| said.conflict(problem));
    Ok(Reported::new(answer, report).into_response())
}

async fn admitted<S: Serve<K>, K: Resource>(
    subject: &Subject<S>,
    query: ListQuery,
    preconditions: Preconditions,
    options: WriteOptions,
) -> Result<List<K>, Problem> {
    let (call, namespace) = (subject.call(), subject.target.namespace.clone());
    let visibility = call.service.visible(call.caller);
    let mut write = AdmissionRequest::delete_many(&subject.target);
    call.service.admit(call.caller, &mut write).await?;
    let of_each = write.was_asked() || !visibility.is_everything() || preconditions != Preconditions::default();
    let found = match of_each {
        false => None,
        true => {
            let backend = call.service.backend(call.caller);
            let mut found = backend.list(namespace.as_ref(), &query).await?;
            found.items.retain(|object| visibility.sees(object));
            found.metadata.remaining_item_count = None;
            admit_each(call, &found, &preconditions).await?;
            Some(found)
        }
    };
    call.service.delete_collection(DeleteCollectionRequest { call, namespace, query, options, found }).await
}

/// Admits the deletion of each object, before any is deleted.
async fn admit_each<S: Serve<K>, K: Resource>(
    call: Call<'_, S>,
    found: &List<K>,
    preconditions: &Preconditions,
) -> Result<(), Problem> {
    for object in &found.items {
        let key = Key::of(object)?;
        preconditions.check(object)?;
        let target = Target::object::<K>(&key);
        let mut write = AdmissionRequest::delete_found(&target, object.clone());
        call.service.admit(call.caller, &mut write).await?;
    }
    Ok(())
}

/// Deletes the objects one by one. An object that is gone, or was replaced by another of its name, is skipped.
async fn delete_each<K: Resource>(backend: &impl Backend<K>, found: List<K>) -> Result<List<K>, Error> {
    for object in &found.items {
        let uid = object.metadata().uid().map(str::to_owned);
        let key = Key::of(object).map_err(Error::internal)?;
        let deleted = backend.delete(&key, &Preconditions { uid, resource_version: None }).await;
        match deleted {
            Err(error) if !matches!(error.reason, Reason::NotFound | Reason::PreconditionFailed) => return Err(error),
            _ => {}
        }
    }
    Ok(found)
}
