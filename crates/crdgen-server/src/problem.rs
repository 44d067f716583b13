//! Problem documents (RFC 9457), the format of every HTTP error answer.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{self as backend, Cause, Reason};
use serde::{Deserialize, Serialize};

/// Problem document (`application/problem+json`). Programs match on `reason`; people read `detail`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// URI of the problem type. `about:blank` if `status` and `reason` alone describe the problem.
    #[serde(rename = "type")]
    pub type_: Box<str>,
    /// Standard text of the HTTP status, for example `Not Found`.
    pub title: Box<str>,
    /// HTTP status code.
    pub status: u16,
    /// Reason for the failure, for programs.
    pub reason: Reason,
    /// Explanation of this occurrence, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// URI of this occurrence, for example `urn:request:` followed by the request id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<Box<str>>,
    /// Fields of the object that caused the problem, for example invalid ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<Cause>,
    #[serde(skip)]
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Problem {
    /// Creates a problem with the HTTP status that Kubernetes uses for `reason`.
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        let status = status_of(reason);
        Self {
            type_: "about:blank".into(),
            title: status.canonical_reason().unwrap_or_default().into(),
            status: status.as_u16(),
            reason,
            detail: Some(detail.into()),
            instance: None,
            causes: Vec::new(),
            source: None,
        }
    }

    /// Sets the HTTP status, and the title to the standard text of that status.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.title = status.canonical_reason().unwrap_or_default().into();
        self.status = status.as_u16();
        self
    }

    /// Sets the URI of this occurrence.
    #[must_use]
    pub fn with_instance(mut self, uri: impl Into<Box<str>>) -> Self {
        self.instance = Some(uri.into());
        self
    }

    /// Sets the underlying error. The server logs the error and never sends it.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Adds a field that caused the problem.
    #[must_use]
    pub fn with_cause(mut self, cause: Cause) -> Self {
        self.causes.push(cause);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.detail.as_deref().unwrap_or(&self.title))
    }
}

impl StdError for Problem {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

impl From<backend::Error> for Problem {
    fn from(error: backend::Error) -> Self {
        let (reason, message, causes, source) = error.into_parts();
        Self { causes, source: source.map(Arc::from), ..Self::new(reason, message) }
    }
}

impl From<backend::MalformedInput> for Problem {
    fn from(malformed: backend::MalformedInput) -> Self {
        Self::new(Reason::BadRequest, malformed.to_string())
    }
}

/// Also stores the problem in the response's extensions. So a logging layer can read its [`source`](StdError::source),
/// which the body does not contain.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Strings, numbers and lists of them: serializing them cannot fail.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response.extensions_mut().insert(self);
        response
    }
}

fn status_of(reason: Reason) -> StatusCode {
    match reason {
        Reason::BadRequest => StatusCode::BAD_REQUEST,
        Reason::Unauthorized => StatusCode::UNAUTHORIZED,
        Reason::Forbidden => StatusCode::FORBIDDEN,
        Reason::NotFound => StatusCode::NOT_FOUND,
        Reason::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Reason::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Reason::AlreadyExists | Reason::Conflict => StatusCode::CONFLICT,
        Reason::Gone | Reason::Expired => StatusCode::GONE,
        Reason::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        Reason::RequestEntityTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Reason::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Reason::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        Reason::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        Reason::ServerTimeout | Reason::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
        Reason::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Reason::ServiceUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        Reason::NotImplemented => StatusCode::NOT_IMPLEMENTED,
    }
}
