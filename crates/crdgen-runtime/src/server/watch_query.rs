//! What to watch, and since when.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::query::{self, bad};
use crate::backend::{Reason, Start, WatchQuery};
use crate::problem::Problem;

const LAST_EVENT_ID: &str = "last-event-id";

/// `labelSelector`, `fieldSelector` and `resourceVersion`; the header `Last-Event-ID`, which a browser sends when it connects
/// again, over the latter. Any other parameter is refused, as in a list.
impl<S: Send + Sync> FromRequestParts<S> for WatchQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut query = Self::default();
        let known = "labelSelector, fieldSelector and resourceVersion are";
        query::read(parts, "a watch", known, |parameter, value| {
            match parameter {
                "labelSelector" => query.labels = value.parse().map_err(|error| bad(parameter, error))?,
                "fieldSelector" => query.fields = value.parse().map_err(|error| bad(parameter, error))?,
                "resourceVersion" => query.start = since(value),
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        if let Some(last) = parts.headers.get(LAST_EVENT_ID) {
            let last = last.to_str().map_err(|_| Problem::new(Reason::BadRequest, "Last-Event-ID is no version"))?;
            query.start = since(last);
        }
        Ok(query)
    }
}

/// No version, or the API server's word for any, begins with what is there.
fn since(version: &str) -> Start {
    match version {
        "" | "0" => Start::Everything,
        version => Start::After(version.to_owned()),
    }
}
