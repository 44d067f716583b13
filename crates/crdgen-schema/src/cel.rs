//! CEL rules (`x-kubernetes-validations`) with an API server's verdicts.
//!
//! This module checks the rules of a CRD ([`check_crd`]), compiles the rules of a schema, and evaluates them over an object and its old state, with
//! [`crdgen_cel`]'s expressions. Expressions that only a server can judge (a time zone by name, a number too large) get
//! no verdict but a reason. Follows `pkg/apiserver/schema/cel` of apiextensions-apiserver 1.36.

mod crd;
mod field_path;
mod rule;
mod schema_type;
mod walk;

pub use crd::check_crd;
pub use rule::{CompiledRule, Outcome};
pub(crate) use walk::Rules;
pub use walk::{Findings, check};
