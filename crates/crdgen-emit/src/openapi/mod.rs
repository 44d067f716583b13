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
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::api::Api;
use crate::invisible::escape_json;
use crate::{Error, Files, HEADER, Step};

pub use options::{Contact, Docs, Format, Nulls, Options, Profile, Security, Server, Spec};

/// A document, which can be written in each format.
#[derive(Clone, Debug)]
pub struct Document(Form);

#[derive(Clone, Debug)]
enum Form {
    V3_0(Box<OpenAPI>),
    V3_1(Json),
}

impl Document {
    /// Describes the API of a model. The format in the options is ignored.
    pub fn new(model: &Model, options: &Options) -> Result<Self, Error> {
        let document = check(document(model, options))?;
        Ok(Self(match options.spec {
            Spec::V3_0 => Form::V3_0(Box::new(document)),
            Spec::V3_1 => Form::V3_1(v31::upgrade(&document).map_err(|error| failure(&error))?),
        }))
    }

    /// Returns the text of the document.
    pub fn text(&self, format: Format) -> Result<String, Error> {
        match format {
            Format::Json => {
                let text = match &self.0 {
                    Form::V3_0(document) => serde_json::to_string_pretty(document),
                    Form::V3_1(document) => serde_json::to_string_pretty(document),
                };
                let mut text = escape_json(text.map_err(|error| failure(&error))?);
                text.push('\n');
                Ok(text)
            }
            Format::Yaml => match &self.0 {
                Form::V3_0(document) => {
                    Ok(yaml::write(&serde_json::to_value(document).map_err(|error| failure(&error))?))
                }
                Form::V3_1(document) => Ok(yaml::write(document)),
            },
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

/// Returns the document if it comes back as it is written: otherwise it would lose something in every tool. Each path and each
/// schema is checked on its own, since a second document would take as much memory as the first.
fn check(mut document: OpenAPI) -> Result<OpenAPI, Error> {
    let schemas = document.components.as_mut().map(|components| std::mem::take(&mut components.schemas));
    let schemas = schemas.unwrap_or_default();
    let paths = std::mem::take(&mut document.paths.paths);
    schemas.values().try_for_each(check_part)?;
    paths.values().try_for_each(check_part)?;
    check_part(&document)?;
    if let Some(components) = &mut document.components {
        components.schemas = schemas;
    }
    document.paths.paths = paths;
    Ok(document)
}

fn check_part<T: Serialize + DeserializeOwned + PartialEq>(part: &T) -> Result<(), Error> {
    let written = serde_json::to_value(part).map_err(|error| failure(&error))?;
    let back: T = serde_json::from_value(written).map_err(|error| failure(&error))?;
    match back == *part {
        true => Ok(()),
        false => Err(failure(&"the document changes when it is read back")),
    }
}

fn failure(message: &dyn std::fmt::Display) -> Error {
    Error { target: Step::OpenApi, message: message.to_string() }
}

#[cfg(test)]
mod tests;
