//! Estimate of the highest cost of an expression. Follows `checker/cost.go` of cel-go and `library/cost.go` of
//! Kubernetes, whose estimates decide whether a CRD can have a rule.

mod calls;
mod paths;
mod sizes;

use std::collections::HashMap;

use self::paths::{Path, Paths, Step};
use self::sizes::Range;
use super::ast::Literal;
use super::checker::Checked;
use super::signatures::Plain;
use super::static_types::Static;
use super::tree::{Call, Fold, FoldVariables, Id, Node, Select};
use super::types::Type;

/// Maximum number of values without a limit that are listed.
const MAX_UNBOUNDED: usize = 3;

/// Units for reading a variable or a field.
const ACCESS: u64 = 1;
/// Units for a list literal.
const LIST: u64 = 10;
/// Units for a map literal.
const MAP: u64 = 30;
/// Units for reading a character.
const PER_CHARACTER: f64 = 0.1;
/// Units for a character of a regular expression, for each unit of the text that is searched.
const PER_PATTERN_CHARACTER: f64 = 0.25;

/// Value without a declared limit of its size on which an estimate depends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbounded {
    /// Path of the value, for example `self.items[].name`.
    pub path: String,
    /// Keyword of a schema that limits the size: `maxItems`, `maxProperties` or `maxLength`.
    pub keyword: &'static str,
}

/// Returns the highest number of units that the evaluation of an expression can cost, and the values without a limit on
/// which the number depends, at most [`MAX_UNBOUNDED`]. `root` is the type of the first element of every path: of `self`
/// in a rule.
pub(super) fn highest_cost(checked: &Checked<'_>, root: Option<&Type>) -> (u64, Vec<Unbounded>) {
    let nodes = checked.tree.len();
    let mut estimate = Estimate {
        checked,
        root,
        paths: Paths::default(),
        node_paths: vec![None; nodes],
        variables: HashMap::new(),
        sizes: vec![None; nodes],
        entries: vec![None; nodes],
        costs: vec![None; nodes],
        unbounded: Vec::new(),
    };
    let cost = estimate.cost(checked.root);
    (cost, estimate.unbounded)
}

/// Sizes of the keys and of the values of a list or map.
#[derive(Clone, Copy, Debug)]
struct Entries {
    is_list: bool,
    keys: Range,
    values: Range,
}

impl Entries {
    fn union(self, other: Self) -> Self {
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

struct Estimate<'c, 'e> {
    checked: &'c Checked<'e>,
    root: Option<&'c Type>,
    paths: Paths<'e>,
    /// Paths of the nodes that lead to a declared value.
    node_paths: Vec<Option<Path>>,
    /// Variables of folds, the innermost last.
    variables: HashMap<&'e str, Vec<Local>>,
    /// Computed sizes of nodes.
    sizes: Vec<Option<Range>>,
    /// Sizes of the elements of nodes.
    entries: Vec<Option<Entries>>,
    /// Costs of the nodes that were visited. A node that cel-go copies is visited twice.
    costs: Vec<Option<u64>>,
    unbounded: Vec<Unbounded>,
}

impl<'c, 'e> Estimate<'c, 'e> {
    fn node(&self, id: Id) -> &'c Node<'e> {
        self.checked.tree.node(id)
    }

    fn type_of(&self, id: Id) -> &'c Static<'e> {
        self.checked.type_of(id)
    }

    fn cost(&mut self, id: Id) -> u64 {
        if let Some(known) = self.costs[id.0] {
            return known;
        }
        let cost = match self.node(id) {
            Node::Literal(_) => 0,
            Node::Name(name) => self.name(id, name),
            Node::Select(select) => self.select(id, select),
            Node::OptionalSelect(select) => self.optional_select(id, select),
            Node::Call(call) => self.call(id, call),
            Node::List(items) => self.list(id, items),
            Node::Map(entries) => self.map(id, entries),
            Node::Fold(fold) if fold.is_binding => self.binding(id, fold),
            Node::Fold(fold) => self.fold(id, fold),
        };
        self.costs[id.0] = Some(cost);
        cost
    }

    fn local(&self, name: &str) -> Option<Local> {
        self.variables.get(name)?.last().copied()
    }

    fn push(&mut self, name: &'e str, local: Local) {
        self.variables.entry(name).or_default().push(local);
    }

    fn pop(&mut self, name: &str) {
        self.variables.get_mut(name).and_then(Vec::pop);
    }

    fn name(&mut self, id: Id, name: &'e str) -> u64 {
        self.node_paths[id.0] = match self.local(name) {
            Some(local) => local.path,
            None => Some(self.paths.starting_with(name)),
        };
        ACCESS
    }

    fn select(&mut self, id: Id, select: &Select<'e>) -> u64 {
        let cost = self.cost(select.operand);
        if select.is_test {
            return cost;
        }
        let path = self.path(select.operand);
        self.node_paths[id.0] = Some(self.paths.append(path, Step::Field(select.field)));
        match self.type_of(select.operand) {
            Static::Map(_) | Static::Object(_) => cost.saturating_add(ACCESS),
            Static::Plain(Plain::Quantity | Plain::Semver | Plain::Url | Plain::Format) => cost.saturating_add(ACCESS),
            _ => cost,
        }
    }

    fn optional_select(&mut self, id: Id, select: &Select<'e>) -> u64 {
        let cost = self.cost(select.operand);
        self.size(select.operand);
        let size = self.size(id);
        self.set_size(id, size);
        cost.saturating_add(1)
    }

    fn list(&mut self, id: Id, items: &[(Id, bool)]) -> u64 {
        let mut cost = LIST;
        let mut values = Range::of_elements(items.len());
        for (item, _) in items {
            cost = cost.saturating_add(self.cost(*item));
            values = values.union(self.size_or_unknown(*item));
        }
        self.entries[id.0] = Some(Entries { is_list: true, keys: Range::exactly(1), values });
        cost
    }

    fn map(&mut self, id: Id, entries: &[(Id, Id, bool)]) -> u64 {
        let mut cost = MAP;
        let (mut keys, mut values) = (Range::of_elements(entries.len()), Range::of_elements(entries.len()));
        for (key, value, _) in entries {
            cost = cost.saturating_add(self.cost(*key));
            cost = cost.saturating_add(self.cost(*value));
            keys = keys.union(self.size_or_unknown(*key));
            values = values.union(self.size_or_unknown(*value));
        }
        self.entries[id.0] = Some(Entries { is_list: false, keys, values });
        cost
    }

    fn call(&mut self, id: Id, call: &Call) -> u64 {
        if call.function == "dyn" {
            let argument = call.arguments[0];
            let cost = self.cost(argument);
            self.copy_sizes(id, argument);
            return cost.saturating_add(1);
        }
        let mut arguments = Vec::with_capacity(call.rest().len());
        let mut costs = Vec::with_capacity(call.rest().len());
        for argument in call.rest() {
            costs.push(self.cost(*argument));
            arguments.push(self.value(*argument));
        }
        let mut sum: u64 = 0;
        let mut target = None;
        if let Some(receiver) = call.target() {
            sum = self.cost(receiver);
            target = Some(self.value(receiver));
        }
        let mut highest = 0;
        let mut size: Option<Range> = None;
        for overload in self.checked.overloads(id) {
            let reached = calls::Reached { id, function: call.function, overload, target, arguments: &arguments };
            let price = self.price(&reached, &costs);
            highest = highest.max(price.cost);
            size = match (size, price.size) {
                (Some(size), Some(other)) => Some(size.union(other)),
                (size, other) => size.or(other),
            };
            if let "index_list" | "index_map" = *overload {
                let list = arguments[0].id;
                size = self.entries_of(list).map(|entries| entries.values);
                let step = if *overload == "index_list" { Step::Items } else { Step::Values };
                let path = self.path(list);
                self.node_paths[id.0] = Some(self.paths.append(path, step));
            }
            size = size.or_else(|| self.size(id));
        }
        self.set_size(id, size);
        sum.saturating_add(highest)
    }

    fn binding(&mut self, id: Id, fold: &Fold<'e>) -> u64 {
        let cost = self.cost(fold.range).saturating_add(self.cost(fold.initial));
        self.push_accumulator(fold);
        let cost = cost.saturating_add(self.cost(fold.result));
        self.pop(fold.accumulator);
        self.copy_sizes(id, fold.result);
        cost
    }

    fn fold(&mut self, id: Id, fold: &Fold<'e>) -> u64 {
        let cost = self.cost(fold.range).saturating_add(self.cost(fold.initial));
        self.push_accumulator(fold);
        match fold.variables {
            FoldVariables::One(name) => self.push_element(name, fold.range),
            FoldVariables::Two(key, value) => {
                self.push_key(key, fold.range);
                self.push_value(value, fold.range);
            }
        }
        let round = self.cost(fold.condition);
        let round = self.cost(fold.step).saturating_add(round);
        match fold.variables {
            FoldVariables::One(name) => self.pop(name),
            FoldVariables::Two(key, value) => {
                self.pop(key);
                self.pop(value);
            }
        }
        let cost = cost.saturating_add(self.cost(fold.result));
        self.pop(fold.accumulator);
        let rounds = self.size_or_unknown(fold.range);
        match self.node(fold.initial) {
            Node::Literal(_) => {
                let size = self.size(fold.initial);
                self.set_size(id, size);
            }
            Node::List(_) | Node::Map(_) => {
                self.set_size(id, Some(rounds));
                self.entries[id.0] = self.entries_of(fold.step).or(self.entries[id.0]);
            }
            _ => {}
        }
        cost.saturating_add(rounds.max.saturating_mul(round))
    }

    fn push_accumulator(&mut self, fold: &Fold<'e>) {
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
    fn push_element(&mut self, name: &'e str, range: Id) {
        if self.is_list(range) {
            self.push_value(name, range);
        } else {
            let entries = self.entries_of(range);
            self.push_step(name, range, Step::Keys, entries.map(|entries| entries.keys));
        }
    }

    fn push_key(&mut self, name: &'e str, range: Id) {
        let step = if self.is_list(range) { Step::Indices } else { Step::Keys };
        let entries = self.entries_of(range);
        self.push_step(name, range, step, entries.map(|entries| entries.keys));
    }

    fn push_value(&mut self, name: &'e str, range: Id) {
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
    fn path(&self, id: Id) -> Option<Path> {
        if let Node::Name(name) = self.node(id)
            && let Some(local) = self.local(name)
        {
            return local.path;
        }
        self.node_paths[id.0]
    }

    /// Returns the size of a node with the information that calls are estimated by.
    fn value(&mut self, id: Id) -> calls::Argument<'c, 'e> {
        let path = self.path(id).filter(|path| !self.paths.starts_with_accumulator(*path));
        calls::Argument { id, path, type_: self.type_of(id), size: self.size(id) }
    }

    fn set_size(&mut self, id: Id, size: Option<Range>) {
        if size.is_some() {
            self.sizes[id.0] = size;
        }
    }

    fn copy_sizes(&mut self, to: Id, from: Id) {
        let size = self.size(from);
        self.set_size(to, size);
        self.entries[to.0] = self.entries_of(from).or(self.entries[to.0]);
    }

    fn size_or_unknown(&mut self, id: Id) -> Range {
        self.size(id).unwrap_or(Range::UNKNOWN)
    }

    fn size(&mut self, id: Id) -> Option<Range> {
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
    fn declared_size(&mut self, path: Option<Path>) -> Option<Range> {
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

    fn entries_of(&self, id: Id) -> Option<Entries> {
        if let Some(entries) = self.entries[id.0] {
            return Some(entries);
        }
        match self.node(id) {
            Node::Name(name) => self.local(name)?.entries,
            _ => None,
        }
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
