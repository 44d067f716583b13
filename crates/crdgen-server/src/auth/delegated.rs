//! Authentication and authorization of callers by the API server.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{Request, header};
use crdgen_backend::Reason;
use serde::Deserialize as _;
use serde::de::DeserializeOwned;

use super::lane::Lane;
use super::memo::{Digest, Memo};
use super::review::{AccessReview, AccessStatus, Answered, Asked, Review, TokenReview, TokenStatus};
use super::{AuthRejection, CacheTtls, Token, User};
use crate::flights::Flights;
use crate::problem::Problem;
use crate::{Target, Verb, trace};

/// Time limit for a review, including the time that it waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Number of reviews at a time, and of waiting reviews, for tokens that have not belonged to a user before. The sum is
/// larger than the number of requests that one address can have by default.
const STRANGERS: (usize, usize) = (32, 128);
/// Number of reviews at a time, and of waiting reviews, for known callers.
const KNOWN: (usize, usize) = (64, 512);

/// Client for the API server's `TokenReview` (authentication) and `SubjectAccessReview` (authorization). The service's
/// own account needs `create` on both; the cluster role `system:auth-delegator` grants it. Clones share one cache.
///
/// Answers are cached for a short while ([`CacheTtls`]), failures are not. An answer that is not an explicit yes counts
/// as a no. Concurrent requests with the same question share one review.
///
/// A flood of unknown tokens does not reach the API server: 32 of them are reviewed at a time, 128 wait, and further
/// ones are refused with 429. Known callers have separate limits, 64 and 512. These apply to authorization, and to
/// tokens that belonged to a user before.
///
/// A service whose state provides a `DelegatedAuth` (`FromRef`) can use [`User`] as its `Caller`.
#[derive(Clone)]
pub struct DelegatedAuth(Arc<Shared>);

struct Shared {
    client: kube::Client,
    audiences: Vec<String>,
    // Separate caches, so that a flood of invalid tokens does not evict those of users.
    users: Memo<User>,
    nobodies: Memo<()>,
    allowed: Memo<()>,
    denied: Memo<()>,
    strangers: Lane,
    known: Lane,
    tokens: Flights<Digest, Result<Option<User>, Problem>>,
    rights: Flights<Digest, Result<bool, Problem>>,
}

impl DelegatedAuth {
    /// Creates a client that accepts tokens for the API server's own audiences.
    pub fn new(client: kube::Client) -> Self {
        Self::with(client, Vec::new(), CacheTtls::default())
    }

    /// Creates a client that accepts tokens for one of `audiences`, with the given `ttls` of cached answers. An
    /// empty list accepts tokens for the API server's own audiences. Other services do not accept a token whose only
    /// audience is this service.
    pub fn with(client: kube::Client, audiences: Vec<String>, ttls: CacheTtls) -> Self {
        Self(Arc::new(Shared {
            client,
            audiences,
            users: Memo::new(ttls.authenticated),
            nobodies: Memo::new(ttls.unauthenticated),
            allowed: Memo::new(ttls.allowed),
            denied: Memo::new(ttls.denied),
            strangers: Lane::new(STRANGERS.0, STRANGERS.1),
            known: Lane::new(KNOWN.0, KNOWN.1),
            tokens: Flights::default(),
            rights: Flights::default(),
        }))
    }

    /// Returns the user whom a token belongs to.
    ///
    /// # Errors
    ///
    /// [`Unauthorized`](Reason::Unauthorized) when the token belongs to nobody,
    /// [`TooManyRequests`](Reason::TooManyRequests) when too many unknown tokens are being reviewed,
    /// [`ServiceUnavailable`](Reason::ServiceUnavailable) when the API server gives no answer.
    pub async fn user(&self, token: &Token) -> Result<User, AuthRejection> {
        let digest = token.digest();
        if let Some(user) = self.0.users.get(&digest) {
            return Ok(user);
        }
        if self.0.nobodies.get(&digest).is_some() {
            return Err(AuthRejection::unknown());
        }
        let request = request(&TokenReview::new(token, &self.0.audiences))?;
        let shared = self.0.clone();
        let user = self.0.tokens.join(digest, async move { shared.user(digest, request).await }).await?;
        user.ok_or_else(AuthRejection::unknown)
    }

    /// Returns `Ok` if the user may run `verb` on `target`. Implements `authorize` of a service.
    ///
    /// # Errors
    ///
    /// [`Forbidden`](Reason::Forbidden) when the user may not, [`TooManyRequests`](Reason::TooManyRequests) when too
    /// many reviews are waiting, [`ServiceUnavailable`](Reason::ServiceUnavailable) when the API server gives no
    /// answer.
    pub async fn authorize(&self, user: &User, verb: Verb, target: &Target) -> Result<(), Problem> {
        let review = AccessReview::new(user, verb, target);
        let digest = review.digest();
        if self.0.allowed.get(&digest).is_some() {
            return Ok(());
        }
        if self.0.denied.get(&digest).is_some() {
            return Err(forbidden(user, verb, target));
        }
        let request = request(&review)?;
        let shared = self.0.clone();
        let may = self.0.rights.join(digest, async move { shared.may(digest, request).await }).await?;
        if may { Ok(()) } else { Err(forbidden(user, verb, target)) }
    }
}

/// Reads the bearer token, and asks the service's [`DelegatedAuth`] for its user.
impl<S> FromRequestParts<S> for User
where
    S: Send + Sync,
    DelegatedAuth: FromRef<S>,
{
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthRejection> {
        let token = Token::of(&parts.headers)?;
        let user = DelegatedAuth::from_ref(state).user(&token).await?;
        trace::caller(user.name());
        Ok(user)
    }
}

impl Shared {
    /// Sends the `TokenReview`, and caches the answer.
    async fn user(&self, digest: Digest, request: Request<Vec<u8>>) -> Result<Option<User>, Problem> {
        let lane = if self.users.has_had(&digest) { &self.known } else { &self.strangers };
        let status: TokenStatus = self.ask(lane, request).await?;
        let is_meant =
            self.audiences.is_empty() || self.audiences.iter().any(|audience| status.audiences.contains(audience));
        match status.user.filter(|_| status.authenticated && is_meant) {
            Some(user) => {
                let user = User::deserialize(user).map_err(unavailable)?;
                self.users.put(digest, user.clone());
                Ok(Some(user))
            }
            None => {
                self.users.forget(&digest);
                self.nobodies.put(digest, ());
                Ok(None)
            }
        }
    }

    /// Sends the `SubjectAccessReview`, and caches the answer.
    async fn may(&self, digest: Digest, request: Request<Vec<u8>>) -> Result<bool, Problem> {
        let status: AccessStatus = self.ask(&self.known, request).await?;
        let may = status.allowed && !status.denied;
        if may { &self.allowed } else { &self.denied }.put(digest, ());
        Ok(may)
    }

    async fn ask<S: DeserializeOwned>(&self, lane: &Lane, request: Request<Vec<u8>>) -> Result<S, Problem> {
        let question = async { self.client.request::<Answered<S>>(request).await.map_err(unavailable) };
        Ok(tokio::time::timeout(PATIENCE, lane.ask(question)).await.map_err(unavailable)??.status)
    }
}

/// Builds the HTTP request of a review.
fn request<R: Review>(review: &R) -> Result<Request<Vec<u8>>, Problem> {
    let asked = Asked { api_version: R::API_VERSION, kind: R::KIND, spec: review };
    let body = serde_json::to_vec(&asked).map_err(unavailable)?;
    Request::post(R::PATH).header(header::CONTENT_TYPE, "application/json").body(body).map_err(unavailable)
}

/// Returns the 503 problem. The cause is for the logs; callers learn only that they should try again.
fn unavailable(source: impl std::error::Error + Send + Sync + 'static) -> Problem {
    Problem::new(Reason::ServiceUnavailable, "callers cannot be checked now; try again later").with_source(source)
}

/// Returns the 403 problem, in the form of an API server's message. The API server's reasons are left out, because they
/// name roles.
fn forbidden(user: &User, verb: Verb, target: &Target) -> Problem {
    let subresource = target.subresource.map(|part| format!("/{}", part.as_str())).unwrap_or_default();
    let place = match &target.namespace {
        Some(namespace) => format!("in the namespace {:?}", namespace.as_str()),
        None => "at the cluster scope".to_owned(),
    };
    let what = format!("{}.{}{subresource}", target.resource, target.group);
    Problem::new(Reason::Forbidden, format!("{:?} may not {} {what} {place}", user.name(), verb.as_str()))
}

impl fmt::Debug for DelegatedAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DelegatedAuth").field("audiences", &self.0.audiences).finish_non_exhaustive()
    }
}
