//! TypeScript types and client.

use crdgen_model::Model;

use crate::{Error, Files};

/// What can be chosen.
#[derive(Clone, Debug, Default)]
pub struct Options {}

/// Writes the target.
pub fn emit(_model: &Model, _options: &Options) -> Result<Files, Error> {
    todo!()
}
