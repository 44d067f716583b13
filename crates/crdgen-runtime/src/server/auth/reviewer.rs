//! Asking the API server who calls, and whether they may.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{Request, header};
use serde::Deserialize as _;
use tokio::sync::Semaphore;

use super::memo::Memo;
use super::review::{AccessReview, Answered, Asked, Review, TokenReview};
use super::{Lifetimes, Refused, Token, User};
use crate::backend::Reason;
use crate::problem::Problem;
use crate::server::{Target, Verb};

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Questions at once: a flood of unknown tokens is not passed on to the API server.
const QUESTIONS: usize = 64;

/// Asks the API server whom a token belongs to (`TokenReview`) and whether they may (`SubjectAccessReview`), by the service's
/// own account, which needs `create` on both: the cluster role `system:auth-delegator` has it. Answers are remembered for a
/// short while, failures are not; whatever is not a yes is a no. Clones share what they remember.
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
    questions: Semaphore,
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
            questions: Semaphore::new(QUESTIONS),
        }))
    }

    /// Whom a token belongs to.
    ///
    /// # Errors
    ///
    /// [`Unauthorized`](Reason::Unauthorized) when it is nobody's, [`ServiceUnavailable`](Reason::ServiceUnavailable) when the
    /// API server does not say.
    pub async fn user(&self, token: &Token) -> Result<User, Refused> {
        let shared = &self.0;
        let digest = token.digest();
        if let Some(user) = shared.users.get(&digest) {
            return Ok(user);
        }
        if shared.nobodies.get(&digest).is_some() {
            return Err(Refused::unknown());
        }
        let status = shared.ask(&TokenReview::new(token, &shared.audiences)).await?;
        let is_meant =
            shared.audiences.is_empty() || shared.audiences.iter().any(|audience| status.audiences.contains(audience));
        match status.user.filter(|_| status.authenticated && is_meant) {
            Some(user) => {
                let user = User::deserialize(user).map_err(unavailable)?;
                shared.users.put(digest, user.clone());
                Ok(user)
            }
            None => {
                shared.nobodies.put(digest, ());
                Err(Refused::unknown())
            }
        }
    }

    /// Whether a user may; what to call from `authorize`.
    ///
    /// # Errors
    ///
    /// [`Forbidden`](Reason::Forbidden) when not, [`ServiceUnavailable`](Reason::ServiceUnavailable) when the API server does
    /// not say.
    pub async fn authorize(&self, user: &User, verb: Verb, target: &Target) -> Result<(), Problem> {
        let shared = &self.0;
        let review = AccessReview::new(user, verb, target);
        let digest = review.digest();
        if shared.allowed.get(&digest).is_some() {
            return Ok(());
        }
        if shared.denied.get(&digest).is_some() {
            return Err(forbidden(user, verb, target));
        }
        let status = shared.ask(&review).await?;
        if status.allowed && !status.denied {
            shared.allowed.put(digest, ());
            return Ok(());
        }
        shared.denied.put(digest, ());
        Err(forbidden(user, verb, target))
    }
}

impl Shared {
    async fn ask<R: Review>(&self, review: &R) -> Result<R::Status, Problem> {
        let asked = Asked { api_version: R::API_VERSION, kind: R::KIND, spec: review };
        let body = serde_json::to_vec(&asked).map_err(unavailable)?;
        let request = Request::post(R::PATH).header(header::CONTENT_TYPE, "application/json").body(body);
        let request = request.map_err(unavailable)?;
        let answer = async {
            let _place = self.questions.acquire().await.map_err(unavailable)?;
            self.client.request::<Answered<R::Status>>(request).await.map_err(unavailable)
        };
        Ok(tokio::time::timeout(PATIENCE, answer).await.map_err(unavailable)??.status)
    }
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
