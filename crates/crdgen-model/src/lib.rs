//! Model of named types, independent of any target language.
//!
//! [`lower()`] turns CRDs into a [`Model`]. Every object with properties and every string enum of the CRDs becomes one
//! named [`TypeDef`], and equal shapes become one type. Names are decided here and are the same in every target.
//!
//! No code after this crate reads a CRD, and no code before `crdgen-emit` knows a target language.

mod ids;
mod known;
mod levels;
pub mod lock;
pub mod lower;
pub mod model;
mod naming;
mod path_pattern;
mod places;
mod schemas;
mod settings;
mod views;
mod words;

pub use levels::{Level, Levels};
pub use lock::Names;
pub use lower::paths::PathEntry;
pub use lower::{Lowered, Selected, lower};
pub use model::*;
pub use naming::NameReason;
pub use naming::reserved::RESERVED;
pub use path_pattern::{BadPattern, PathPattern};
pub use settings::{OperationSettings, Placed, RejectedSetting, Rename, Setting, Settings, ViewSettings};
pub use views::object_meta::description as metadata_description;
pub use words::variant_names;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
