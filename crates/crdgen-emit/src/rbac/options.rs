//! Options of the RBAC emitter.

use serde::{Deserialize, Serialize};

use crate::switch::switch;

/// Options of the RBAC emitter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Name of the role. The names of further roles begin with it.
    pub name: String,
    /// Scope of the role.
    pub reach: Reach,
    /// Identity whose rights are used.
    pub callers: Callers,
}

/// Scope of a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Reach {
    /// The whole cluster: a ClusterRole.
    #[default]
    Cluster,
    /// A single namespace: a Role, without rules for cluster-scoped kinds and for lists over all namespaces.
    Namespace,
}

switch!(Reach, Cluster, Namespace);

/// Value of `rbac.callers`: identity whose rights are used on the cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum Callers {
    /// The service acts with its own rights.
    #[default]
    Service,
    /// The service acts with its own rights, after an access review of the caller.
    #[serde(rename = "review")]
    Reviewed,
    /// The service impersonates its callers.
    #[serde(rename = "impersonate")]
    Impersonated,
    /// The service passes on the tokens of its callers.
    #[serde(rename = "pass-through")]
    PassedThrough,
}

impl Default for Options {
    fn default() -> Self {
        Self { name: "crdgen-api".to_owned(), reach: Reach::default(), callers: Callers::default() }
    }
}
