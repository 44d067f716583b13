//! Options of the Rust emitter.

use super::overrides::Overrides;
use super::settings::{Api, Apply, Builders, Client, Conversions, Features, KnownTypes, Serde, Unions};

/// Options of the Rust emitter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Kubernetes client that the types are for, which decides the type of `metadata`.
    pub client: Client,
    /// Whether the root module declares the module of the axum emitter.
    pub api: Api,
    /// Source of the impls of serde's traits.
    pub serde: Serde,
    /// Source of Kubernetes' own types.
    pub known_types: KnownTypes,
    /// Whether structs have builders.
    pub builders: Builders,
    /// Whether types for server-side apply are generated.
    pub apply: Apply,
    /// Whether versions of a kind convert into each other.
    pub conversions: Conversions,
    /// Whether each kind has a cargo feature.
    pub features: Features,
    /// Form of unions of fields.
    pub unions: Unions,
    /// Changes of the project to single types and fields.
    pub overrides: Overrides,
}
