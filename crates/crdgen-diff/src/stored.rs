//! Verdicts on existing objects.

use std::collections::HashMap;

use crdgen_schema::crd::Version;
use crdgen_schema::{Admission, Crd};
use serde_json::Value as Json;

use crate::loss::losses;
use crate::prove::{Breach, refusals};

/// CRDs after a change, prepared to check objects that were stored before the change.
pub struct Stored<'c> {
    new: HashMap<(&'c str, &'c str), &'c Crd>,
    prepared: HashMap<(&'c str, &'c str), Admission>,
}

/// Consequences of a change for a stored object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Impact {
    /// Reasons why a server refuses to write the object again, although nothing in it changed.
    pub unchanged: Vec<Breach>,
    /// Reasons why a server refuses the object once the fields at these places, or their parents, change. Since
    /// Kubernetes 1.33 a server tolerates most invalid values until then.
    pub changed: Vec<Breach>,
    /// Places of the fields that the object loses.
    pub lost: Vec<String>,
    /// Reason why the object cannot be read or written at all.
    pub gone: Option<String>,
}

impl Impact {
    /// Returns whether the change has no effect on the object.
    pub fn is_none(&self) -> bool {
        self.unchanged.is_empty() && self.changed.is_empty() && self.lost.is_empty() && self.gone.is_none()
    }
}

impl<'c> Stored<'c> {
    /// Prepares the CRDs after the change.
    pub fn new(new: &'c [Crd]) -> Self {
        let by_kind = new.iter().map(|crd| ((crd.group.as_str(), crd.names.kind.as_str()), crd)).collect();
        Self { new: by_kind, prepared: HashMap::new() }
    }

    /// Returns the consequences of the change for an object, or `None` if neither side has a CRD of the object's kind.
    /// `old` are the CRDs before the change.
    pub fn judge(&mut self, old: &[Crd], object: &Json) -> Option<Impact> {
        let text = |name: &str| object.get(name).and_then(Json::as_str).unwrap_or_default();
        let (group, version) = text("apiVersion").split_once('/')?;
        let kind = text("kind");
        let Some(crd) = self.new.get(&(group, kind)).copied() else {
            let is_old = old.iter().any(|crd| crd.group == group && crd.names.kind == kind);
            return is_old.then(|| gone(format!("no CRD defines {kind} in {group} any more")));
        };
        let Some(version) = crd.versions.iter().find(|known| known.name == version && known.served) else {
            return Some(gone(format!("{group}/{version} is no longer served")));
        };
        let admission = self.admission(crd, version);
        let mut read = object.clone();
        admission.read(&mut read);
        Some(Impact {
            unchanged: refusals(admission, object, Some(object)),
            changed: refusals(admission, object, None),
            lost: losses(object, &read),
            gone: None,
        })
    }

    fn admission(&mut self, crd: &'c Crd, version: &'c Version) -> &Admission {
        // A controller writes the status, so it is judged too.
        self.prepared.entry((&crd.name, &version.name)).or_insert_with(|| {
            let mut ordinary = version.clone();
            ordinary.status = false;
            Admission::for_version(crd, &ordinary)
        })
    }
}

fn gone(reason: String) -> Impact {
    Impact { gone: Some(reason), ..Impact::default() }
}
