//! Resolution of calls to macros, operations with lazy arguments, and functions.

use super::ast::{Expr, Literal, Macro, MacroKind, Matches, Variables};
use super::functions::{self, Style};
use crate::re2::{self, Patterns};

/// Resolves `name(arguments)`.
pub(super) fn global(name: &str, mut arguments: Vec<Expr>, patterns: &mut Patterns) -> Result<Expr, String> {
    if name == "has" && arguments.len() == 1 {
        return match arguments.swap_remove(0) {
            Expr::Select(operand, field) => Ok(Expr::Has(operand, field)),
            _ => Err("has() takes a field".into()),
        };
    }
    function(name, Style::Global, arguments, patterns)
}

/// Resolves `target.name(arguments)`.
pub(super) fn member(
    target: Expr,
    name: &str,
    mut arguments: Vec<Expr>,
    patterns: &mut Patterns,
) -> Result<Expr, String> {
    if let Expr::Name(namespace) = &target {
        let qualified = format!("{namespace}.{name}");
        if functions::find(&qualified, Style::Global, arguments.len()).is_some() {
            return function(&qualified, Style::Global, arguments, patterns);
        }
    }
    if let Some((kind, shape)) = macro_of(name, arguments.len()) {
        return expand(kind, &shape, target, arguments);
    }
    match (name, arguments.len()) {
        ("or", 1) => Ok(Expr::OptionalOr(Box::new([target, arguments.swap_remove(0)]))),
        ("orValue", 1) => Ok(Expr::OptionalOrValue(Box::new([target, arguments.swap_remove(0)]))),
        _ => {
            arguments.insert(0, target);
            function(name, Style::Member, arguments, patterns)
        }
    }
}

fn function(name: &str, style: Style, mut arguments: Vec<Expr>, patterns: &mut Patterns) -> Result<Expr, String> {
    check_pattern(name, style, &arguments)?;
    if let ("matches", [_, Expr::Literal(Literal::String(pattern))]) = (name, arguments.as_slice()) {
        let pattern = patterns.get(pattern);
        let text = arguments.swap_remove(0);
        let literal = Literal::String(pattern.source().to_owned());
        return Ok(Expr::Matches(Box::new(Matches { style, text, literal, pattern })));
    }
    match functions::find(name, style, arguments.len()) {
        Some(function) => Ok(Expr::Call(function, arguments)),
        None => Err(format!("there is no function `{name}` with {} arguments", arguments.len())),
    }
}

/// Checks regular expressions that are literals. As in cel-go, the first argument of a global `matches` is checked too,
/// although it is the text.
fn check_pattern(name: &str, style: Style, arguments: &[Expr]) -> Result<(), String> {
    let checked = match (name, style) {
        ("matches", Style::Global) => arguments,
        ("matches" | "find" | "findAll", _) => arguments.get(1..2).unwrap_or_default(),
        _ => return Ok(()),
    };
    for argument in checked {
        if let Expr::Literal(Literal::String(pattern)) = argument {
            re2::translate(pattern).map_err(|refused| format!("a regular expression is not valid: {refused}"))?;
        }
    }
    Ok(())
}

/// Former name of the accumulator in cel-go, which macros still refuse as a variable.
const ACCUMULATOR: &str = "__result__";

/// Arguments of a macro.
struct Shape {
    variables: usize,
    filter: Filter,
}

/// Elements that a macro leaves out.
#[derive(PartialEq, Eq)]
enum Filter {
    No,
    /// Elements that do not satisfy the argument before the body.
    Argument,
    /// Elements that do not satisfy the body. The others are returned unchanged.
    Body,
}

fn macro_of(name: &str, arguments: usize) -> Option<(MacroKind, Shape)> {
    use Filter::{Argument, Body, No};
    let (kind, variables, filter) = match (name, arguments) {
        ("all", 2) => (MacroKind::All, 1, No),
        ("all", 3) => (MacroKind::All, 2, No),
        ("exists", 2) => (MacroKind::Exists, 1, No),
        ("exists", 3) => (MacroKind::Exists, 2, No),
        ("exists_one", 2) => (MacroKind::ExistsOne, 1, No),
        ("exists_one" | "existsOne", 3) => (MacroKind::ExistsOne, 2, No),
        ("map", 2) => (MacroKind::Map, 1, No),
        ("map", 3) => (MacroKind::Map, 1, Argument),
        ("filter", 2) => (MacroKind::Map, 1, Body),
        ("transformList", 3) => (MacroKind::Map, 2, No),
        ("transformList", 4) => (MacroKind::Map, 2, Argument),
        ("transformMap", 3) => (MacroKind::TransformMap, 2, No),
        ("transformMap", 4) => (MacroKind::TransformMap, 2, Argument),
        ("transformMapEntry", 3) => (MacroKind::TransformMapEntry, 2, No),
        ("transformMapEntry", 4) => (MacroKind::TransformMapEntry, 2, Argument),
        ("sortBy", 2) => (MacroKind::SortBy, 1, No),
        ("optMap", 2) => (MacroKind::OptMap, 1, No),
        ("optFlatMap", 2) => (MacroKind::OptFlatMap, 1, No),
        _ => return None,
    };
    Some((kind, Shape { variables, filter }))
}

fn expand(kind: MacroKind, shape: &Shape, range: Expr, arguments: Vec<Expr>) -> Result<Expr, String> {
    let is_binding = matches!(kind, MacroKind::OptMap | MacroKind::OptFlatMap);
    let mut arguments = arguments.into_iter();
    let mut variable = || match arguments.next() {
        Some(Expr::Name(name)) if name == ACCUMULATOR && !is_binding => Err("a macro cannot use this variable"),
        Some(Expr::Name(name)) => Ok(name),
        _ => Err("a variable of a macro must be a name"),
    };
    let first = variable()?;
    let variables = match shape.variables {
        1 => Variables::One(first),
        _ => match variable()? {
            second if second == first => return Err("both variables of a macro have the same name".into()),
            second => Variables::Two(first, second),
        },
    };
    let mut next = || arguments.next().ok_or("a macro lacks an argument");
    let (filter, body) = match (&shape.filter, &variables) {
        (Filter::Body, Variables::One(name)) => (Some(next()?), Expr::Name(name.clone())),
        (Filter::Argument, _) => (Some(next()?), next()?),
        _ => (None, next()?),
    };
    Ok(Expr::Macro(Box::new(Macro { kind, range, variables, filter, body })))
}
