//! Query parameters of a list.

use std::num::NonZeroU64;

use axum::http::request::Parts;
use crdgen_backend::ListQuery;

use super::query::{self, bad};
use crate::problem::Problem;

/// Reads `limit`, `continue`, `labelSelector` and `fieldSelector`. Any other parameter is refused.
pub(super) fn list_query(head: &Parts) -> Result<ListQuery, Problem> {
    let mut query = ListQuery::default();
    let known = "limit, continue, labelSelector and fieldSelector";
    query::read(head, "a list", known, |parameter, value| {
        match parameter {
            // A signed 64-bit number, as on an API server. Zero means no limit.
            "limit" => {
                let limit = value.parse::<i64>().ok().and_then(|limit| u64::try_from(limit).ok());
                query.limit =
                    NonZeroU64::new(limit.ok_or_else(|| bad(parameter, "must be a number that is not negative"))?);
            }
            "continue" => query.continue_ = Some(value.to_owned()).filter(|token| !token.is_empty()),
            "labelSelector" => query.labels = value.parse().map_err(|error| bad(parameter, error))?,
            "fieldSelector" => query.fields = value.parse().map_err(|error| bad(parameter, error))?,
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(query)
}
