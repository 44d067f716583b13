//! Names in the path of a request.

use axum::RequestPartsExt;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use crate::backend::{Cause, Malformed, Name, Namespace, Reason};
use crate::problem::Problem;

/// The path parameter `{namespace}`.
impl<S: Send + Sync> FromRequestParts<S> for Namespace {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parameter(parts, "namespace").await
    }
}

/// The path parameter `{name}`.
impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parameter(parts, "name").await
    }
}

async fn parameter<T>(parts: &mut Parts, name: &str) -> Result<T, Problem>
where
    T: std::str::FromStr<Err = Malformed>,
{
    let parameters: RawPathParams =
        parts.extract().await.map_err(|error| Problem::new(Reason::BadRequest, format!("{error}")))?;
    let Some((_, value)) = parameters.iter().find(|(key, _)| *key == name) else {
        return Err(Problem::new(Reason::InternalError, format!("the route has no {{{name}}}")));
    };
    value.parse().map_err(|malformed: Malformed| {
        Problem::from(malformed.clone()).with_cause(Cause::invalid(name, malformed.to_string()))
    })
}
