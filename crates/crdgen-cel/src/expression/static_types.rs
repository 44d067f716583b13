//! Types of expressions, and their unification. Follows `checker/types.go` of cel-go.

use std::mem;
use std::rc::Rc;

use super::signatures::{Form, Plain};
use super::types::{Kind, Type};
use crate::Effort;

/// Type of an expression.
#[derive(Clone, Debug)]
pub(super) enum Static<'t> {
    Plain(Plain),
    List(Rc<Static<'t>>),
    /// Types of the keys and of the values.
    Map(Rc<[Static<'t>; 2]>),
    Optional(Rc<Static<'t>>),
    /// Type of a type.
    Type(Rc<Static<'t>>),
    /// Object with declared fields. Each schema node is a type of its own.
    Object(&'t Kind),
    /// Variable for a type that is not known yet.
    Unknown(usize),
}

impl<'t> Static<'t> {
    pub(super) const DYN: Self = Self::Plain(Plain::Dyn);
    pub(super) const BOOL: Self = Self::Plain(Plain::Bool);
    pub(super) const INT: Self = Self::Plain(Plain::Int);
    pub(super) const STRING: Self = Self::Plain(Plain::String);

    pub(super) fn list(items: Self) -> Self {
        Self::List(Rc::new(items))
    }

    pub(super) fn map(keys: Self, values: Self) -> Self {
        Self::Map(Rc::new([keys, values]))
    }

    pub(super) fn optional(value: Self) -> Self {
        Self::Optional(Rc::new(value))
    }

    /// Returns the type of values that a schema declares.
    pub(super) fn of(type_: &'t Type) -> Self {
        Self::Plain(match type_.kind.as_ref() {
            Kind::String => Plain::String,
            Kind::Bytes => Plain::Bytes,
            Kind::Duration => Plain::Duration,
            Kind::Date | Kind::DateTime => Plain::Timestamp,
            Kind::Integer => Plain::Int,
            Kind::Number => Plain::Double,
            Kind::Boolean => Plain::Bool,
            Kind::IntOrString | Kind::List(_, None) | Kind::Unknown => Plain::Dyn,
            Kind::List(_, Some(items)) => return Self::list(Self::of(items)),
            Kind::Map(values) => return Self::map(Self::STRING, Self::of(values)),
            kind @ (Kind::Object(_) | Kind::Bare) => return Self::Object(kind),
        })
    }

    /// Returns the type of the identifier of a type.
    pub(super) fn named(name: &str) -> Option<Self> {
        let plain = match name {
            "bool" => Plain::Bool,
            "bytes" => Plain::Bytes,
            "double" => Plain::Double,
            "google.protobuf.Duration" => Plain::Duration,
            "google.protobuf.Timestamp" => Plain::Timestamp,
            "int" => Plain::Int,
            "null_type" => Plain::Null,
            "string" => Plain::String,
            "uint" => Plain::Uint,
            "net.IP" => Plain::Ip,
            "net.CIDR" => Plain::Cidr,
            "list" => return Some(Self::Type(Rc::new(Self::list(Self::DYN)))),
            "map" => return Some(Self::Type(Rc::new(Self::map(Self::DYN, Self::DYN)))),
            "optional_type" => return Some(Self::Type(Rc::new(Self::optional(Self::DYN)))),
            "type" => return Some(Self::Type(Rc::new(Self::Type(Rc::new(Self::DYN))))),
            _ => return None,
        };
        Some(Self::Type(Rc::new(Self::Plain(plain))))
    }

    pub(super) fn is_dyn(&self) -> bool {
        matches!(self, Self::Plain(Plain::Dyn))
    }

    /// Returns the value type of an optional type.
    pub(super) fn unwrapped(&self) -> Option<&Self> {
        match self {
            Self::Optional(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the first type parameter.
    pub(super) fn parameter(&self) -> Option<&Self> {
        match self {
            Self::List(inner) | Self::Optional(inner) | Self::Type(inner) => Some(inner),
            Self::Map(entry) => Some(&entry[0]),
            Self::Plain(_) | Self::Object(_) | Self::Unknown(_) => None,
        }
    }

    /// Returns the name in messages.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Plain(plain) => plain.name().to_owned(),
            Self::List(items) => format!("list({})", items.name()),
            Self::Map(entry) => format!("map({}, {})", entry[0].name(), entry[1].name()),
            Self::Optional(value) => format!("optional({})", value.name()),
            Self::Type(inner) => format!("type({})", inner.name()),
            Self::Object(_) => "object".to_owned(),
            Self::Unknown(_) => "dyn".to_owned(),
        }
    }
}

impl Plain {
    fn name(self) -> &'static str {
        match self {
            Self::Dyn => "dyn",
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Uint => "uint",
            Self::Double => "double",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Duration => "duration",
            Self::Timestamp => "timestamp",
            Self::Quantity => "quantity",
            Self::Semver => "semver",
            Self::Url => "url",
            Self::Format => "format",
            Self::Ip => "ip",
            Self::Cidr => "cidr",
        }
    }

    /// Returns whether null is assignable to the type.
    fn is_nullable(self) -> bool {
        use Plain::{Cidr, Duration, Format, Ip, Null, Quantity, Semver, Timestamp, Url};
        matches!(self, Null | Duration | Timestamp | Quantity | Semver | Url | Format | Ip | Cidr)
    }
}

/// Returns whether two types are the same. With `by_name`, two unknown types are the same only if they are one variable.
fn is_same(left: &Static<'_>, right: &Static<'_>, by_name: bool) -> bool {
    match (left, right) {
        (Static::Plain(left), Static::Plain(right)) => left == right,
        (Static::List(left), Static::List(right))
        | (Static::Optional(left), Static::Optional(right))
        | (Static::Type(left), Static::Type(right)) => is_same(left, right, by_name),
        (Static::Map(left), Static::Map(right)) => {
            is_same(&left[0], &right[0], by_name) && is_same(&left[1], &right[1], by_name)
        }
        (Static::Object(left), Static::Object(right)) => std::ptr::eq(*left, *right),
        (Static::Unknown(left), Static::Unknown(right)) => left == right || !by_name,
        _ => false,
    }
}

/// Returns whether two types are exactly the same.
pub(super) fn is_exact(left: &Static<'_>, right: &Static<'_>) -> bool {
    is_same(left, right, true)
}

/// Returns whether two types are equivalent, whatever their unknown parts are.
pub(super) fn is_equivalent(left: &Static<'_>, right: &Static<'_>) -> bool {
    is_same(left, right, false)
}

/// Returns whether the first type is equal to the second or less specific.
fn is_less_specific(left: &Static<'_>, right: &Static<'_>) -> bool {
    match (left, right) {
        (Static::Plain(Plain::Dyn) | Static::Unknown(_), _) => true,
        (_, Static::Plain(Plain::Dyn) | Static::Unknown(_)) => false,
        (Static::Optional(left), Static::Optional(right)) | (Static::List(left), Static::List(right)) => {
            is_less_specific(left, right)
        }
        (Static::Map(left), Static::Map(right)) => {
            is_less_specific(&left[0], &right[0]) && is_less_specific(&left[1], &right[1])
        }
        (Static::Type(_), Static::Type(_)) => true,
        (left, right) => is_exact(left, right),
    }
}

/// Returns the more general of two types that are known to unify.
pub(super) fn most_general<'t>(left: &Static<'t>, right: &Static<'t>) -> Static<'t> {
    if is_less_specific(left, right) { left.clone() } else { right.clone() }
}

/// Steps of unification for an expression, and for each of its nodes. Types can grow exponentially with the length of the
/// expression.
const STEPS: u64 = 5_000;
const STEPS_PER_NODE: u64 = 200;

/// Known types of variables.
pub(super) struct Unifier<'t> {
    variables: Vec<Option<Static<'t>>>,
    /// Changes of `variables` since the beginning of the current attempt, with the former types.
    changes: Vec<(usize, Option<Static<'t>>)>,
    effort: Effort,
}

impl<'t> Unifier<'t> {
    /// Creates a unifier for an expression with this number of nodes.
    pub(super) fn new(nodes: usize) -> Self {
        let effort = Effort::new(STEPS + STEPS_PER_NODE * nodes as u64);
        Self { variables: Vec::new(), changes: Vec::new(), effort }
    }

    /// Returns whether the types are too large to be unified. The results so far mean nothing then.
    pub(super) fn is_exhausted(&self) -> bool {
        self.effort.is_spent()
    }

    /// Returns a new variable.
    pub(super) fn variable(&mut self) -> Static<'t> {
        self.variables.push(None);
        Static::Unknown(self.variables.len() - 1)
    }

    /// Returns the type of a signature. `parameters` has the variables of its type parameters.
    pub(super) fn instance(&mut self, form: &Form, parameters: &mut Vec<Static<'t>>) -> Static<'t> {
        match form {
            Form::Parameter(index) => {
                while parameters.len() <= *index {
                    parameters.push(self.variable());
                }
                parameters[*index].clone()
            }
            Form::List(items) => Static::list(self.instance(items, parameters)),
            Form::Map(entry) => {
                let keys = self.instance(&entry[0], parameters);
                Static::map(keys, self.instance(&entry[1], parameters))
            }
            Form::Optional(value) => Static::optional(self.instance(value, parameters)),
            Form::Type(inner) => Static::Type(Rc::new(self.instance(inner, parameters))),
            Form::Plain(plain) => Static::Plain(*plain),
        }
    }

    /// Returns whether the first type is assignable to the second. If so, the types of variables that this needs are
    /// known afterwards.
    pub(super) fn assign(&mut self, from: &Static<'t>, to: &Static<'t>) -> bool {
        self.attempt(|unifier| unifier.is_assignable(from, to))
    }

    /// Returns whether each type of a list is assignable to the type at the same position of the other list.
    pub(super) fn assign_all(&mut self, from: &[Static<'t>], to: &[Static<'t>]) -> bool {
        self.attempt(|unifier| {
            from.len() == to.len() && from.iter().zip(to).all(|(from, to)| unifier.is_assignable(from, to))
        })
    }

    /// Undoes the changes of an attempt that fails.
    fn attempt(&mut self, assign: impl FnOnce(&mut Self) -> bool) -> bool {
        self.changes.clear();
        let succeeds = assign(self);
        if !succeeds {
            for (variable, former) in mem::take(&mut self.changes).into_iter().rev() {
                self.variables[variable] = former;
            }
        }
        succeeds
    }

    fn set(&mut self, variable: usize, type_: Static<'t>) {
        let former = self.variables[variable].replace(type_);
        self.changes.push((variable, former));
    }

    fn is_assignable(&mut self, from: &Static<'t>, to: &Static<'t>) -> bool {
        if !self.effort.spend(1) {
            return false;
        }
        if let Static::Unknown(variable) = to {
            match self.substitute_for(from, *variable) {
                (true, _) => return true,
                (false, true) => return false,
                (false, false) => {}
            }
        }
        if let Static::Unknown(variable) = from {
            return self.substitute_for(to, *variable).0;
        }
        match (from, to) {
            (Static::Plain(Plain::Dyn), _) | (_, Static::Plain(Plain::Dyn)) => true,
            (Static::Plain(Plain::Null), other) | (other, Static::Plain(Plain::Null)) => match other {
                Static::Plain(plain) => plain.is_nullable(),
                Static::Object(_) | Static::Optional(_) => true,
                Static::List(_) | Static::Map(_) | Static::Type(_) | Static::Unknown(_) => false,
            },
            (Static::Type(_), Static::Type(_)) => true,
            (Static::List(from), Static::List(to)) | (Static::Optional(from), Static::Optional(to)) => {
                self.is_assignable(from, to)
            }
            (Static::Map(from), Static::Map(to)) => {
                self.is_assignable(&from[0], &to[0]) && self.is_assignable(&from[1], &to[1])
            }
            (from, to) => is_exact(from, to),
        }
    }

    /// Returns whether a type can be the type of a variable, and whether the variable already had a type.
    fn substitute_for(&mut self, type_: &Static<'t>, variable: usize) -> (bool, bool) {
        if matches!(type_, Static::Unknown(other) if *other == variable) {
            return (true, true);
        }
        let Some(known) = self.variables[variable].clone() else {
            let is_possible = self.is_free_of(variable, type_);
            if is_possible {
                self.set(variable, type_.clone());
            }
            return (is_possible, false);
        };
        if self.is_same(type_, &known) {
            return (true, true);
        }
        if !self.is_assignable(type_, &known) {
            return (false, true);
        }
        let general = most_general(type_, &known);
        if self.is_free_of(variable, &general) {
            self.set(variable, general);
        }
        (true, true)
    }

    fn is_same(&self, left: &Static<'t>, right: &Static<'t>) -> bool {
        self.effort.spend(1) && is_exact(left, right)
    }

    /// Returns whether a variable does not occur in a type.
    fn is_free_of(&self, variable: usize, type_: &Static<'t>) -> bool {
        if !self.effort.spend(1) {
            return false;
        }
        match type_ {
            Static::Unknown(other) if *other == variable => false,
            Static::Unknown(other) => match &self.variables[*other] {
                Some(known) => self.is_free_of(variable, known),
                None => true,
            },
            Static::List(inner) | Static::Optional(inner) | Static::Type(inner) => self.is_free_of(variable, inner),
            Static::Map(entry) => entry.iter().all(|part| self.is_free_of(variable, part)),
            Static::Plain(_) | Static::Object(_) => true,
        }
    }

    /// Replaces variables by their types.
    pub(super) fn resolved(&self, type_: &Static<'t>) -> Static<'t> {
        if !self.effort.spend(1) {
            return Static::DYN;
        }
        match type_ {
            Static::Unknown(variable) => match &self.variables[*variable] {
                Some(known) => self.resolved(known),
                None => type_.clone(),
            },
            Static::List(items) => Static::list(self.resolved(items)),
            Static::Optional(value) => Static::optional(self.resolved(value)),
            Static::Type(inner) => Static::Type(Rc::new(self.resolved(inner))),
            Static::Map(entry) => Static::map(self.resolved(&entry[0]), self.resolved(&entry[1])),
            Static::Plain(_) | Static::Object(_) => type_.clone(),
        }
    }

    /// Replaces variables by their types, and variables without a type by `dyn`.
    pub(super) fn settled(&self, type_: &Static<'t>) -> Static<'t> {
        match self.resolved(type_) {
            Static::Unknown(_) => Static::DYN,
            Static::List(items) => Static::list(self.settled(&items)),
            Static::Optional(value) => Static::optional(self.settled(&value)),
            Static::Type(inner) => Static::Type(Rc::new(self.settled(&inner))),
            Static::Map(entry) => Static::map(self.settled(&entry[0]), self.settled(&entry[1])),
            other => other,
        }
    }
}
