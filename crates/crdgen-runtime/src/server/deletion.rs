//! What a deletion of many objects is asked for.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::query::{self, bad};
use crate::backend::{ListQuery, WriteOptions};
use crate::problem::Problem;

/// Which objects of a collection go, and whether they really do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Deletion {
    /// Those that are selected; all of them if nothing is said.
    pub query: ListQuery,
    /// How.
    pub options: WriteOptions,
}

/// `labelSelector`, `fieldSelector` and `dryRun`. Any other parameter is refused: a misspelt selector must not delete
/// everything.
impl<S: Send + Sync> FromRequestParts<S> for Deletion {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut deletion = Self::default();
        let Self { query, options } = &mut deletion;
        let known = "labelSelector, fieldSelector and dryRun are";
        query::read(parts, "this deletion", known, |parameter, value| {
            match parameter {
                "labelSelector" => query.labels = value.parse().map_err(|error| bad(parameter, error))?,
                "fieldSelector" => query.fields = value.parse().map_err(|error| bad(parameter, error))?,
                _ => return options.take(&parts.method, parameter, value),
            }
            Ok(true)
        })?;
        Ok(deletion)
    }
}
