//! Limit of the work for validating one object by its schema. CEL rules have the API server's budget instead.

pub(crate) use crdgen_cel::Effort;

/// Steps for one object: about a second. An object of 3 MiB takes some tens of millions of steps.
pub(crate) const PER_OBJECT: u64 = 200_000_000;

/// Steps for validating a value against one node of a schema.
pub(crate) const NODE: u64 = 10;

/// Steps for writing the message of one failure.
pub(crate) const FAILURE: u64 = 50;
