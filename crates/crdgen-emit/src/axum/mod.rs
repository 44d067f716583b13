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

use crate::api::Api;
use crate::rust;
use crate::{Error, Files};

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
        let text = rust::print(tokens).map_err(defect)?;
        files.insert(path, spaced(&text));
    }
    Ok(files)
}

/// With an empty line between items, which prettyplease leaves out.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 50);
    let mut previous = "";
    for line in text.lines() {
        let starts_item =
            ["///", "async fn ", "use ", "pub mod "].iter().any(|start| line.trim_start().starts_with(start));
        let ends_item = previous.ends_with('}') || previous.ends_with(';') || previous.starts_with("//!");
        let same_list = ["use ", "pub mod "].iter().any(|start| line.starts_with(start) && previous.starts_with(start));
        if starts_item && ends_item && !same_list || previous.starts_with("// ") {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        previous = line;
    }
    spaced
}

#[cfg(test)]
mod tests;
