//! A caller who is not let in.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::backend::Reason;
use crate::problem::Problem;

/// Why a caller is not let in: the problem, and how to do better when credentials are missing or not known.
#[derive(Clone, Debug)]
pub struct Refused(pub Problem);

impl Refused {
    /// Credentials are missing, or not known. Which of both is not told apart.
    pub(super) fn unknown() -> Self {
        Self(Problem::new(Reason::Unauthorized, "a valid bearer token is needed"))
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let is_unauthorized = self.0.reason == Reason::Unauthorized;
        let mut response = self.0.into_response();
        if is_unauthorized {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
