//! Parsed rules and their verdicts on values.

use std::sync::Arc;

use serde_json::Value as Json;

use super::ast::Expr;
use super::budget::{Budget, PER_EXPRESSION};
use super::checker::{Old, check};
use super::evaluate::Evaluation;
use super::failure::{Failure, Result};
use super::list::Raw;
use super::parse::parse;
use super::types::{Place, Type};
use super::uses::uses;
use super::value::Value;
use crate::admission::Obstacle;
use crate::re2::Patterns;
use crate::schema::{Rule, Schema};
use crate::shown;

/// Maximum length of a message in bytes: `maxEvaluatedMessageExpressionSizeBytes` of the server.
const MAX_MESSAGE: usize = 5 * 1024;

/// Parsed rule for the values of one schema node.
///
/// # Examples
///
/// ```
/// use crdgen_schema::cel::{Outcome, Program};
/// use crdgen_schema::schema::{Rule, Schema};
/// use serde_json::json;
///
/// let schema = Schema::from_json(&json!({"type": "integer"})).expect("the schema can be read");
/// let rule = Rule { rule: "self >= 0".to_owned(), ..Rule::default() };
/// let program = Program::compile(&rule, &schema);
/// assert_eq!(program.evaluate(&json!(3), None), Outcome::Pass);
/// assert_eq!(program.evaluate(&json!(-1), None), Outcome::Fail { message: None });
/// ```
#[derive(Debug)]
pub struct Program {
    rule: Rule,
    expression: std::result::Result<Expr, Unusable>,
    message: Option<Expr>,
    uses_old_self: bool,
    type_: Arc<Type>,
}

/// The server's message when the budget for an object is spent.
pub(super) const OUT_OF_BUDGET: &str =
    "validation failed due to running out of cost budget, no further validation rules will be run";

/// The server's message when the budget for one expression is spent.
const LIMIT_EXCEEDED: &str = "'operation cancelled: actual cost limit exceeded': no further validation rules will be run \
                              due to call cost exceeds limit";

/// Reason why a rule cannot be evaluated.
#[derive(Debug)]
enum Unusable {
    /// The rule cannot be parsed here. A server may understand the rule.
    Unknown(String),
    /// The type checker of every server refuses the rule.
    Refused(String),
}

/// Verdict of a rule on a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The rule holds, or does not apply: a transition rule without an old value.
    Pass,
    /// The API server cannot evaluate the rule on the value, which counts as a violation.
    Error,
    /// The rule does not hold.
    Fail {
        /// Result of `messageExpression`, if there is one.
        message: Option<String>,
    },
    /// Only an API server can evaluate the rule.
    NotEvaluated {
        /// Kind of obstacle.
        obstacle: Obstacle,
        /// Description of the obstacle, in the server's words if the budget is spent.
        why: String,
    },
}

impl Program {
    /// Parses a rule of a schema node. A rule that cannot be parsed is never evaluated; [`problem`](Self::problem)
    /// returns the reason. A rule that the server's type checker refuses gives [`Outcome::Error`] for every value, as
    /// on a server that has stored such a rule.
    pub fn compile(rule: &Rule, schema: &Schema) -> Self {
        Self::new(rule, Arc::new(Type::of(schema, Place::of(schema))), &mut Patterns::new())
    }

    pub(super) fn new(rule: &Rule, type_: Arc<Type>, patterns: &mut Patterns) -> Self {
        let old = if rule.optional_old_self { Old::Optional } else { Old::Plain };
        let expression = parse(&rule.rule, patterns).map_err(Unusable::Unknown);
        let expression = expression.and_then(|expr| match check(&expr, &type_, old) {
            Ok(()) => Ok(expr),
            Err(why) => Err(Unusable::Refused(why)),
        });
        let message = rule.message_expression.as_deref().and_then(|text| parse(text, patterns).ok());
        let uses_old_self = expression.as_ref().is_ok_and(|expression| uses(expression, "oldSelf"));
        Self { rule: rule.clone(), expression, message, uses_old_self, type_ }
    }

    /// Returns the rule as the schema has it.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Returns the reason why the rule cannot be evaluated, if there is one.
    pub fn problem(&self) -> Option<&str> {
        match &self.expression {
            Ok(_) => None,
            Err(Unusable::Unknown(why) | Unusable::Refused(why)) => Some(why),
        }
    }

    /// Returns whether the rule refers to `oldSelf`.
    pub fn is_transition(&self) -> bool {
        self.uses_old_self
    }

    /// Evaluates the rule on a value that is not null, and on the value that it replaces.
    pub fn evaluate(&self, self_: &Json, old: Option<&Json>) -> Outcome {
        self.evaluate_within(self_, old, &mut u64::MAX.clone())
    }

    /// Evaluates as [`Program::evaluate`] does, and subtracts the cost from `left`.
    pub(super) fn evaluate_within(&self, self_: &Json, old: Option<&Json>, left: &mut u64) -> Outcome {
        let expression = match &self.expression {
            Ok(expression) => expression,
            Err(Unusable::Refused(_)) => return Outcome::Error,
            Err(Unusable::Unknown(why)) => return unsupported(why.as_str()),
        };
        if self.uses_old_self && old.is_none() && !self.rule.optional_old_self {
            return Outcome::Pass;
        }
        let is_cut = *left < PER_EXPRESSION;
        match run(expression, left, |budget| self.variables(self_, old, budget)) {
            Ok(Value::Bool(true)) => Outcome::Pass,
            Ok(Value::Bool(false)) => Outcome::Fail { message: self.message(self_, old, left) },
            Ok(_) => unsupported("the rule gives no boolean"),
            Err(Failure::Error(_)) => Outcome::Error,
            Err(Failure::Unknown(why)) => unsupported(why),
            Err(Failure::Exhausted) if is_cut => spent(OUT_OF_BUDGET.to_owned()),
            Err(Failure::Exhausted) => spent(format!("{LIMIT_EXCEEDED} for rule: {}", shown::plain(&self.rule.rule))),
        }
    }

    /// Returns the result of `messageExpression`, if it is one line of at most [`MAX_MESSAGE`] bytes.
    fn message(&self, self_: &Json, old: Option<&Json>, left: &mut u64) -> Option<String> {
        let value = run(self.message.as_ref()?, left, |budget| self.plain_variables(self_, old, budget));
        let Ok(Value::String(text)) = value else { return None };
        let text = text.trim();
        (!text.is_empty() && text.len() <= MAX_MESSAGE && !text.contains('\n')).then(|| text.to_owned())
    }

    /// Returns `self` and `oldSelf`. A value that does not match the schema fails only the rules that read the
    /// variable.
    fn variables<'a>(&'a self, self_: &'a Json, old: Option<&'a Json>, budget: &Budget) -> Variables<'a> {
        let mut variables = self.plain_variables(self_, old, budget);
        if self.rule.optional_old_self {
            let old = variables.split_off(1).pop().map_or(Ok(Value::NONE), |(_, old)| old.map(Value::some));
            variables.push(("oldSelf", old));
        }
        variables
    }

    /// Returns the variables for message expressions, in which the server never makes `oldSelf` optional.
    fn plain_variables<'a>(&'a self, self_: &'a Json, old: Option<&'a Json>, budget: &Budget) -> Variables<'a> {
        let mut variables = vec![("self", self.type_.value_of(&Raw::Json(self_), budget))];
        variables.extend(old.map(|old| ("oldSelf", self.type_.value_of(&Raw::Json(old), budget))));
        variables
    }
}

type Variables<'a> = Vec<(&'a str, Result<Value<'a>>)>;

/// Evaluates an expression and subtracts its cost from `left`.
fn run<'a>(expr: &'a Expr, left: &mut u64, variables: impl FnOnce(&Budget) -> Variables<'a>) -> Result<Value<'a>> {
    let budget = Budget::new((*left).min(PER_EXPRESSION));
    let before = budget.left();
    let value = Evaluation::new(variables(&budget), &budget).run(expr);
    *left -= before - budget.left();
    value
}

fn unsupported(why: impl Into<String>) -> Outcome {
    Outcome::NotEvaluated { obstacle: Obstacle::Unsupported, why: why.into() }
}

fn spent(why: String) -> Outcome {
    Outcome::NotEvaluated { obstacle: Obstacle::BudgetSpent, why }
}
