//! Paths, sizes and elements of the nodes of an expression, as far as they are known before an evaluation.

use std::collections::HashMap;

use super::paths::{Path, Paths, Step};
use super::sizes::Range;
use crate::expression::ast::Literal;
use crate::expression::checker::Checked;
use crate::expression::signatures::Plain;
use crate::expression::static_types::Static;
use crate::expression::tree::{Fold, Id, Node};
use crate::expression::types::Type;

/// Maximum number of values without a limit that are listed.
pub(super) const MAX_UNBOUNDED: usize = 3;

/// Value without a declared limit of its size on which an estimate depends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbounded {
    /// Path of the value, for example `self.items[].name`.
    pub path: String,
    /// Keyword of a schema that limits the size: `maxItems`, `maxProperties` or `maxLength`.
    pub keyword: &'static str,
}

/// Sizes of the keys and of the values of a list or map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entries {
    pub(super) is_list: bool,
    pub(super) keys: Range,
    pub(super) values: Range,
}

impl Entries {
    pub(super) fn union(self, other: Self) -> Self {
        Self { is_list: self.is_list, keys: self.keys.union(other.keys), values: self.values.union(other.values) }
    }
}

/// Variable of a fold.
#[derive(Clone, Copy, Debug)]
struct Local {
    path: Option<Path>,
    size: Option<Range>,
    entries: Option<Entries>,
}

/// Nodes of an expression.
pub(super) struct Nodes<'c, 'e> {
    pub(super) checked: &'c Checked<'e>,
    root: Option<&'c Type>,
    pub(super) paths: Paths<'e>,
    /// Paths of the nodes that lead to a declared value.
    node_paths: Vec<Option<Path>>,
    /// Variables of folds, the innermost last.
    variables: HashMap<&'e str, Vec<Local>>,
    /// Computed sizes of nodes.
    sizes: Vec<Option<Range>>,
    /// Sizes of the elements of nodes.
    entries: Vec<Option<Entries>>,
    pub(super) unbounded: Vec<Unbounded>,
}

impl<'c, 'e> Nodes<'c, 'e> {
    /// Creates the nodes of an expression. `root` is the type of the first element of every path.
    pub(super) fn new(checked: &'c Checked<'e>, root: Option<&'c Type>) -> Self {
        let nodes = checked.tree.len();
        Self {
            checked,
            root,
            paths: Paths::default(),
            node_paths: vec![None; nodes],
            variables: HashMap::new(),
            sizes: vec![None; nodes],
            entries: vec![None; nodes],
            unbounded: Vec::new(),
        }
    }

    pub(super) fn node(&self, id: Id) -> &'c Node<'e> {
        self.checked.tree.node(id)
    }

    pub(super) fn type_of(&self, id: Id) -> &'c Static<'e> {
        self.checked.type_of(id)
    }

    fn local(&self, name: &str) -> Option<Local> {
        self.variables.get(name)?.last().copied()
    }

    fn push(&mut self, name: &'e str, local: Local) {
        self.variables.entry(name).or_default().push(local);
    }

    pub(super) fn pop(&mut self, name: &str) {
        self.variables.get_mut(name).and_then(Vec::pop);
    }

    pub(super) fn push_accumulator(&mut self, fold: &Fold<'e>) {
        let path = self.path(fold.initial);
        let entries = self.entries_of(fold.initial);
        let size = self.size(fold.initial);
        self.push(fold.accumulator, Local { path, size, entries });
    }

    /// Returns whether a value is a list, by its elements if they are known, or by its type.
    fn is_list(&self, id: Id) -> bool {
        match self.entries_of(id) {
            Some(entries) => entries.is_list,
            None => matches!(self.type_of(id), Static::List(_)),
        }
    }

    /// Adds the variable of a macro with one variable: an item of a list, or a key of a map.
    pub(super) fn push_element(&mut self, name: &'e str, range: Id) {
        if self.is_list(range) {
            self.push_value(name, range);
        } else {
            let entries = self.entries_of(range);
            self.push_step(name, range, Step::Keys, entries.map(|entries| entries.keys));
        }
    }

    pub(super) fn push_key(&mut self, name: &'e str, range: Id) {
        let step = if self.is_list(range) { Step::Indices } else { Step::Keys };
        let entries = self.entries_of(range);
        self.push_step(name, range, step, entries.map(|entries| entries.keys));
    }

    pub(super) fn push_value(&mut self, name: &'e str, range: Id) {
        let step = if self.is_list(range) { Step::Items } else { Step::Values };
        let entries = self.entries_of(range);
        self.push_step(name, range, step, entries.map(|entries| entries.values));
    }

    fn push_step(&mut self, name: &'e str, range: Id, step: Step<'e>, size: Option<Range>) {
        let path = self.path(range);
        let path = Some(self.paths.append(path, step));
        self.push(name, Local { path, size, entries: None });
    }

    /// Returns the path of a node to a declared value.
    pub(super) fn path(&self, id: Id) -> Option<Path> {
        if let Node::Name(name) = self.node(id)
            && let Some(local) = self.local(name)
        {
            return local.path;
        }
        self.node_paths[id.0]
    }

    pub(super) fn set_size(&mut self, id: Id, size: Option<Range>) {
        if size.is_some() {
            self.sizes[id.0] = size;
        }
    }

    pub(super) fn copy_sizes(&mut self, to: Id, from: Id) {
        let size = self.size(from);
        self.set_size(to, size);
        self.set_entries(to, self.entries_of(from));
    }

    pub(super) fn size_or_unknown(&mut self, id: Id) -> Range {
        self.size(id).unwrap_or(Range::UNKNOWN)
    }

    pub(super) fn size(&mut self, id: Id) -> Option<Range> {
        if let Some(size) = self.sizes[id.0] {
            return Some(size);
        }
        let literal = match self.node(id) {
            Node::Literal(literal) => length(literal),
            Node::List(items) => Some(items.len() as u64),
            Node::Map(entries) => Some(entries.len() as u64),
            _ => None,
        };
        if let Some(length) = literal {
            return Some(Range::exactly(length));
        }
        let path = self.path(id);
        if let Some(declared) = self.declared_size(path) {
            self.sizes[id.0] = Some(declared);
            return Some(declared);
        }
        if is_scalar(self.type_of(id)) {
            return Some(Range::exactly(1));
        }
        match self.node(id) {
            Node::Name(name) => self.local(name)?.size,
            _ => None,
        }
    }

    /// Returns the size of the declared value at a path.
    pub(super) fn declared_size(&mut self, path: Option<Path>) -> Option<Range> {
        let mut type_ = self.root?;
        let mut is_key = false;
        for step in self.paths.steps(path?).iter().skip(1) {
            if is_key {
                return None;
            }
            match step {
                Step::Items | Step::Values => type_ = type_.items().or_else(|| type_.values())?,
                // Kubernetes declares the keys of maps without a size.
                Step::Keys => {
                    type_.values()?;
                    is_key = true;
                }
                Step::Indices => return None,
                Step::Field(name) => type_ = type_.field_named(name)?,
            }
        }
        if is_key {
            return Some(Range::exactly(0));
        }
        if let (Some(keyword), Some(path), true) = (type_.missing_limit(), path, self.unbounded.len() < MAX_UNBOUNDED) {
            let unbounded = Unbounded { path: self.paths.text(path), keyword };
            if !self.unbounded.contains(&unbounded) {
                self.unbounded.push(unbounded);
            }
        }
        Some(Range { min: 0, max: type_.size.max_elements })
    }

    pub(super) fn entries_of(&self, id: Id) -> Option<Entries> {
        if let Some(entries) = self.entries[id.0] {
            return Some(entries);
        }
        match self.node(id) {
            Node::Name(name) => self.local(name)?.entries,
            _ => None,
        }
    }

    /// Sets the path of a node that is a variable.
    pub(super) fn set_variable(&mut self, id: Id, name: &'e str) {
        self.node_paths[id.0] = match self.local(name) {
            Some(local) => local.path,
            None => Some(self.paths.starting_with(name)),
        };
    }

    /// Sets the path of a node that is one step below another.
    pub(super) fn set_step(&mut self, id: Id, from: Id, step: Step<'e>) {
        let path = self.path(from);
        self.node_paths[id.0] = Some(self.paths.append(path, step));
    }

    /// Sets the sizes of the elements of a node, if they are known.
    pub(super) fn set_entries(&mut self, id: Id, entries: Option<Entries>) {
        self.entries[id.0] = entries.or(self.entries[id.0]);
    }
}

/// Returns the size of a literal: the characters of a string, the bytes of bytes, 1 for other values.
fn length(literal: &Literal) -> Option<u64> {
    Some(match literal {
        Literal::String(text) => text.chars().count() as u64,
        Literal::Bytes(bytes) => bytes.len() as u64,
        Literal::Type(_) => return None,
        Literal::Null | Literal::Bool(_) | Literal::Int(_) | Literal::Uint(_) | Literal::Double(_) => 1,
    })
}

/// Returns whether all values of a type have the size 1.
fn is_scalar(type_: &Static<'_>) -> bool {
    use Plain::{Bool, Double, Duration, Int, Timestamp, Uint};
    match type_ {
        Static::Plain(plain) => matches!(plain, Bool | Double | Duration | Int | Timestamp | Uint),
        Static::Optional(value) => is_scalar(value),
        _ => false,
    }
}
