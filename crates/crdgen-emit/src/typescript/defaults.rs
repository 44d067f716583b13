//! Content of `defaults.ts`: for every object, the defaults that the server fills in.

use askama::Template;
use crdgen_model::{Field, Shape, Slot, Type};
use serde_json::{Map, Value as Json};

use super::{literal, parts_of_objects};
use crate::HEADER;
use crate::api::{Api, Form, filled};

/// The data of the template.
#[derive(Template)]
#[template(path = "typescript/defaults.ts.jinja", escape = "none")]
pub struct Defaults {
    header: &'static str,
    objects: Vec<Object>,
}

struct Object {
    name: String,
    /// The names of the fields as a union of literals.
    keys: String,
    /// An expression.
    value: String,
}

impl Defaults {
    /// Every object in which something is filled in.
    pub fn new(api: &Api<'_>) -> Self {
        let objects = parts_of_objects(api).into_iter().filter_map(|part| {
            let fields = api.fields(part.def, part.form);
            let mut values = Map::new();
            fill(api, &fields, &mut values);
            if values.is_empty() {
                return None;
            }
            let keys = values.keys().map(|key| literal::string(key)).collect::<Vec<_>>().join(" | ");
            Some(Object { name: part.name, keys, value: literal::value(&Json::Object(values), 1) })
        });
        Self { header: HEADER, objects: objects.collect() }
    }
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
