//! Expressions as cel-go checks them: operators and macros are calls and folds. Follows the macros of cel-go.
//!
//! The nodes of a tree are in one list, each behind the nodes below it. A node that cel-go copies is in the list once.

use super::ast::{Expr, Item, Literal, Macro, MacroKind, Variables};
use super::functions::Style;
use super::operators::Operator;

/// Position of a node in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(pub(super) usize);

/// Nodes of an expression.
#[derive(Debug, Default)]
pub(super) struct Tree<'e> {
    nodes: Vec<Node<'e>>,
}

/// Node of a tree.
#[derive(Debug)]
pub(super) enum Node<'e> {
    Literal(&'e Literal),
    /// Variable or type.
    Name(&'e str),
    Select(Select<'e>),
    /// `operand.?field`
    OptionalSelect(Select<'e>),
    Call(Call),
    /// Elements, and whether each is optional.
    List(Vec<(Id, bool)>),
    /// Keys and values, and whether each entry is optional.
    Map(Vec<(Id, Id, bool)>),
    Fold(Box<Fold<'e>>),
}

impl Node<'_> {
    /// Visits the nodes directly below this one. They are before it in the tree.
    pub(super) fn each_below(&self, mut visit: impl FnMut(Id)) {
        match self {
            Self::Literal(_) | Self::Name(_) => {}
            Self::Select(select) | Self::OptionalSelect(select) => visit(select.operand),
            Self::Call(call) => call.arguments.iter().copied().for_each(visit),
            Self::List(items) => items.iter().for_each(|(item, _)| visit(*item)),
            Self::Map(entries) => entries.iter().for_each(|(key, value, _)| {
                visit(*key);
                visit(*value);
            }),
            Self::Fold(fold) => {
                [fold.range, fold.initial, fold.condition, fold.step, fold.result].into_iter().for_each(visit);
            }
        }
    }
}

/// Access to a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Select<'e> {
    pub(super) operand: Id,
    pub(super) field: &'e str,
    /// Whether the presence of the field is tested: `has(operand.field)`.
    pub(super) is_test: bool,
}

/// Call of a function or operator.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// Name in cel-go, for example `_&&_`.
    pub(super) function: &'static str,
    pub(super) style: Style,
    /// Arguments. The receiver of a member call is the first.
    pub(super) arguments: Vec<Id>,
}

impl Call {
    /// Returns the receiver of a member call.
    pub(super) fn target(&self) -> Option<Id> {
        (self.style == Style::Member).then(|| self.arguments[0])
    }

    /// Returns the arguments without the receiver.
    pub(super) fn rest(&self) -> &[Id] {
        match self.style {
            Style::Member => &self.arguments[1..],
            Style::Global => &self.arguments,
        }
    }
}

/// Loop over a list or map that computes the value of an accumulator. A comprehension in cel-go.
#[derive(Debug)]
pub(super) struct Fold<'e> {
    pub(super) range: Id,
    pub(super) variables: FoldVariables<'e>,
    pub(super) accumulator: &'e str,
    pub(super) initial: Id,
    pub(super) condition: Id,
    pub(super) step: Id,
    pub(super) result: Id,
    /// Whether the fold only gives a name to `initial`: the range is empty.
    pub(super) is_binding: bool,
}

/// Variables for an element of the range.
#[derive(Clone, Copy, Debug)]
pub(super) enum FoldVariables<'e> {
    One(&'e str),
    Two(&'e str, &'e str),
}

/// Accumulator of a macro.
pub(super) const ACCUMULATOR: &str = "@result";
/// Variable of a fold over an empty range.
const UNUSED: &str = "#unused";
/// Variable for the list that `sortBy` sorts.
const SORTED: &str = "@__sortBy_input__";

static TRUE: Literal = Literal::Bool(true);
static FALSE: Literal = Literal::Bool(false);
static ZERO: Literal = Literal::Int(0);
static ONE: Literal = Literal::Int(1);

impl<'e> Tree<'e> {
    /// Returns the tree of an expression, and its root.
    pub(super) fn of(expr: &'e Expr) -> (Self, Id) {
        let mut tree = Self::default();
        let root = tree.expr(expr);
        (tree, root)
    }

    /// Returns the number of nodes.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns a node.
    pub(super) fn node(&self, id: Id) -> &Node<'e> {
        &self.nodes[id.0]
    }

    /// Returns all nodes.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (Id, &Node<'e>)> {
        self.nodes.iter().enumerate().map(|(index, node)| (Id(index), node))
    }

    fn add(&mut self, node: Node<'e>) -> Id {
        self.nodes.push(node);
        Id(self.nodes.len() - 1)
    }

    fn literal(&mut self, literal: &'e Literal) -> Id {
        self.add(Node::Literal(literal))
    }

    fn name(&mut self, name: &'e str) -> Id {
        self.add(Node::Name(name))
    }

    fn global(&mut self, function: &'static str, arguments: Vec<Id>) -> Id {
        self.add(Node::Call(Call { function, style: Style::Global, arguments }))
    }

    fn member(&mut self, function: &'static str, arguments: Vec<Id>) -> Id {
        self.add(Node::Call(Call { function, style: Style::Member, arguments }))
    }

    fn all(&mut self, exprs: &'e [Expr]) -> Vec<Id> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    fn expr(&mut self, expr: &'e Expr) -> Id {
        match expr {
            Expr::Literal(Literal::Type(name)) => self.name(name.0),
            Expr::Literal(literal) => self.literal(literal),
            Expr::Name(name) => self.name(name),
            Expr::Select(operand, field) => self.select(operand, field, false),
            Expr::Has(operand, field) => self.select(operand, field, true),
            Expr::OptionalSelect(operand, field) => {
                let operand = self.expr(operand);
                self.add(Node::OptionalSelect(Select { operand, field, is_test: false }))
            }
            Expr::Index(operand, index) => self.pair("_[_]", operand, index),
            Expr::OptionalIndex(operand, index) => self.pair("_[?_]", operand, index),
            Expr::Not(operand) => {
                let operand = self.expr(operand);
                self.global("!_", vec![operand])
            }
            Expr::Negate(operand) => {
                let operand = self.expr(operand);
                self.global("-_", vec![operand])
            }
            Expr::And(operands) => {
                let operands = self.all(operands);
                self.global("_&&_", operands)
            }
            Expr::Or(operands) => {
                let operands = self.all(operands);
                self.global("_||_", operands)
            }
            Expr::Conditional(parts) => {
                let parts = self.all(parts.as_ref());
                self.global("_?_:_", parts)
            }
            Expr::Binary(operator, operands) => {
                let [left, right] = operands.as_ref();
                self.pair(name_of(*operator), left, right)
            }
            Expr::Call(function, arguments) => {
                let arguments = self.all(arguments);
                self.add(Node::Call(Call { function: function.name(), style: function.style(), arguments }))
            }
            Expr::Matches(matches) => {
                let arguments = vec![self.expr(&matches.text), self.literal(&matches.literal)];
                self.add(Node::Call(Call { function: "matches", style: matches.style, arguments }))
            }
            Expr::OptionalOr(operands) => {
                let operands = self.all(operands.as_ref());
                self.member("or", operands)
            }
            Expr::OptionalOrValue(operands) => {
                let operands = self.all(operands.as_ref());
                self.member("orValue", operands)
            }
            Expr::List(items) => {
                let items = items.iter().map(|Item { value, optional }| (self.expr(value), *optional)).collect();
                self.add(Node::List(items))
            }
            Expr::Map(entries) => {
                let entries = entries.iter().map(|entry| {
                    let key = self.expr(&entry.key);
                    (key, self.expr(&entry.value), entry.optional)
                });
                let entries = entries.collect();
                self.add(Node::Map(entries))
            }
            Expr::Macro(called) => self.expand(called),
        }
    }

    fn select(&mut self, operand: &'e Expr, field: &'e str, is_test: bool) -> Id {
        let operand = self.expr(operand);
        self.add(Node::Select(Select { operand, field, is_test }))
    }

    fn pair(&mut self, function: &'static str, left: &'e Expr, right: &'e Expr) -> Id {
        let left = self.expr(left);
        let right = self.expr(right);
        self.global(function, vec![left, right])
    }

    fn expand(&mut self, called: &'e Macro) -> Id {
        let range = self.expr(&called.range);
        match called.kind {
            MacroKind::All => {
                let (initial, condition) = (self.literal(&TRUE), self.name(ACCUMULATOR));
                let condition = self.global("@not_strictly_false", vec![condition]);
                self.quantifier(called, range, initial, condition, "_&&_")
            }
            MacroKind::Exists => {
                let (initial, condition) = (self.literal(&FALSE), self.name(ACCUMULATOR));
                let condition = self.global("!_", vec![condition]);
                let condition = self.global("@not_strictly_false", vec![condition]);
                self.quantifier(called, range, initial, condition, "_||_")
            }
            MacroKind::ExistsOne => self.exists_one(called, range),
            MacroKind::Map => self.mapped(called, range),
            MacroKind::TransformMap | MacroKind::TransformMapEntry => self.transform_map(called, range),
            MacroKind::SortBy => {
                let (list, keyed) = (self.name(SORTED), self.name(SORTED));
                let keys = self.mapped(called, keyed);
                let result = self.member("@sortByAssociatedKeys", vec![list, keys]);
                self.binding(SORTED, range, result)
            }
            MacroKind::OptMap | MacroKind::OptFlatMap => self.map_optional(called, range),
        }
    }

    fn quantifier(&mut self, called: &'e Macro, range: Id, initial: Id, condition: Id, operator: &'static str) -> Id {
        let so_far = self.name(ACCUMULATOR);
        let body = self.expr(&called.body);
        let step = self.global(operator, vec![so_far, body]);
        let result = self.name(ACCUMULATOR);
        self.fold(called, range, [initial, condition, step, result])
    }

    fn exists_one(&mut self, called: &'e Macro, range: Id) -> Id {
        let (initial, condition) = (self.literal(&ZERO), self.literal(&TRUE));
        let body = self.expr(&called.body);
        let (so_far, one) = (self.name(ACCUMULATOR), self.literal(&ONE));
        let more = self.global("_+_", vec![so_far, one]);
        let unchanged = self.name(ACCUMULATOR);
        let step = self.global("_?_:_", vec![body, more, unchanged]);
        let (count, one) = (self.name(ACCUMULATOR), self.literal(&ONE));
        let result = self.global("_==_", vec![count, one]);
        self.fold(called, range, [initial, condition, step, result])
    }

    fn mapped(&mut self, called: &'e Macro, range: Id) -> Id {
        let (initial, condition) = (self.add(Node::List(Vec::new())), self.literal(&TRUE));
        let filter = called.filter.as_ref().map(|filter| self.expr(filter));
        let so_far = self.name(ACCUMULATOR);
        let body = self.expr(&called.body);
        let added = self.add(Node::List(vec![(body, false)]));
        let step = self.global("_+_", vec![so_far, added]);
        let step = self.filtered(filter, step);
        let result = self.name(ACCUMULATOR);
        self.fold(called, range, [initial, condition, step, result])
    }

    fn transform_map(&mut self, called: &'e Macro, range: Id) -> Id {
        let (initial, condition) = (self.add(Node::Map(Vec::new())), self.literal(&TRUE));
        let filter = called.filter.as_ref().map(|filter| self.expr(filter));
        let mut arguments = vec![self.name(ACCUMULATOR)];
        if let (MacroKind::TransformMap, Variables::Two(key, _)) = (called.kind, &called.variables) {
            arguments.push(self.name(key));
        }
        arguments.push(self.expr(&called.body));
        let step = self.global("cel.@mapInsert", arguments);
        let step = self.filtered(filter, step);
        let result = self.name(ACCUMULATOR);
        self.fold(called, range, [initial, condition, step, result])
    }

    fn filtered(&mut self, filter: Option<Id>, step: Id) -> Id {
        let Some(filter) = filter else { return step };
        let unchanged = self.name(ACCUMULATOR);
        self.global("_?_:_", vec![filter, step, unchanged])
    }

    fn map_optional(&mut self, called: &'e Macro, range: Id) -> Id {
        let has_value = self.member("hasValue", vec![range]);
        let value = self.member("value", vec![range]);
        let body = self.expr(&called.body);
        let name = match &called.variables {
            Variables::One(name) | Variables::Two(name, _) => name,
        };
        let mapped = self.binding(name, value, body);
        let some = match called.kind {
            MacroKind::OptMap => self.global("optional.of", vec![mapped]),
            _ => mapped,
        };
        let none = self.global("optional.none", Vec::new());
        self.global("_?_:_", vec![has_value, some, none])
    }

    /// Adds a fold that gives a name to a value.
    fn binding(&mut self, accumulator: &'e str, initial: Id, result: Id) -> Id {
        let range = self.add(Node::List(Vec::new()));
        let condition = self.literal(&FALSE);
        let step = self.name(accumulator);
        let variables = FoldVariables::One(UNUSED);
        let fold = Fold { range, variables, accumulator, initial, condition, step, result, is_binding: true };
        self.add(Node::Fold(Box::new(fold)))
    }

    fn fold(&mut self, called: &'e Macro, range: Id, [initial, condition, step, result]: [Id; 4]) -> Id {
        let variables = match &called.variables {
            Variables::One(name) => FoldVariables::One(name),
            Variables::Two(first, second) => FoldVariables::Two(first, second),
        };
        let fold =
            Fold { range, variables, accumulator: ACCUMULATOR, initial, condition, step, result, is_binding: false };
        self.add(Node::Fold(Box::new(fold)))
    }
}

/// Returns the name of an operator in cel-go.
fn name_of(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "_==_",
        Operator::NotEqual => "_!=_",
        Operator::Less => "_<_",
        Operator::LessEqual => "_<=_",
        Operator::Greater => "_>_",
        Operator::GreaterEqual => "_>=_",
        Operator::In => "@in",
        Operator::Add => "_+_",
        Operator::Subtract => "_-_",
        Operator::Multiply => "_*_",
        Operator::Divide => "_/_",
        Operator::Remainder => "_%_",
    }
}
