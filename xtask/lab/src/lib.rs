//! The laboratory of this workspace: measurements of crdgen on a collection of CRDs, on random schemas and objects, and of
//! time and memory. `cargo xtask` runs them, one module each.

pub mod bench;
pub mod corpus;
mod crd_verdict;
pub mod differential;
pub mod evolution;
mod jsonl;
pub mod objects;
pub mod optimised;
pub mod pages;
pub mod roundtrip;
pub mod schemas;
pub mod sharing;
pub mod stability;
pub mod verdicts;
