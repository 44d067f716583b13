//! A document made to fit one tool that cannot read what all others can.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{
    Components, MediaType, PathItem, ReferenceOr, RequestBody, Response, Schema, SchemaData, SchemaKind, StatusCode,
    StringType, Type,
};
use serde_json::{Map, json};

use super::Profile;
use super::response::JSON;

/// Changes that fit a document to its readers.
pub struct Fit {
    profile: Profile,
    /// Names of all schemas, as types are [`called`].
    taken: BTreeSet<String>,
}

impl Fit {
    /// Returns the changes to a document that has schemas of these names.
    pub fn new<'n>(profile: Profile, schemas: impl Iterator<Item = &'n str>) -> Self {
        let taken = match profile {
            Profile::Standard => BTreeSet::new(),
            Profile::Progenitor => schemas.map(called).collect(),
        };
        Self { profile, taken }
    }

    /// Fits the responses and bodies that operations share.
    pub fn components(&self, components: &mut Components) {
        if self.profile != Profile::Standard {
            components.responses.values_mut().for_each(response);
            components.request_bodies.values_mut().for_each(body);
        }
    }

    /// Fits the operations of a path.
    pub fn path(&self, item: &mut PathItem) {
        if self.profile == Profile::Standard {
            return;
        }
        let all = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.patch];
        for operation in all.into_iter().flatten() {
            operation.request_body.iter_mut().for_each(body);
            let responses = &mut operation.responses;
            // A default would be what success answers, too.
            if let Some(failure) = responses.default.take() {
                responses.responses.extend([4, 5].map(|range| (StatusCode::Range(range), failure.clone())));
            }
            responses.responses.values_mut().for_each(response);
        }
    }

    /// Fits a schema of the components.
    pub fn schema(&self, name: &str, schema: &mut Schema) {
        if self.profile != Profile::Standard {
            nameable(schema);
            self.apart(name, schema);
        }
    }

    /// A property that is a type of its own is called like its owner and itself: `apiVersion` of `Bus` is a second type where
    /// there is a `BusApiVersion`. There it is a string.
    fn apart(&self, owner: &str, schema: &mut Schema) {
        let SchemaKind::Type(Type::Object(object)) = &mut schema.schema_kind else { return };
        for (name, property) in &mut object.properties {
            let ReferenceOr::Item(property) = property else { continue };
            if let Schema { schema_data, schema_kind: SchemaKind::Type(Type::String(string)) } = &mut **property
                && self.taken.contains(&called(&format!("{owner}{name}")))
            {
                plain_string(schema_data, string);
            }
        }
    }
}

/// Returns the name of a type without what generators change in it.
fn called(name: &str) -> String {
    name.replace(|c: char| !c.is_ascii_alphanumeric(), "").to_lowercase()
}

fn body(body: &mut ReferenceOr<RequestBody>) {
    if let ReferenceOr::Item(body) = body {
        plain(&mut body.content);
    }
}

fn response(response: &mut ReferenceOr<Response>) {
    if let ReferenceOr::Item(response) = response {
        plain(&mut response.content);
    }
}

/// An enum of whose values progenitor can make no names is a string.
fn nameable(schema: &mut Schema) {
    let Schema { schema_data, schema_kind: SchemaKind::Type(Type::String(string)) } = schema else { return };
    // Characters that no identifier holds become the same one, and words begin with a capital.
    let names = string.enumeration.iter().flatten();
    let names = names.map(|value| value.replace(|c: char| !c.is_ascii_alphanumeric(), "x").to_lowercase());
    if names.collect::<BTreeSet<_>>().len() < string.enumeration.len() {
        plain_string(schema_data, string);
    }
}

/// Says in an extension what makes a type of a string.
fn plain_string(data: &mut SchemaData, string: &mut StringType) {
    let plain = StringType { format: string.format.clone(), ..StringType::default() };
    let mut said = json!(std::mem::replace(string, plain));
    let said = said.as_object_mut().map(std::mem::take).unwrap_or_default();
    let said: Map<_, _> = said.into_iter().filter(|(name, _)| name != "format").collect();
    data.extensions.shift_remove("x-enum-varnames");
    if !said.is_empty() {
        data.extensions.insert("x-crdgen-validation".to_owned(), json!([said]));
    }
}

/// `application/anything+json` is `application/json` to whoever knows no other.
fn plain(content: &mut IndexMap<String, MediaType>) {
    let name = |media_type: &str| if media_type.ends_with("+json") { JSON.to_owned() } else { media_type.to_owned() };
    *content = content.drain(..).map(|(media_type, body)| (name(&media_type), body)).collect();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_property_becomes_a_type_that_is_there() {
        let mut schema = serde_json::from_value(json!({ "type": "object", "properties": {
            "apiVersion": { "type": "string", "enum": ["v1"] },
            "kind": { "type": "string", "enum": ["Bus"] },
        } }))
        .expect("a schema");
        Fit::new(Profile::Progenitor, ["Bus", "BusAPIVersion"].into_iter()).schema("Bus", &mut schema);
        let properties = &serde_json::to_value(&schema).expect("JSON")["properties"];
        let version = json!({ "type": "string", "x-crdgen-validation": [{ "enum": ["v1"] }] });
        assert_eq!((&properties["apiVersion"], &properties["kind"]["enum"]), (&version, &json!(["Bus"])));
    }
}
