//! Prepared checks of schema nodes, each made once.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::ptr;
use std::sync::Arc;

use crdgen_schema::{Patterns, Schema, ValueCheck};

/// Checks of the nodes of a schema, prepared on first use.
#[derive(Debug)]
pub(crate) struct Checks<'s> {
    /// Schema of whole objects, if there is one.
    root: Option<&'s Schema>,
    known: HashMap<ByAddress<'s>, Arc<ValueCheck>>,
    patterns: Patterns,
}

impl<'s> Checks<'s> {
    pub(crate) fn new(root: Option<&'s Schema>) -> Self {
        Self { root, known: HashMap::new(), patterns: Patterns::new() }
    }

    pub(crate) fn get(&mut self, schema: &'s Schema) -> Arc<ValueCheck> {
        let patterns = &mut self.patterns;
        let is_root = self.root.is_some_and(|root| ptr::eq(root, schema));
        let check = self.known.entry(ByAddress(schema)).or_insert_with(|| match is_root {
            true => Arc::new(ValueCheck::of_objects(schema, patterns)),
            false => Arc::new(ValueCheck::new(schema, patterns)),
        });
        Arc::clone(check)
    }
}

/// Node of a schema, which equals no other node.
#[derive(Clone, Copy, Debug)]
struct ByAddress<'s>(&'s Schema);

impl PartialEq for ByAddress<'_> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0)
    }
}

impl Eq for ByAddress<'_> {}

impl Hash for ByAddress<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        ptr::hash(self.0, state);
    }
}
