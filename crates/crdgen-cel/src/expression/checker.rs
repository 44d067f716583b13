//! Type checker. Follows `checker/checker.go` of cel-go: an expression that passes is one that an API server accepts in
//! a CRD, and the reverse.

use super::environment::{Environment, Variable};
use super::names;
use super::signatures::{self, Plain};
use super::static_types::{Static, Unifier, is_exact, most_general};
use super::tree::{Call, Fold, FoldVariables, Id, Node, Select, Tree};
use super::types::{Kind, Type};
use crate::CompileError;

/// Expression with the types of its nodes.
#[derive(Debug)]
pub(super) struct Checked<'e> {
    pub(super) tree: Tree<'e>,
    pub(super) root: Id,
    facts: Vec<Facts<'e>>,
}

/// Findings of the type checker about a node.
#[derive(Clone, Debug)]
struct Facts<'e> {
    type_: Static<'e>,
    /// Ids of the overloads that a call may reach.
    overloads: Vec<&'static str>,
}

impl<'e> Checked<'e> {
    /// Returns the type of a node.
    pub(super) fn type_of(&self, id: Id) -> &Static<'e> {
        &self.facts[id.0].type_
    }

    /// Returns the ids of the overloads that a call may reach.
    pub(super) fn overloads(&self, id: Id) -> &[&'static str] {
        &self.facts[id.0].overloads
    }
}

/// Checks the types of an expression.
pub(super) fn check<'e>(tree: Tree<'e>, root: Id, environment: &'e Environment) -> Result<Checked<'e>, CompileError> {
    let declared = |variable: &'e Variable| (variable.name.as_str(), type_of_variable(variable));
    let variables = environment.variables().iter().map(declared).collect();
    let nodes = tree.len();
    let mut checker = Checker { tree: &tree, variables, unifier: Unifier::new(nodes), facts: vec![None; nodes] };
    let verdict = checker.check(root);
    if checker.unifier.is_exhausted() {
        return Err(CompileError::Unknown("the types of the expression are too large".into()));
    }
    verdict?;
    let settled = |facts: Option<Facts<'e>>| match facts {
        Some(Facts { type_, overloads }) => Facts { type_: checker.unifier.settled(&type_), overloads },
        None => Facts { type_: Static::DYN, overloads: Vec::new() },
    };
    let facts = checker.facts.drain(..).map(settled).collect();
    if checker.unifier.is_exhausted() {
        return Err(CompileError::Unknown("the types of the expression are too large".into()));
    }
    Ok(Checked { tree, root, facts })
}

fn type_of_variable(variable: &Variable) -> Static<'_> {
    let type_ = Static::of(&variable.type_);
    if variable.is_optional { Static::optional(type_) } else { type_ }
}

fn refused<T>(reason: impl Into<String>) -> Result<T, CompileError> {
    Err(CompileError::Refused(reason.into()))
}

struct Checker<'e, 't> {
    tree: &'t Tree<'e>,
    /// Variables with their types, the innermost last.
    variables: Vec<(&'e str, Static<'e>)>,
    unifier: Unifier<'e>,
    /// Findings about each node that was checked.
    facts: Vec<Option<Facts<'e>>>,
}

impl<'e> Checker<'e, '_> {
    /// Checks a node and returns its type.
    fn check(&mut self, id: Id) -> Result<Static<'e>, CompileError> {
        if let Some(known) = &self.facts[id.0] {
            return Ok(known.type_.clone());
        }
        let mut overloads = Vec::new();
        let tree = self.tree;
        let type_ = match tree.node(id) {
            Node::Literal(literal) => Static::Plain(literal.plain_type()),
            Node::Name(name) => self.name(name)?,
            Node::Select(select) => {
                let field = self.field(select, false)?;
                if select.is_test { Static::BOOL } else { self.unifier.resolved(&field) }
            }
            Node::OptionalSelect(select) => {
                overloads.push("select_optional_field");
                let field = self.field(select, true)?;
                self.unifier.resolved(&field)
            }
            Node::Call(call) => self.call(call, &mut overloads)?,
            Node::List(items) => self.list(items)?,
            Node::Map(entries) => self.map(entries)?,
            Node::Fold(fold) => self.fold(fold)?,
        };
        self.facts[id.0] = Some(Facts { type_: type_.clone(), overloads });
        Ok(type_)
    }

    fn name(&self, name: &str) -> Result<Static<'e>, CompileError> {
        let found = self.variables.iter().rev().find(|(known, _)| *known == name);
        match found.map(|(_, type_)| type_.clone()).or_else(|| Static::named(name)) {
            Some(type_) => Ok(type_),
            None => refused(format!("undeclared reference to `{name}`")),
        }
    }

    /// Returns the type of a field, and of an optional field if the operand is optional.
    fn field(&mut self, select: &Select<'e>, is_optional: bool) -> Result<Static<'e>, CompileError> {
        let operand = self.check(select.operand)?;
        let operand = self.unifier.resolved(&operand);
        let target = operand.unwrapped().unwrap_or(&operand).clone();
        let field = match &target {
            Static::Map(entry) => entry[1].clone(),
            Static::Object(kind) => match field_of(kind, select.field) {
                Some(type_) => Static::of(type_),
                None => return refused(format!("undefined field `{}`", select.field)),
            },
            Static::Unknown(_) => {
                self.unifier.assign(&Static::DYN, &target);
                Static::DYN
            }
            Static::Plain(Plain::Dyn) => Static::DYN,
            Static::Plain(Plain::Quantity | Plain::Semver | Plain::Url | Plain::Format) => {
                return refused(format!("undefined field `{}`", select.field));
            }
            other => {
                return refused(format!("a value of the type `{}` has no fields", other.name()));
            }
        };
        Ok(if is_optional || operand.unwrapped().is_some() { Static::optional(field) } else { field })
    }

    fn call(&mut self, call: &Call, overloads: &mut Vec<&'static str>) -> Result<Static<'e>, CompileError> {
        // As in cel-go, the arguments are checked before the receiver.
        for argument in call.rest() {
            self.check(*argument)?;
        }
        let arguments: Vec<_> =
            call.arguments.iter().map(|argument| self.check(*argument)).collect::<Result<_, _>>()?;
        if let "_&&_" | "_||_" = call.function {
            overloads.push(if call.function == "_&&_" { "logical_and" } else { "logical_or" });
            for argument in &arguments {
                if !self.unifier.assign(argument, &Static::BOOL) {
                    let name = self.unifier.settled(argument).name();
                    return refused(format!("expected a bool instead of the type `{name}`"));
                }
            }
            return Ok(Static::BOOL);
        }
        let mut result: Option<Static<'e>> = None;
        let candidates = signatures::overloads(call.function).iter().filter(|overload| overload.style == call.style);
        for overload in candidates {
            let mut parameters = Vec::new();
            let wanted: Vec<_> =
                overload.arguments.iter().map(|form| self.unifier.instance(form, &mut parameters)).collect();
            if !self.unifier.assign_all(&arguments, &wanted) {
                continue;
            }
            overloads.push(overload.id);
            let found = self.unifier.instance(&overload.result, &mut parameters);
            let found = self.unifier.resolved(&found);
            result = Some(match result {
                None => found,
                Some(known) if known.is_dyn() || is_exact(&found, &known) => known,
                Some(_) => Static::DYN,
            });
        }
        match result {
            Some(type_) => Ok(type_),
            None => {
                let types: Vec<_> = arguments.iter().map(|type_| self.unifier.settled(type_).name()).collect();
                refused(format!("no matching overload for `{}` applied to ({})", call.function, types.join(", ")))
            }
        }
    }

    fn list(&mut self, items: &[(Id, bool)]) -> Result<Static<'e>, CompileError> {
        let mut joined = None;
        for (item, is_optional) in items {
            let type_ = self.element(*item, *is_optional)?;
            joined = Some(self.join(joined, type_));
        }
        Ok(Static::list(joined.unwrap_or_else(|| self.unifier.variable())))
    }

    fn map(&mut self, entries: &[(Id, Id, bool)]) -> Result<Static<'e>, CompileError> {
        let (mut keys, mut values) = (None, None);
        for (key, value, is_optional) in entries {
            let key = self.check(*key)?;
            keys = Some(self.join(keys, key));
            let value = self.element(*value, *is_optional)?;
            values = Some(self.join(values, value));
        }
        let keys = keys.unwrap_or_else(|| self.unifier.variable());
        Ok(Static::map(keys, values.unwrap_or_else(|| self.unifier.variable())))
    }

    /// Returns the type of an element of a literal. An optional element has the type of its value.
    fn element(&mut self, id: Id, is_optional: bool) -> Result<Static<'e>, CompileError> {
        let type_ = self.check(id)?;
        match (is_optional, type_.unwrapped()) {
            (false, _) => Ok(type_),
            (true, Some(value)) => Ok(value.clone()),
            (true, None) if type_.is_dyn() => Ok(type_),
            (true, None) => refused(format!("an optional element has the type `{}`", type_.name())),
        }
    }

    /// Returns the common type of the elements of a literal: `dyn` if their types differ.
    fn join(&mut self, known: Option<Static<'e>>, found: Static<'e>) -> Static<'e> {
        match known {
            None => found,
            Some(known) if self.unifier.assign(&known, &found) => most_general(&known, &found),
            Some(_) => Static::DYN,
        }
    }

    fn fold(&mut self, fold: &Fold<'e>) -> Result<Static<'e>, CompileError> {
        let range = self.check(fold.range)?;
        let accumulated = self.check(fold.initial)?;
        let range = self.unifier.resolved(&range);
        let (key, value) = match &range {
            Static::List(items) => (Static::INT, items.as_ref().clone()),
            Static::Map(entry) => (entry[0].clone(), entry[1].clone()),
            Static::Plain(Plain::Dyn) => (Static::DYN, Static::DYN),
            Static::Unknown(_) => {
                self.unifier.assign(&Static::DYN, &range);
                (Static::DYN, Static::DYN)
            }
            other => return refused(format!("a macro cannot iterate over the type `{}`", other.name())),
        };
        let outer = self.variables.len();
        self.variables.push((fold.accumulator, accumulated.clone()));
        match (fold.variables, &range) {
            (FoldVariables::One(name), Static::List(_)) => self.variables.push((name, value)),
            (FoldVariables::One(name), _) => self.variables.push((name, key)),
            (FoldVariables::Two(first, second), _) => self.variables.extend([(first, key), (second, value)]),
        }
        let condition = self.check(fold.condition)?;
        self.expect(&Static::BOOL, &condition)?;
        let step = self.check(fold.step)?;
        self.expect(&accumulated, &step)?;
        self.variables.truncate(outer + 1);
        let result = self.check(fold.result)?;
        self.variables.truncate(outer);
        Ok(self.unifier.resolved(&result))
    }

    fn expect(&mut self, wanted: &Static<'e>, found: &Static<'e>) -> Result<(), CompileError> {
        if self.unifier.assign(wanted, found) {
            return Ok(());
        }
        let names = [wanted, found].map(|type_| self.unifier.settled(type_).name());
        refused(format!("expected the type `{}` instead of `{}`", names[0], names[1]))
    }
}

/// Returns the type of a field by its CEL identifier. A reserved word may be written without escapes.
pub(super) fn field_of<'t>(kind: &'t Kind, identifier: &str) -> Option<&'t Type> {
    let Kind::Object(fields) = kind else { return None };
    let name = names::unescape(identifier)?;
    let (name, type_) = fields.get_key_value(name.as_ref())?;
    let is_escaped = names::escape(name).is_some_and(|escaped| escaped == identifier);
    let is_reserved = names::is_reserved(name) && name == identifier;
    ((is_escaped || is_reserved) && type_.is_exposed()).then_some(type_)
}
