//! Description of a version of a kind, as the store needs it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use crdgen_backend::validation::{self, prepare};
use crdgen_backend::{Cause, Error, FieldValidation, Reason, Result, WriteOptions};
use crdgen_core::{Resource, Scope, json};
#[cfg(feature = "crds")]
use crdgen_schema::admission::Options;
use crdgen_schema::admission::{Admission, Status, Verdict};
#[cfg(feature = "crds")]
use crdgen_schema::crd::{Crd, Scope as CrdScope, Version};
use serde_json::Value;

use super::decoding::decode;

/// Version of a kind, described by its type or its CRD.
pub(super) struct Kind {
    /// `plural.group`, common to all versions.
    pub(super) resource: Arc<str>,
    /// `group/version`.
    pub(super) api_version: String,
    /// First part of an object's JSON, with the apiVersion. The rest is common to all versions.
    pub(super) head: Bytes,
    pub(super) name: String,
    pub(super) scope: Scope,
    /// Whether the kind has the status subresource.
    pub(super) status: bool,
    pub(super) scale: Option<ScalePaths>,
    /// JSON paths of the selectable fields, with or without a leading dot.
    selectable_fields: Vec<String>,
    admission: Admission,
    /// Decodes an object as its type and encodes it again. The only validation of a type without a schema.
    as_its_type: Option<fn(Value) -> std::result::Result<Value, Cause>>,
}

/// Paths of the fields of the scale subresource.
pub(super) struct ScalePaths {
    pub(super) spec: String,
    pub(super) status: String,
    pub(super) selector: Option<String>,
}

impl Kind {
    /// Creates the description of a version from its type.
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

    /// Creates the description of a version from its CRD.
    #[cfg(feature = "crds")]
    pub(super) fn of_crd(crd: &Crd, version: &Version) -> Self {
        let scale = version.scale.as_ref().map(|scale| ScalePaths {
            spec: scale.spec_replicas_path.clone(),
            status: scale.status_replicas_path.clone(),
            selector: scale.label_selector_path.clone(),
        });
        // The status is handled before admission, which therefore treats it as an ordinary field.
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
            admission: Admission::for_version(crd, version).with_options(options),
            as_its_type: None,
        }
    }

    /// Returns whether a field selector can use this field.
    pub(super) fn selects_by(&self, field: &str) -> bool {
        field == "metadata.name"
            || (field == "metadata.namespace" && self.scope == Scope::Namespaced)
            || self.selectable_fields().any(|path| path == field)
    }

    /// Returns the JSON paths of the selectable fields, besides name and namespace, without their leading dot.
    pub(super) fn selectable_fields(&self) -> impl Iterator<Item = &str> {
        self.selectable_fields.iter().map(|path| path.trim_start_matches('.'))
    }

    /// Checks that an object can be decoded. Adds a warning for each field that is not declared, or refuses it with
    /// strict field validation.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::BadRequest`], also for JSON that exceeds its limits.
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

    /// Admits an object: prunes, defaults and validates it by the schema of the kind.
    pub(super) fn admit(&self, object: &mut Value, current: Option<&Value>) -> Verdict {
        self.admission.admit(object, current)
    }

    /// Decodes an object as its type and encodes it again, when the kind has no schema.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::Invalid`] when the type cannot hold the object.
    pub(super) fn typed(&self, object: Value) -> Result<Value> {
        let Some(as_its_type) = self.as_its_type else { return Ok(object) };
        let name = name_of(&object).to_owned();
        as_its_type(object).map_err(|cause| self.invalid(name, vec![cause]))
    }

    /// Converts a verdict to the error of a refused object. Returns `Ok` when the verdict accepts the object.
    ///
    /// An undecided verdict, for example for a rule that costs too much, also refuses the object: no server validates
    /// it after this store.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::BadRequest`] for an object that cannot be decoded, otherwise [`Reason::Invalid`] with the
    /// causes.
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

/// Returns the name of a JSON object. Empty when it has none.
pub(super) fn name_of(object: &Value) -> &str {
    object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default()
}

/// Decodes a value as a type and encodes it again. Drops fields that the type does not have.
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
