//! What a backend refuses, in the terms of Kubernetes' `metav1.Status`.

use std::error::Error as StdError;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Resource;

/// A refusal. Match on [`reason`](Self::reason); the message is for people.
#[derive(Debug)]
pub struct Error {
    /// Why, for programs.
    pub reason: Reason,
    /// Why, for people. It reaches the caller of the API.
    pub message: String,
    /// The fields that are to blame.
    pub causes: Vec<Cause>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Why a request was refused: the reasons of Kubernetes, `PreconditionFailed` for a conflict that the caller asked to be
/// told of by `If-Match`, and `NotImplemented`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// The request cannot be understood.
    BadRequest,
    /// Who asks is not known.
    Unauthorized,
    /// Who asks may not.
    Forbidden,
    /// There is no such object or route.
    NotFound,
    /// The route does not take this method.
    MethodNotAllowed,
    /// None of the accepted media types can be served.
    NotAcceptable,
    /// An object of this name is there.
    AlreadyExists,
    /// The object changed since it was read.
    Conflict,
    /// It was there, and is no more.
    Gone,
    /// The continue token or resource version is too old.
    Expired,
    /// The object changed since the version that the caller named.
    PreconditionFailed,
    /// The body is too large.
    RequestEntityTooLarge,
    /// The body is of a media type that is not taken.
    UnsupportedMediaType,
    /// The object breaks the rules of its kind.
    Invalid,
    /// Too many requests.
    TooManyRequests,
    /// The server took too long; the outcome is not known.
    ServerTimeout,
    /// The server gave up in time.
    Timeout,
    /// The server cannot serve now.
    ServiceUnavailable,
    /// The backend cannot do this at all.
    NotImplemented,
    /// The server is at fault. Also what an unknown reason is read as.
    #[serde(other)]
    InternalError,
}

/// A field that is to blame.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Path of the field, for example `spec.tasks[0].name`. Empty for the whole.
    pub field: String,
    /// For programs: `FieldValueRequired`, `FieldValueInvalid`, ...
    pub reason: String,
    /// For people.
    pub message: String,
}

impl Cause {
    /// A field with a value that is not allowed.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), reason: "FieldValueInvalid".to_owned(), message: message.into() }
    }

    /// A field that is missing.
    pub fn required(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), reason: "FieldValueRequired".to_owned(), message: message.into() }
    }
}

impl Error {
    /// A refusal.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), causes: Vec::new(), source: None }
    }

    /// The backend cannot do this at all.
    pub fn not_implemented(operation: &str) -> Self {
        Self::new(Reason::NotImplemented, format!("this backend cannot {operation}"))
    }

    /// The server's own fault. The source stays in the server's logs: callers are told only that something failed.
    pub fn internal(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let mut error = Self::new(Reason::InternalError, "internal error");
        error.source = Some(source.into());
        error
    }

    /// There is no `K` of this name.
    pub fn not_found<K: Resource>(name: impl fmt::Display) -> Self {
        Self::absent(&resource::<K>(), name)
    }

    /// There is a `K` of this name.
    pub fn already_exists<K: Resource>(name: impl fmt::Display) -> Self {
        Self::taken(&resource::<K>(), name)
    }

    /// The `K` changed since it was read.
    pub fn conflict<K: Resource>(name: impl fmt::Display) -> Self {
        Self::stale(&resource::<K>(), name)
    }

    /// The `K` breaks the rules of its kind.
    pub fn invalid<K: Resource>(name: impl fmt::Display, causes: Vec<Cause>) -> Self {
        Self::bad(&resource::<K>(), name, causes)
    }

    /// [`not_found`](Self::not_found) of a `plural.group`.
    pub(crate) fn absent(resource: &str, name: impl fmt::Display) -> Self {
        Self::new(Reason::NotFound, format!("{} not found", named(resource, name)))
    }

    /// [`already_exists`](Self::already_exists) of a `plural.group`.
    pub(crate) fn taken(resource: &str, name: impl fmt::Display) -> Self {
        Self::new(Reason::AlreadyExists, format!("{} already exists", named(resource, name)))
    }

    /// [`conflict`](Self::conflict) of a `plural.group`.
    pub(crate) fn stale(resource: &str, name: impl fmt::Display) -> Self {
        let named = named(resource, name);
        let message = format!("{named} has been modified; apply the changes to the latest version and try again");
        Self::new(Reason::Conflict, message)
    }

    /// [`invalid`](Self::invalid) of a `plural.group`.
    pub(crate) fn bad(resource: &str, name: impl fmt::Display, causes: Vec<Cause>) -> Self {
        let blame: Vec<_> = causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let message = format!("{} is invalid: {}", named(resource, name), blame.join("; "));
        Self { reason: Reason::Invalid, message, causes, source: None }
    }

    /// `subject` does not keep a limit of JSON from outside.
    #[cfg(any(feature = "memory", feature = "server"))]
    pub(crate) fn beyond(subject: &str, limit: crate::json::Fault) -> Self {
        Self::new(Reason::BadRequest, format!("{subject} {}", limit.text()))
    }

    /// Reason, message, causes and source.
    #[cfg(feature = "server")]
    pub(crate) fn into_parts(self) -> (Reason, String, Vec<Cause>, Option<Box<dyn StdError + Send + Sync>>) {
        (self.reason, self.message, self.causes, self.source)
    }

    /// Adds a field that is to blame.
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

/// `plural.group`.
pub(crate) fn resource<K: Resource>() -> String {
    format!("{}.{}", K::PLURAL, K::GROUP)
}

/// `plural.group "name"`, as Kubernetes writes it.
fn named(resource: &str, name: impl fmt::Display) -> String {
    format!("{resource} {:?}", name.to_string())
}
