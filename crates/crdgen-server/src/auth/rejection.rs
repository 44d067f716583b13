//! Answer to a caller who is not authenticated.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use crdgen_backend::Reason;

use crate::problem::Problem;

/// Refusal of a caller: the problem, and `WWW-Authenticate: Bearer` if it is a 401.
#[derive(Clone, Debug)]
pub struct AuthRejection(pub Problem);

impl AuthRejection {
    /// Creates the 401 for missing or unknown credentials. The answer does not tell the two apart.
    pub(super) fn unknown() -> Self {
        Self(Problem::new(Reason::Unauthorized, "a valid bearer token is needed"))
    }
}

impl From<Problem> for AuthRejection {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for AuthRejection {
    fn into_response(self) -> Response {
        let is_unauthorized = self.0.reason == Reason::Unauthorized;
        let mut response = self.0.into_response();
        if is_unauthorized {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
