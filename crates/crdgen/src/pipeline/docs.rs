//! Reference pages: the CRDs with the names and the gaps of the model.

use std::collections::HashMap;

use crdgen_docs::{Opaque, Subject};
use crdgen_emit::Files;
use crdgen_model::{Lowered, ResourceId, Selected};

use super::targets::Docs;

/// Returns the pages of the selected versions.
pub(super) fn emit(selected: &[Selected<'_>], lowered: &Lowered, options: Docs) -> Files {
    let labels = Labels::of(lowered, options);
    let versions = selected.iter().flat_map(|one| one.versions.iter().map(move |version| (one.crd, *version)));
    let subjects: Vec<Subject<'_>> = versions
        .map(|(crd, version)| {
            let id = (crd.group.as_str(), crd.names.kind.as_str(), version.name.as_str());
            Subject { names: labels.names(&id), opaque: labels.opaque(&id), ..Subject::new(crd, version) }
        })
        .collect();
    crdgen_docs::emit(&subjects)
}

/// Group, kind and version of a resource.
type Id<'m> = (&'m str, &'m str, &'m str);

/// Names and gaps of the model by resource.
struct Labels<'m> {
    names: HashMap<Id<'m>, HashMap<String, String>>,
    opaque: HashMap<Id<'m>, Vec<Opaque>>,
}

impl<'m> Labels<'m> {
    fn of(lowered: &'m Lowered, options: Docs) -> Self {
        let mut labels = Self { names: HashMap::new(), opaque: HashMap::new() };
        let id = |resource: ResourceId| {
            let resource = lowered.model.resource(resource);
            (resource.group.as_str(), resource.kind.as_str(), resource.version.as_str())
        };
        for entry in lowered.paths.iter().filter(|entry| options.names && is_of(&entry.path, id(entry.resource).1)) {
            let names = labels.names.entry(id(entry.resource)).or_default();
            names.extend(entry.named.map(|named| (entry.path.clone(), lowered.model.get(named).name.clone())));
        }
        for gap in lowered.untyped.iter().filter(|gap| is_of(&gap.path, id(gap.resource).1)) {
            let opaque = Opaque { path: gap.path.clone(), reason: gap.reason.to_owned() };
            labels.opaque.entry(id(gap.resource)).or_default().push(opaque);
        }
        labels
    }

    fn names(&self, id: &Id<'_>) -> HashMap<String, String> {
        self.names.get(id).cloned().unwrap_or_default()
    }

    fn opaque(&self, id: &Id<'_>) -> Vec<Opaque> {
        self.opaque.get(id).cloned().unwrap_or_default()
    }
}

/// Returns whether a path begins with the kind. Paths of a view begin with the view.
fn is_of(path: &str, kind: &str) -> bool {
    path.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
