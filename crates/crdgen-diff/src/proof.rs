//! Proofs that a change breaks objects.

use serde_json::Value as Json;

/// Proof that a change refuses an object or loses a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// The finding breaks no objects, or [`prove`](crate::prove) was not called.
    None,
    /// Object that breaks, checked against the old and the new CRD.
    Witness(Box<Witness>),
    /// No breaking object was found, for this reason. Such an object may not exist: another constraint may exclude all
    /// of them.
    Unproven(String),
}

/// Object that the old CRD accepts, and the new CRD refuses or stores without a field.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// Object that the old CRD accepts. For a transition rule, the object after an update.
    pub object: Json,
    /// Object before the update, if the outcome is that of an update.
    pub before: Option<Json>,
    /// Result of the same request with the new CRD.
    pub outcome: Outcome,
}

/// Result of a request with the new CRD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A server refuses the object, with these causes.
    Refused(Vec<String>),
    /// A server drops these fields of the object.
    Loses(Vec<String>),
    /// A server does not answer the request as before, for this reason.
    Gone(String),
}

impl Outcome {
    /// Returns the outcome as one line.
    pub fn summary(&self) -> String {
        match self {
            Self::Refused(causes) => format!("refused: {}", causes.join("; ")),
            Self::Loses(fields) => format!("loses {}", fields.join(", ")),
            Self::Gone(reason) => reason.clone(),
        }
    }
}
