//! Two kinds as crdgen would write them: the types by hand, `api` by the axum emitter (its tests keep it up to date).

#![allow(dead_code, reason = "each test uses a part")]

pub mod api;
pub mod ci_example_com;
pub mod service;
