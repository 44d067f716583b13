//! Search for the variables that an expression reads.

use super::ast::Expr;

/// Returns whether the expression reads a variable of this name. As in the server, a macro's own variable counts too.
pub(super) fn uses(expr: &Expr, name: &str) -> bool {
    let any = |exprs: &[Expr]| exprs.iter().any(|expr| uses(expr, name));
    match expr {
        Expr::Literal(_) => false,
        Expr::Name(found) => found == name,
        Expr::Select(operand, _)
        | Expr::OptionalSelect(operand, _)
        | Expr::Has(operand, _)
        | Expr::Not(operand)
        | Expr::Negate(operand) => uses(operand, name),
        Expr::Matches(matches) => uses(&matches.text, name),
        Expr::Index(operand, index) | Expr::OptionalIndex(operand, index) => uses(operand, name) || uses(index, name),
        Expr::And(operands) | Expr::Or(operands) | Expr::Call(_, operands) => any(operands),
        Expr::Conditional(parts) => any(parts.as_ref()),
        Expr::Binary(_, operands) | Expr::OptionalOr(operands) | Expr::OptionalOrValue(operands) => {
            any(operands.as_ref())
        }
        Expr::List(items) => items.iter().any(|item| uses(&item.value, name)),
        Expr::Map(entries) => entries.iter().any(|entry| uses(&entry.key, name) || uses(&entry.value, name)),
        Expr::Macro(called) => {
            let filters = called.filter.as_ref().is_some_and(|filter| uses(filter, name));
            filters || uses(&called.range, name) || uses(&called.body, name)
        }
    }
}
