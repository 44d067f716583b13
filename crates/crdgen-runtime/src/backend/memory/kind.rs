//! A version of a kind, as far as a store has to know it.

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "crds")]
use crdgen_schema::admission::Options;
use crdgen_schema::admission::{Admission, Status, Verdict};
#[cfg(feature = "crds")]
use crdgen_schema::crd::{Crd, Scope as CrdScope, Version};
use serde_json::Value;

use super::object::{decode, to_value};
use crate::backend::{Cause, Error, FieldValidation, Reason, Result, WriteOptions};
use crate::validation::{self, prepare};
use crate::{Resource, Scope};

/// What its type or its CRD says of it.
pub(super) struct Kind {
    /// `plural.group`, the same for all versions.
    pub(super) resource: Arc<str>,
    /// `group/version`.
    pub(super) api_version: String,
    pub(super) name: String,
    pub(super) scope: Scope,
    /// Has the status subresource.
    pub(super) status: bool,
    pub(super) scale: Option<ScalePaths>,
    /// JSON paths, with their leading dot or without.
    selectable_fields: Vec<String>,
    admission: Admission,
    /// Of a type that says nothing of its schema: the type itself is asked what it takes.
    as_its_type: Option<fn(Value) -> std::result::Result<Value, Cause>>,
}

/// Where objects keep the numbers of their scale.
pub(super) struct ScalePaths {
    pub(super) spec: String,
    pub(super) status: String,
    pub(super) selector: Option<String>,
}

impl Kind {
    /// What a type says.
    pub(super) fn of_type<K: Resource>() -> Self {
        let scale = K::SCALE.map(|(spec, status, selector)| ScalePaths {
            spec: spec.to_owned(),
            status: status.to_owned(),
            selector: selector.map(str::to_owned),
        });
        let says_nothing = K::SCHEMA.trim() == "{}";
        Self {
            resource: format!("{}.{}", K::PLURAL, K::GROUP).into(),
            api_version: K::API_VERSION.to_owned(),
            name: K::KIND.to_owned(),
            scope: K::SCOPE,
            status: K::STATUS,
            scale,
            selectable_fields: K::SELECTABLE_FIELDS.iter().map(|path| (*path).to_owned()).collect(),
            admission: prepare::<K>(Status::Ordinary),
            as_its_type: says_nothing.then_some(as_type::<K>),
        }
    }

    /// What a CRD says.
    #[cfg(feature = "crds")]
    pub(super) fn of_crd(crd: &Crd, version: &Version) -> Self {
        let scale = version.scale.as_ref().map(|scale| ScalePaths {
            spec: scale.spec_replicas_path.clone(),
            status: scale.status_replicas_path.clone(),
            selector: scale.label_selector_path.clone(),
        });
        // What becomes of the status is decided before an object is judged.
        let options = Options { status: Status::Ordinary, ..Options::of(crd, version) };
        Self {
            resource: crd.name.as_str().into(),
            api_version: format!("{}/{}", crd.group, version.name),
            name: crd.names.kind.clone(),
            scope: match crd.scope {
                CrdScope::Namespaced => Scope::Namespaced,
                CrdScope::Cluster => Scope::Cluster,
            },
            status: version.status,
            scale,
            selectable_fields: version.selectable_fields.clone(),
            admission: Admission::of(crd, version).with_options(options),
            as_its_type: None,
        }
    }

    /// Whether objects can be selected by this field.
    pub(super) fn selects_by(&self, field: &str) -> bool {
        field == "metadata.name"
            || (field == "metadata.namespace" && self.scope == Scope::Namespaced)
            || self.selectable_fields.iter().any(|path| path.trim_start_matches('.') == field)
    }

    /// Whether an object can be decoded; what is said of fields that are not declared.
    ///
    /// # Errors
    ///
    /// [`Reason::BadRequest`].
    pub(super) fn check_form(&self, object: &Value, options: &WriteOptions) -> Result<()> {
        let undeclared = self.admission.undeclared_fields(object);
        let undeclared = undeclared.map_err(|why| Error::new(Reason::BadRequest, why))?;
        let said: Vec<_> = undeclared.iter().map(|field| format!("unknown field {field:?}")).collect();
        match options.field_validation.unwrap_or(FieldValidation::Warn) {
            FieldValidation::Strict if !said.is_empty() => {
                return Err(Error::new(Reason::BadRequest, format!("strict decoding error: {}", said.join(", "))));
            }
            FieldValidation::Warn => said.iter().for_each(|text| options.warn(text)),
            FieldValidation::Strict | FieldValidation::Ignore => {}
        }
        Ok(())
    }

    /// What the kind's schema makes of an object that is to be stored, and what it says of it.
    pub(super) fn admit(&self, object: &mut Value, current: Option<&Value>) -> Verdict {
        self.admission.admit(object, current)
    }

    /// What the kind's type makes of it, when nothing else is known of the kind.
    ///
    /// # Errors
    ///
    /// What the type refuses.
    pub(super) fn typed(&self, object: Value) -> Result<Value> {
        let Some(as_its_type) = self.as_its_type else { return Ok(object) };
        let name = name_of(&object).to_owned();
        as_its_type(object).map_err(|cause| self.invalid(name, vec![cause]))
    }

    /// The error of a verdict, if it is one.
    pub(super) fn refused(&self, name: &str, verdict: Verdict) -> Result<()> {
        validation::refused(&self.resource, name, verdict)
    }

    pub(super) fn not_found(&self, name: impl fmt::Display) -> Error {
        Error::absent(&self.resource, name)
    }

    pub(super) fn already_exists(&self, name: impl fmt::Display) -> Error {
        Error::taken(&self.resource, name)
    }

    pub(super) fn conflict(&self, name: impl fmt::Display) -> Error {
        Error::stale(&self.resource, name)
    }

    pub(super) fn invalid(&self, name: impl fmt::Display, causes: Vec<Cause>) -> Error {
        Error::bad(&self.resource, name, causes)
    }
}

/// The name of an object in JSON; empty when it has none.
pub(super) fn name_of(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

/// Reads a value as a type and writes it back: what the type does not know is gone.
fn as_type<K: Resource>(object: Value) -> std::result::Result<Value, Cause> {
    let typed: K = decode(object)?;
    to_value(&typed).map_err(|error| Cause::invalid("", error.to_string()))
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind")
            .field("resource", &self.resource)
            .field("version", &self.api_version)
            .finish_non_exhaustive()
    }
}
