//! Runtime library of the code that crdgen generates. It can also be used without generated code.
//!
//! Without features, the crate holds the items that generated types need. Features add the rest:
//!
//! - `backend`: the trait `Backend`, a store of objects.
//! - `memory`: an in-memory backend. No cluster is needed.
//! - `client`: a typed client of an API server.
//! - `kube`: a backend that keeps its objects on an API server.
//! - `server`: the HTTP API, on axum.
//! - `serve`: the server around the routes, for example limits, health checks and shutdown.
//! - `bytes`: lists and watches as bytes that are not decoded.
//! - `k8s-openapi`: generated types can use the `ObjectMeta` of that crate.

#[cfg(feature = "backend")]
pub mod backend;
#[cfg(feature = "bytes")]
pub mod bytes;
#[cfg(feature = "cache")]
pub mod cache;
#[cfg(feature = "client")]
pub mod client;
mod column;
pub mod conversion;
pub mod int_or_string;
pub mod integer;
#[cfg(any(feature = "bytes", feature = "memory", feature = "server"))]
mod json;
mod kube_resource;
pub mod list;
pub mod meta;
pub mod number;
pub mod object;
mod one_of;
mod open_enum;
#[cfg(feature = "server")]
pub mod problem;
pub mod resource;
pub mod rule;
#[cfg(any(feature = "memory", feature = "server"))]
pub mod seal;
#[cfg(feature = "server")]
pub mod server;
#[cfg(feature = "validation")]
pub mod validation;
pub mod view;
#[cfg(any(feature = "memory", feature = "server"))]
mod work;

/// JSON object with string keys and values of type `V`. Keeps the order of the document.
pub type Map<V> = indexmap::IndexMap<String, V>;
/// Any JSON value.
pub type Json = serde_json::Value;

pub use column::Column;
pub use conversion::ConversionError;
pub use int_or_string::IntOrString;
pub use list::{List, ListMeta};
pub use meta::{Metadata, ObjectMeta, OwnerReference};
pub use number::Number;
pub use resource::{ApiVersion, KindOf, ListKindOf, Resource, ScalePaths, Scope, present};
pub use view::{View, ViewList};

pub use rule::{Cel, Check, Rule};

#[doc(hidden)]
pub use serde;
