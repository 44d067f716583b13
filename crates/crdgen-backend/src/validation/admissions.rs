//! Schemas of kinds, prepared on first use.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crdgen_core::Resource;
use crdgen_schema::admission::{Admission, Options, Status, TypeMeta};
use crdgen_schema::crd::Scale;
use crdgen_schema::schema::Schema;

/// Prepared schemas by kind, for writes of objects. Such a write leaves the status unchanged when the kind has the
/// status subresource.
///
/// For a kind without a readable schema only metadata is validated.
#[derive(Default)]
pub(crate) struct Admissions {
    kinds: RwLock<HashMap<TypeId, Arc<Admission>>>,
}

impl Admissions {
    /// Returns the prepared schema of a kind.
    pub(crate) fn get<K: Resource>(&self) -> Arc<Admission> {
        let id = TypeId::of::<K>();
        let known = self.kinds.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
        known.unwrap_or_else(|| {
            let prepared = Arc::new(prepare::<K>(Status::Subresource));
            let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
            kinds.entry(id).or_insert(prepared).clone()
        })
    }
}

/// Prepares the schema of a kind. `status` says how a write treats the status of a kind with the status subresource.
#[doc(hidden)]
pub fn prepare<K: Resource>(status: Status) -> Admission {
    let scale = K::SCALE.map(|(spec, status, selector)| Scale {
        spec_replicas_path: spec.to_owned(),
        status_replicas_path: status.to_owned(),
        label_selector_path: selector.map(str::to_owned),
    });
    let type_ = TypeMeta { api_version: K::API_VERSION.to_owned(), kind: K::KIND.to_owned() };
    let status = if K::STATUS { status } else { Status::Ordinary };
    Admission::new(&schema::<K>(), Options { type_: Some(type_), status, scale })
}

/// Reads the schema of a kind. Returns a schema that accepts everything when there is none or it cannot be read.
fn schema<K: Resource>() -> Schema {
    let written = serde_json::from_str(K::SCHEMA).ok();
    let read = written.and_then(|schema| Schema::from_json(&schema).ok());
    let anything = Schema { preserve_unknown_fields: true, ..Schema::default() };
    read.filter(|schema| schema.type_.is_some()).unwrap_or(anything)
}

impl fmt::Debug for Admissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admissions").finish_non_exhaustive()
    }
}
