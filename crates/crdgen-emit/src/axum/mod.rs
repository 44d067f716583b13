//! The axum API: a trait and a router for each kind.
//!
//! Which operations there are is decided in [`crate::api`]; what they do is in the runtime's `server`. What is written here
//! is the part that names a kind: a trait whose methods a service may override, and the routes to them.
//!
//! A kind may be called `Option`, `Send` or `Router`. So a generated file sees its kind under one fixed name, `Object`, and
//! no name of a CRD stands beside those of Rust and the runtime. That also keeps text from the CRD out of every line that
//! could be broken in two, and those lines are either short or long: the output is stable under rustfmt of any common width.

mod kind;
mod operation;
mod tree;

use crdgen_model::Model;
use proc_macro2::TokenStream;

use crate::api::Api;
use crate::{Error, Files, HEADER};

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
        let text = print(tokens).map_err(defect)?;
        files.insert(path, text);
    }
    Ok(files)
}

/// A whole file: parsed, so that nothing that is no Rust is ever written, and with an empty line between items, which
/// prettyplease leaves out.
fn print(tokens: TokenStream) -> syn::Result<String> {
    let plain = prettyplease::unparse(&syn::parse2(tokens)?);
    let mut text = format!("// {HEADER}\n\n");
    let mut previous = "";
    for line in plain.lines() {
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| line.trim_start().starts_with(prefix));
        let ends_item = previous.ends_with([';', '}']);
        let ends_docs = previous.starts_with("//!") && !starts(&["//!"]);
        if ends_docs || ends_item && starts(&["///", "async fn "]) {
            text.push('\n');
        }
        text.push_str(line);
        text.push('\n');
        previous = line;
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
