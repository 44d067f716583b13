//! Content of `defaults.ts`: for every object, the defaults that the server fills in.

use askama::Template;
use crdgen_model::{Field, Shape, Slot, Type};
use serde_json::{Map, Value as Json};

use super::jsdoc::JsDoc;
use super::literal;
use super::number::is_exact;
use super::parts::parts_of_objects;
use crate::HEADER;
use crate::api::{Api, Definition, Form, filled};
use crate::article::with_article_in_code;
use crate::markdown::{self, Dialect};

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/defaults.ts.jinja", escape = "none")]
pub struct Defaults {
    header: &'static str,
    objects: Vec<Object>,
}

struct Object {
    docs: JsDoc,
    name: String,
    /// The names of the fields as a union of literals.
    keys: String,
    /// An expression.
    value: String,
}

impl Defaults {
    /// Every object in which something is filled in.
    pub fn new(api: &Api<'_>) -> Self {
        let objects = parts_of_objects(api).into_iter().filter_map(|part| object(api, part));
        Self { header: HEADER, objects: objects.collect() }
    }
}

/// Returns the defaults of an object, if there are any. A default that JavaScript would change is left to the server.
fn object(api: &Api<'_>, part: Definition<'_>) -> Option<Object> {
    let mut values = Map::new();
    fill(api, &api.fields(part.def, part.form), &mut values);
    let (values, inexact): (Map<_, _>, Map<_, _>) = values.into_iter().partition(|(_, value)| is_exact(value));
    if values.is_empty() {
        return None;
    }
    let keys = values.keys().map(|key| literal::string(key)).collect::<Vec<_>>().join(" | ");
    let docs = docs(&part.name, inexact.keys());
    Some(Object { docs, name: part.name, keys, value: literal::value(&Json::Object(values), 1) })
}

fn docs<'k>(name: &str, inexact: impl Iterator<Item = &'k String>) -> JsDoc {
    let owner = with_article_in_code(name);
    let mut text = format!("Returns the defaults that the server sets in {owner}, as a new object.");
    let inexact: Vec<_> = inexact.map(|key| markdown::code(key, Dialect::JsDoc)).collect();
    if !inexact.is_empty() {
        let fields = inexact.join(", ");
        text.push_str(&format!(
            "\n\nThe defaults of {fields} are left out, because they have numbers that JavaScript cannot represent."
        ));
    }
    JsDoc::top(Some(&text))
}

/// Fills in defaults as the server does: first in fields that are absent, then below all fields.
fn fill(api: &Api<'_>, fields: &[&Field], object: &mut Map<String, Json>) {
    for field in fields {
        if let (None, Some(default)) = (object.get(&field.wire), filled(field)) {
            object.insert(field.wire.clone(), default.clone());
        }
        if let Some(value) = object.get_mut(&field.wire) {
            fill_below(api, &field.slot, value);
        }
    }
}

fn fill_below(api: &Api<'_>, slot: &Slot, value: &mut Json) {
    match (&slot.ty, value) {
        (Type::List { items, .. }, Json::Array(values)) => {
            values.iter_mut().for_each(|value| fill_below(api, items, value));
        }
        (Type::Map(inner), Json::Object(values)) => {
            values.values_mut().for_each(|value| fill_below(api, inner, value));
        }
        (Type::Named(id), Json::Object(object)) if matches!(api.get(*id).shape, Shape::Object(_)) => {
            fill(api, &api.fields(api.get(*id), Form::Read), object);
        }
        _ => {}
    }
}
