//! Namespace and name from the path of a request.

use std::str::FromStr;

use axum::RequestPartsExt;
use axum::extract::RawPathParams;
use axum::http::request::Parts;
use crdgen_backend::{Cause, MalformedInput, Reason};

use crate::problem::Problem;

/// Path parameter of the namespace.
pub(super) const NAMESPACE: &str = "namespace";
/// Path parameter of the object's name.
pub(super) const NAME: &str = "name";

/// Parses a path parameter. Returns `None` if the route has no parameter of this name.
pub(super) async fn parameter<T>(parts: &mut Parts, name: &str) -> Result<Option<T>, Problem>
where
    T: FromStr<Err = MalformedInput>,
{
    let parameters: RawPathParams =
        parts.extract().await.map_err(|error| Problem::new(Reason::BadRequest, format!("{error}")))?;
    let Some((_, value)) = parameters.iter().find(|(key, _)| *key == name) else { return Ok(None) };
    let parsed = value.parse().map_err(|malformed: MalformedInput| {
        Problem::from(malformed.clone()).with_cause(Cause::invalid(name, malformed.to_string()))
    });
    parsed.map(Some)
}
