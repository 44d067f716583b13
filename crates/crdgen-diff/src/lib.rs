//! Comparison of Kubernetes CRDs.
//!
//! [`compare`] takes the CRDs of two releases and returns a [`Finding`] for each difference: the [`Rule`] that describes
//! it, the field, and verdicts for four parties: those who write objects, those who read them, the objects in the
//! store, and programs with generated code. A difference that no rule describes is a finding of the rule `unhandled`.
//!
//! The crate does no IO and prints nothing.
//!
//! # Examples
//!
//! ```
//! use std::sync::Arc;
//!
//! use crdgen_diff::{Verdict, compare};
//! use crdgen_schema::{Source, crds, documents};
//!
//! fn read(text: String) -> Vec<crdgen_schema::Crd> {
//!     let source = Arc::new(Source { name: "boats.yaml".to_owned(), text });
//!     let mut diagnostics = Vec::new();
//!     crds(documents(&source, &mut diagnostics), &mut diagnostics).crds
//! }
//!
//! let boats = |spec: &str| format!("\
//! apiVersion: apiextensions.k8s.io/v1
//! kind: CustomResourceDefinition
//! metadata: {{name: boats.example.com}}
//! spec:
//!   group: example.com
//!   names: {{kind: Boat, plural: boats}}
//!   scope: Namespaced
//!   versions:
//!   - name: v1
//!     served: true
//!     storage: true
//!     schema: {{openAPIV3Schema: {{type: object, properties: {{spec: {{type: object, properties: {{{spec}}}}}}}}}}}
//! ");
//! let old = read(boats("name: {type: string}"));
//! let new = read(boats("name: {type: string, maxLength: 5}"));
//! let findings = compare(&old, &new);
//! assert_eq!(findings[0].rule.id, "max-length-set");
//! assert_eq!(findings[0].path.to_string(), "spec.name");
//! assert_eq!(findings[0].verdicts.writer, Verdict::Breaks);
//! ```

mod change;
mod classify;
mod compare;
mod effect;
mod expressions;
mod finding;
mod loss;
mod ordinary_status;
mod path;
mod pattern;
pub mod peers;
mod place;
mod proof;
mod prove;
mod rule;
pub mod rules;
mod scale;
mod spot;
mod stored;
mod walk;

pub use change::Sides;
pub use compare::{between, compare};
pub use finding::{Direction, Finding};
pub use loss::losses;
pub use path::{FieldPath, Step};
pub use place::{Relation, relation};
pub use proof::{Outcome, Proof, Witness};
pub use prove::{Breach, breaches, prove};
pub use rule::{Axis, Rule, Verdict, Verdicts};
pub use spot::{Missed, SpotCheck, spot_check};
pub use stored::{Impact, Stored};
