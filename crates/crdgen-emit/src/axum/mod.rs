//! The axum API: for each kind a list of its operations, and their routes.
//!
//! Which operations there are is decided in [`crate::api`]; what they do is in the runtime's `server`. A generated file is a
//! table of contents: routes, ids and docs.
//!
//! A kind may be called `Option`, `Send` or `Router`. So a generated file sees its kind under one fixed name, `Object`, and
//! no name of a CRD stands beside those of Rust and the runtime.

mod kind;
mod operation;
mod tree;

use crdgen_model::Model;

use crate::api::Api;
use crate::{Error, Files, rust_file};

/// What can be chosen.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The OpenAPI document, as JSON text, to be served.
    pub openapi: String,
}

/// Writes `api/`, beside the modules of the Rust types.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    let api = Api::new(model);
    let kinds = tree::kinds(model);
    let mut sources = tree::modules(&kinds);
    sources.extend(kinds.iter().map(|kind| (kind.file(), kind::file(&api, kind))));

    let mut files = Files::from([("api/openapi.json".to_owned(), options.openapi.clone())]);
    for (path, tokens) in sources {
        let defect = |error| Error { target: "axum", message: format!("{path}: {error}") };
        let text = rust_file::print(tokens).map_err(defect)?;
        files.insert(path, text);
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
