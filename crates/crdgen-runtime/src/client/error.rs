//! What goes wrong between a program and an API server.

use http::StatusCode;

use super::refusal::Refusal;
use super::unreadable::Unreadable;
use crate::backend::{self, Malformed, Reason};
use crate::bytes::Flaw;

/// What went wrong. No variant shows values of an object, neither as `Display` nor as `Debug`.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There is no such object.
    #[error("{0}")]
    NotFound(Box<Refusal>),
    /// The server has no such kind: its CRD is not installed, or not with this version. The path that was asked for.
    #[error("the server does not serve {0}")]
    NotServed(String),
    /// An object of this name is there.
    #[error("{0}")]
    AlreadyExists(Box<Refusal>),
    /// The object is at another version, or has another uid, than the write says.
    #[error("{0}")]
    Conflict(Box<Refusal>),
    /// Another manager owns fields of a server-side apply; each cause is one of them, and its message names the owner.
    #[error("{0}")]
    FieldConflict(Box<Refusal>),
    /// The object breaks the rules of its kind. Causes say where.
    #[error("{0}")]
    Invalid(Box<Refusal>),
    /// A server-side apply has a field that the kind does not declare. Servers call it a fault of theirs.
    #[error("{0}")]
    Undeclared(Box<Refusal>),
    /// The continue token or the resource version is older than what the server remembers.
    #[error("{0}")]
    Expired(Box<Refusal>),
    /// The server does not know who asks.
    #[error("{0}")]
    Unauthorized(Box<Refusal>),
    /// Who asks may not.
    #[error("{0}")]
    Forbidden(Box<Refusal>),
    /// The server has too much to do.
    #[error("{0}")]
    TooManyRequests(Box<Refusal>),
    /// Another refusal.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// An answer cannot be read. If it is that to a write, the write was done.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
    /// An answer is larger than this many bytes, so it was not read to its end.
    #[error("an answer of more than {0} bytes")]
    TooLarge(usize),
    /// An answer should be a list and is none.
    #[error("the answer is no list: {0}")]
    NoList(crate::bytes::Error),
    /// The request did not reach the server: there is no connection, or there are no credentials.
    #[error("the server was not reached")]
    Unreachable(#[source] kube::Error),
    /// The connection broke before the answer came: if it was a write, whether it was done is not known.
    #[error("the connection was lost; what became of the request is not known")]
    Lost(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No answer came in time: if it was a write, whether it was done is not known.
    #[error("no answer came in time")]
    Timeout,
    /// What was waited for did not happen in time.
    #[error("it did not happen in time")]
    Waited,
    /// The request cannot be made.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// What a client answers.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Sorts a refusal by the shapes that servers give it.
    pub(super) fn of_refusal(refusal: Refusal, path: &str) -> Self {
        let refusal = Box::new(refusal);
        match refusal.status {
            // An unknown route is answered with a line of text.
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

    /// What the server said, if it said anything.
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

    /// The request was not carried out, whatever it was, and may succeed later.
    pub fn is_undone(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::TooManyRequests(_))
    }

    /// Asking again may help: the server or the way to it is at fault. If it was a write, whether it was done may not be
    /// known.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Timeout => true,
            Self::Refused(refusal) => match refusal.status {
                StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => true,
                // Without a reason it is the server's answer to a request that it does not understand.
                StatusCode::INTERNAL_SERVER_ERROR => refusal.reason.is_some(),
                _ => false,
            },
            _ => self.is_undone(),
        }
    }
}

impl From<crate::bytes::Error> for Error {
    fn from(error: crate::bytes::Error) -> Self {
        match error.flaw {
            Flaw::TooLarge(limit) => Self::TooLarge(limit),
            // The connection ended, whatever it said about its end.
            Flaw::Truncated => Self::Lost(error.into()),
            Flaw::Expected(_) | Flaw::TooDeep(_) => Self::NoList(error),
        }
    }
}

/// A backend's words for it, for the caller of an API. The message is the server's.
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
            Error::Unreadable(_) | Error::TooLarge(_) | Error::NoList(_) => return Self::internal(error),
            Error::Unreachable(_) => Reason::ServiceUnavailable,
            Error::Lost(_) => Reason::ServerTimeout,
            Error::Timeout | Error::Waited => Reason::Timeout,
            Error::Malformed(_) => Reason::BadRequest,
        };
        let mut converted = Self::new(reason, error.to_string());
        if let Some(refusal) = error.refusal() {
            converted.message.clone_from(&refusal.message);
            converted.causes.clone_from(&refusal.causes);
        }
        converted
    }
}

/// An API server's words for an object that etcd does not take. It says so as an internal error (status 500), and it is the
/// request that is at fault.
const TOO_LARGE: &str = "etcdserver: request is too large";

fn reason_of(refusal: &Refusal) -> Reason {
    if refusal.message == TOO_LARGE {
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
