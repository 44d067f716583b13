//! Errors of backends, with the reasons of Kubernetes' `metav1.Status`.

use std::error::Error as StdError;
use std::fmt;

use crdgen_core::Resource;
use serde::{Deserialize, Serialize};

/// Result of a backend operation.
pub type Result<T> = std::result::Result<T, Error>;

/// Error of a backend. Programs match on [`reason`](Self::reason); people read the message.
#[derive(Debug)]
pub struct Error {
    /// Reason, for programs.
    pub reason: Reason,
    /// Message, for people. The caller of the API can see it.
    pub message: String,
    /// Fields that caused the error.
    pub causes: Vec<Cause>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Reason for the failure of a request. Kubernetes defines all reasons except two: `PreconditionFailed` (a precondition
/// such as `If-Match` is not met) and `NotImplemented`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The request is malformed.
    BadRequest,
    /// The caller is not authenticated.
    Unauthorized,
    /// The caller is not authorised.
    Forbidden,
    /// The object or route does not exist.
    NotFound,
    /// The route does not support this method.
    MethodNotAllowed,
    /// None of the accepted media types can be served.
    NotAcceptable,
    /// An object with this name exists.
    AlreadyExists,
    /// The object changed since it was read.
    Conflict,
    /// The object is no longer available.
    Gone,
    /// The continue token or resourceVersion is too old.
    Expired,
    /// The stored object has another resourceVersion or uid than the preconditions of the request.
    PreconditionFailed,
    /// The body is too large.
    RequestEntityTooLarge,
    /// The media type of the body is not supported.
    UnsupportedMediaType,
    /// The object breaks the rules of its kind.
    Invalid,
    /// The server has too many requests to handle.
    TooManyRequests,
    /// The server took too long. It is unknown whether the request was carried out.
    ServerTimeout,
    /// The request was not completed within its time limit.
    Timeout,
    /// The server cannot serve requests at present.
    ServiceUnavailable,
    /// The backend does not support this operation.
    NotImplemented,
    /// The server failed. Also stands for every reason that this enum does not have.
    #[serde(other)]
    InternalError,
}

/// Field that caused an error.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Path of the field, for example `spec.tasks[0].name`. Empty for the whole object.
    pub field: String,
    /// Reason, for programs: `FieldValueRequired`, `FieldValueInvalid`, ...
    pub reason: String,
    /// Message, for people.
    pub message: String,
}

impl Cause {
    /// Creates a cause for a field with an invalid value.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), reason: "FieldValueInvalid".to_owned(), message: message.into() }
    }

    /// Creates the cause for a missing field.
    pub fn required(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), reason: "FieldValueRequired".to_owned(), message: message.into() }
    }
}

impl Error {
    /// Creates an error without causes.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), causes: Vec::new(), source: None }
    }

    /// Creates the error of a backend that does not support `operation`.
    pub fn not_implemented(operation: &str) -> Self {
        Self::new(Reason::NotImplemented, format!("this backend cannot {operation}"))
    }

    /// Creates the error for a failure in the server. Only the logs show `source`; the message is always "internal
    /// error".
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut error = Self::new(Reason::InternalError, "internal error");
        error.source = Some(source.into());
        error
    }

    /// Creates the error for a `K` that does not exist.
    pub fn not_found<K: Resource>(name: impl fmt::Display) -> Self {
        Self::absent(&resource::<K>(), name)
    }

    /// Creates the error for a `K` whose name is taken.
    pub fn already_exists<K: Resource>(name: impl fmt::Display) -> Self {
        Self::taken(&resource::<K>(), name)
    }

    /// Creates the error for a `K` that changed since it was read.
    pub fn conflict<K: Resource>(name: impl fmt::Display) -> Self {
        Self::stale(&resource::<K>(), name)
    }

    /// Creates the error for a `K` that breaks the rules of its kind.
    pub fn invalid<K: Resource>(name: impl fmt::Display, causes: Vec<Cause>) -> Self {
        Self::bad(&resource::<K>(), name, causes)
    }

    /// Creates the error of [`not_found`](Self::not_found) for a resource given as `plural.group`.
    #[doc(hidden)]
    pub fn absent(resource: &str, name: impl fmt::Display) -> Self {
        Self::new(Reason::NotFound, format!("{} not found", named(resource, name)))
    }

    /// Creates the error of [`already_exists`](Self::already_exists) for a resource given as `plural.group`.
    #[doc(hidden)]
    pub fn taken(resource: &str, name: impl fmt::Display) -> Self {
        Self::new(Reason::AlreadyExists, format!("{} already exists", named(resource, name)))
    }

    /// Creates the error of [`conflict`](Self::conflict) for a resource given as `plural.group`.
    #[doc(hidden)]
    pub fn stale(resource: &str, name: impl fmt::Display) -> Self {
        let named = named(resource, name);
        let message = format!("{named} has been modified; apply the changes to the latest version and try again");
        Self::new(Reason::Conflict, message)
    }

    /// Creates the error of [`invalid`](Self::invalid) for a resource given as `plural.group`.
    #[doc(hidden)]
    pub fn bad(resource: &str, name: impl fmt::Display, causes: Vec<Cause>) -> Self {
        let blame: Vec<_> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let message = format!("{} is invalid: {}", named(resource, name), blame.join("; "));
        Self { reason: Reason::Invalid, message, causes, source: None }
    }

    /// Creates the error for JSON of a caller that exceeds a limit. `subject` names the JSON in the message.
    #[doc(hidden)]
    pub fn beyond(subject: &str, limit: crdgen_core::json::Fault) -> Self {
        Self::new(Reason::BadRequest, format!("{subject} {}", limit.text()))
    }

    /// Splits the error into reason, message, causes and source.
    #[doc(hidden)]
    pub fn into_parts(self) -> (Reason, String, Vec<Cause>, Option<Box<dyn StdError + Send + Sync>>) {
        (self.reason, self.message, self.causes, self.source)
    }

    /// Adds a field that caused the error.
    #[must_use]
    pub fn with_cause(mut self, cause: Cause) -> Self {
        self.causes.push(cause);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Returns `plural.group` of a kind.
pub(crate) fn resource<K: Resource>() -> String {
    format!("{}.{}", K::PLURAL, K::GROUP)
}

/// Returns `plural.group "name"`, as Kubernetes writes it.
fn named(resource: &str, name: impl fmt::Display) -> String {
    format!("{resource} {:?}", name.to_string())
}
