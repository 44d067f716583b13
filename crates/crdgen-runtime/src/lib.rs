//! Runtime library of the code that crdgen generates. It can also be used without generated code.
//!
//! Without features, the crate holds the items that generated types need. Features add the rest, and each feature
//! compiles only what it needs:
//!
//! - `backend`: the trait `Backend`, a store of objects.
//! - `memory`: an in-memory backend. No cluster is needed. `crds` creates it from CRDs.
//! - `client`: a typed client of an API server.
//! - `kube`: a backend that keeps its objects on an API server.
//! - `validation`: validation of objects against the CRD, before the request reaches the backend.
//! - `server`: the HTTP API, on axum.
//! - `serve`: the server around the routes, for example limits, health checks and shutdown. `tls`, `metrics` and `auth`
//!   add to it.
//! - `bytes`: lists and watches as bytes that are not decoded.
//! - `cache`: the objects of a kind in memory, kept up to date by a watch.
//! - `k8s-openapi`: generated types can use the `ObjectMeta` of that crate.

#[doc(inline)]
pub use crdgen_core::{
    ApiVersion, Cel, Check, Column, ConversionError, IntOrString, Json, KindOf, List, ListKindOf, ListMeta, Map,
    Metadata, Number, ObjectMeta, OwnerReference, Resource, Rule, ScalePaths, Scope, View, ViewList, conversion,
    int_or_string, integer, kube_resource, list, meta, number, object, one_of, open_enum, present, resource, rule,
    view,
};

#[doc(hidden)]
pub use crdgen_core::serde;

/// Stores of objects, as the generated API uses them. Independent of HTTP and of any particular store.
///
/// Every backend has the semantics of a Kubernetes API server for custom resources.
#[cfg(feature = "backend")]
pub mod backend {
    #[doc(inline)]
    pub use crdgen_backend::*;
    #[cfg(feature = "kube")]
    #[doc(inline)]
    pub use crdgen_client::KubeBackend;
    #[cfg(feature = "memory")]
    #[doc(inline)]
    pub use crdgen_memory as memory;
}

#[cfg(any(feature = "memory", feature = "server"))]
#[doc(inline)]
pub use crdgen_backend::seal;
#[cfg(feature = "validation")]
#[doc(inline)]
pub use crdgen_backend::validation;
#[cfg(feature = "cache")]
#[doc(inline)]
pub use crdgen_cache as cache;
#[cfg(feature = "client")]
#[doc(inline)]
pub use crdgen_client as client;
#[cfg(feature = "server")]
#[doc(inline)]
pub use crdgen_server as server;
#[cfg(feature = "server")]
#[doc(inline)]
pub use crdgen_server::problem;
#[cfg(feature = "bytes")]
#[doc(inline)]
pub use crdgen_splitter as bytes;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
