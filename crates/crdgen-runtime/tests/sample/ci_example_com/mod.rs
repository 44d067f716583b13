//! Types of this group.

pub mod v1;
