//! First steps of every operation: authentication and authorization, before anything else is read.

use std::convert::Infallible;

use axum::RequestExt as _;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};

use super::Call;
use crate::Resource;
use crate::backend::{self, Error, Key, Name, Namespace, Reason};
use crate::problem::Problem;
use crate::server::places::{self, Sort, Ticket};
use crate::server::{Policy, Principal as _, Subresource, Target, Verb, path};

/// Request of an authenticated and authorized caller. Its body has not been read.
pub(super) struct Incoming<S: Policy> {
    pub(super) subject: Subject<S>,
    request: Request,
}

/// Service, caller and target of a request.
pub(super) struct Subject<S: Policy> {
    pub(super) service: S,
    pub(super) caller: S::Caller,
    pub(super) target: Target,
    /// Place of the caller among all requests.
    pub(super) ticket: Ticket,
}

impl<S: Policy> Incoming<S> {
    /// Authenticates the caller, and authorizes `verb` on the collection or object in the path.
    pub(super) async fn authorized<K: Resource>(
        service: S,
        request: Request,
        verb: Verb,
        subresource: Option<Subresource>,
    ) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let caller = S::Caller::from_request_parts(&mut parts, &service).await;
        let caller = caller.map_err(|rejection| Refusal::Caller(Box::new(rejection.into_response())))?;
        let id = caller.id();
        #[cfg(feature = "serve")]
        if !id.is_empty() {
            crate::server::trace::caller(id);
        }
        let sort = if verb == Verb::Watch { Sort::Watch } else { Sort::Request };
        let ticket = places::enter(&parts.extensions, id, sort)?;
        let namespace: Option<Namespace> = path::parameter(&mut parts, path::NAMESPACE).await?;
        let name: Option<Name> = path::parameter(&mut parts, path::NAME).await?;
        let target = Target { subresource, name, ..Target::collection::<K>(namespace.as_ref()) };
        service.authorize(&caller, verb, &target).await?;
        let subject = Subject { service, caller, target, ticket };
        Ok(Self { subject, request: Request::from_parts(parts, body) })
    }

    /// Reads an extractor from the head: the query or a header.
    pub(super) async fn part<T>(&mut self) -> Result<T, Problem>
    where
        T: FromRequestParts<(), Rejection = Problem> + 'static,
    {
        self.request.extract_parts().await
    }

    /// Reads the body.
    pub(super) async fn body<T>(&mut self) -> Result<T, Problem>
    where
        T: FromRequest<(), Rejection = Problem> + 'static,
    {
        T::from_request(std::mem::take(&mut self.request), &()).await
    }
}

impl<S: Policy> Subject<S> {
    pub(super) fn call(&self) -> Call<'_, S> {
        Call { service: &self.service, caller: &self.caller }
    }

    /// Returns the key of the object in the path.
    pub(super) fn key(&self) -> Result<Key, Problem> {
        let Some(name) = self.target.name.clone() else {
            return Err(Problem::new(Reason::InternalError, "the route has no {name}"));
        };
        Ok(Key { namespace: self.target.namespace.clone(), name })
    }
}

/// Answer to a request that the policy or the store step refuses.
pub(super) enum Refusal {
    /// Problem document.
    Problem(Problem),
    /// Rejection of a caller who is not known, in the form that the service chose.
    Caller(Box<Response>),
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Error> for Refusal {
    fn from(error: backend::Error) -> Self {
        Self::Problem(error.into())
    }
}

impl From<Infallible> for Refusal {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Problem(problem) => problem.into_response(),
            Self::Caller(response) => *response,
        }
    }
}
