//! Values that fields can have, by the schemas.

use crdgen_cel::Term;
use crdgen_schema::Schema;
use crdgen_schema::schema::{Additional, SchemaType};
use serde_json::Value as Json;

use crate::classify::value::allowed;

/// Name of the variable of a rule.
pub(super) const SELF: &str = "self";

/// Schemas of the value that a variable stands for.
#[derive(Clone, Copy)]
pub(super) struct Facts<'s> {
    pub(super) variable: &'s str,
    pub(super) old: Option<&'s Schema>,
    pub(super) new: Option<&'s Schema>,
}

impl<'s> Facts<'s> {
    pub(super) fn of_items<'v>(&self, range: &Term, variable: &'v str) -> Facts<'v>
    where
        's: 'v,
    {
        let is_default = |schema: &Schema, names: &[String]| {
            let mut schema = schema;
            names.iter().any(|name| match schema.properties.get(name) {
                Some(below) => {
                    schema = below;
                    has_default(below)
                }
                None => true,
            })
        };
        let is_given = range
            .path
            .as_deref()
            .is_some_and(|path| path.len() == 1 || self.new.is_some_and(|new| !is_default(new, &path[1..])));
        let node = |schema: Option<&'s Schema>| {
            let path = range.path.as_deref()?;
            let (first, names) = path.split_first()?;
            let is_known = first == self.variable;
            let start = schema.filter(|_| is_known && is_given)?;
            names.iter().try_fold(start, |schema, name| schema.properties.get(name))?.items.as_deref()
        };
        Facts { variable, old: node(self.old), new: node(self.new) }
    }

    /// Returns the schemas of the object that has a field. The result is `None` if the object may be a default of the
    /// new schema, about which the old one says nothing.
    fn parents(&self, path: &[String]) -> Option<(&'s Schema, &'s Schema)> {
        let [first, above @ .., _] = path else { return None };
        let mut parents = (self.old.filter(|_| first == self.variable)?, self.new?);
        for name in above {
            parents = (parents.0.properties.get(name)?, parents.1.properties.get(name)?);
            if has_default(parents.1) {
                return None;
            }
        }
        Some(parents)
    }

    /// Returns whether the object that has a field may be null, which makes reading the field an error.
    pub(super) fn is_nullable(&self, path: &[String]) -> bool {
        let [first, above @ .., _] = path else { return true };
        let Some(mut schema) = self.new.filter(|_| first == self.variable) else { return true };
        let mut is_nullable = schema.nullable && self.variable != SELF;
        for name in above {
            let Some(below) = schema.properties.get(name) else { return true };
            (schema, is_nullable) = (below, is_nullable || below.nullable);
        }
        is_nullable
    }

    /// Returns whether a field is there in each object whose parent is there, or in none.
    pub(super) fn presence(&self, path: &[String]) -> Option<bool> {
        let name = path.last()?;
        let (old, new) = self.parents(path)?;
        let after = new.properties.get(name)?;
        if has_default(after) {
            return Some(true);
        }
        match old.properties.get(name) {
            Some(before) => {
                let is_required = old.required.contains(name) && !has_default(before);
                (is_required && (after.nullable || !before.nullable)).then_some(true)
            }
            // Whole objects have these fields although no schema declares them.
            None if matches!(name.as_str(), "apiVersion" | "kind" | "metadata") => None,
            None => (!keeps_undeclared(old)).then_some(false),
        }
    }

    /// Returns the values that a field can have, as JSON, if they are known.
    pub(super) fn values(&self, path: &[String]) -> Option<Vec<String>> {
        let (before, after) = match path {
            [first] if first == self.variable => (self.old?, self.new?),
            _ => {
                let (old, new) = self.parents(path)?;
                let name = path.last()?;
                let after = new.properties.get(name)?;
                match old.properties.get(name) {
                    Some(before) => (before, after),
                    // Only the default can be there.
                    None if !keeps_undeclared(old) => return default_of(after).map(|value| vec![value]),
                    None => return None,
                }
            }
        };
        let is_same = before.type_ == after.type_ && before.int_or_string == after.int_or_string;
        let is_scalar = matches!(before.type_, Some(SchemaType::String | SchemaType::Integer));
        // A format may give the value another type in CEL.
        let is_plain = before.format.is_none() && after.format.is_none();
        let allowed = allowed(before);
        if !is_same || !is_scalar || !is_plain || before.int_or_string || allowed.is_empty() {
            return None;
        }
        Some(allowed.iter().map(Json::to_string).chain(default_of(after)).collect())
    }
}

fn has_default(schema: &Schema) -> bool {
    schema.default.as_ref().is_some_and(|default| !default.is_null())
}

fn default_of(schema: &Schema) -> Option<String> {
    schema.default.as_ref().filter(|default| !default.is_null()).map(|default| default.to_string())
}

/// Returns whether an object may have fields that its schema does not declare.
pub(in crate::classify) fn keeps_undeclared(schema: &Schema) -> bool {
    schema.preserve_unknown_fields || !matches!(schema.additional_properties, None | Some(Additional::Allowed(false)))
}
