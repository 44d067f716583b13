//! Runtime library of the code that crdgen generates. Programs without generated code can use the crate too.
//!
//! Without features, the crate contains the items that generated types need. Each feature adds one part, and compiles
//! only the dependencies of that part:
//!
//! - `backend`: the trait `Backend`, a store of objects.
//! - `memory`: a backend that keeps objects in memory and needs no cluster. The feature `crds` adds the creation of
//!   that backend from CRDs.
//! - `client`: a typed client of an API server.
//! - `kube`: a backend that stores objects on an API server.
//! - `validation`: validation of objects against the CRD, before the request reaches the backend.
//! - `server`: the HTTP API, on axum.
//! - `serve`: the HTTP server around the routes, with limits, health checks and shutdown. The features `tls` and
//!   `metrics` add TLS and metrics to the server. The feature `auth` authenticates callers through an API server.
//! - `bytes`: a parser that splits the JSON of lists and watches into objects without decoding them.
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

/// Trait [`Backend`](backend::Backend) for stores of objects, with its requests and answers. The generated API stores
/// objects through this trait. The trait does not depend on HTTP.
///
/// A backend behaves like a Kubernetes API server for custom resources.
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
pub use crdgen_backend::encryption;
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
