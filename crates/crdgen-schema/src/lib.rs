//! Kubernetes CRDs and structural schemas.
//!
//! `bytes --source--> Document --crd--> Crd`: this crate reads YAML and JSON the way kubectl does, finds the
//! CustomResourceDefinitions in them and checks that their schemas are structural. The crate knows nothing of Rust,
//! axum or OpenAPI. Every problem is collected as a [`Diagnostic`] with its place; nothing is printed. [`Admission`]
//! applies an API server's admission to objects of such a schema.
//!
//! The feature `source`, on by default, reads files. A program that only validates objects can disable it.

pub mod admission;
#[cfg(feature = "cel")]
pub mod cel;
pub mod crd;
pub mod diagnostic;
mod document;
mod effort;
mod enumeration;
mod list;
mod name;
mod nearest;
pub mod node;
mod number;
mod object_meta;
#[cfg(feature = "source")]
pub mod parallel;
mod prepared;
mod private_key;
mod report;
pub mod schema;
#[cfg(feature = "source")]
pub mod source;
mod structural;
mod texts;
mod truncate;
mod validate;
mod value_check;
mod value_path;
mod verdict;

pub use crdgen_cel::re2::Patterns;

pub use admission::{Admission, Cause, CauseReason, NotEvaluated, Obstacle, Verdict};
#[cfg(feature = "source")]
pub use crd::load;
pub use crd::{Crd, Found, crds};
pub use diagnostic::{Diagnostic, Place, Severity};
pub use document::{Document, Source};
pub use list::{into_items, is_list};
pub use nearest::nearest;
pub use node::{Node, Span, Value};
pub use private_key::is_private_key;
pub use schema::Schema;
#[cfg(feature = "source")]
pub use source::{Collected, collect, documents};
pub use value_check::ValueCheck;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
