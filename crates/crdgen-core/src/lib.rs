//! Types and traits of the code that crdgen generates from Kubernetes CRDs.
//!
//! A [`Resource`] is a kind with its metadata, schema and paths. The macros [`object!`], [`one_of!`] and [`open_enum!`]
//! implement serde's traits for generated structs and enums, without a procedural macro.
//!
//! Generated code uses this crate through `crdgen-runtime`, which adds backends, a client and a server.

mod column;
pub mod conversion;
pub mod int_or_string;
pub mod integer;
#[doc(hidden)]
pub mod json;
mod kube_resource;
pub mod list;
pub mod meta;
pub mod number;
pub mod object;
mod one_of;
mod open_enum;
pub mod resource;
pub mod rule;
pub mod view;

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

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
