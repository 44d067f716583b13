//! Compiled rules and their verdicts on values.

use crdgen_cel::re2::Patterns;
use crdgen_cel::{Bindings, Budget, CompileError, Environment, Facts, Failure, Obstacle, Output, Program, Type};
use serde_json::Value as Json;

use super::schema_type::{Place, type_of};
use crate::schema::{Rule, Schema};
use crate::truncate;

/// Maximum length of a message in bytes: `maxEvaluatedMessageExpressionSizeBytes` of the server.
const MAX_MESSAGE: usize = 5 * 1024;

/// Compiled rule for the values of one schema node.
///
/// # Examples
///
/// ```
/// use crdgen_schema::cel::{CompiledRule, Outcome};
/// use crdgen_schema::schema::{Rule, Schema};
/// use serde_json::json;
///
/// let schema = Schema::from_json(&json!({"type": "integer"})).expect("the schema can be read");
/// let rule = Rule { rule: "self >= 0".to_owned(), ..Rule::default() };
/// let compiled = CompiledRule::new(&rule, &schema);
/// assert_eq!(compiled.evaluate(&json!(3), None), Outcome::Pass);
/// assert_eq!(compiled.evaluate(&json!(-1), None), Outcome::Fail { message: None });
/// ```
#[derive(Debug)]
pub struct CompiledRule {
    rule: Rule,
    program: Compiled,
    /// `messageExpression`.
    message: Option<Compiled>,
    uses_old_self: bool,
}

/// Compiled expression with what a server knows before evaluation.
type Compiled = Result<(Program, Facts), CompileError>;

/// The server's message when the budget for an object is spent.
const OUT_OF_BUDGET: &str =
    "validation failed due to running out of cost budget, no further validation rules will be run";

/// The server's message when the budget for one expression is spent.
const LIMIT_EXCEEDED: &str = "'operation cancelled: actual cost limit exceeded': no further validation rules will be run \
                              due to call cost exceeds limit";

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
        reason: String,
    },
}

impl CompiledRule {
    /// Compiles a rule of a schema node. A rule that an API server refuses is never evaluated;
    /// [`problem`](Self::problem) returns the reason.
    pub fn new(rule: &Rule, schema: &Schema) -> Self {
        Self::with_type(rule, &type_of(schema, Place::of(schema)), &mut Patterns::new())
    }

    /// Compiles a rule for values of a type.
    pub(super) fn with_type(rule: &Rule, type_: &Type, patterns: &mut Patterns) -> Self {
        let self_ = Environment::new().variable("self", type_.clone());
        let plain = self_.clone().variable("oldSelf", type_.clone());
        let environment = match rule.is_old_self_optional() {
            true => self_.optional_variable("oldSelf", type_.clone()),
            false => plain.clone(),
        };
        let mut compile = |text: &str| {
            let program = Program::parse(text, &environment, patterns)?;
            let facts = program.check()?;
            Ok((program, facts))
        };
        let program: Compiled = compile(&rule.rule);
        let message = rule.message_expression.as_deref().filter(|text| !text.is_empty());
        // The server checks a message expression with the types of the rule, and evaluates it with the value of
        // `oldSelf` itself even if that is optional.
        let message = message.map(|text| compile(text).map(|(program, facts)| (program.over(plain.clone()), facts)));
        let uses_old_self = program.as_ref().is_ok_and(|(program, _)| program.uses("oldSelf"));
        Self { rule: rule.clone(), program, message, uses_old_self }
    }

    /// Returns the rule as the schema has it.
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Returns the reason why the rule cannot be evaluated, if there is one.
    pub fn problem(&self) -> Option<&str> {
        match self.facts() {
            Ok(_) => None,
            Err(CompileError::Unknown(reason) | CompileError::Refused(reason)) => Some(reason),
        }
    }

    /// Returns the highest cost of the rule for one value that an API server expects, in units of a
    /// [`Budget`](crdgen_cel::Budget). `None` if the server refuses the rule.
    pub fn max_cost(&self) -> Option<u64> {
        self.facts().ok().filter(|facts| facts.is_bool()).map(Facts::max_cost)
    }

    /// Returns the highest cost of `messageExpression` that an API server expects. `None` if there is none, or if the
    /// server refuses the rule or the expression.
    pub fn max_message_cost(&self) -> Option<u64> {
        self.max_cost()?;
        self.message_facts()?.ok().filter(|facts| facts.is_string()).map(Facts::max_cost)
    }

    /// Returns what a server knows of the rule before it evaluates the rule.
    pub(super) fn facts(&self) -> Result<&Facts, &CompileError> {
        self.program.as_ref().map(|(_, facts)| facts)
    }

    /// Returns what a server knows of `messageExpression`, if there is one.
    pub(super) fn message_facts(&self) -> Option<Result<&Facts, &CompileError>> {
        self.message.as_ref().map(|message| message.as_ref().map(|(_, facts)| facts))
    }

    /// Returns whether an API server refuses the rule.
    pub fn is_refused(&self) -> bool {
        match self.facts() {
            Ok(facts) => !facts.is_bool(),
            Err(problem) => matches!(problem, CompileError::Refused(_)),
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

    /// Evaluates as [`CompiledRule::evaluate`] does, and subtracts the cost from `left`.
    pub(super) fn evaluate_within(&self, self_: &Json, old: Option<&Json>, left: &mut u64) -> Outcome {
        let program = match &self.program {
            Ok((program, _)) => program,
            Err(CompileError::Refused(reason)) => return unsupported(format!("a server refuses the rule: {reason}")),
            Err(CompileError::Unknown(reason)) => return unsupported(reason.as_str()),
        };
        if self.uses_old_self && old.is_none() && !self.rule.is_old_self_optional() {
            return Outcome::Pass;
        }
        let is_cut = *left < Budget::PER_EXPRESSION;
        let bindings = Bindings::new().bind("self", self_).bind("oldSelf", old);
        match run(program, &bindings, left, |output| output.as_bool()) {
            Ok(Some(true)) => Outcome::Pass,
            Ok(Some(false)) => Outcome::Fail { message: self.message(&bindings, left) },
            Ok(None) => unsupported("the rule gives no boolean"),
            Err(Failure::Error(_)) => Outcome::Error,
            Err(Failure::Unknown(reason)) => unsupported(reason),
            Err(Failure::Exhausted) if is_cut => spent(OUT_OF_BUDGET.to_owned()),
            Err(Failure::Exhausted) => {
                spent(format!("{LIMIT_EXCEEDED} for rule: {}", truncate::plain(&self.rule.rule)))
            }
        }
    }

    /// Returns the result of `messageExpression`, if it is one line of at most [`MAX_MESSAGE`] bytes.
    fn message(&self, bindings: &Bindings<'_>, left: &mut u64) -> Option<String> {
        let text = run(&self.message.as_ref()?.as_ref().ok()?.0, bindings, left, |output| output.as_str().map(trimmed))
            .ok()??;
        (!text.is_empty() && text.len() <= MAX_MESSAGE && !text.contains('\n')).then_some(text)
    }
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// Evaluates an expression, reads its value and subtracts the cost from `left`.
fn run<T>(
    program: &Program,
    bindings: &Bindings<'_>,
    left: &mut u64,
    read: impl FnOnce(&Output<'_>) -> T,
) -> Result<T, Failure> {
    let budget = Budget::new((*left).min(Budget::PER_EXPRESSION));
    let before = budget.left();
    let output = program.evaluate(bindings, &budget);
    *left -= before - budget.left();
    output.map(|output| read(&output))
}

fn unsupported(reason: impl Into<String>) -> Outcome {
    Outcome::NotEvaluated { obstacle: Obstacle::Unsupported, reason: reason.into() }
}

fn spent(reason: String) -> Outcome {
    Outcome::NotEvaluated { obstacle: Obstacle::BudgetSpent, reason }
}
