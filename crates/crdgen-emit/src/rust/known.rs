//! Kubernetes' own types: generated, or taken from k8s-openapi.

use std::collections::BTreeSet;

use crdgen_model::{Kubernetes, Model, Shape, TypeId};

use super::overrides::{K8S_OPENAPI, TypeOverride};
use super::{KnownTypes, Options, Overrides};

/// Returns the project's changes, with k8s-openapi's types added. A type that the project changes, or that
/// contains such a type, is generated, because the change would be lost otherwise.
pub fn overrides(model: &Model, options: &Options) -> Overrides {
    let mut overrides = options.overrides.clone();
    if options.known_types == KnownTypes::Generate {
        return overrides;
    }
    let changed: BTreeSet<TypeId> =
        overrides.types.keys().copied().chain(overrides.fields.keys().map(|(owner, _)| *owner)).collect();
    for (id, def) in model.type_ids() {
        if let Some(kubernetes) = def.kubernetes.as_ref().filter(|known| known.lossless)
            && below(model, id).is_disjoint(&changed)
        {
            overrides.types.insert(id, TypeOverride { external: Some(path(kubernetes)), ..TypeOverride::default() });
        }
    }
    overrides
}

/// Returns a type and every type inside it.
fn below(model: &Model, id: TypeId) -> BTreeSet<TypeId> {
    let mut found = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if let (true, Shape::Object(object)) = (found.insert(id), &model.get(id).shape) {
            open.extend(object.fields.iter().filter_map(|field| field.slot.ty.named()));
        }
    }
    found
}

/// Returns the Rust path of a type: `io.k8s.api.core.v1.EnvVar` gives `::k8s_openapi::api::core::v1::EnvVar`.
fn path(kubernetes: &Kubernetes) -> String {
    let name = kubernetes.name.strip_prefix("io.k8s.").unwrap_or(&kubernetes.name);
    format!("{K8S_OPENAPI}{}", name.replace('.', "::").replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_has_its_path_in_k8s_openapi() {
        let path = |name: &str| path(&Kubernetes { name: name.to_owned(), lossless: true });
        assert_eq!(path("io.k8s.api.core.v1.EnvVar"), "::k8s_openapi::api::core::v1::EnvVar");
        assert_eq!(
            path("io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector"),
            "::k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector"
        );
    }
}
