//! The parameters of a query.

use std::borrow::Cow;

use axum::http::Uri;
use axum::http::request::Parts;

use crate::backend::{Cause, Reason};
use crate::problem::Problem;

/// Hands each parameter to `take`, which says whether it is one of `what`. Any other one is refused, and so is one that
/// comes twice: a misspelt selector must not select everything. `known` tells people which there are.
pub fn read(
    parts: &Parts,
    what: &str,
    known: &str,
    mut take: impl FnMut(&str, &str) -> Result<bool, Problem>,
) -> Result<(), Problem> {
    let mut seen = Vec::new();
    for (parameter, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
        if seen.contains(&parameter) {
            return Err(bad(&parameter, "given twice"));
        }
        if !take(&parameter, &value)? {
            return Err(bad(&parameter, format_args!("not a parameter of {what}; {known}")));
        }
        seen.push(parameter);
    }
    Ok(())
}

/// The value of one parameter, when others are none of the reader's business.
pub fn one<'a>(uri: &'a Uri, parameter: &str) -> Option<Cow<'a, str>> {
    let mut parameters = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    parameters.find(|(name, _)| name == parameter).map(|(_, value)| value)
}

/// What is wrong with a parameter.
pub fn bad(parameter: &str, why: impl std::fmt::Display) -> Problem {
    Problem::new(Reason::BadRequest, format!("query parameter {parameter:?}: {why}"))
        .with_cause(Cause::invalid(parameter, why.to_string()))
}
