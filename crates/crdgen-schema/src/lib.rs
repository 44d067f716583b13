//! Kubernetes CRDs and structural schemas.
//!
//! `bytes --source--> Document --crd--> Crd`: this crate reads YAML and JSON the way kubectl does, finds the
//! CustomResourceDefinitions in them and checks that their schemas are structural. It knows nothing of Rust,
//! axum or OpenAPI. Everything that can go wrong is collected as a [`Diagnostic`] with its place; nothing is printed.

pub mod admission;
pub mod crd;
pub mod diagnostic;
mod format;
mod name;
pub mod node;
mod number;
mod object_meta;
mod prepared;
mod re2;
mod report;
pub mod schema;
pub mod source;
mod structural;
mod validate;
mod value_path;

pub use admission::{Admission, Cause, CauseReason, NotEvaluated, Verdict};
pub use crd::{Crd, Found, crds, load};
pub use diagnostic::{Diagnostic, Place, Severity};
pub use node::{Node, Span, Value};
pub use schema::Schema;
pub use source::{Collected, Document, Source, collect, documents};
