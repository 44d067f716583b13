//! Preparation of schemas for validation.

use crdgen_cel::re2::Patterns;
use serde_json::Value as Json;

use super::{embedded, prune};
use crate::enumeration::Enumeration;
use crate::prepared::{Format, Prepared, Purpose, Types, Values};
use crate::schema::{Additional, Bounds, Schema};

/// Prepares the schema of whole objects. The root counts as an embedded resource even if the schema does not say so.
pub(crate) fn objects(schema: &Schema) -> Prepared {
    Prepared { embedded_resource: true, ..with_patterns(schema, Purpose::Objects, &mut Patterns::new()) }
}

/// Prepares the schema of a default. `patterns` has the patterns of other defaults.
pub(crate) fn default(schema: &Schema, patterns: &mut Patterns) -> Prepared {
    with_patterns(schema, Purpose::Defaults, patterns)
}

/// Prepares the schema of a value that is not a whole object. `patterns` has the patterns of other values.
pub(crate) fn value(schema: &Schema, patterns: &mut Patterns) -> Prepared {
    with_patterns(schema, Purpose::Objects, patterns)
}

fn with_patterns(schema: &Schema, purpose: Purpose, patterns: &mut Patterns) -> Prepared {
    let mut preparation = Preparation { purpose, patterns: std::mem::take(patterns) };
    let prepared = preparation.node(schema);
    *patterns = preparation.patterns;
    prepared
}

struct Preparation {
    purpose: Purpose,
    patterns: Patterns,
}

impl Preparation {
    fn node(&mut self, schema: &Schema) -> Prepared {
        let types = Types::of(schema, self.purpose);
        let mut prepared = Prepared {
            types,
            format: Format::of(schema, types, self.purpose),
            nullable: schema.nullable,
            default: schema.default.as_deref().filter(|default| !default.is_null()).cloned(),
            enum_: Enumeration::of(&schema.enum_),
            properties: schema.properties.iter().map(|(name, node)| (name.clone(), self.node(node))).collect(),
            defaulted: Vec::new(),
            required: schema.required.to_vec(),
            additional: schema.additional_properties.as_ref().map(|additional| match additional {
                Additional::Allowed(allowed) => Values::Any(*allowed),
                Additional::Schema(values) => Values::Of(Box::new(self.node(values))),
            }),
            items: schema.items.as_deref().map(|items| Box::new(self.node(items))),
            unique_items: schema.unique_items,
            pattern: schema.bounds.pattern.as_deref().map(|pattern| self.patterns.get(pattern)),
            bounds: Bounds { pattern: None, ..Bounds::clone(&schema.bounds) },
            all_of: self.branches(&schema.all_of),
            any_of: self.branches(&schema.any_of),
            one_of: self.branches(&schema.one_of),
            not: schema.not.as_deref().map(|branch| Box::new(self.node(branch))),
            preserve_unknown_fields: schema.preserve_unknown_fields,
            embedded_resource: schema.embedded_resource,
            list_type: schema.list_type,
            list_map_keys: schema.list_map_keys.to_vec(),
        };
        let defaulted = prepared.properties.values().enumerate().filter(|(_, property)| property.default.is_some());
        prepared.defaulted = defaulted.map(|(index, _)| index).collect();
        if self.purpose == Purpose::Objects {
            prepared.default = prepared.default.take().map(|default| tidied(default, &prepared));
        }
        prepared
    }

    fn branches(&mut self, branches: &[Schema]) -> Vec<Prepared> {
        branches.iter().map(|branch| self.node(branch)).collect()
    }
}

/// Returns a default in the form that the server fills in: undeclared fields are pruned and the metadata of embedded
/// objects is coerced. Defaults are checked with their CRD, so a default that cannot be decoded is left unchanged here.
fn tidied(mut default: Json, schema: &Prepared) -> Json {
    prune::unknown_fields(&mut default, schema);
    let untouched = default.clone();
    match embedded::coerce_and_check(&mut default, schema) {
        Ok(_) => default,
        Err(_) => untouched,
    }
}
