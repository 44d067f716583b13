//! First steps of every operation: authentication and authorization, before anything else is read.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use crdgen_backend::{self as backend, Error, Key, Name, Namespace, Reason};
use crdgen_core::Resource;

use super::Call;
use crate::permits::{self, PermitKind, WatchPermit};
use crate::problem::Problem;
use crate::{Policy, Principal, Subresource, Target, Verb, path};

/// Request of an authenticated and authorized caller. Its body has not been read.
pub(super) struct Incoming<S: Policy> {
    pub(super) subject: Subject<S>,
    pub(super) head: Parts,
    body: Body,
}

/// Caller who is known, with a permit among all requests.
pub(super) struct Authenticated<C> {
    pub(super) caller: C,
    pub(super) watch_permit: WatchPermit,
}

impl<C> Authenticated<C> {
    /// Authenticates the caller, and counts the request for the limits of the caller.
    pub(super) async fn of<S: Policy<Caller = C>>(
        service: &S,
        head: &mut Parts,
        kind: PermitKind,
    ) -> Result<Self, Refusal>
    where
        C: FromRequestParts<S> + Principal,
    {
        let caller = C::from_request_parts(head, service).await;
        let caller = caller.map_err(|rejection| Refusal::Caller(Box::new(rejection.into_response())))?;
        let id = caller.id();
        #[cfg(feature = "serve")]
        if !id.is_empty() {
            crate::trace::caller(id);
        }
        let watch_permit = permits::enter(&head.extensions, id, kind)?;
        Ok(Self { caller, watch_permit })
    }
}

/// Service, caller and target of a request.
pub(super) struct Subject<S: Policy> {
    pub(super) service: S,
    pub(super) caller: S::Caller,
    pub(super) target: Target,
    /// Permit of the caller among all requests.
    pub(super) watch_permit: WatchPermit,
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
        let kind = if verb == Verb::Watch { PermitKind::Watch } else { PermitKind::Request };
        let Authenticated { caller, watch_permit } = Authenticated::of(&service, &mut parts, kind).await?;
        let namespace: Option<Namespace> = path::parameter(&mut parts, path::NAMESPACE).await?;
        let name: Option<Name> = path::parameter(&mut parts, path::NAME).await?;
        let target = Target { subresource, name, ..Target::collection::<K>(namespace.as_ref()) };
        service.authorize(&caller, verb, &target).await?;
        let subject = Subject { service, caller, target, watch_permit };
        Ok(Self { subject, head: parts, body })
    }

    /// Reads the body. Returns the rest of the request as well.
    pub(super) async fn body<T>(self) -> Result<(Subject<S>, T), Problem>
    where
        T: FromRequest<(), Rejection = Problem> + 'static,
    {
        let request = Request::from_parts(self.head, self.body);
        Ok((self.subject, T::from_request(request, &()).await?))
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
