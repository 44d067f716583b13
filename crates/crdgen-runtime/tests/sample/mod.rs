//! Two kinds as crdgen would write them. The types are written by hand; the axum emitter writes `api`, and its tests
//! keep `api` up to date.

#![allow(dead_code, reason = "each test uses a part")]

pub mod api;
pub mod ci_example_com;
pub mod service;
