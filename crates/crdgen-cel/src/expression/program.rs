//! Compiled expressions.

use super::ast::Expr;
use super::budget::Budget;
use super::checker::check;
use super::environment::{Bindings, Environment};
use super::evaluate::Evaluation;
use super::failure::Result;
use super::output::Output;
use super::parse::parse;
use super::uses::uses;
use crate::re2::Patterns;

/// Compiled expression.
///
/// # Examples
///
/// ```
/// use crdgen_cel::{Bindings, Budget, Environment, Program, Type};
/// use serde_json::json;
///
/// let spec = Type::object([("replicas", Type::integer()), ("most", Type::integer())]);
/// let environment = Environment::new().variable("self", spec);
/// let program = Program::compile("self.replicas <= self.most", &environment)?;
///
/// let object = json!({"replicas": 3, "most": 2});
/// let budget = Budget::new(Budget::PER_EXPRESSION);
/// let output = program.evaluate(&Bindings::new().bind("self", &object), &budget)?;
/// assert_eq!(output.as_bool(), Some(false));
/// assert_eq!(Budget::PER_EXPRESSION - budget.left(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Program {
    expression: Expr,
    environment: Environment,
}

/// Reason why an expression cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// The expression cannot be parsed here. A server may understand it.
    #[error("{0}")]
    Unknown(String),
    /// The type checker of every server refuses the expression.
    #[error("{0}")]
    Refused(String),
}

impl Program {
    /// Parses an expression and checks its types.
    ///
    /// # Errors
    ///
    /// Returns the reason why the expression cannot be parsed, or why a server's type checker refuses it. An expression
    /// that compiles here may still be refused by a server: only certain refusals are errors.
    pub fn compile(expression: &str, environment: &Environment) -> std::result::Result<Self, CompileError> {
        let program = Self::parse(expression, environment, &mut Patterns::new())?;
        program.check()?;
        Ok(program)
    }

    /// Parses an expression without checking its types, as a server does with an expression that it has stored.
    /// `patterns` holds the regular expressions of all expressions of a schema, whose weight has a limit.
    ///
    /// # Errors
    ///
    /// Returns [`CompileError::Unknown`] if the expression cannot be parsed.
    pub fn parse(
        expression: &str,
        environment: &Environment,
        patterns: &mut Patterns,
    ) -> std::result::Result<Self, CompileError> {
        let expression = parse(expression, patterns).map_err(CompileError::Unknown)?;
        Ok(Self { expression, environment: environment.clone() })
    }

    /// Checks the types of the expression.
    ///
    /// # Errors
    ///
    /// Returns [`CompileError::Refused`] if every server refuses the expression because of its types.
    pub fn check(&self) -> std::result::Result<(), CompileError> {
        check(&self.expression, &self.environment).map_err(CompileError::Refused)
    }

    /// Returns whether the expression reads a variable. As in a server, a variable of this name that a macro declares
    /// counts too.
    pub fn uses(&self, variable: &str) -> bool {
        uses(&self.expression, variable)
    }

    /// Evaluates the expression and takes its cost from `budget`.
    ///
    /// # Errors
    ///
    /// Returns the reason why the expression has no value. Only [`Failure::Error`](super::Failure::Error) is a verdict:
    /// the server fails too.
    pub fn evaluate<'a>(&'a self, bindings: &Bindings<'a>, budget: &Budget) -> Result<Output<'a>> {
        let variables = self.environment.values(bindings, budget);
        Evaluation::new(variables, budget).run(&self.expression).map(Output)
    }
}
