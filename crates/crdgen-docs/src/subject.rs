//! Version of a CRD that gets a page, with what a project generates for it.

use std::collections::HashMap;

use crdgen_schema::crd::{Crd, Version};

/// Version of a CRD that gets a page.
#[derive(Clone, Debug)]
pub struct Subject<'a> {
    /// CRD of the version.
    pub crd: &'a Crd,
    /// Version of `crd`.
    pub version: &'a Version,
    /// Names of the types that a project generates, by the path of the field. A path has the levels of the lists and
    /// maps around the field, and not those of the field's own value: `Boat.spec.crew[].roles` for a map `roles` in the
    /// items of `crew`. Empty if nothing is generated.
    pub names: HashMap<String, String>,
    /// Fields without an exact type.
    pub opaque: Vec<Opaque>,
}

/// Field without an exact type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opaque {
    /// Path that begins with the kind, with `[]` for each list and `{}` for each map: `Boat.spec.config{}`.
    pub path: String,
    /// Reason, for example `object without properties`.
    pub reason: String,
}

impl<'a> Subject<'a> {
    /// Returns a version without generated names.
    pub fn new(crd: &'a Crd, version: &'a Version) -> Self {
        Self { crd, version, names: HashMap::new(), opaque: Vec::new() }
    }

    /// Returns the path of the version's page: `example.com/boats/v1.html`.
    pub(crate) fn page(&self) -> String {
        format!("{}/{}/{}.html", self.crd.group, self.crd.names.plural, self.version.name)
    }
}
