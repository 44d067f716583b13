//! A small CI service: `crds/` says what there is, crdgen writes the types and the HTTP API, and this crate adds what it is
//! for.
//!
//! | module | knows |
//! |---|---|
//! | [`generated`] | the types and routes of the CRDs; nobody edits it |
//! | [`start`] | what it takes to start a run; nothing of HTTP or of where objects are kept |
//! | [`caller`] | who calls, and what they may |
//! | [`service`] | how these come together |

pub mod caller;
#[rustfmt::skip]
pub mod generated;
pub mod service;
pub mod start;
