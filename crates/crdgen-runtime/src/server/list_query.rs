//! The query of a list.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::backend::{Cause, ListQuery, Reason};
use crate::problem::Problem;

/// `limit`, `continue`, `labelSelector` and `fieldSelector`. Any other parameter is refused: a misspelt selector must not
/// list everything.
impl<S: Send + Sync> FromRequestParts<S> for ListQuery {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut query = Self::default();
        let mut seen = Vec::new();
        for (parameter, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
            if seen.contains(&parameter) {
                return Err(bad(&parameter, "given twice"));
            }
            read(&mut query, &parameter, &value)?;
            seen.push(parameter);
        }
        Ok(query)
    }
}

fn read(query: &mut ListQuery, parameter: &str, value: &str) -> Result<(), Problem> {
    match parameter {
        // Zero is no limit, as with the API server.
        "limit" => {
            let limit: u64 = value.parse().map_err(|_| bad(parameter, "not a number of objects"))?;
            query.limit = limit.try_into().ok();
        }
        "continue" => query.continue_ = Some(value.to_owned()).filter(|token| !token.is_empty()),
        "labelSelector" => query.labels = value.parse().map_err(|error| bad(parameter, error))?,
        "fieldSelector" => query.fields = value.parse().map_err(|error| bad(parameter, error))?,
        _ => {
            let known = "limit, continue, labelSelector and fieldSelector are";
            return Err(bad(parameter, format_args!("not a parameter of a list; {known}")));
        }
    }
    Ok(())
}

fn bad(parameter: &str, why: impl std::fmt::Display) -> Problem {
    Problem::new(Reason::BadRequest, format!("query parameter {parameter:?}: {why}"))
        .with_cause(Cause::invalid(parameter, why.to_string()))
}
