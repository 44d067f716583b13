//! TypeScript: the types of the API, a small client on `fetch` without dependencies, and what a user interface shows.
//!
//! `types.ts` has an interface for every object in each of its forms, under the names that the OpenAPI document uses;
//! `client.ts` has a function for every operation; `enums.ts`, `columns.ts`, `labels.ts` and `defaults.ts` hold what types
//! cannot say at run time. `tanstack.ts` and `schemas/` are there when asked for. `runtime/` is the same for every API. What the files look like is in the templates; what is put
//! into them is made and escaped here. A type may be called `Promise` or `Array`: `types.ts` uses no global name, the other
//! files keep the types in a namespace, and what they declare for a type is called after it with a word more.

mod client;
mod columns;
mod defaults;
mod enums;
mod jsdoc;
mod json_path;
mod labels;
mod literal;
mod number;
mod parts;
mod permissions;
mod runtime;
mod schemas;
mod tanstack;
mod types;

use askama::Template;
use crdgen_model::{Model, ResourceId};
use serde::{Deserialize, Serialize};

use crate::api::Api;
pub use crate::api::Nulls;
use crate::switch::switch;
use crate::{Error, Files, HEADER, Step, Write, collected};

/// Options of the TypeScript emitter.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Support for a query library.
    pub queries: Queries,
    /// Whether JSON Schemas are among the modules.
    pub schemas: Schemas,
    /// Slots in which `XInput` has null. Default: those in which null is stored. So a page needs no checks for null in its
    /// variables, and most types need no write form of their own.
    pub nulls: Nulls,
}

/// Whether there are options for a query library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Queries {
    /// No.
    #[default]
    None,
    /// `tanstack.ts`, for `@tanstack/react-query`.
    Tanstack,
}

switch!(Queries, None, Tanstack);

/// Whether JSON Schemas are among the modules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "bool", into = "bool")]
pub enum Schemas {
    /// No.
    #[default]
    None,
    /// `schemas/XInput.ts`: what users write, for forms.
    Inputs,
}

switch!(Schemas, None, Inputs);

#[derive(Template)]
#[template(path = "typescript/index.ts.jinja", escape = "none")]
struct Index {
    header: &'static str,
    has_permissions: bool,
}

/// Writes `index.ts`, all that it exports, `runtime/`, and what the options ask for.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    collected(|write| emit_each(model, options, write))
}

/// Does what [`emit`] does, and hands over each file as soon as it is made.
pub fn emit_each(model: &Model, options: &Options, write: Write<'_>) -> Result<(), Error> {
    files(&Api::with_nulls(model, options.nulls), options, write)
        .map_err(|error| Error { target: Step::TypeScript, message: error.to_string() })
}

/// Returns the printer columns that `columns.ts` leaves out, as their JSON paths cannot be followed there: their resources,
/// and their indices among [`Resource::columns`](crdgen_model::Resource::columns).
pub fn columns_left_out(model: &Model) -> Vec<(ResourceId, usize)> {
    columns::left_out(&Api::new(model))
}

fn files(api: &Api<'_>, options: &Options, write: Write<'_>) -> askama::Result<()> {
    let mut add = |name: &str, text: String| write(name.to_owned(), tidy(&text));
    runtime::files(api)?.into_iter().for_each(|(name, text)| add(&name, text));
    add("types.ts", types::Types::new(api).render()?);
    add("client.ts", client::Client::new(api).render()?);
    add("enums.ts", enums::Enums::new(api).render()?);
    add("columns.ts", columns::Tables::new(api).render()?);
    add("labels.ts", labels::Labels::new(api).render()?);
    add("defaults.ts", defaults::Defaults::new(api).render()?);
    add("index.ts", Index { header: HEADER, has_permissions: api.has_permissions() }.render()?);
    if let Some(permissions) = permissions::Permissions::new(api) {
        add("permissions.ts", permissions.render()?);
    }
    if options.queries == Queries::Tanstack {
        add("tanstack.ts", tanstack::Tanstack::new(api).render()?);
    }
    if options.schemas == Schemas::Inputs {
        schemas::files(api.model)?.into_iter().for_each(|(name, text)| add(&name, text));
    }
    Ok(())
}

/// Returns a text with one newline at its end, and without white space at the end of any line.
///
/// No value is touched: a literal is written on one line.
fn tidy(text: &str) -> String {
    text.trim_end().lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
}

#[cfg(test)]
mod tests;
