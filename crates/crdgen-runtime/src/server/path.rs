//! Names in the path of a request.

use std::str::FromStr;

use axum::RequestPartsExt;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::backend::{Cause, Malformed, Name, Namespace, Reason};
use crate::problem::Problem;

/// The parameter of a namespace.
pub(super) const NAMESPACE: &str = "namespace";
/// The parameter of a name.
pub(super) const NAME: &str = "name";

/// The path parameter `{namespace}`.
impl<S: Send + Sync> FromRequestParts<S> for Namespace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parameter(parts, NAMESPACE).await?.ok_or_else(|| missing(NAMESPACE))
    }
}

/// The path parameter `{name}`.
impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parameter(parts, NAME).await?.ok_or_else(|| missing(NAME))
    }
}

/// Reads a parameter of the path; `None` when the route has none of this name.
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
