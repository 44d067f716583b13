//! Content of `permissions.ts`: the question whether the caller may do something.

use askama::Template;

use super::literal;
use crate::HEADER;
use crate::api::{Api, Form};

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/permissions.ts.jinja", escape = "none")]
pub struct Permissions {
    header: &'static str,
    /// Resources, as string literals. There is at least one.
    resources: Vec<String>,
    permissions: String,
    verb: String,
}

impl Permissions {
    /// Returns `None` if the API does not tell permissions.
    pub fn new(api: &Api<'_>) -> Option<Self> {
        api.has_permissions().then(|| Self {
            header: HEADER,
            resources: api.permission_resources().iter().map(|resource| literal::string(resource)).collect(),
            permissions: api.name(api.builtin.permissions, Form::Read),
            verb: api.name(api.builtin.permission_verb, Form::Read),
        })
    }
}
