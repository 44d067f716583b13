//! Content of `schemas/`: for each kind the JSON Schema of its write form, as a module that a page can load
//! when it shows a form.

use askama::Template;

use super::literal;
use crate::api::{Api, Docs, Form};
use crate::{Files, HEADER, json_schema};

#[derive(Template)]
#[template(path = "typescript/schema.ts.jinja", escape = "none")]
struct Schema {
    header: &'static str,
    name: String,
    /// An expression.
    schema: String,
}

/// A file for each kind.
pub fn files(api: &Api<'_>) -> askama::Result<Files> {
    let file = |resource: &crdgen_model::Resource| {
        let name = api.name(resource.root, Form::Write);
        let schema = literal::value(&json_schema::document(api, resource, Form::Write, Docs::Full), 0);
        Ok((format!("schemas/{name}.ts"), Schema { header: HEADER, name, schema }.render()?))
    };
    api.model.resources.iter().map(file).collect()
}
