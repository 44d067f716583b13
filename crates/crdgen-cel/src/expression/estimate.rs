//! Estimate of the highest cost of an expression. Follows `checker/cost.go` of cel-go and `library/cost.go` of
//! Kubernetes, whose estimates decide whether a CRD can have a rule.

mod calls;
mod nodes;
mod paths;
mod sizes;
mod units;

use self::nodes::{Entries, Nodes};
use self::paths::Step;
use self::sizes::Range;
use self::units::{ACCESS, LIST, MAP};
use super::checker::Checked;
use super::signatures::Plain;
use super::static_types::Static;
use super::tree::{Call, Fold, FoldVariables, Id, Node, Select};
use super::types::Type;

pub use self::nodes::Unbounded;

/// Returns the highest number of units that the evaluation of an expression can cost, and the values without a limit on
/// which the number depends, at most [`MAX_UNBOUNDED`](nodes::MAX_UNBOUNDED). `root` is the type of the first element of
/// every path: of `self` in a rule.
pub(super) fn highest_cost(checked: &Checked<'_>, root: Option<&Type>) -> (u64, Vec<Unbounded>) {
    let mut estimate = Estimate { nodes: Nodes::new(checked, root), costs: vec![None; checked.tree.len()] };
    let cost = estimate.cost(checked.root);
    (cost, estimate.nodes.unbounded)
}

struct Estimate<'c, 'e> {
    nodes: Nodes<'c, 'e>,
    /// Costs of the nodes that were visited. A node that cel-go copies is visited twice.
    costs: Vec<Option<u64>>,
}

impl<'c, 'e> Estimate<'c, 'e> {
    fn cost(&mut self, id: Id) -> u64 {
        if let Some(known) = self.costs[id.0] {
            return known;
        }
        let cost = match self.nodes.node(id) {
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

    fn name(&mut self, id: Id, name: &'e str) -> u64 {
        self.nodes.set_variable(id, name);
        ACCESS
    }

    fn select(&mut self, id: Id, select: &Select<'e>) -> u64 {
        let cost = self.cost(select.operand);
        if select.is_test {
            return cost;
        }
        self.nodes.set_step(id, select.operand, Step::Field(select.field));
        match self.nodes.type_of(select.operand) {
            Static::Map(_) | Static::Object(_) => cost.saturating_add(ACCESS),
            Static::Plain(Plain::Quantity | Plain::Semver | Plain::Url | Plain::Format) => cost.saturating_add(ACCESS),
            _ => cost,
        }
    }

    fn optional_select(&mut self, id: Id, select: &Select<'e>) -> u64 {
        let cost = self.cost(select.operand);
        self.nodes.size(select.operand);
        let size = self.nodes.size(id);
        self.nodes.set_size(id, size);
        cost.saturating_add(1)
    }

    fn list(&mut self, id: Id, items: &[(Id, bool)]) -> u64 {
        let mut cost = LIST;
        let mut values = Range::of_elements(items.len());
        for (item, _) in items {
            cost = cost.saturating_add(self.cost(*item));
            values = values.union(self.nodes.size_or_unknown(*item));
        }
        self.nodes.set_entries(id, Some(Entries { is_list: true, keys: Range::exactly(1), values }));
        cost
    }

    fn map(&mut self, id: Id, entries: &[(Id, Id, bool)]) -> u64 {
        let mut cost = MAP;
        let (mut keys, mut values) = (Range::of_elements(entries.len()), Range::of_elements(entries.len()));
        for (key, value, _) in entries {
            cost = cost.saturating_add(self.cost(*key));
            cost = cost.saturating_add(self.cost(*value));
            keys = keys.union(self.nodes.size_or_unknown(*key));
            values = values.union(self.nodes.size_or_unknown(*value));
        }
        self.nodes.set_entries(id, Some(Entries { is_list: false, keys, values }));
        cost
    }

    fn call(&mut self, id: Id, call: &Call) -> u64 {
        if call.function == "dyn" {
            let argument = call.arguments[0];
            let cost = self.cost(argument);
            self.nodes.copy_sizes(id, argument);
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
        for overload in self.nodes.checked.overloads(id) {
            let reached = calls::Reached { id, function: call.function, overload, target, arguments: &arguments };
            let price = self.nodes.price(&reached, &costs);
            highest = highest.max(price.cost);
            size = match (size, price.size) {
                (Some(size), Some(other)) => Some(size.union(other)),
                (size, other) => size.or(other),
            };
            if let "index_list" | "index_map" = *overload {
                let list = arguments[0].id;
                size = self.nodes.entries_of(list).map(|entries| entries.values);
                let step = if *overload == "index_list" { Step::Items } else { Step::Values };
                self.nodes.set_step(id, list, step);
            }
            size = size.or_else(|| self.nodes.size(id));
        }
        self.nodes.set_size(id, size);
        sum.saturating_add(highest)
    }

    fn binding(&mut self, id: Id, fold: &Fold<'e>) -> u64 {
        let cost = self.cost(fold.range).saturating_add(self.cost(fold.initial));
        self.nodes.push_accumulator(fold);
        let cost = cost.saturating_add(self.cost(fold.result));
        self.nodes.pop(fold.accumulator);
        self.nodes.copy_sizes(id, fold.result);
        cost
    }

    fn fold(&mut self, id: Id, fold: &Fold<'e>) -> u64 {
        let cost = self.cost(fold.range).saturating_add(self.cost(fold.initial));
        self.nodes.push_accumulator(fold);
        match fold.variables {
            FoldVariables::One(name) => self.nodes.push_element(name, fold.range),
            FoldVariables::Two(key, value) => {
                self.nodes.push_key(key, fold.range);
                self.nodes.push_value(value, fold.range);
            }
        }
        let round = self.cost(fold.condition);
        let round = self.cost(fold.step).saturating_add(round);
        match fold.variables {
            FoldVariables::One(name) => self.nodes.pop(name),
            FoldVariables::Two(key, value) => {
                self.nodes.pop(key);
                self.nodes.pop(value);
            }
        }
        let cost = cost.saturating_add(self.cost(fold.result));
        self.nodes.pop(fold.accumulator);
        let rounds = self.nodes.size_or_unknown(fold.range);
        match self.nodes.node(fold.initial) {
            Node::Literal(_) => {
                let size = self.nodes.size(fold.initial);
                self.nodes.set_size(id, size);
            }
            Node::List(_) | Node::Map(_) => {
                self.nodes.set_size(id, Some(rounds));
                self.nodes.set_entries(id, self.nodes.entries_of(fold.step));
            }
            _ => {}
        }
        cost.saturating_add(rounds.max.saturating_mul(round))
    }

    /// Returns the size of a node with the information that calls are estimated by.
    fn value(&mut self, id: Id) -> calls::Argument<'c, 'e> {
        let path = self.nodes.path(id).filter(|path| !self.nodes.paths.starts_with_accumulator(*path));
        calls::Argument { id, path, type_: self.nodes.type_of(id), size: self.nodes.size(id) }
    }
}
