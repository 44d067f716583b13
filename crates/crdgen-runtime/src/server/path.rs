//! Namespace and name from the path of a request.

use std::str::FromStr;

use axum::RequestPartsExt;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::backend::{Cause, Malformed, Name, Namespace, Reason};
use crate::problem::Problem;

/// Path parameter of the namespace.
pub(super) const NAMESPACE: &str = "namespace";
/// Path parameter of the object's name.
pub(super) const NAME: &str = "name";

/// Reads the path parameter `{namespace}`.
impl<S: Send + Sync> FromRequestParts<S> for Namespace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parameter(parts, NAMESPACE).await?.ok_or_else(|| missing(NAMESPACE))
    }
}

/// Reads the path parameter `{name}`.
impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parameter(parts, NAME).await?.ok_or_else(|| missing(NAME))
    }
}

/// Parses a path parameter. Returns `None` if the route has no parameter of this name.
pub(super) async fn parameter<T>(parts: &mut Parts, name: &str) -> Result<Option<T>, Problem>
where
    T: FromStr<Err = Malformed>,
{
    let parameters: RawPathParams =
        parts.extract().await.map_err(|error| Problem::new(Reason::BadRequest, format!("{error}")))?;
    let Some((_, value)) = parameters.iter().find(|(key, _)| *key == name) else { return Ok(None) };
    let parsed = value.parse().map_err(|malformed: Malformed| {
        Problem::from(malformed.clone()).with_cause(Cause::invalid(name, malformed.to_string()))
    });
    parsed.map(Some)
}

fn missing(name: &str) -> Problem {
    Problem::new(Reason::InternalError, format!("the route has no {{{name}}}"))
}
