//! JSON Schema 2020-12: two files a kind, for editors, forms and validators, each complete in itself.
//!
//! `X.schema.json` is an object as it is read. It is open, as generated types are: a newer server may send properties and
//! enum values that this CRD does not know. `XInput.schema.json` is an object as users write it. It is closed where the
//! server prunes and refuses, so that a typo shows, and has the defaults that the server fills in. It has null wherever a
//! creation may: also where the server drops it. A form could not tell that from a choice, so it can be left out.

mod bounds;
mod format;
mod judged;
mod junctor;
mod metadata;
mod schema;

use crdgen_model::{Model, Resource};
use serde_json::{Map, Value as Json, json};

use crate::api::{Api, Description, Form, Prose};
pub use crate::api::{Docs, Nulls};
use crate::invisible::escape_json;
use crate::{Error, Files, HEADER};
use schema::Writer;

/// What can be chosen.
#[derive(Clone, Debug)]
pub struct Options {
    /// How much of the CRDs' descriptions is kept.
    pub docs: Docs,
    /// Where users may write null. Default: wherever a creation with it is accepted.
    pub nulls: Nulls,
}

impl Default for Options {
    fn default() -> Self {
        Self { docs: Docs::default(), nulls: Nulls::Dropped }
    }
}

/// The dialect, by its name.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Writes `X.schema.json` and `XInput.schema.json` for the root type `X` of each resource.
pub fn emit(model: &Model, options: &Options) -> Result<Files, Error> {
    let api = Api::with_nulls_in_documents(model, options.nulls);
    let mut files = Files::new();
    for resource in &model.resources {
        for form in [Form::Read, Form::Write] {
            let path = format!("{}.schema.json", api.name(resource.root, form));
            let text = serde_json::to_string_pretty(&document(&api, resource, form, options.docs, |_| true))
                .map_err(|error| Error { target: "json-schema", message: format!("{path}: {error}") })?;
            files.insert(path, escape_json(&text) + "\n");
        }
    }
    Ok(files)
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

/// A name, not an address: nothing is to be fetched from there. It says what is described and stays as long as that does.
fn id(resource: &Resource, form: Form) -> String {
    let suffix = match form {
        Form::Read => "",
        Form::Write => "Input",
    };
    format!("https://{}/{}/{}{suffix}.schema.json", resource.group, resource.version, resource.kind)
}

/// Every type below the root, and the object's metadata.
fn definitions(api: &Api<'_>, resource: &Resource, writer: &Writer<'_>) -> Map<String, Json> {
    let mut first = Vec::new();
    let mut definitions = Map::new();
    for field in api.fields(api.get(resource.root), writer.form) {
        match field.slot.ty.named() {
            Some(id) if field.wire == "metadata" => {
                definitions.insert(api.name(id, writer.form), metadata::definition(writer.form));
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
