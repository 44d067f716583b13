//! A small CI service: `crds/` says what there is, crdgen writes the types and the HTTP API, and this crate adds what it is
//! for.
//!
//! | module | knows |
//! |---|---|
//! | [`generated`] | the types and routes of the CRDs; nobody edits it |
//! | [`start`] | what it takes to start a run; nothing of HTTP or of where objects are kept |
//! | [`caller`] | who calls, and what they may |
//! | [`service`] | how these come together |
//! | [`web`] | the pages, and the API's reference |
//! | [`demo`] | something to look at: a stand-in for the operator |

mod branches;
pub mod caller;
pub mod demo;
#[rustfmt::skip]
pub mod generated;
pub mod service;
pub mod start;
pub mod web;
