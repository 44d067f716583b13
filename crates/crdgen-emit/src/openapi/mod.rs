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
mod text;
mod v31;
mod varnames;
mod yaml;

use crdgen_model::Model;
use indexmap::IndexMap;
use openapiv3::{Components, Info, OpenAPI, ReferenceOr, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::api::Api;
use crate::{Error, Files, HEADER, Step};
use profile::Fit;
use text::Text;

pub use options::{Contact, Docs, Format, Nulls, Options, Profile, Security, Server, Spec};

/// Writes `openapi.json` or `openapi.yaml`.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    let texts = texts(model, options, vec![options.format])?;
    Ok(texts.into_iter().map(|text| (options.format.file_name().to_owned(), text)).collect())
}

/// Describes the API of a model in each of some formats. The format in the options is ignored.
///
/// Paths and schemas are made, checked and written one at a time. As a tree the whole document would take many times the
/// memory of its text.
pub fn texts(model: &Model, options: &Options, formats: Vec<Format>) -> Result<Vec<String>, Error> {
    let api = Api::with_nulls(model, options.nulls);
    let (paths, schemas) = (operation::Paths::new(&api, options), schema::Schemas::new(&api, options.docs));
    let fit = Fit::new(options.profile, schemas.names());
    let spec = options.spec;
    let paths = paths.items().map(|(path, mut item)| {
        fit.path(&mut item);
        Ok((path, upgraded(checked(&item)?, spec)?))
    });
    let schemas = schemas.items().map(|(name, mut schema)| {
        fit.schema(name, &mut schema);
        Ok((name.to_owned(), written_schema(schema, spec)?))
    });
    let mut document = Document(formats.into_iter().map(Text::new).collect());
    let Json::Object(fields) = checked(&head(&api, options, &fit))? else { unreachable!("a struct is an object") };
    // These are `None` after they are written.
    let (mut paths, mut schemas) = (Some(paths), Some(schemas));
    for (key, value) in fields {
        match (key.as_str(), value) {
            ("openapi", _) if spec == Spec::V3_1 => document.entry(&key, &v31::VERSION.into())?,
            ("paths", empty) => document.object(&key, paths.take().into_iter().flatten(), &empty)?,
            ("components", value) => {
                document.components(schemas.take().into_iter().flatten(), &upgraded(value, spec)?)?;
            }
            (_, value) => document.entry(&key, &value)?,
        }
    }
    Ok(document.0.into_iter().map(Text::end).collect())
}

/// Returns the document without paths and without the schemas of its components.
fn head(api: &Api<'_>, options: &Options, fit: &Fit) -> OpenAPI {
    let mut components = Components {
        responses: response::shared(api, &options.security),
        parameters: parameter::shared(api),
        headers: response::headers(api),
        security_schemes: security::schemes(&options.security),
        ..Components::default()
    };
    fit.components(&mut components);
    OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info {
            title: options.title.clone(),
            description: Some(options.description.clone()),
            contact: options.contact.as_ref().map(Contact::write),
            version: options.version.clone(),
            ..Info::default()
        },
        servers: options.servers.iter().map(Server::write).collect(),
        components: Some(components),
        // An empty list says that the document asks for nothing. Linters report a document without the list.
        security: Some(security::requirements(&options.security)),
        tags: operation::tags(api, options.docs),
        extensions: IndexMap::from([("x-generated".to_owned(), HEADER.into())]),
        ..OpenAPI::default()
    }
}

/// A document in several formats.
struct Document(Vec<Text>);

impl Document {
    fn entry(&mut self, key: &str, value: &Json) -> Result<(), Error> {
        self.0.iter_mut().try_for_each(|text| text.entry(key, value)).map_err(|error| failure(&error))
    }

    /// Writes an object entry by entry, or `empty` if there are none.
    fn object(
        &mut self,
        key: &str,
        entries: impl Iterator<Item = Result<(String, Json), Error>>,
        empty: &Json,
    ) -> Result<(), Error> {
        let mut entries = entries.peekable();
        if entries.peek().is_none() {
            return self.entry(key, empty);
        }
        self.0.iter_mut().for_each(|text| text.open(key));
        for entry in entries {
            let (key, value) = entry?;
            self.entry(&key, &value)?;
        }
        self.0.iter_mut().for_each(Text::close);
        Ok(())
    }

    /// Writes the components: the schemas, then all others.
    fn components(
        &mut self,
        schemas: impl Iterator<Item = Result<(String, Json), Error>>,
        others: &Json,
    ) -> Result<(), Error> {
        const COMPONENTS: &str = "components";
        let mut schemas = schemas.peekable();
        let others = others.as_object().filter(|others| !others.is_empty());
        if schemas.peek().is_none() && others.is_none() {
            return self.entry(COMPONENTS, &Json::Object(serde_json::Map::new()));
        }
        self.0.iter_mut().for_each(|text| text.open(COMPONENTS));
        if schemas.peek().is_some() {
            self.object("schemas", schemas, &Json::Null)?;
        }
        others.into_iter().flatten().try_for_each(|(key, value)| self.entry(key, value))?;
        self.0.iter_mut().for_each(Text::close);
        Ok(())
    }
}

/// Returns a part of the document as JSON if it comes back as it is written: otherwise it would lose something in every tool.
fn checked<T: Serialize + DeserializeOwned + PartialEq>(part: &T) -> Result<Json, Error> {
    let written = serde_json::to_value(part).map_err(|error| failure(&error))?;
    match T::deserialize(&written).map_err(|error| failure(&error))? == *part {
        true => Ok(written),
        false => Err(failure(&"the document changes when it is read back")),
    }
}

/// Returns a part of a document of 3.0 in the version that is asked for.
fn upgraded(mut part: Json, spec: Spec) -> Result<Json, Error> {
    if spec == Spec::V3_1 {
        v31::walk(&mut part).map_err(|error| failure(&error))?;
    }
    Ok(part)
}

fn written_schema(schema: Schema, spec: Spec) -> Result<Json, Error> {
    let schema = ReferenceOr::Item(schema);
    let written = checked(&schema)?;
    match spec {
        Spec::V3_0 => Ok(written),
        Spec::V3_1 => v31::component(schema).map_err(|error| failure(&error)),
    }
}

fn failure(message: &dyn std::fmt::Display) -> Error {
    Error { target: Step::OpenApi, message: message.to_string() }
}

#[cfg(test)]
mod tests;
