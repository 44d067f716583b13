//! Answer to a write with the report of the backend: warnings become headers, and an apply that created an object
//! answers 201.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use crdgen_backend::WriteReport;

use super::warning;
use crate::problem::Problem;

/// Answer to a write, successful or not, with its report.
#[derive(Debug)]
pub struct Reported<R> {
    reply: Result<R, Problem>,
    report: WriteReport,
}

impl<R> Reported<R> {
    /// Adds a report to an answer.
    pub fn new(reply: Result<R, Problem>, report: WriteReport) -> Self {
        Self { reply, report }
    }
}

impl<R: IntoResponse> IntoResponse for Reported<R> {
    fn into_response(self) -> Response {
        let mut response = self.reply.into_response();
        if self.report.has_created() && response.status() == StatusCode::OK {
            *response.status_mut() = StatusCode::CREATED;
        }
        for warning in warning::headers(self.report.warnings().take()) {
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
        let report = WriteReport::default();
        assert_eq!(Reported::new(Ok(()), report.clone()).into_response().status(), 200);
        report.set_created();
        assert_eq!(Reported::new(Ok(()), report.clone()).into_response().status(), 201);
        assert_eq!(Reported::new(Ok(StatusCode::ACCEPTED), report).into_response().status(), 202);
    }
}
