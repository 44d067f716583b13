//! Asking the API server who calls, and whether they may.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, header};
use serde::Deserialize as _;
use serde::de::DeserializeOwned;

use super::lane::Lane;
use super::memo::{Digest, Memo};
use super::review::{AccessReview, AccessStatus, Answered, Asked, Review, TokenReview, TokenStatus};
use super::{Lifetimes, Refused, Token, User};
use crate::backend::Reason;
use crate::problem::Problem;
use crate::server::flights::Flights;
use crate::server::{Target, Verb};

/// Time that a question has, with the time that it waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// Questions at once about tokens that have not been anybody's, and those that wait. More than one address has requests by
/// default.
const STRANGERS: (usize, usize) = (32, 128);
/// The same about callers who are known.
const KNOWN: (usize, usize) = (64, 512);

/// Asks the API server whom a token belongs to (`TokenReview`) and whether they may (`SubjectAccessReview`), by the service's
/// own account, which needs `create` on both: the cluster role `system:auth-delegator` has it. Clones share what they
/// remember.
///
/// Answers are remembered for a short while ([`Lifetimes`]), failures are not; an answer that is not a yes is a no. A question
/// that is under way is not asked again.
///
/// A flood of unknown tokens is not passed on to the API server: 32 of them are asked about at once, 128 wait, and further
/// ones are refused with 429. Known callers have places of their own, 64 and 512: for whether they may, and for tokens that
/// were somebody's before.
///
/// A service whose state a `Reviewer` can be taken from (`FromRef`) has [`User`] as its `Caller`.
#[derive(Clone)]
pub struct Reviewer(Arc<Shared>);

struct Shared {
    client: kube::Client,
    audiences: Vec<String>,
    // Apart, so that a flood of tokens that are nobody's does not drive out those of users.
    users: Memo<User>,
    nobodies: Memo<()>,
    allowed: Memo<()>,
    denied: Memo<()>,
    strangers: Lane,
    known: Lane,
    tokens: Flights<Digest, Result<Option<User>, Problem>>,
    rights: Flights<Digest, Result<bool, Problem>>,
}

impl Reviewer {
    /// Asks by this client, and takes tokens that are meant for the API server.
    pub fn new(client: kube::Client) -> Self {
        Self::with(client, Vec::new(), Lifetimes::default())
    }

    /// As [`new`](Self::new), with tokens that are meant for one of these audiences (any of the API server's own if there is
    /// none), and other lifetimes. A token that is meant for this service alone is of no use to it elsewhere.
    pub fn with(client: kube::Client, audiences: Vec<String>, lifetimes: Lifetimes) -> Self {
        Self(Arc::new(Shared {
            client,
            audiences,
            users: Memo::new(lifetimes.user),
            nobodies: Memo::new(lifetimes.nobody),
            allowed: Memo::new(lifetimes.allowed),
            denied: Memo::new(lifetimes.denied),
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
    /// [`Unauthorized`](Reason::Unauthorized) when it is nobody's, [`TooManyRequests`](Reason::TooManyRequests) when too many
    /// unknown tokens are being asked about, [`ServiceUnavailable`](Reason::ServiceUnavailable) when the API server does not
    /// say.
    pub async fn user(&self, token: &Token) -> Result<User, Refused> {
        let digest = token.digest();
        if let Some(user) = self.0.users.get(&digest) {
            return Ok(user);
        }
        if self.0.nobodies.get(&digest).is_some() {
            return Err(Refused::unknown());
        }
        let request = request(&TokenReview::new(token, &self.0.audiences))?;
        let shared = self.0.clone();
        let user = self.0.tokens.join(digest, async move { shared.user(digest, request).await }).await?;
        user.ok_or_else(Refused::unknown)
    }

    /// Returns `Ok` when a user may; for `authorize` to call.
    ///
    /// # Errors
    ///
    /// [`Forbidden`](Reason::Forbidden) when not, [`TooManyRequests`](Reason::TooManyRequests) when too many callers are being
    /// checked, [`ServiceUnavailable`](Reason::ServiceUnavailable) when the API server does not say.
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

impl Shared {
    /// Asks whom a token belongs to, and remembers the answer.
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

    /// Asks whether a user may, and remembers the answer.
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

/// The request that asks a question.
fn request<R: Review>(review: &R) -> Result<Request<Vec<u8>>, Problem> {
    let asked = Asked { api_version: R::API_VERSION, kind: R::KIND, spec: review };
    let body = serde_json::to_vec(&asked).map_err(unavailable)?;
    Request::post(R::PATH).header(header::CONTENT_TYPE, "application/json").body(body).map_err(unavailable)
}

/// Callers are told that they have to come back, and not what went wrong.
fn unavailable(source: impl std::error::Error + Send + Sync + 'static) -> Problem {
    Problem::new(Reason::ServiceUnavailable, "callers cannot be checked now; try again later").with_source(source)
}

/// In the words of an API server, without its reasons: they name roles.
fn forbidden(user: &User, verb: Verb, target: &Target) -> Problem {
    let subresource = target.subresource.map(|part| format!("/{}", part.as_str())).unwrap_or_default();
    let place = match &target.namespace {
        Some(namespace) => format!("in the namespace {:?}", namespace.as_str()),
        None => "at the cluster scope".to_owned(),
    };
    let what = format!("{}.{}{subresource}", target.resource, target.group);
    Problem::new(Reason::Forbidden, format!("{:?} may not {} {what} {place}", user.name(), verb.as_str()))
}

impl fmt::Debug for Reviewer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reviewer").field("audiences", &self.0.audiences).finish_non_exhaustive()
    }
}
