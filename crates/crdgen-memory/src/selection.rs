//! Selection of the objects of a query.

use std::ops::Bound;
use std::sync::Arc;

use crdgen_backend::{Error, FieldSelector, LabelSelector, Namespace, Reason, Result};

use super::kind::Kind;
use super::place::ObjectId;
use super::stored::Stored;

/// Selection of objects of a kind by namespace, labels and fields.
#[derive(Clone, Debug)]
pub(super) struct Selection {
    pub(super) kind: Arc<Kind>,
    namespace: Option<Namespace>,
    labels: LabelSelector,
    fields: FieldSelector,
}

impl Selection {
    /// Creates a selection. Fails when a field selector uses a field that is not selectable.
    pub(super) fn new(
        kind: &Arc<Kind>,
        namespace: Option<&Namespace>,
        labels: &LabelSelector,
        fields: &FieldSelector,
    ) -> Result<Self> {
        check_fields(kind, fields)?;
        let (kind, namespace) = (kind.clone(), namespace.cloned());
        Ok(Self { kind, namespace, labels: labels.clone(), fields: fields.clone() })
    }

    /// Returns whether an object is in the selected namespace, or all namespaces are selected.
    pub(super) fn is_of_place(&self, id: &ObjectId) -> bool {
        self.namespace.as_ref().is_none_or(|wanted| wanted.as_str() == &*id.namespace)
    }

    /// Returns the bound before the first object of the selected namespace.
    pub(super) fn start(&self) -> Bound<ObjectId> {
        let namespace = self.namespace.as_ref();
        namespace.map_or(Bound::Unbounded, |namespace| Bound::Included(ObjectId::new(namespace.as_str(), "")))
    }

    /// Returns whether the selection contains an object.
    pub(super) fn selects(&self, object: &Stored) -> bool {
        self.is_of_place(&object.id) && object.has_labels(&self.labels) && object.has_fields(&self.fields, &self.kind)
    }

    /// Returns whether the selection contains all objects of its namespace.
    pub(super) fn is_whole(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// Returns the selection as text. Continue tokens are bound to it.
    pub(super) fn text(&self) -> String {
        let Self { kind, namespace, labels, fields } = self;
        let namespace = namespace.as_ref().map(Namespace::as_str);
        serde_json::json!([&*kind.resource, namespace, labels.to_string(), fields.to_string()]).to_string()
    }
}

fn check_fields(kind: &Kind, fields: &FieldSelector) -> Result<()> {
    match fields.requirements.iter().map(|requirement| requirement.field()).find(|field| !kind.selects_by(field)) {
        None => Ok(()),
        Some(field) => Err(Error::new(Reason::BadRequest, format!("field label not supported: {field}"))),
    }
}
