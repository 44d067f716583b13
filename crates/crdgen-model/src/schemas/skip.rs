//! Removal of properties that a project leaves out, before any other step reads the schema.

use std::borrow::Cow;
use std::fmt::{Display, Write};

use crdgen_schema::schema::{Additional, Schema};

use crate::levels::Level;
use crate::naming::roots::NamedResource;
use crate::path_pattern::PathPattern;
use crate::schemas::prune;
use crate::settings::Placed;

/// Patterns of the properties to leave out, and whether each pattern matched any.
pub struct Skip<'a> {
    patterns: &'a [Placed<PathPattern>],
    found: Vec<bool>,
}

impl<'a> Skip<'a> {
    /// Creates a list of patterns of which none has matched yet.
    pub fn new(patterns: &'a [Placed<PathPattern>]) -> Self {
        Self { patterns, found: vec![false; patterns.len()] }
    }

    /// Returns the patterns that matched nothing.
    pub fn idle(&self) -> Vec<Placed<PathPattern>> {
        let idle = self.patterns.iter().zip(&self.found).filter(|(_, found)| !**found);
        idle.map(|(pattern, _)| pattern.clone()).collect()
    }

    /// Returns a schema without the properties to leave out.
    pub fn apply<'s>(&mut self, named: &NamedResource, schema: &'s Schema) -> Cow<'s, Schema> {
        if self.patterns.is_empty() {
            return Cow::Borrowed(schema);
        }
        let mut schema = schema.clone();
        Walk { skip: self, named, path: named.kind.clone() }.object(&mut schema);
        Cow::Owned(schema)
    }
}

struct Walk<'a, 'p> {
    skip: &'a mut Skip<'p>,
    named: &'a NamedResource,
    path: String,
}

impl Walk<'_, '_> {
    fn object(&mut self, schema: &mut Schema) {
        let at_root = self.path.len() == self.named.kind.len();
        let mut gone = Vec::new();
        schema.properties.retain(|name, property| {
            // A project cannot leave out the properties that every root has.
            let implied = at_root && matches!(name.as_str(), "apiVersion" | "kind" | "metadata");
            let skipped = self.below(format_args!(".{name}"), |walk| {
                let skipped = !implied && walk.is_skipped(property);
                if !skipped {
                    walk.value(property);
                }
                skipped
            });
            if skipped {
                gone.push(name.clone());
            }
            !skipped
        });
        prune::forget(schema, &gone);
    }

    fn value(&mut self, schema: &mut Schema) {
        self.object(schema);
        if let Some(items) = &mut schema.items {
            self.below(Level::List, |walk| walk.value(items));
            prune::forget_keys(schema);
        }
        if let Some(Additional::Schema(values)) = &mut schema.additional_properties {
            self.below(Level::Map, |walk| walk.value(values));
        }
        prune::forget_defaults(schema);
    }

    fn below<T>(&mut self, step: impl Display, walk: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        let _ = write!(self.path, "{step}");
        let result = walk(self);
        self.path.truncate(length);
        result
    }

    fn is_skipped(&mut self, property: &Schema) -> bool {
        let path = format!("{}{}", self.path, prune::levels(property));
        let mut skipped = false;
        for (pattern, found) in self.skip.patterns.iter().zip(&mut self.skip.found) {
            if pattern.value.matches(&self.named.group, &self.named.version, &path) {
                *found = true;
                skipped = true;
            }
        }
        skipped
    }
}
