//! Checks of literals in an expression whose types are correct. Follows the validators that an API server enables in
//! cel-go (`cel/validator.go`, `ext/formatting.go`), and the constants that its planner computes.

use super::ast::Literal;
use super::budget::Budget;
use super::checker::Checked;
use super::evaluate::value_of;
use super::failure::Failure;
use super::functions::{self, Style};
use super::signatures::Plain;
use super::static_types::{Static, is_equivalent};
use super::tree::{Call, Id, Node};
use super::value::Value;
use crate::CompileError;

/// Functions that convert a value. An API server computes a conversion of a constant when it compiles the expression.
const CONVERSIONS: [&str; 10] =
    ["bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint"];

/// Checks all literals of an expression.
pub(super) fn check(checked: &Checked<'_>) -> Result<(), CompileError> {
    check_constants(checked)?;
    check_elements(checked)?;
    for (_, node) in checked.tree.nodes() {
        if let Node::Call(call) = node {
            check_format(call, checked)?;
        }
    }
    Ok(())
}

fn refused<T>(reason: impl Into<String>) -> Result<T, CompileError> {
    Err(CompileError::Refused(reason.into()))
}

/// Computes the conversions of constants. The nodes below a node are before it.
fn check_constants(checked: &Checked<'_>) -> Result<(), CompileError> {
    let budget = Budget::new(Budget::PER_EXPRESSION);
    let mut constants: Vec<Option<Value<'_>>> = Vec::with_capacity(checked.tree.len());
    for (_, node) in checked.tree.nodes() {
        let constant = match node {
            Node::Literal(literal) => Some(value_of(literal)),
            Node::List(items) => {
                let known = |(id, is_optional): &(Id, bool)| constants[id.0].clone().filter(|_| !is_optional);
                items.iter().map(known).collect::<Option<_>>().map(Value::list)
            }
            Node::Call(call) => converted(call, &constants, &budget)?,
            _ => None,
        };
        constants.push(constant);
    }
    Ok(())
}

fn converted<'a>(
    call: &Call,
    constants: &[Option<Value<'a>>],
    budget: &Budget,
) -> Result<Option<Value<'a>>, CompileError> {
    let (true, Style::Global, [argument]) =
        (CONVERSIONS.contains(&call.function), call.style, call.arguments.as_slice())
    else {
        return Ok(None);
    };
    let Some(value) = constants[argument.0].clone() else { return Ok(None) };
    let Some(function) = functions::find(call.function, Style::Global, 1) else { return Ok(None) };
    match function.call(&[value], budget) {
        Ok(value) => Ok(Some(value)),
        Err(Failure::Error(reason)) => refused(format!("the argument of `{}` is not valid: {reason}", call.function)),
        Err(Failure::Unknown(reason)) => Err(CompileError::Unknown(reason.into())),
        Err(Failure::Exhausted) => Err(CompileError::Unknown("its constants take too long to compute".into())),
    }
}

/// Checks that the elements of each list and map have one type, except in calls of `format`.
fn check_elements(checked: &Checked<'_>) -> Result<(), CompileError> {
    let exempt = below_format(checked);
    for (id, node) in checked.tree.nodes() {
        if exempt[id.0] {
            continue;
        }
        match node {
            Node::List(items) => check_types(items.iter().map(|(item, optional)| (*item, *optional)), checked)?,
            Node::Map(entries) => {
                check_types(entries.iter().map(|(key, ..)| (*key, false)), checked)?;
                check_types(entries.iter().map(|(_, value, optional)| (*value, *optional)), checked)?;
            }
            _ => {}
        }
    }
    Ok(())
}

fn check_types(elements: impl Iterator<Item = (Id, bool)>, checked: &Checked<'_>) -> Result<(), CompileError> {
    let mut first: Option<&Static<'_>> = None;
    for (id, is_optional) in elements {
        let type_ = checked.type_of(id);
        let type_ = if is_optional { type_.unwrapped().unwrap_or(type_) } else { type_ };
        match first {
            None => first = Some(type_),
            Some(first) if is_equivalent(first, type_) => {}
            Some(first) => {
                let (first, other) = (first.name(), type_.name());
                return refused(format!("the elements of a literal have the types `{first}` and `{other}`"));
            }
        }
    }
    Ok(())
}

/// Returns for each node whether it is within a call of `format`.
fn below_format(checked: &Checked<'_>) -> Vec<bool> {
    let mut exempt = vec![false; checked.tree.len()];
    // The nodes above a node are behind it.
    for index in (0..exempt.len()).rev() {
        let node = checked.tree.node(Id(index));
        let is_format = matches!(node, Node::Call(call) if call.function == "format");
        if is_format || exempt[index] {
            node.each_below(|below| exempt[below.0] = true);
        }
    }
    exempt
}

/// Checks `'text'.format([…])`: the number and the types of the arguments.
fn check_format(call: &Call, checked: &Checked<'_>) -> Result<(), CompileError> {
    let ("format", [text, list]) = (call.function, call.arguments.as_slice()) else { return Ok(()) };
    let (Node::Literal(Literal::String(text)), Node::List(items)) =
        (checked.tree.node(*text), checked.tree.node(*list))
    else {
        return Ok(());
    };
    let mut arguments = items.iter().map(|(item, _)| *item);
    let mut rest = text.as_str();
    while let Some(at) = rest.find('%') {
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            rest = behind;
            continue;
        }
        let Some(argument) = arguments.next() else { return refused("format() has too few arguments") };
        let behind = without_precision(rest)?;
        let Some(clause) = behind.chars().next() else { return refused("format() has a clause that does not end") };
        check_clause(clause, argument, checked)?;
        rest = &behind[clause.len_utf8()..];
    }
    if arguments.next().is_some() {
        return refused("format() has too many arguments");
    }
    Ok(())
}

/// Returns a clause without its precision, the digits after a point.
fn without_precision(clause: &str) -> Result<&str, CompileError> {
    let Some(digits) = clause.strip_prefix('.') else { return Ok(clause) };
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    match digits[..end].parse::<i64>() {
        Ok(_) => Ok(&digits[end..]),
        Err(_) => refused("format() has a precision that is no number"),
    }
}

fn check_clause(clause: char, argument: Id, checked: &Checked<'_>) -> Result<(), CompileError> {
    use Plain::{Bool, Bytes, Double, Int, String, Uint};
    let type_ = checked.type_of(argument);
    let is_one_of = |plain: &[Plain]| matches!(type_, Static::Plain(found) if plain.contains(found)) || type_.is_dyn();
    let fits = match clause {
        's' => is_text(argument, checked),
        'd' | 'o' => is_one_of(&[Int, Uint]),
        'f' | 'e' => is_one_of(&[Double, String]),
        'b' => is_one_of(&[Int, Uint, Bool]),
        'x' | 'X' => is_one_of(&[Int, Uint, String, Bytes]),
        _ => return refused(format!("format() has the unknown clause `%{}`", clause.escape_debug())),
    };
    match fits {
        true => Ok(()),
        false => refused(format!("the clause `%{clause}` of format() does not take the type `{}`", type_.name())),
    }
}

/// Returns whether `%s` takes a value.
fn is_text(id: Id, checked: &Checked<'_>) -> bool {
    use Plain::{Bool, Bytes, Double, Duration, Dyn, Int, Null, String, Timestamp, Uint};
    let fits = match checked.type_of(id) {
        Static::List(_) | Static::Map(_) | Static::Type(_) => true,
        Static::Plain(plain) => {
            matches!(plain, Int | Uint | Double | Bool | String | Timestamp | Bytes | Duration | Null | Dyn)
        }
        Static::Optional(_) | Static::Object(_) | Static::Unknown(_) => false,
    };
    fits && match checked.tree.node(id) {
        Node::List(items) => items.iter().all(|(item, _)| is_text(*item, checked)),
        Node::Map(entries) => entries.iter().all(|(key, value, _)| is_text(*key, checked) && is_text(*value, checked)),
        _ => true,
    }
}
