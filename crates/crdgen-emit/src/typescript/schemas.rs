//! Content of `schemas/`: for each kind the JSON Schema of its write form, as a module that a page can load when it
//! shows a form. A form sends the defaults that it reads there, so only defaults that JavaScript does not change are written.

use askama::Template;
use crdgen_model::{Model, Resource};

use super::literal;
use super::number::is_exact;
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

/// A file for each kind. A form could not tell null that the server drops from a choice, so null stands only where it is
/// stored.
pub fn files(model: &Model) -> askama::Result<Files> {
    let api = Api::new(model);
    let file = |resource: &Resource| {
        let name = api.name(resource.root, Form::Write);
        let document = json_schema::document(&api, resource, Form::Write, Docs::Full, is_exact);
        let schema = literal::value(&document, 0);
        Ok((format!("schemas/{name}.ts"), Schema { header: HEADER, name, schema }.render()?))
    };
    model.resources.iter().map(file).collect()
}
