//! Kubernetes' own types: generated like any other, or k8s-openapi's where they keep every object unchanged.

use std::collections::BTreeSet;

use crdgen_model::{Kubernetes, Model, Shape, TypeId};

use super::overrides::TypeOverride;
use super::{Options, Overrides};

/// Where Kubernetes' own types come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KnownTypes {
    /// They are generated.
    #[default]
    Generate,
    /// From k8s-openapi, those that keep every object as it is; the others are generated.
    K8sOpenapi,
}

/// What the project changes, and k8s-openapi's types in their places. A type that the project changes, or that holds one, is
/// generated: the change would be lost.
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

/// A type and every type inside it.
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

/// `io.k8s.api.core.v1.EnvVar` -> `::k8s_openapi::api::core::v1::EnvVar`.
fn path(kubernetes: &Kubernetes) -> String {
    let name = kubernetes.name.strip_prefix("io.k8s.").unwrap_or(&kubernetes.name);
    format!("{ROOT}{}", name.replace('.', "::").replace('-', "_"))
}

/// Where k8s-openapi's types are.
const ROOT: &str = "::k8s_openapi::";

/// It is a type of k8s-openapi's.
pub fn is_k8s_openapi(path: &str) -> bool {
    path.starts_with(ROOT)
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
