//! What the programs of the bench know: the kind, objects of it, and its routes.

pub mod certificates;
#[rustfmt::skip]
pub mod generated;
pub mod routes;
