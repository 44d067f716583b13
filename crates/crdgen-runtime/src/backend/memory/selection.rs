//! Which objects a query selects.

use serde_json::Value;

use super::kind::Kind;
use super::object::Object;
use super::path;
use super::store::ObjectId;
use crate::backend::{Error, FieldSelector, LabelSelector, Namespace, Reason, Result};

/// Objects of a kind, by place, labels and fields.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    namespace: Option<Namespace>,
    labels: LabelSelector,
    fields: FieldSelector,
}

impl Selection {
    /// Refuses a selector of a field that cannot be selected by.
    pub(super) fn new(
        kind: &Kind,
        namespace: Option<&Namespace>,
        labels: &LabelSelector,
        fields: &FieldSelector,
    ) -> Result<Self> {
        check_fields(kind, fields)?;
        Ok(Self { namespace: namespace.cloned(), labels: labels.clone(), fields: fields.clone() })
    }

    /// Whether it is about the place where this object is.
    pub(super) fn is_of_place(&self, (namespace, _): &ObjectId) -> bool {
        self.namespace.as_ref().is_none_or(|wanted| wanted.as_str() == namespace)
    }

    /// Whether it selects this object.
    pub(super) fn selects(&self, id: &ObjectId, object: &Object) -> bool {
        self.is_of_place(id)
            && self.labels.matches(|key| object.label(key))
            && self.fields.matches(|field| field_text(object, field))
    }

    /// Whether it selects all objects of its place.
    pub(super) fn is_whole(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }
}

fn check_fields(kind: &Kind, fields: &FieldSelector) -> Result<()> {
    match fields.requirements.iter().map(|requirement| requirement.field()).find(|field| !kind.selects_by(field)) {
        None => Ok(()),
        Some(field) => Err(Error::new(Reason::BadRequest, format!("field label not supported: {field}"))),
    }
}

/// A field as selectors compare it: scalars by their text, an absent one as the empty text.
fn field_text(object: &Object, field: &str) -> String {
    match path::get(object.fields(), field) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}
