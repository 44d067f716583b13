//! What both programs of the bench know: the kind, and objects of it.

pub mod certificates;
#[rustfmt::skip]
pub mod generated;
