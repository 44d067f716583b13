//! Kubernetes' own types: generated, or taken from k8s-openapi.

use std::collections::BTreeSet;

use crdgen_model::{Kubernetes, Model, Shape, TypeId};
use serde::{Deserialize, Serialize};

use super::overrides::TypeOverride;
use super::{Options, Overrides};

/// Value of `rust.known-types`: source of Kubernetes' own types.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum KnownTypes {
    /// Generated from the CRD, as all other types.
    #[default]
    Generate,
    /// Types of the crate k8s-openapi, where such a type can hold every object that the CRD allows.
    K8sOpenapi,
}

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
    format!("{ROOT}{}", name.replace('.', "::").replace('-', "_"))
}

/// Path prefix of k8s-openapi's types.
const ROOT: &str = "::k8s_openapi::";

/// Returns whether a path is that of a k8s-openapi type.
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
