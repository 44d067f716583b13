//! JSON Schema 2020-12: two self-contained files for each kind, for editors, forms and validators.
//!
//! `X.schema.json` is the read form of an object. It is open, as generated types are: a newer server may send
//! properties and enum values that this CRD does not know. `XInput.schema.json` is the form that users write.
//! It is closed where the server prunes or refuses, so that a typing mistake shows, and it has the defaults
//! that the server fills in. It allows null wherever a creation with null is accepted, also where the server drops it.
//! An option leaves that out, because a form could not tell such a null from a choice.

mod bounds;
mod conjunction;
mod format;
mod judged;
mod junctor;
mod metadata;
mod schema;

use crdgen_model::{Model, Resource};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use crate::api::{Api, Description, Form, Prose};
pub use crate::api::{Docs, Nulls};
use crate::invisible::escape_json;
use crate::{Error, Files, HEADER, Step, Write, collected};
use schema::Writer;

/// Options of the JSON Schema emitter.
#[derive(Clone, Debug)]
pub struct Options {
    /// Extent of the CRDs' descriptions in the schemas.
    pub docs: Docs,
    /// Slots in which users may write null. Default: wherever a creation with it is accepted.
    pub nulls: Nulls,
    /// Names of the files.
    pub layout: Layout,
}

/// Value of `json-schema.layout`: names of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "config-schema", derive(schemars1::JsonSchema), schemars(crate = "schemars1"))]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// `X.schema.json` and `XInput.schema.json` for each kind.
    #[default]
    Types,
    /// `{group}/{kind}_{version}.json` for each kind, with the kind in lower case: the layout of CRD catalogues.
    Catalog,
}

impl Default for Options {
    fn default() -> Self {
        Self { docs: Docs::default(), nulls: Nulls::Dropped, layout: Layout::default() }
    }
}

/// Value of `$schema`, which names the dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Writes one or two files for each resource, as the [`Layout`] says.
///
/// # Errors
///
/// Returns an error if a schema cannot be serialized, which is a defect of crdgen.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    collected(|write| emit_each(model, options, write))
}

/// Does what [`emit`] does, and hands over each file as soon as it is made.
///
/// # Errors
///
/// Fails as [`emit`] does.
pub fn emit_each(model: &Model, options: &Options, write: Write<'_>) -> Result<(), Error> {
    let api = Api::with_nulls_in_documents(model, options.nulls);
    for resource in &model.resources {
        let forms: &[Form] = match options.layout {
            Layout::Types => &[Form::Read, Form::Write],
            Layout::Catalog => &[Form::Write],
        };
        for &form in forms {
            let path = match options.layout {
                Layout::Types => format!("{}.schema.json", api.name(resource.root, form)),
                Layout::Catalog => catalog_path(resource),
            };
            let text = serde_json::to_string_pretty(&document(&api, resource, form, options.docs, |_| true))
                .map_err(|error| Error { target: Step::JsonSchema, message: format!("{path}: {error}") })?;
            write(path, escape_json(text) + "\n");
        }
    }
    Ok(())
}

fn catalog_path(resource: &Resource) -> String {
    format!("{}/{}_{}.json", resource.group, resource.kind.to_lowercase(), resource.version)
}

/// Returns the schema of a resource in one of its forms, with those defaults that `has_default` lets pass.
pub(crate) fn document(
    api: &Api<'_>,
    resource: &Resource,
    form: Form,
    docs: Docs,
    has_default: fn(&Json) -> bool,
) -> Json {
    let root = api.get(resource.root);
    let mut document = Map::new();
    let mut set = |keyword: &str, value: Json| document.insert(keyword.to_owned(), value);
    set("$schema", DIALECT.into());
    set("$id", id(resource, form).into());
    set("$comment", HEADER.into());
    set("title", resource.kind.as_str().into());
    if let Some(text) = Description::of_type(root, Prose::plain(docs)) {
        set("description", text.into());
    }
    if resource.deprecated.is_some() {
        set("deprecated", true.into());
    }
    let kind = json!([{ "group": resource.group, "version": resource.version, "kind": resource.kind }]);
    set("x-kubernetes-group-version-kind", kind);
    let writer = Writer { api, form, docs, has_default };
    document.extend(writer.root(root));
    document.insert("$defs".to_owned(), Json::Object(definitions(api, resource, &writer)));
    Json::Object(document)
}

/// Returns the value of `$id`. It is a name, not an address: nothing can be fetched from it. It names the
/// described object and does not change.
fn id(resource: &Resource, form: Form) -> String {
    let suffix = match form {
        Form::Read => "",
        Form::Write => "Input",
    };
    format!("https://{}/{}/{}{suffix}.schema.json", resource.group, resource.version, resource.kind)
}

/// Returns the definitions of all types below the root and of the object's metadata.
fn definitions(api: &Api<'_>, resource: &Resource, writer: &Writer<'_>) -> Map<String, Json> {
    let mut first = Vec::new();
    let mut definitions = Map::new();
    for field in api.fields(api.get(resource.root), writer.form) {
        match field.slot.ty.named() {
            Some(id) if field.wire == "metadata" => {
                definitions.insert(api.name(id, writer.form), metadata::definition(&resource.metadata, writer));
            }
            Some(id) => first.push((id, writer.form)),
            None => {}
        }
    }
    let below = api.reached(first).into_iter();
    definitions.extend(below.map(|definition| (definition.name, Json::Object(writer.definition(definition.def)))));
    definitions.sort_keys();
    definitions
}

#[cfg(test)]
mod tests;
