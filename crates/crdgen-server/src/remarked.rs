//! Answer to a write with the remarks of the backend: warnings become headers, and an apply that created an object
//! answers 201.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use crdgen_backend::Remarks;

use super::warning;
use crate::problem::Problem;

/// Answer to a write, successful or not, with its remarks.
#[derive(Debug)]
pub struct Remarked<R> {
    reply: Result<R, Problem>,
    remarks: Remarks,
}

impl<R> Remarked<R> {
    /// Adds remarks to an answer.
    pub fn new(reply: Result<R, Problem>, remarks: Remarks) -> Self {
        Self { reply, remarks }
    }
}

impl<R: IntoResponse> IntoResponse for Remarked<R> {
    fn into_response(self) -> Response {
        let mut response = self.reply.into_response();
        if self.remarks.has_created() && response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::CREATED;
        }
        for warning in warning::headers(self.remarks.warnings().take()) {
            response.headers_mut().append(header::WARNING, warning);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_apply_that_created_says_so() {
        let remarks = Remarks::default();
        assert_eq!(Remarked::new(Ok(()), remarks.clone()).into_response().status(), 200);
        remarks.set_created();
        assert_eq!(Remarked::new(Ok(()), remarks.clone()).into_response().status(), 201);
        assert_eq!(Remarked::new(Ok(StatusCode::ACCEPTED), remarks).into_response().status(), 202);
    }
}
