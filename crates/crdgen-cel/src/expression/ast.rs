//! Parsed CEL expressions. Macros are nodes, and calls hold their function, so evaluation looks up only variables and
//! fields by name.

use std::sync::Arc;

use super::functions::{Function, Style};
use super::operators::Operator;
use super::signatures::Plain;
use super::value::TypeName;
use crate::re2::Pattern;

/// Node of an expression.
#[derive(Debug)]
pub(super) enum Expr {
    Literal(Literal),
    /// A variable or the name of a type.
    Name(String),
    Select(Box<Expr>, String),
    /// `operand.?field`
    OptionalSelect(Box<Expr>, String),
    /// `has(operand.field)`
    Has(Box<Expr>, String),
    Index(Box<Expr>, Box<Expr>),
    /// `operand[?index]`
    OptionalIndex(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    /// Two or more operands.
    And(Vec<Expr>),
    /// Two or more operands.
    Or(Vec<Expr>),
    /// `condition ? then : otherwise`
    Conditional(Box<[Expr; 3]>),
    Binary(Operator, Box<[Expr; 2]>),
    /// Function with its arguments. The receiver of a member call is the first argument.
    Call(Function, Vec<Expr>),
    /// `text.matches('literal')`
    Matches(Box<Matches>),
    /// `optional.or(optional)`. Its argument is evaluated only when it is needed.
    OptionalOr(Box<[Expr; 2]>),
    /// `optional.orValue(value)`. Its argument is evaluated only when it is needed.
    OptionalOrValue(Box<[Expr; 2]>),
    List(Vec<Item>),
    Map(Vec<Entry>),
    Macro(Box<Macro>),
}

/// Search for a regular expression that is a literal.
#[derive(Debug)]
pub(super) struct Matches {
    pub(super) style: Style,
    pub(super) text: Expr,
    /// The regular expression as a string.
    pub(super) literal: Literal,
    pub(super) pattern: Arc<Pattern>,
}

/// Element of a list. `[?item]` is left out if it has no value.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) value: Expr,
    pub(super) optional: bool,
}

/// Entry of a map. `{?key: value}` is left out if it has no value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Expr,
    pub(super) value: Expr,
    pub(super) optional: bool,
}

#[derive(Debug)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    String(String),
    Bytes(Vec<u8>),
    Type(TypeName),
}

impl Literal {
    /// Returns the type of a literal that is not a type.
    pub(super) fn plain_type(&self) -> Plain {
        match self {
            Self::Null => Plain::Null,
            Self::Bool(_) => Plain::Bool,
            Self::Int(_) => Plain::Int,
            Self::Uint(_) => Plain::Uint,
            Self::Double(_) => Plain::Double,
            Self::String(_) => Plain::String,
            Self::Bytes(_) => Plain::Bytes,
            Self::Type(_) => Plain::Dyn,
        }
    }
}

/// Macro over the elements of `range`.
#[derive(Debug)]
pub(super) struct Macro {
    pub(super) kind: MacroKind,
    pub(super) range: Expr,
    pub(super) variables: Variables,
    /// Condition on the elements that take part, for macros that have one.
    pub(super) filter: Option<Expr>,
    /// Predicate, or expression that transforms an element.
    pub(super) body: Expr,
}

/// Variables for an element.
#[derive(Debug)]
pub(super) enum Variables {
    /// Element of a list, or key of a map.
    One(String),
    /// Index and element of a list, or key and value of a map.
    Two(String, String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MacroKind {
    All,
    Exists,
    ExistsOne,
    /// `map`, `filter` and `transformList`.
    Map,
    TransformMap,
    TransformMapEntry,
    SortBy,
    OptMap,
    OptFlatMap,
}
