//! Boolean structure of an expression.

use super::ast::{Expr, Item, Literal, Macro, MacroKind, Variables};
use super::operators::Operator;
use super::parse::parse;
use crate::re2::Patterns;

/// Boolean structure of an expression: operators, and the conditions that they combine.
///
/// A condition that this type does not describe is an [`Atom`](Self::Atom). Equal atoms have equal values.
///
/// # Examples
///
/// ```
/// use crdgen_cel::{Logic, Term};
///
/// let logic = Logic::parse("!has(self.mode) || self.mode == 'fast'").expect("it can be parsed");
/// let path = vec!["self".to_owned(), "mode".to_owned()];
/// let Logic::Or(parts) = logic else { panic!("it is a disjunction") };
/// assert_eq!(parts[0], Logic::Not(Box::new(Logic::Has(path.clone()))));
/// let Logic::IsOneOf(Term { path: term, .. }, literals) = &parts[1] else { panic!("it is a comparison") };
/// assert_eq!(term.as_ref(), Some(&path));
/// assert_eq!(literals, &[r#""fast""#]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Logic {
    /// `true` or `false`.
    Constant(bool),
    /// `!condition`
    Not(Box<Logic>),
    /// Conditions that must all be true.
    And(Vec<Logic>),
    /// Conditions of which one must be true.
    Or(Vec<Logic>),
    /// `condition ? then : otherwise`
    If(Box<[Logic; 3]>),
    /// `has(variable.field)`: the variable and the names of the fields.
    Has(Vec<String>),
    /// `term == literal` and `term in [literals]`. Literals are texts, booleans and integers, as JSON, and lists of them.
    IsOneOf(Term, Vec<String>),
    /// Comparison of an integer with a sum of integers that each depend on a condition.
    Sum(Vec<Summand>, Comparison, i64),
    /// `range.all(variable, condition)`
    All(Term, String, Box<Logic>),
    /// Any other condition. The text identifies it.
    Atom(String),
}

/// Expression that is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// Text that identifies the expression.
    pub text: String,
    /// Variable and names of fields, if the expression is a field.
    pub path: Option<Vec<String>>,
}

/// Integer that depends on a condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Summand {
    /// Part of the expression that decides.
    pub condition: Logic,
    /// Integer if the condition is true.
    pub then: i64,
    /// Integer if the condition is false.
    pub otherwise: i64,
}

/// Comparison of two integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the operators")]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Logic {
    /// Parses an expression. Returns `None` if an API server refuses its syntax, or if it is nested too deeply.
    pub fn parse(text: &str) -> Option<Self> {
        parse(text, &mut Patterns::new()).ok().map(|expression| of(&expression))
    }
}

impl Comparison {
    /// Compares two integers.
    pub fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::NotEqual => left != right,
            Self::Less => left < right,
            Self::LessEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterEqual => left >= right,
        }
    }

    fn of(operator: Operator) -> Option<Self> {
        Some(match operator {
            Operator::Equal => Self::Equal,
            Operator::NotEqual => Self::NotEqual,
            Operator::Less => Self::Less,
            Operator::LessEqual => Self::LessEqual,
            Operator::Greater => Self::Greater,
            Operator::GreaterEqual => Self::GreaterEqual,
            _ => return None,
        })
    }
}

fn of(expression: &Expr) -> Logic {
    let all = |parts: &[Expr]| parts.iter().map(of).collect();
    match expression {
        Expr::Literal(Literal::Bool(value)) => Logic::Constant(*value),
        Expr::Not(operand) => Logic::Not(Box::new(of(operand))),
        Expr::And(parts) => Logic::And(all(parts)),
        Expr::Or(parts) => Logic::Or(all(parts)),
        Expr::Conditional(parts) => {
            let [condition, then, otherwise] = &**parts;
            Logic::If(Box::new([of(condition), of(then), of(otherwise)]))
        }
        Expr::Has(operand, field) => match path(operand) {
            Some(mut path) => {
                path.push(field.clone());
                Logic::Has(path)
            }
            None => atom(expression),
        },
        Expr::Binary(operator, operands) => comparison(*operator, operands).unwrap_or_else(|| atom(expression)),
        Expr::Select(..) | Expr::Name(_) => Logic::IsOneOf(term(expression), vec!["true".to_owned()]),
        Expr::Macro(of_macro) => quantifier(of_macro).unwrap_or_else(|| atom(expression)),
        _ => atom(expression),
    }
}

fn atom(expression: &Expr) -> Logic {
    Logic::Atom(text(expression))
}

fn text(expression: &Expr) -> String {
    format!("{expression:?}")
}

fn term(expression: &Expr) -> Term {
    Term { text: text(expression), path: path(expression) }
}

fn path(expression: &Expr) -> Option<Vec<String>> {
    match expression {
        Expr::Name(name) => Some(vec![name.clone()]),
        Expr::Select(operand, field) => {
            let mut path = path(operand)?;
            path.push(field.clone());
            Some(path)
        }
        _ => None,
    }
}

fn comparison(operator: Operator, operands: &[Expr; 2]) -> Option<Logic> {
    let [left, right] = operands;
    match operator {
        Operator::In => {
            let Expr::List(items) = right else { return None };
            let literals = items.iter().map(|item| literal(&item.value).filter(|_| !item.optional));
            Some(Logic::IsOneOf(term(left), literals.collect::<Option<_>>()?))
        }
        Operator::Equal | Operator::NotEqual if is_condition(left) && is_condition(right) => {
            let negated = |logic| Logic::Not(Box::new(logic));
            let (then, otherwise) = match operator {
                Operator::Equal => (of(right), negated(of(right))),
                _ => (negated(of(right)), of(right)),
            };
            Some(Logic::If(Box::new([of(left), then, otherwise])))
        }
        Operator::Equal | Operator::NotEqual if literal(left).is_some() || literal(right).is_some() => {
            let sum = sum(operator, operands);
            if sum.is_some() {
                return sum;
            }
            let (operand, literal) = match literal(right) {
                Some(literal) => (left, literal),
                None => (right, literal(left)?),
            };
            let equals = match &*literal {
                // `condition == true`
                "true" if is_condition(operand) => of(operand),
                "false" if is_condition(operand) => Logic::Not(Box::new(of(operand))),
                _ => Logic::IsOneOf(term(operand), vec![literal]),
            };
            Some(if operator == Operator::Equal { equals } else { Logic::Not(Box::new(equals)) })
        }
        _ => sum(operator, operands),
    }
}

/// Returns whether the value of an expression is certainly a boolean.
fn is_condition(expression: &Expr) -> bool {
    match expression {
        Expr::Not(_) | Expr::And(_) | Expr::Or(_) | Expr::Has(..) => true,
        Expr::Binary(operator, _) => *operator == Operator::In || Comparison::of(*operator).is_some(),
        _ => false,
    }
}

/// Reads a comparison of a sum with an integer.
fn sum(operator: Operator, [left, right]: &[Expr; 2]) -> Option<Logic> {
    let comparison = Comparison::of(operator)?;
    let limit = integer(right)?;
    let mut summands = Vec::new();
    let fixed = summands_of(left, &mut summands)?;
    if summands.is_empty() {
        return None;
    }
    Some(Logic::Sum(summands, comparison, limit.checked_sub(fixed)?))
}

/// Collects the summands of a sum, and returns the integers in it that depend on nothing.
fn summands_of(expression: &Expr, summands: &mut Vec<Summand>) -> Option<i64> {
    match expression {
        Expr::Binary(Operator::Add, operands) => {
            let [left, right] = &**operands;
            summands_of(left, summands)?.checked_add(summands_of(right, summands)?)
        }
        Expr::Conditional(parts) => {
            let [condition, then, otherwise] = &**parts;
            let (then, otherwise) = (integer(then)?, integer(otherwise)?);
            summands.push(Summand { condition: of(condition), then, otherwise });
            Some(0)
        }
        Expr::Call(function, arguments) if function.name() == "size" => {
            // `[condition, condition].filter(x, x == true).size()`
            let [Expr::Macro(filter)] = arguments.as_slice() else { return None };
            let (MacroKind::Map, Expr::List(items), Some(condition)) = (filter.kind, &filter.range, &filter.filter)
            else {
                return None;
            };
            let (Variables::One(variable), Logic::IsOneOf(term, literals)) = (&filter.variables, of(condition)) else {
                return None;
            };
            let is_kept = term.path.as_deref() == Some(std::slice::from_ref(variable)) && literals == ["true"];
            let is_plain = |item: &Item| !item.optional;
            if !is_kept || !items.iter().all(is_plain) {
                return None;
            }
            let counted = items.iter().map(|item| Summand { condition: of(&item.value), then: 1, otherwise: 0 });
            summands.extend(counted);
            Some(0)
        }
        _ => integer(expression),
    }
}

fn integer(expression: &Expr) -> Option<i64> {
    match expression {
        Expr::Literal(Literal::Int(value)) => Some(*value),
        _ => None,
    }
}

/// Returns a text, a boolean, an integer, or a list of them as JSON.
fn literal(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Literal(Literal::String(text)) => Some(serde_json::Value::from(text.as_str()).to_string()),
        Expr::Literal(Literal::Bool(value)) => Some(value.to_string()),
        Expr::Literal(Literal::Int(value)) => Some(value.to_string()),
        Expr::List(items) if !items.is_empty() => {
            let items = items.iter().map(|item| literal(&item.value).filter(|_| !item.optional));
            Some(format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(",")))
        }
        _ => None,
    }
}

fn quantifier(of_macro: &Macro) -> Option<Logic> {
    let Macro { kind: MacroKind::All, range, variables: Variables::One(variable), filter: None, body } = of_macro
    else {
        return None;
    };
    Some(Logic::All(term(range), variable.clone(), Box::new(of(body))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_of_fields_is_a_sum() {
        for text in [
            "[has(self.a), has(self.b)].filter(x, x == true).size() == 1",
            "(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) == 1",
        ] {
            let Some(Logic::Sum(summands, Comparison::Equal, 1)) = Logic::parse(text) else { panic!("{text}") };
            assert_eq!(summands.len(), 2);
            assert_eq!(summands[1].condition, Logic::Has(vec!["self".to_owned(), "b".to_owned()]));
        }
    }

    #[test]
    fn quotes_and_spaces_do_not_matter() {
        assert_eq!(Logic::parse("self.a=='x'&&f(self)"), Logic::parse("self.a == \"x\" && f(self)"));
        assert_eq!(Logic::parse("!self.contains('*')"), Logic::parse("!self.contains(\"*\")"));
        assert_ne!(Logic::parse("!self.contains('*')"), Logic::parse("!self.contains('+')"));
    }

    #[test]
    fn other_conditions_are_atoms() {
        assert!(matches!(Logic::parse("self.size() > 3"), Some(Logic::Atom(_))));
        assert!(matches!(Logic::parse("self.x == 1.0"), Some(Logic::Atom(_))));
        assert_eq!(Logic::parse("self ="), None);
    }
}
