//! Errors of the client.

use crdgen_backend::{self as backend, Cause, MalformedInput, Reason};
use crdgen_splitter::ErrorKind;
use http::StatusCode;

use super::decode_error::DecodeError;
use super::refusal::Refusal;

/// Error of the client. Neither `Display` nor `Debug` shows values of an object.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The object does not exist.
    #[error("{0}")]
    NotFound(Box<Refusal>),
    /// The server does not serve the kind: the CRD is not installed, or does not serve this version. Contains the
    /// requested path.
    #[error("the server does not serve {0}")]
    NotServed(String),
    /// An object with this name exists.
    #[error("{0}")]
    AlreadyExists(Box<Refusal>),
    /// The stored object has another resourceVersion or uid than the write requires.
    #[error("{0}")]
    Conflict(Box<Refusal>),
    /// Another manager owns fields of a server-side apply. Each cause is a field, and its message names the owner.
    #[error("{0}")]
    FieldConflict(Box<Refusal>),
    /// The object breaks the rules of its kind. The causes name the fields.
    #[error("{0}")]
    Invalid(Box<Refusal>),
    /// A server-side apply has a field that the kind does not declare. The server answers 500 in this case.
    #[error("{0}")]
    Undeclared(Box<Refusal>),
    /// The continue token or the resourceVersion is older than the history of the server.
    #[error("{0}")]
    Expired(Box<Refusal>),
    /// The server could not authenticate the caller.
    #[error("{0}")]
    Unauthorized(Box<Refusal>),
    /// The caller is not authorised.
    #[error("{0}")]
    Forbidden(Box<Refusal>),
    /// The server is overloaded.
    #[error("{0}")]
    TooManyRequests(Box<Refusal>),
    /// The server refused the request for another reason.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The answer cannot be decoded as its type. If the request was a write, the server has carried it out.
    #[error(transparent)]
    Decode(#[from] Box<DecodeError>),
    /// The answer is larger than this number of bytes. The client did not read the rest.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer to a list request is not a list.
    #[error("the answer is not a list: {0}")]
    NotAList(crdgen_splitter::Error),
    /// The client could not send the request: it could not connect, or has no credentials.
    #[error("the server could not be reached")]
    NotSent(#[source] kube::Error),
    /// The connection was lost before the answer arrived. The server may have carried out the request.
    #[error("the connection was lost; the request may or may not have taken effect")]
    ConnectionLost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No answer arrived within the time limit. The server may have carried out the request.
    #[error("no answer came in time")]
    Timeout,
    /// No state met the condition of [`wait_for`](super::Api::wait_for) within the time limit.
    #[error("the condition was not met in time")]
    WaitTimeout,
    /// The request is malformed and was not sent.
    #[error(transparent)]
    Malformed(#[from] MalformedInput),
}

/// Result of a client operation.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Converts a refusal to the error that matches its status and reason.
    pub(super) fn of_refusal(refusal: Refusal, path: &str) -> Self {
        let refusal = Box::new(refusal);
        match refusal.status {
            // The answer to an unknown route is a line of text without a reason.
            StatusCode::NOT_FOUND if refusal.reason.is_none() => Self::NotServed(path.to_owned()),
            StatusCode::NOT_FOUND => Self::NotFound(refusal),
            StatusCode::CONFLICT if refusal.has_reason("AlreadyExists") => Self::AlreadyExists(refusal),
            StatusCode::CONFLICT if refusal.causes.iter().any(|cause| cause.reason == "FieldManagerConflict") => {
                Self::FieldConflict(refusal)
            }
            StatusCode::CONFLICT => Self::Conflict(refusal),
            StatusCode::UNPROCESSABLE_ENTITY => Self::Invalid(refusal),
            StatusCode::INTERNAL_SERVER_ERROR if refusal.message.contains("field not declared in schema") => {
                Self::Undeclared(refusal)
            }
            StatusCode::GONE => Self::Expired(refusal),
            StatusCode::UNAUTHORIZED => Self::Unauthorized(refusal),
            StatusCode::FORBIDDEN => Self::Forbidden(refusal),
            StatusCode::TOO_MANY_REQUESTS => Self::TooManyRequests(refusal),
            _ => Self::Refused(refusal),
        }
    }

    /// Returns the refusal of the server, if the server answered with one.
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::NotFound(refusal)
            | Self::AlreadyExists(refusal)
            | Self::Conflict(refusal)
            | Self::FieldConflict(refusal)
            | Self::Invalid(refusal)
            | Self::Undeclared(refusal)
            | Self::Expired(refusal)
            | Self::Unauthorized(refusal)
            | Self::Forbidden(refusal)
            | Self::TooManyRequests(refusal)
            | Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Returns whether the server certainly did not carry out the request, and a retry may succeed.
    pub fn is_safe_to_retry(&self) -> bool {
        matches!(self, Self::NotSent(_) | Self::TooManyRequests(_))
    }

    /// Returns whether a retry may succeed, because the server or the connection failed. The server may have carried
    /// out the failed request.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::ConnectionLost(_) | Self::Timeout => true,
            Self::Refused(refusal) => match refusal.status {
                StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => true,
                // Without a reason, the server answers 500 to a request that it does not understand.
                StatusCode::INTERNAL_SERVER_ERROR => refusal.reason.is_some(),
                _ => false,
            },
            _ => self.is_safe_to_retry(),
        }
    }
}

impl From<crdgen_splitter::Error> for Error {
    fn from(error: crdgen_splitter::Error) -> Self {
        match error.kind {
            ErrorKind::TooLarge(limit) => Self::TooLarge(limit),
            // The connection ended early, even if its end looked regular.
            ErrorKind::Truncated => Self::ConnectionLost(error.into()),
            ErrorKind::Expected(_) | ErrorKind::TooDeep(_) => Self::NotAList(error),
        }
    }
}

/// Converts to the error that a backend returns. Keeps the message and the causes of the server.
impl From<Error> for backend::Error {
    fn from(error: Error) -> Self {
        let reason = match &error {
            Error::NotFound(_) | Error::NotServed(_) => Reason::NotFound,
            Error::AlreadyExists(_) => Reason::AlreadyExists,
            Error::Conflict(_) | Error::FieldConflict(_) => Reason::Conflict,
            Error::Invalid(_) | Error::Undeclared(_) => Reason::Invalid,
            Error::Expired(_) => Reason::Expired,
            Error::Unauthorized(_) => Reason::Unauthorized,
            Error::Forbidden(_) => Reason::Forbidden,
            Error::TooManyRequests(_) => Reason::TooManyRequests,
            Error::Refused(refusal) => reason_of(refusal),
            Error::Decode(_) | Error::TooLarge(_) | Error::NotAList(_) => return Self::internal(error),
            Error::NotSent(_) => Reason::ServiceUnavailable,
            Error::ConnectionLost(_) => Reason::ServerTimeout,
            Error::Timeout | Error::WaitTimeout => Reason::Timeout,
            Error::Malformed(_) => Reason::BadRequest,
        };
        let mut converted = Self::new(reason, error.to_string());
        if let Some(refusal) = error.refusal() {
            converted.message = bounded(&refusal.message);
            let bounded = |cause: &Cause| Cause { message: bounded(&cause.message), ..cause.clone() };
            converted.causes = refusal.causes.iter().take(MAX_CAUSES).map(bounded).collect();
        }
        converted
    }
}

/// Parts of the messages with which an API server says that etcd does not take an object. Their status is 500, although
/// the request is at fault.
const TOO_LARGE: [&str; 2] = ["etcdserver: request is too large", "trying to send message larger than max"];

/// Number of characters to which messages of an API server are passed on. A refusal of a large object can quote all of it.
const MAX_MESSAGE: usize = 16 << 10;

/// Number of causes that are passed on.
const MAX_CAUSES: usize = 1000;

fn bounded(message: &str) -> String {
    match message.char_indices().nth(MAX_MESSAGE) {
        Some((end, _)) => format!("{}...", &message[..end]),
        None => message.to_owned(),
    }
}

fn reason_of(refusal: &Refusal) -> Reason {
    if TOO_LARGE.iter().any(|part| refusal.message.contains(part)) {
        return Reason::RequestEntityTooLarge;
    }
    let named = refusal.reason.as_deref().map(|reason| serde_json::from_value(reason.into()));
    match (named, refusal.status) {
        (Some(Ok(reason)), _) => reason,
        (_, StatusCode::BAD_REQUEST) => Reason::BadRequest,
        (_, StatusCode::METHOD_NOT_ALLOWED) => Reason::MethodNotAllowed,
        (_, StatusCode::NOT_ACCEPTABLE) => Reason::NotAcceptable,
        (_, StatusCode::PAYLOAD_TOO_LARGE) => Reason::RequestEntityTooLarge,
        (_, StatusCode::UNSUPPORTED_MEDIA_TYPE) => Reason::UnsupportedMediaType,
        (_, StatusCode::SERVICE_UNAVAILABLE | StatusCode::BAD_GATEWAY) => Reason::ServiceUnavailable,
        (_, StatusCode::GATEWAY_TIMEOUT) => Reason::Timeout,
        _ => Reason::InternalError,
    }
}
