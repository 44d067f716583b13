//! Types of this version.

pub mod runner;
pub mod widget;
