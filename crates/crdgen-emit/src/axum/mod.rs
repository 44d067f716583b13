//! The axum API: the operations of each kind and their routes.
//!
//! `crate::api` decides which operations there are, and the runtime's `server` has their behaviour. A
//! generated file only lists routes, ids and docs.
//!
//! A kind may be called `Option`, `Send` or `Router`. So a generated file imports its kind under the fixed
//! name `Object`, and no name of a CRD can hide a name of Rust or the runtime.

mod kind;
mod operation;
mod tree;

use crdgen_model::Model;

use crate::api::Api;
use crate::{Error, Files, Step, rust_file};

/// Options of the axum emitter.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Text of the OpenAPI document that the API serves, as JSON.
    pub openapi: String,
}

/// Writes `api/`, beside the modules of the Rust types.
///
/// # Errors
///
/// Returns an error if a generated file is not valid Rust, which is a defect of crdgen.
pub fn emit(model: &Model, options: Options) -> Result<Files, Error> {
    let api = Api::new(model);
    let kinds = tree::kinds(model);
    let mut sources = tree::modules(&kinds, api.has_permissions());
    sources.extend(kinds.iter().map(|kind| (kind.file(), kind::file(&api, kind))));

    let mut files = Files::from([("api/openapi.json".to_owned(), options.openapi)]);
    for (path, tokens) in sources {
        let defect = |error| Error { target: Step::Axum, message: format!("{path}: {error}") };
        let text = rust_file::print(tokens).map_err(defect)?;
        files.insert(path, text);
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
