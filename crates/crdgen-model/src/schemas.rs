//! Changes of a schema before its places are looked for.

pub mod prune;
pub mod skip;
pub mod storage;
