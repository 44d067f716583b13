//! Settings of the Rust emitter, each with its choices.

use serde::{Deserialize, Serialize};

use crate::switch::switch;

/// Presence of the axum emitter's module `api`, beside the modules of the groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Api {
    /// The module is not generated.
    #[default]
    Absent,
    /// The module is generated, and the root module declares it.
    Present,
}

/// The Kubernetes client that the types implement traits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Client {
    /// kube: types implement `kube::Resource`, and `metadata` is the `ObjectMeta` of `k8s_openapi`, which
    /// that trait requires.
    #[default]
    Kube,
    /// No client: types implement only the runtime's own traits, and need neither `kube` nor `k8s-openapi`.
    None,
}

switch!(Client, None, Kube);

/// Value of `rust.serde`: source of the impls of serde's traits. Both read and write the same JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum Serde {
    /// A macro of `crdgen-runtime` that is part of the generated code. It compiles in a fraction of the time.
    #[default]
    Expanded,
    /// Serde's derive macros, whose output attributes can change.
    Derive,
}

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

/// Whether structs have builders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Builders {
    /// No builders.
    #[default]
    None,
    /// Builders of `bon`, on which the crate of the generated code depends.
    Bon,
}

switch!(Builders, None, Bon);

/// Whether apply configurations are generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Apply {
    /// No apply configurations.
    #[default]
    None,
    /// An apply configuration for each kind.
    Kinds,
}

switch!(Apply, None, Kinds);

/// Whether conversions are generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Conversions {
    /// Conversions between the versions of a kind, if several are generated.
    #[default]
    Versions,
    /// No conversions.
    None,
}

switch!(Conversions, None, Versions);

/// Condition for compiling a kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Features {
    /// None: every kind is compiled.
    #[default]
    None,
    /// A cargo feature named after the kind, in kebab case.
    Kinds,
}

switch!(Features, None, Kinds);

/// Value of `rust.unions`: form of unions of fields (`required` sets in `oneOf` or `anyOf`) in Rust.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum Unions {
    /// A struct with an optional field for each member of the union.
    #[default]
    Fields,
    /// An enum with a variant for each member, for every union that can be an enum.
    Typed,
}
