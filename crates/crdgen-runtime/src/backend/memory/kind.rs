//! Versions of kinds, as far as a store has to know them.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
#[cfg(feature = "crds")]
use crdgen_schema::admission::Options;
use crdgen_schema::admission::{Admission, Status, Verdict};
#[cfg(feature = "crds")]
use crdgen_schema::crd::{Crd, Scope as CrdScope, Version};
use serde_json::Value;

use super::object::decode;
use crate::backend::{Cause, Error, FieldValidation, Reason, Result, WriteOptions};
use crate::validation::{self, prepare};
use crate::{Resource, Scope, json};

/// A version of a kind, as its type or its CRD describes it.
pub(super) struct Kind {
    /// `plural.group`, the same for all versions.
    pub(super) resource: Arc<str>,
    /// `group/version`.
    pub(super) api_version: String,
    /// Beginning of the JSON of an object, up to what all versions share.
    pub(super) head: Bytes,
    pub(super) name: String,
    pub(super) scope: Scope,
    /// Has the status subresource.
    pub(super) status: bool,
    pub(super) scale: Option<ScalePaths>,
    /// JSON paths, with their leading dot or without.
    selectable_fields: Vec<String>,
    admission: Admission,
    /// Reads and writes an object as its type. For a type that says nothing of its schema this is all that judges it.
    as_its_type: Option<fn(Value) -> std::result::Result<Value, Cause>>,
}

/// Paths of the fields that hold the numbers of the scale.
pub(super) struct ScalePaths {
    pub(super) spec: String,
    pub(super) status: String,
    pub(super) selector: Option<String>,
}

impl Kind {
    /// The version that a type describes.
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
            head: head(K::API_VERSION),
            name: K::KIND.to_owned(),
            scope: K::SCOPE,
            status: K::STATUS,
            scale,
            selectable_fields: K::SELECTABLE_FIELDS.iter().map(|path| (*path).to_owned()).collect(),
            admission: prepare::<K>(Status::Ordinary),
            as_its_type: says_nothing.then_some(as_type::<K>),
        }
    }

    /// A version that a CRD describes.
    #[cfg(feature = "crds")]
    pub(super) fn of_crd(crd: &Crd, version: &Version) -> Self {
        let scale = version.scale.as_ref().map(|scale| ScalePaths {
            spec: scale.spec_replicas_path.clone(),
            status: scale.status_replicas_path.clone(),
            selector: scale.label_selector_path.clone(),
        });
        // What becomes of the status is decided before an object is judged.
        let options = Options { status: Status::Ordinary, ..Options::of(crd, version) };
        let api_version = format!("{}/{}", crd.group, version.name);
        Self {
            resource: crd.name.as_str().into(),
            head: head(&api_version),
            api_version,
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

    /// Returns whether objects can be selected by this field.
    pub(super) fn selects_by(&self, field: &str) -> bool {
        field == "metadata.name"
            || (field == "metadata.namespace" && self.scope == Scope::Namespaced)
            || self.selectable_fields().any(|path| path == field)
    }

    /// JSON paths of the fields, besides name and namespace, that objects can be selected by, without their leading dot.
    pub(super) fn selectable_fields(&self) -> impl Iterator<Item = &str> {
        self.selectable_fields.iter().map(|path| path.trim_start_matches('.'))
    }

    /// Checks that an object can be decoded, and warns of fields that are not declared.
    ///
    /// # Errors
    ///
    /// [`Reason::BadRequest`], also for JSON beyond its limits.
    pub(super) fn check_form(&self, object: &Value, options: &WriteOptions) -> Result<()> {
        json::check(object, 0).map_err(|limit| Error::beyond("the object", limit))?;
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

    /// Makes of an object what the kind's schema stores of it, and judges it.
    pub(super) fn admit(&self, object: &mut Value, current: Option<&Value>) -> Verdict {
        self.admission.admit(object, current)
    }

    /// Reads and writes an object as its type, when the schema of the kind is not known.
    ///
    /// # Errors
    ///
    /// [`Reason::Invalid`] for what the type refuses.
    pub(super) fn typed(&self, object: Value) -> Result<Value> {
        let Some(as_its_type) = self.as_its_type else { return Ok(object) };
        let name = name_of(&object).to_owned();
        as_its_type(object).map_err(|cause| self.invalid(name, vec![cause]))
    }

    /// Refuses an object by the verdict on it. Nobody behind this store judges what the verdict leaves open, a rule that
    /// costs too much for example, so that is refused too.
    ///
    /// # Errors
    ///
    /// [`Reason::BadRequest`] for an object that cannot be decoded, [`Reason::Invalid`] with the causes otherwise.
    pub(super) fn refused(&self, name: &str, verdict: Verdict) -> Result<()> {
        validation::refused(&self.resource, name, verdict.refusing_undecided())
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

fn head(api_version: &str) -> Bytes {
    format!("{{\"apiVersion\":{},", Value::from(api_version)).into()
}

/// The name of an object in JSON; empty when it has none.
pub(super) fn name_of(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

/// Reads a value as a type and writes it back: what the type does not know is gone.
fn as_type<K: Resource>(object: Value) -> std::result::Result<Value, Cause> {
    let typed: K = decode(object)?;
    serde_json::to_value(&typed).map_err(|error| Cause::invalid("", error.to_string()))
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind")
            .field("resource", &self.resource)
            .field("version", &self.api_version)
            .finish_non_exhaustive()
    }
}
