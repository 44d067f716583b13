//! Places for the requests of a caller.

use axum::http::Extensions;

use crate::problem::Problem;

/// Sorts of requests that are counted apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    Request,
    Watch,
}

/// A place that is held.
pub(crate) struct Ticket;

impl Ticket {
    pub(crate) fn hold(self, response: axum::response::Response) -> axum::response::Response {
        response
    }
}

pub(crate) fn enter(_: &Extensions, _: &str, _: Sort) -> Result<Ticket, Problem> {
    Ok(Ticket)
}
