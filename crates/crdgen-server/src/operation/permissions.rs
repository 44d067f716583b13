//! Permissions of the caller: which operations the [`Policy`] allows.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use crdgen_backend::{Cause, MalformedInput, Namespace, Reason};
use crdgen_core::{Resource, Scope};
use futures_util::future::join_all;
use serde::Serialize;

use super::incoming::{Authenticated, Refusal};
use crate::permits::PermitKind;
use crate::problem::Problem;
use crate::{Operations, Policy, Serve, Subresource, Target, Verb, method_not_allowed, query};

/// Kinds and verbs for which a caller can ask about permissions. Generated code makes this list, if `crdgen.toml` has
/// `permissions = true` in `[api]`. `Router::from` converts the list to the route `GET /permissions`, whose state is the
/// service.
///
/// The answer has the verbs that the caller may run on each kind, in the namespace of the query parameter `namespace`.
/// Without that parameter, the answer is about all namespaces. A user interface hides the actions that a caller may not
/// run.
///
/// The route asks [`Policy::authorize`] once for each verb of each kind. In the target, `name` is `None`, because the
/// question is about every object. A verb is left out if `authorize` returns `Forbidden` or `NotFound`. Every other
/// error is the answer to the request. A caller learns nothing about other callers, and nothing about objects.
///
/// The number of questions depends on the list, not on the request. At most eight of them run at a time. The request
/// counts for the limits of its caller like any other.
///
/// `authorize` decides about requests, not about objects: a request that the permissions contain can still be refused by
/// [`Serve::admit`], or meet a hidden object. A service whose `authorize` allows everything, because an API server
/// authorizes each request, answers with every verb.
///
/// # Examples
///
/// ```
/// # use crdgen_runtime::Resource;
/// # use crdgen_runtime::server::{Operations, Permissions, Serve};
/// # fn routes<S: Serve<K>, K: Resource>() -> axum::Router<S> {
/// let boats = Operations::<S, K>::new().list("listBoats").create("createBoat");
/// let permissions = Permissions::new().of(&boats);
/// axum::Router::from(boats).merge(axum::Router::from(permissions))
/// # }
/// ```
#[must_use]
pub struct Permissions<S> {
    offers: Vec<Offer>,
    service: PhantomData<fn() -> S>,
}

/// Verbs that an API offers on a kind, or on a subresource of a kind.
struct Offer {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    plural: &'static str,
    scope: Scope,
    subresource: Option<Subresource>,
    verbs: Vec<Verb>,
}

/// Maximum number of questions to the policy that one request asks at a time.
const AT_A_TIME: usize = 8;

impl<S: Policy> Permissions<S> {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self { offers: Vec::new(), service: PhantomData }
    }

    /// Adds the operations on a kind.
    pub fn of<K: Resource>(mut self, operations: &Operations<S, K>) -> Self
    where
        S: Serve<K>,
    {
        let first = self.offers.len();
        for (verb, subresource) in operations.verbs() {
            let of_kind = self.offers[first..].iter().position(|offer| offer.subresource == subresource);
            let offer = match of_kind {
                Some(index) => &mut self.offers[first + index],
                None => {
                    self.offers.push(Offer::new::<K>(subresource));
                    let last = self.offers.len() - 1;
                    &mut self.offers[last]
                }
            };
            if !offer.verbs.contains(&verb) {
                offer.verbs.push(verb);
            }
        }
        self
    }
}

impl<S: Policy> Default for Permissions<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Permissions<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.offers.iter().map(|offer| (offer.resource(), &offer.verbs))).finish()
    }
}

impl<S: Policy> From<Permissions<S>> for Router<S> {
    fn from(permissions: Permissions<S>) -> Self {
        let offers: Arc<[Offer]> = permissions.offers.into();
        let handler = async move |State(service): State<S>, request: Request| {
            let allowed = allowed(&service, &offers, request).await?;
            // Strings, and lists of them: serializing them cannot fail.
            let body = serde_json::to_vec(&allowed).unwrap_or_default();
            Ok::<_, Refusal>(([(header::CONTENT_TYPE, "application/json")], body).into_response())
        };
        Router::new().route("/permissions", get(handler)).method_not_allowed_fallback(method_not_allowed)
    }
}

impl Offer {
    fn new<K: Resource>(subresource: Option<Subresource>) -> Self {
        Self {
            group: K::GROUP,
            version: K::VERSION,
            kind: K::KIND,
            plural: K::PLURAL,
            scope: K::SCOPE,
            subresource,
            verbs: Vec::new(),
        }
    }

    /// Returns the name of the resource as a role has it, for example `boats/status`.
    fn resource(&self) -> String {
        match self.subresource {
            Some(subresource) => format!("{}/{}", self.plural, subresource.as_str()),
            None => self.plural.to_owned(),
        }
    }

    fn target(&self, namespace: Option<&Namespace>) -> Target {
        Target {
            group: self.group,
            version: self.version,
            resource: self.plural,
            subresource: self.subresource,
            namespace: namespace.filter(|_| self.scope == Scope::Namespaced).cloned(),
            name: None,
        }
    }
}

/// Body of the answer.
#[derive(Serialize)]
struct Allowed {
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<Namespace>,
    items: Vec<Permission>,
}

/// Verbs that the caller may run on a kind, or on a subresource of a kind.
#[derive(Serialize)]
struct Permission {
    group: &'static str,
    version: &'static str,
    kind: &'static str,
    resource: String,
    verbs: Vec<&'static str>,
}

async fn allowed<S: Policy>(service: &S, offers: &[Offer], request: Request) -> Result<Allowed, Refusal> {
    let (mut head, _) = request.into_parts();
    let Authenticated { caller, .. } = Authenticated::of(service, &mut head, PermitKind::Request).await?;
    let mut namespace = None;
    query::read(&head, "permissions", "namespace", |parameter, value| {
        if parameter != "namespace" {
            return Ok(false);
        }
        let malformed = |found: MalformedInput| {
            Problem::from(found.clone()).with_cause(Cause::invalid("namespace", found.to_string()))
        };
        namespace = Some(value.parse::<Namespace>().map_err(malformed)?);
        Ok(true)
    })?;
    let mut items = Vec::new();
    for offer in offers {
        let target = offer.target(namespace.as_ref());
        let mut verbs = Vec::new();
        for some in offer.verbs.chunks(AT_A_TIME) {
            let answers = join_all(some.iter().map(|verb| service.authorize(&caller, *verb, &target))).await;
            for (verb, answer) in some.iter().zip(answers) {
                match answer {
                    Ok(()) => verbs.push(verb.as_str()),
                    Err(problem) if matches!(problem.reason, Reason::Forbidden | Reason::NotFound) => {}
                    Err(problem) => return Err(problem.into()),
                }
            }
        }
        if !verbs.is_empty() {
            let Offer { group, version, kind, .. } = *offer;
            items.push(Permission { group, version, kind, resource: offer.resource(), verbs });
        }
    }
    Ok(Allowed { namespace, items })
}
