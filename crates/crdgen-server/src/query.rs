//! Query parameters.

use std::borrow::Cow;

use axum::http::Uri;
use axum::http::request::Parts;
use crdgen_backend::{Cause, Reason};

use crate::problem::Problem;

/// Calls `take` for each query parameter. `take` returns whether it knows the parameter. An unknown or repeated
/// parameter is refused, so that a misspelt selector does not select everything. The message names `what` was asked and
/// the `known` parameters.
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
            return Err(bad(&parameter, format_args!("not a parameter of {what}, which has {known}")));
        }
        seen.push(parameter);
    }
    Ok(())
}

/// Returns the value of one parameter, and ignores all others.
pub fn one<'a>(uri: &'a Uri, parameter: &str) -> Option<Cow<'a, str>> {
    let mut parameters = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    parameters.find(|(name, _)| name == parameter).map(|(_, value)| value)
}

/// Returns the 400 problem for a query parameter.
pub fn bad(parameter: &str, why: impl std::fmt::Display) -> Problem {
    Problem::new(Reason::BadRequest, format!("query parameter {parameter:?}: {why}"))
        .with_cause(Cause::invalid(parameter, why.to_string()))
}
