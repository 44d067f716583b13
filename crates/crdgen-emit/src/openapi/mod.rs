//! OpenAPI 3.0.3 or 3.1.0: one document for all resources, in a dialect that every generator reads.
//!
//! Written from the model and never copied from a CRD. Every object and every enum is a component; nothing is anonymous but
//! lists and maps. What only validates and what generators stumble over goes into `x-` extensions.

pub(crate) mod bounds;
mod operation;
mod options;
mod parameter;
mod permissions;
mod profile;
mod response;
mod schema;
mod security;
mod v31;
mod varnames;
mod yaml;

use crdgen_model::Model;
use indexmap::IndexMap;
use openapiv3::{Components, Info, OpenAPI};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::api::Api;
use crate::invisible::escape_json;
use crate::{Error, Files, HEADER, Step};

pub use options::{Contact, Docs, Format, Nulls, Options, Profile, Security, Server, Spec};

/// A document, which can be written in each format.
#[derive(Clone, Debug)]
pub struct Document(Json);

impl Document {
    /// Describes the API of a model. The format in the options is ignored.
    pub fn new(model: &Model, options: &Options) -> Result<Self, Error> {
        let document = document(model, options);
        let in_3_0 = serde_json::to_value(&document).map_err(|error| failure(&error))?;
        check(&document, &in_3_0)?;
        match options.spec {
            Spec::V3_0 => Ok(Self(in_3_0)),
            Spec::V3_1 => v31::upgrade(&document).map(Self).map_err(|error| failure(&error)),
        }
    }

    /// Returns the text of the document.
    pub fn text(&self, format: Format) -> Result<String, Error> {
        match format {
            Format::Json => {
                let text = serde_json::to_string_pretty(&self.0).map_err(|error| failure(&error))?;
                Ok(escape_json(text) + "\n")
            }
            Format::Yaml => Ok(yaml::write(&self.0)),
        }
    }
}

/// Writes `openapi.json` or `openapi.yaml`.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    let text = Document::new(model, options)?.text(options.format)?;
    Ok(Files::from([(options.format.file_name().to_owned(), text)]))
}

fn document(model: &Model, options: &Options) -> OpenAPI {
    let api = Api::with_nulls(model, options.nulls);
    let mut document = OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info {
            title: options.title.clone(),
            description: Some(options.description.clone()),
            contact: options.contact.as_ref().map(Contact::write),
            version: options.version.clone(),
            ..Info::default()
        },
        servers: options.servers.iter().map(Server::write).collect(),
        paths: operation::paths(&api, options),
        components: Some(Components {
            schemas: schema::schemas(&api, options.docs),
            responses: response::shared(&api, &options.security),
            parameters: parameter::shared(&api),
            headers: response::headers(&api),
            security_schemes: security::schemes(&options.security),
            ..Components::default()
        }),
        // An empty list says that the document asks for nothing. Linters report a document without the list.
        security: Some(security::requirements(&options.security)),
        tags: operation::tags(&api, options.docs),
        extensions: IndexMap::from([("x-generated".to_owned(), HEADER.into())]),
        ..OpenAPI::default()
    };
    profile::apply(&mut document, options.profile);
    document
}

/// A document that does not come back as it was written would lose something in every tool.
fn check(document: &OpenAPI, written: &Json) -> Result<(), Error> {
    let back = OpenAPI::deserialize(written).map_err(|error| failure(&error))?;
    if back == *document {
        return Ok(());
    }
    Err(failure(&"the document changes when it is read back"))
}

fn failure(message: &dyn std::fmt::Display) -> Error {
    Error { target: Step::OpenApi, message: message.to_string() }
}

#[cfg(test)]
mod tests;
