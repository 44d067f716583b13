//! Places at which a rule is broken.

use crdgen_schema::Span;

use super::{Place, Subject};

/// Places at which a rule is broken.
#[derive(Debug, Default)]
pub struct Hits(pub(super) Vec<Hit>);

/// Place at which a rule is broken, and the message for it.
#[derive(Debug)]
pub(super) struct Hit {
    pub(super) message: String,
    pub(super) span: Span,
    /// Path in the CRD.
    pub(super) path: String,
    /// Path of the value in an object.
    pub(super) field: Option<String>,
}

impl Hits {
    /// Adds a hit at a schema node. `keyword` is the part of the node that the message is about; empty for the node.
    pub fn at(&mut self, place: &Place<'_>, keyword: &str, message: impl Into<String>) {
        let separator = if keyword.is_empty() { "" } else { "." };
        let field = Some(place.field()).filter(|field| !field.is_empty());
        let path = format!("{}{separator}{keyword}", place.path());
        self.0.push(Hit { message: message.into(), span: place.schema.span, path, field });
    }

    /// Adds a hit about a version. `path` is relative to the version; empty for the whole version.
    pub fn of_version(&mut self, subject: &Subject<'_>, path: &str, span: Span, message: impl Into<String>) {
        let separator = if path.is_empty() { "" } else { "." };
        let path = format!("spec.versions[{}]{separator}{path}", subject.index);
        self.0.push(Hit { message: message.into(), span, path, field: None });
    }
}
