//! Valid objects of a Kubernetes CRD, made from its schema.
//!
//! [`Objects`] makes objects of one version of a CRD: the [smallest](Objects::minimal), one with
//! [every field](Objects::full), [random](Objects::random) ones, and the smallest one [with](Objects::with) a given value
//! at a path. An API server would accept each of them: the result of every method has passed
//! [`Admission`](crdgen_schema::Admission). [`values`] and [`distinguishing`] make values of a single schema node.
//!
//! Values are made by construction: texts from patterns, formats and lengths, numbers within bounds, sets without equal
//! items, lists of type map with unique keys, and fields that the branches of `oneOf`, `anyOf`, `allOf` and `not`
//! allow. If an object violates a CEL rule, the fields that the rule mentions are changed until the rule is true. The
//! search has a fixed limit. If it finds nothing, [`Unmade`] names the constraint.
//!
//! Results depend only on the schema and the seed. Schemas may be hostile: the work for one object is limited.

mod checks;
mod demand;
mod edit;
mod maker;
mod mentions;
mod objects;
mod plausible;
mod request;
mod step;
mod template;
mod unmade;
mod values;

pub use objects::Objects;
pub use step::Step;
pub use unmade::Unmade;
pub use values::{distinguishing, values};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
