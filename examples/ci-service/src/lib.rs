//! A small CI service. `crds/` defines its kinds, crdgen generates the types and the HTTP API, and this crate adds the
//! rules of the service.
//!
//! | module | contents |
//! |---|---|
//! | [`generated`] | types and routes of the CRDs; not edited by hand |
//! | [`start`] | rules for starting a run; independent of HTTP and of the backend |
//! | [`caller`] | callers and their permissions |
//! | [`service`] | the service that connects these modules |
//! | [`web`] | pages, and the reference of the API |
//! | [`demo`] | demo data and a stand-in for the operator |

mod branches;
pub mod caller;
pub mod demo;
#[rustfmt::skip]
pub mod generated;
pub mod service;
pub mod start;
pub mod web;
