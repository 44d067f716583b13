//! Failures that a server reports (`metav1.Status`).

use std::fmt;
use std::time::Duration;

use crdgen_backend::Cause;
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

/// Failure that a server reports, with its reason.
///
/// The message may quote values of the object, so neither `Display` nor `Debug` shows the message. Show the message
/// only to people who may see the object.
#[derive(Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// Reason, for programs: `NotFound`, `Conflict`, `Invalid`, ... `None` if the server gives no reason.
    pub reason: Option<String>,
    /// Message, for people. May quote values of the object.
    pub message: String,
    /// Name of the object.
    pub name: Option<String>,
    /// Kind of the object or plural name of the kind. Servers send either.
    pub kind: Option<String>,
    /// Fields that caused the failure. A field may occur several times. The field `<nil>` means the whole object.
    pub causes: Vec<Cause>,
    /// Time to wait before a retry (`Retry-After`), if the server gives one.
    pub retry_after: Option<Duration>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    kind: String,
    #[serde(default)]
    reason: Option<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    details: Details,
    #[serde(default)]
    code: u16,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Details {
    name: Option<String>,
    kind: Option<String>,
    causes: Vec<WireCause>,
    retry_after_seconds: Option<u64>,
}

#[derive(Deserialize)]
struct WireCause {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    field: String,
}

impl Refusal {
    /// Reads an answer with an error status. An answer that is not a `Status`, such as the text of an unknown route,
    /// has only a status and a message.
    pub(super) fn of_answer(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let mut refusal = Self::of_status(body).unwrap_or_else(|| Self {
            status,
            reason: None,
            message: String::from_utf8_lossy(body).trim().to_owned(),
            name: None,
            kind: None,
            causes: Vec::new(),
            retry_after: None,
        });
        refusal.status = status;
        // HTTP also allows a date. Kubernetes sends seconds.
        let header = headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
        refusal.retry_after = header.map(Duration::from_secs).or(refusal.retry_after);
        refusal
    }

    /// Reads a `Status`, from an answer or from an event of a watch.
    pub(super) fn of_status(body: &[u8]) -> Option<Self> {
        let wire: Wire = serde_json::from_slice(body).ok().filter(|wire: &Wire| wire.kind == "Status")?;
        let causes = wire.details.causes.into_iter();
        Some(Self {
            status: StatusCode::from_u16(wire.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            reason: wire.reason.filter(|reason| !reason.is_empty()),
            message: wire.message,
            name: wire.details.name,
            kind: wire.details.kind,
            causes: causes.map(|WireCause { reason, message, field }| Cause { field, reason, message }).collect(),
            retry_after: wire.details.retry_after_seconds.map(Duration::from_secs),
        })
    }

    pub(super) fn has_reason(&self, reason: &str) -> bool {
        self.reason.as_deref() == Some(reason)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status.as_u16())?;
        if let Some(reason) = &self.reason {
            write!(f, " {reason}")?;
        }
        if let (Some(kind), Some(name)) = (&self.kind, &self.name) {
            write!(f, " of {kind} {name:?}")?;
        }
        for (index, cause) in self.causes.iter().enumerate() {
            let separator = if index == 0 { ":" } else { "," };
            write!(f, "{separator} {} ({})", cause.field, cause.reason)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({self})")
    }
}
