//! What both programs of the bench know: the kind, and objects of it.

pub mod certificates;
#[allow(missing_docs, reason = "generated from a CRD without descriptions")]
pub mod generated;
