//! The query of a list.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::query::{self, bad};
use crate::backend::ListQuery;
use crate::problem::Problem;

/// `limit`, `continue`, `labelSelector` and `fieldSelector`.
impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut query = Self::default();
        let known = "limit, continue, labelSelector and fieldSelector are";
        query::read(parts, "a list", known, |parameter, value| {
            match parameter {
                // Zero is no limit, as with the API server.
                "limit" => {
                    let limit: u64 = value.parse().map_err(|_| bad(parameter, "not a number of objects"))?;
                    query.limit = limit.try_into().ok();
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
}
