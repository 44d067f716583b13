//! TypeScript: the types of the API and a small client on `fetch`, without dependencies.
//!
//! `types.ts` has an interface for every object in each of its forms, under the names that the OpenAPI document uses;
//! `client.ts` has a function for every operation. What they look like is in the templates; what is put into them is made and
//! escaped here. A type may be called `Promise` or `Array`: `types.ts` uses no global name and `client.ts` keeps the types in
//! a namespace.

mod client;
mod jsdoc;
mod literal;
mod types;

use askama::Template;
use crdgen_model::Model;

use crate::api::Api;
use crate::{Error, Files, HEADER};

/// What can be chosen.
#[derive(Clone, Debug, Default)]
pub struct Options {}

#[derive(Template)]
#[template(path = "typescript/index.ts.jinja", escape = "none")]
struct Index {
    header: &'static str,
}

/// Writes `types.ts`, `client.ts` and `index.ts`.
pub fn emit(model: &Model, _options: &Options) -> Result<Files, Error> {
    let api = Api::new(model);
    let files = [
        ("types.ts", types::Types::new(&api).render()),
        ("client.ts", client::Client::new(&api).render()),
        ("index.ts", Index { header: HEADER }.render()),
    ];
    files.into_iter().map(|(name, text)| Ok((name.to_owned(), text.map_err(failure)?))).collect()
}

fn failure(error: askama::Error) -> Error {
    Error { target: "typescript", message: error.to_string() }
}

#[cfg(test)]
mod tests;
