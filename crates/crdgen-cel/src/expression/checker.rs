//! Static type checks. They refuse rules that every API server refuses because of their types, such as
//! `self.replicas == '1'`, `self.items == null` or `[1, 'a']`. A rule that might be accepted passes: its unknown types
//! are `Any`.

use std::rc::Rc;

use super::ast::{Expr, Literal, Macro, MacroKind, Operator, Variables};
use super::environment::{Environment, Variable};
use super::names;
use super::types::{Kind, Type};
use super::value::TypeName;

/// Type of an expression, as far as it is known without a value.
#[derive(Clone, Debug)]
enum Static<'t> {
    Any,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Duration,
    Timestamp,
    Type(TypeName),
    List(Rc<Static<'t>>),
    /// Types of the key and of the value.
    Map(Rc<(Static<'t>, Static<'t>)>),
    /// Object with fields. Each schema node is a type of its own.
    Object(&'t Kind),
}

type Checked<'t> = Result<Static<'t>, String>;

/// Returns the reason why a server refuses the expression, if the refusal is certain.
pub(super) fn check<'t>(expr: &'t Expr, environment: &'t Environment) -> Result<(), String> {
    let declared = |variable: &'t Variable| (variable.name.as_str(), static_of_variable(variable));
    Checker { variables: environment.variables().iter().map(declared).collect() }.of(expr).map(drop)
}

fn static_of_variable(variable: &Variable) -> Static<'_> {
    if variable.is_optional { Static::Any } else { static_of(&variable.type_) }
}

fn static_of(type_: &Type) -> Static<'_> {
    match type_.kind.as_ref() {
        Kind::String => Static::String,
        Kind::Bytes => Static::Bytes,
        Kind::Duration => Static::Duration,
        Kind::Date | Kind::DateTime => Static::Timestamp,
        Kind::Integer => Static::Int,
        Kind::Number => Static::Double,
        Kind::Boolean => Static::Bool,
        Kind::List(_, Some(items)) => Static::List(Rc::new(static_of(items))),
        Kind::Map(values) => Static::Map(Rc::new((Static::String, static_of(values)))),
        kind @ (Kind::Object(_) | Kind::Bare) => Static::Object(kind),
        Kind::IntOrString | Kind::List(_, None) | Kind::Unknown => Static::Any,
    }
}

struct Checker<'t> {
    /// Variables with their types, the innermost last.
    variables: Vec<(&'t str, Static<'t>)>,
}

impl<'t> Checker<'t> {
    fn of(&mut self, expr: &'t Expr) -> Checked<'t> {
        Ok(match expr {
            Expr::Literal(literal) => of_literal(literal),
            Expr::Name(name) => self.of_name(name),
            Expr::Select(operand, field) => field_of(&self.of(operand)?, field),
            Expr::Index(operand, index) => {
                self.of(index)?;
                match self.of(operand)? {
                    Static::List(items) => items.as_ref().clone(),
                    Static::Map(entry) => entry.1.clone(),
                    _ => Static::Any,
                }
            }
            Expr::OptionalSelect(operand, _) => self.any(&[operand])?,
            Expr::OptionalIndex(operand, index) => self.any(&[operand, index])?,
            Expr::Has(operand, _) | Expr::Not(operand) | Expr::Matches(operand, _) => {
                self.of(operand)?;
                Static::Bool
            }
            Expr::Negate(operand) => self.of(operand)?,
            Expr::And(operands) | Expr::Or(operands) => {
                operands.iter().try_for_each(|operand| self.of(operand).map(drop))?;
                Static::Bool
            }
            Expr::Conditional(parts) => {
                let [condition, then, otherwise] = parts.as_ref();
                self.of(condition)?;
                let (then, otherwise) = (self.of(then)?, self.of(otherwise)?);
                if is_any(&then) { otherwise } else { then }
            }
            Expr::Binary(operator, operands) => {
                let [left, right] = operands.as_ref();
                of_binary(*operator, &self.of(left)?, &self.of(right)?)?
            }
            Expr::Call(function, arguments) => self.of_call(function.name(), arguments)?,
            Expr::OptionalOr(operands) | Expr::OptionalOrValue(operands) => {
                let [left, right] = operands.as_ref();
                self.any(&[left, right])?
            }
            Expr::List(items) => {
                let mut elements = Static::Any;
                for item in items {
                    let found = self.of(&item.value)?;
                    elements = unified(elements, if item.optional { Static::Any } else { found })?;
                }
                Static::List(Rc::new(elements))
            }
            Expr::Map(entries) => {
                let (mut keys, mut values) = (Static::Any, Static::Any);
                for entry in entries {
                    keys = unified(keys, self.of(&entry.key)?)?;
                    let found = self.of(&entry.value)?;
                    values = unified(values, if entry.optional { Static::Any } else { found })?;
                }
                Static::Map(Rc::new((keys, values)))
            }
            Expr::Macro(called) => self.of_macro(called)?,
        })
    }

    /// Checks expressions whose types do not determine the type of the enclosing expression.
    fn any(&mut self, exprs: &[&'t Expr]) -> Checked<'t> {
        exprs.iter().try_for_each(|expr| self.of(expr).map(drop))?;
        Ok(Static::Any)
    }

    fn of_name(&self, name: &str) -> Static<'t> {
        let found = self.variables.iter().rev().find(|(known, _)| *known == name);
        match (found, TypeName::named(name)) {
            (Some((_, type_)), _) => type_.clone(),
            (None, Some(name)) => Static::Type(name),
            (None, None) => Static::Any,
        }
    }

    fn of_call(&mut self, name: &str, arguments: &'t [Expr]) -> Checked<'t> {
        if let ("format", [Expr::Literal(Literal::String(text)), Expr::List(items)]) = (name, arguments) {
            // The arguments, and the elements within them, may have different types.
            items.iter().for_each(|item| _ = self.of(&item.value));
            let clauses = text.replace("%%", "").matches('%').count();
            return if items.len() > clauses {
                Err("format() has too many arguments".into())
            } else {
                Ok(Static::String)
            };
        }
        for argument in arguments {
            self.of(argument)?;
        }
        Ok(match name {
            "size" | "int" | "indexOf" | "lastIndexOf" => Static::Int,
            "uint" => Static::Uint,
            "double" => Static::Double,
            "bool" | "contains" | "startsWith" | "endsWith" | "matches" | "isSorted" | "hasValue" => Static::Bool,
            "string" | "charAt" | "lowerAscii" | "upperAscii" | "replace" | "substring" | "trim" | "join" | "find" => {
                Static::String
            }
            "bytes" => Static::Bytes,
            "duration" => Static::Duration,
            "timestamp" => Static::Timestamp,
            "split" | "findAll" => Static::List(Rc::new(Static::String)),
            _ => Static::Any,
        })
    }

    fn of_macro(&mut self, called: &'t Macro) -> Checked<'t> {
        let range = self.of(&called.range)?;
        let outer = self.variables.len();
        let (key, value) = match &range {
            Static::List(items) => (Static::Int, items.as_ref().clone()),
            Static::Map(entry) => (entry.0.clone(), entry.1.clone()),
            _ => (Static::Any, Static::Any),
        };
        match (&called.variables, &range) {
            (Variables::One(name), Static::List(_)) => self.variables.push((name, value)),
            (Variables::One(name), _) => self.variables.push((name, key)),
            (Variables::Two(first, second), _) => self.variables.extend([(&**first, key), (&**second, value)]),
        }
        let filter = called.filter.as_ref().map_or(Ok(Static::Any), |filter| self.of(filter));
        let body = filter.and_then(|_| self.of(&called.body));
        self.variables.truncate(outer);
        let body = body?;
        Ok(match called.kind {
            MacroKind::All | MacroKind::Exists | MacroKind::ExistsOne => Static::Bool,
            MacroKind::Map => Static::List(Rc::new(body)),
            MacroKind::SortBy => range,
            MacroKind::TransformMap | MacroKind::TransformMapEntry | MacroKind::OptMap | MacroKind::OptFlatMap => {
                Static::Any
            }
        })
    }
}

fn of_literal<'t>(literal: &Literal) -> Static<'t> {
    match literal {
        Literal::Null => Static::Null,
        Literal::Bool(_) => Static::Bool,
        Literal::Int(_) => Static::Int,
        Literal::Uint(_) => Static::Uint,
        Literal::Double(_) => Static::Double,
        Literal::String(_) => Static::String,
        Literal::Bytes(_) => Static::Bytes,
        Literal::Type(name) => Static::Type(*name),
    }
}

fn field_of<'t>(operand: &Static<'t>, field: &str) -> Static<'t> {
    match operand {
        Static::Object(Kind::Object(fields)) => {
            names::unescape(field).and_then(|name| fields.get(&*name)).map_or(Static::Any, static_of)
        }
        Static::Map(entry) => entry.1.clone(),
        _ => Static::Any,
    }
}

fn of_binary<'t>(operator: Operator, left: &Static<'t>, right: &Static<'t>) -> Checked<'t> {
    let comparable = match (operator, right) {
        (Operator::Equal | Operator::NotEqual, _) => agree(left, right),
        (Operator::In, Static::List(items)) => agree(left, items),
        (Operator::In, Static::Map(entry)) => agree(left, &entry.0),
        (Operator::Add, Static::List(_)) => agree(left, right),
        _ => true,
    };
    if !comparable {
        return Err("values of different types are compared".into());
    }
    Ok(match operator {
        Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Divide | Operator::Remainder => {
            match (left, right) {
                (Static::Int | Static::Uint | Static::Double | Static::String | Static::Bytes | Static::List(_), _) => {
                    left.clone()
                }
                // The result may be a duration or a timestamp.
                _ => Static::Any,
            }
        }
        _ => Static::Bool,
    })
}

fn is_any(type_: &Static<'_>) -> bool {
    matches!(type_, Static::Any)
}

/// Returns whether values of both types may be compared.
fn agree(left: &Static<'_>, right: &Static<'_>) -> bool {
    match (left, right) {
        (Static::Any, _) | (_, Static::Any) => true,
        (Static::Null, other) | (other, Static::Null) => {
            matches!(other, Static::Null | Static::Duration | Static::Timestamp | Static::Object(_))
        }
        (Static::List(left), Static::List(right)) => agree(left, right),
        (Static::Map(left), Static::Map(right)) => agree(&left.0, &right.0) && agree(&left.1, &right.1),
        (Static::Object(left), Static::Object(right)) => std::ptr::eq(*left, *right),
        (left, right) => std::mem::discriminant(left) == std::mem::discriminant(right),
    }
}

/// Returns the common type of the elements of a literal. Fails if their types differ.
fn unified<'t>(so_far: Static<'t>, found: Static<'t>) -> Checked<'t> {
    let same = match (&so_far, &found) {
        (Static::Type(left), Static::Type(right)) => left == right,
        (left, right) => agree(left, right),
    };
    match same {
        true if is_any(&so_far) => Ok(found),
        true => Ok(so_far),
        false => Err("the elements of a literal have different types".into()),
    }
}
