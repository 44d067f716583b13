//! Query parameters of a watch.

use axum::http::request::Parts;
use crdgen_backend::{Reason, Start, WatchQuery};

use super::query::{self, bad};
use crate::problem::Problem;

const LAST_EVENT_ID: &str = "last-event-id";

/// Reads `labelSelector`, `fieldSelector` and `resourceVersion`. The header `Last-Event-ID`, which a browser sends when
/// it reconnects, takes precedence over `resourceVersion`. Any other parameter is refused.
pub(super) fn watch_query(head: &Parts) -> Result<WatchQuery, Problem> {
    let mut query = WatchQuery::default();
    let known = "labelSelector, fieldSelector and resourceVersion";
    query::read(head, "a watch", known, |parameter, value| {
        match parameter {
            "labelSelector" => query.labels = value.parse().map_err(|error| bad(parameter, error))?,
            "fieldSelector" => query.fields = value.parse().map_err(|error| bad(parameter, error))?,
            "resourceVersion" => query.start = since(value).ok_or_else(|| bad(parameter, "not a resource version"))?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    if let Some(last) = head.headers.get(LAST_EVENT_ID) {
        let start = last.to_str().ok().and_then(since);
        query.start =
            start.ok_or_else(|| Problem::new(Reason::BadRequest, "Last-Event-ID is not a resource version"))?;
    }
    Ok(query)
}

/// Parses the version after which a watch resumes. No version, and `0` (any version on an API server), start with the
/// objects that exist. Versions are decimal numbers, as Kubernetes guarantees since 1.35; a server answers 500 to
/// anything else.
fn since(version: &str) -> Option<Start> {
    match version {
        "" | "0" => Some(Start::InitialEvents),
        version if version.parse::<u64>().is_ok() => Some(Start::ResourceVersion(version.to_owned())),
        _ => None,
    }
}
