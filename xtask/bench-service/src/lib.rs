//! Shared code of the bench programs: the kind, its objects and its routes.

pub mod certificates;
#[rustfmt::skip]
pub mod generated;
pub mod routes;
