//! Selection of some fields of a schema, for views.

use std::collections::BTreeMap;

use crdgen_schema::schema::{Additional, Schema, SchemaType};

use crate::levels::Levels;
use crate::schemas::prune;

/// Part of a schema that is picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The whole schema.
    Whole,
    /// Some properties of an object, or of the items or values of a list or map.
    Properties(BTreeMap<String, Pick>),
}

/// A path that does not exist in a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nowhere {
    /// Sentence that says how far the path leads and why it ends there.
    pub message: String,
    /// Paths that exist: the given path with each existing property in place of the missing one.
    pub choices: Vec<String>,
}

impl Default for Pick {
    /// Returns a selection of nothing.
    fn default() -> Self {
        Self::Properties(BTreeMap::new())
    }
}

impl Pick {
    /// Picks the property at `path` of `schema`, for example `spec.tasks[].name`. The levels may be left out.
    pub fn add(&mut self, schema: &Schema, path: &str) -> Result<(), Nowhere> {
        self.add_steps(&steps(schema, path)?);
        Ok(())
    }

    fn add_steps(&mut self, steps: &[&str]) {
        let Some((first, rest)) = steps.split_first() else {
            *self = Self::Whole;
            return;
        };
        if let Self::Properties(picks) = self {
            picks.entry((*first).to_owned()).or_default().add_steps(rest);
        }
    }

    /// Returns the part of a property that is picked, and removes it from a selection of some properties. Returns
    /// `None` if nothing of the property is picked.
    pub fn take(&mut self, property: &str) -> Option<Self> {
        match self {
            Self::Whole => Some(Self::Whole),
            Self::Properties(picks) => picks.remove(property),
        }
    }

    /// Returns the schema reduced to the picked properties. An object of which only some properties are read keeps no
    /// undeclared fields, and no CEL rules because they also bind properties that are not read.
    pub fn apply(&self, schema: &Schema) -> Schema {
        let Self::Properties(picks) = self else { return schema.clone() };
        let mut schema = schema.clone();
        if let Some(items) = &mut schema.items {
            **items = self.apply(items);
            prune::forget_keys(&mut schema);
        } else if let Some(Additional::Schema(values)) = &mut schema.additional_properties
            && schema.properties.is_empty()
        {
            **values = self.apply(values);
        } else {
            object(&mut schema, picks);
        }
        schema.preserve_unknown_fields = false;
        prune::forget_defaults(&mut schema);
        schema
    }
}

fn object(schema: &mut Schema, picks: &BTreeMap<String, Pick>) {
    schema.properties.retain(|name, property| {
        let pick = picks.get(name);
        if let Some(pick) = pick {
            *property = pick.apply(property);
        }
        pick.is_some()
    });
    prune::forget_undeclared(schema);
    schema.additional_properties = None;
    schema.embedded_resource = false;
    schema.validations.clear();
    (schema.bounds.min_properties, schema.bounds.max_properties) = (None, None);
}

/// Returns the properties along a path.
fn steps<'a>(schema: &'a Schema, path: &str) -> Result<Vec<&'a str>, Nowhere> {
    let (mut schema, mut rest, mut steps) = (schema, path, Vec::new());
    loop {
        let object = value(schema);
        let Some((name, property, behind)) = next(object, rest) else { return Err(nowhere(object, path, rest)) };
        steps.push(name);
        if behind.is_empty() {
            return Ok(steps);
        }
        (schema, rest) = (property, behind);
    }
}

/// Returns the first property of a path and the rest of the path. Names may contain dots; the longest name that fits is
/// used.
fn next<'a, 'p>(object: &'a Schema, path: &'p str) -> Option<(&'a str, &'a Schema, &'p str)> {
    let behind = |name: &str, property: &Schema| {
        let rest = path.strip_prefix(name)?;
        let (levels, rest) = Levels::split_start(rest);
        let fits = prune::levels(property).starts_with(&levels);
        if rest.is_empty() { fits.then_some("") } else { rest.strip_prefix('.').filter(|_| fits) }
    };
    let fitting = object
        .properties
        .iter()
        .filter_map(|(name, property)| Some((name.as_str(), property, behind(name, property)?)));
    fitting.max_by_key(|(name, ..)| name.len())
}

/// Returns the schema at the bottom of lists and maps.
fn value(schema: &Schema) -> &Schema {
    match (&schema.items, &schema.additional_properties) {
        (Some(items), _) => value(items),
        (None, Some(Additional::Schema(values))) if schema.properties.is_empty() => value(values),
        _ => schema,
    }
}

fn nowhere(object: &Schema, path: &str, rest: &str) -> Nowhere {
    let before = &path[..path.len() - rest.len()];
    let name = rest.split('.').next().unwrap_or(rest);
    let behind = &rest[name.len()..];
    let holder = before.trim_end_matches('.');
    let message = match (object.properties.is_empty(), holder.is_empty()) {
        (true, false) => format!("`{holder}` is {}, so it has no property `{name}`", kind_of(object)),
        (_, true) => format!("there is no property `{name}`"),
        (false, false) => format!("`{holder}` has no property `{name}`"),
    };
    Nowhere { message, choices: object.properties.keys().map(|name| format!("{before}{name}{behind}")).collect() }
}

fn kind_of(schema: &Schema) -> &'static str {
    match schema.type_ {
        None => "any value",
        Some(SchemaType::Object) => "an object without declared properties",
        Some(SchemaType::Array) => "a list",
        Some(SchemaType::String) => "a string",
        Some(SchemaType::Integer) => "an integer",
        Some(SchemaType::Number) => "a number",
        Some(SchemaType::Boolean) => "a boolean",
    }
}
