//! Kinds that a store accepts.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crdgen_backend::Result;
#[cfg(feature = "crds")]
use crdgen_backend::{Error, Reason};
use crdgen_core::Resource;

use super::kind::Kind;

/// Kinds of a store, by their source.
pub(super) enum Kinds {
    /// Kinds of types. Each is prepared on first use.
    OfTypes(RwLock<HashMap<TypeId, Arc<Kind>>>),
    /// Kinds of CRDs, by `plural.group` and `group/version`. The store has no others.
    #[cfg(feature = "crds")]
    OfCrds(HashMap<(Arc<str>, String), Arc<Kind>>),
}

impl Default for Kinds {
    fn default() -> Self {
        Self::OfTypes(RwLock::default())
    }
}

impl Kinds {
    /// Returns the kind of a type.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NotFound`] when the store takes its kinds from CRDs and no CRD has this one. An API server
    /// answers in the same way.
    pub(super) fn of_type<K: Resource>(&self) -> Result<Arc<Kind>> {
        match self {
            Self::OfTypes(kinds) => Ok(known::<K>(kinds)),
            #[cfg(feature = "crds")]
            Self::OfCrds(_) => self.named(&format!("{}.{}", K::PLURAL, K::GROUP), K::VERSION),
        }
    }

    /// Returns the kind of a CRD, by the name of the CRD and a version.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NotFound`] when the store has no such CRD or version.
    #[cfg(feature = "crds")]
    pub(super) fn named(&self, resource: &str, version: &str) -> Result<Arc<Kind>> {
        let missing = || Error::new(Reason::NotFound, format!("there is no {resource:?} in version {version:?}"));
        let Self::OfCrds(kinds) = self else { return Err(missing()) };
        let group = resource.split_once('.').map_or("", |(_, group)| group);
        let id = (Arc::from(resource), format!("{group}/{version}"));
        kinds.get(&id).cloned().ok_or_else(missing)
    }
}

fn known<K: Resource>(kinds: &RwLock<HashMap<TypeId, Arc<Kind>>>) -> Arc<Kind> {
    let id = TypeId::of::<K>();
    let known = kinds.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    known.unwrap_or_else(|| {
        let prepared = Arc::new(Kind::of_type::<K>());
        let mut kinds = kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.entry(id).or_insert(prepared).clone()
    })
}

impl fmt::Debug for Kinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OfTypes(_) => "OfTypes",
            #[cfg(feature = "crds")]
            Self::OfCrds(_) => "OfCrds",
        })
    }
}
