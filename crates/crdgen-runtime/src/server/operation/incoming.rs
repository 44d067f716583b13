//! A request on its way into an operation: first who calls, then whether they may, then everything else.

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

/// A request of a caller who is known and may do what it asks. Nothing of its body has been read.
pub(super) struct Incoming<S: Policy> {
    pub(super) subject: Subject<S>,
    request: Request,
}

/// Who asks, and for what.
pub(super) struct Subject<S: Policy> {
    pub(super) service: S,
    pub(super) caller: S::Caller,
    pub(super) target: Target,
    /// The caller's place among all requests.
    pub(super) ticket: Ticket,
}

impl<S: Policy> Incoming<S> {
    /// Finds out who calls and whether they may run `verb` on the collection or object that the path names.
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

    /// Reads a part of the head: the query, or a header.
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

    /// The object that the path names.
    pub(super) fn key(&self) -> Result<Key, Problem> {
        let Some(name) = self.target.name.clone() else {
            return Err(Problem::new(Reason::InternalError, "the route has no {name}"));
        };
        Ok(Key { namespace: self.target.namespace.clone(), name })
    }
}

/// The answer to a request that the policy or the store step refuses.
pub(super) enum Refusal {
    /// A problem.
    Problem(Problem),
    /// The rejection of a caller who is not known, in the form that the service chose.
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
