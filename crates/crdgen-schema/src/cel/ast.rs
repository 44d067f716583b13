//! A parsed expression. Macros are nodes of their own, and calls know the function that they call, so that evaluation
//! looks up nothing by name but variables and fields.

use std::sync::Arc;

use super::functions::Function;
use super::value::TypeName;
use crate::re2::Pattern;

/// One node of an expression.
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
    /// The receiver of a member call is its first argument.
    Call(Function, Vec<Expr>),
    /// `text.matches('literal')`
    Matches(Box<Expr>, Arc<Pattern>),
    /// `optional.or(optional)`, which evaluates its argument only when it is needed.
    OptionalOr(Box<[Expr; 2]>),
    /// `optional.orValue(value)`, which evaluates its argument only when it is needed.
    OptionalOrValue(Box<[Expr; 2]>),
    List(Vec<Item>),
    Map(Vec<Entry>),
    Macro(Box<Macro>),
}

/// An element of a list; `[?item]` is left out when it has no value.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) value: Expr,
    pub(super) optional: bool,
}

/// An entry of a map; `{?key: value}` is left out when it has no value.
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A macro over the elements of `range`.
#[derive(Debug)]
pub(super) struct Macro {
    pub(super) kind: MacroKind,
    pub(super) range: Expr,
    pub(super) variables: Variables,
    /// What elements must satisfy to take part, where a macro can say so.
    pub(super) filter: Option<Expr>,
    /// The predicate, or what becomes of an element.
    pub(super) body: Expr,
}

/// The names that stand for an element.
#[derive(Debug)]
pub(super) enum Variables {
    /// The element of a list, or the key of a map.
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
