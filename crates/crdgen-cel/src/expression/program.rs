//! Compiled expressions.

use super::ast::Expr;
use super::budget::Budget;
use super::checker::{self, Checked};
use super::compile_error::CompileError;
use super::environment::{Bindings, Environment};
use super::estimate::{self, Unbounded};
use super::evaluate::Evaluation;
use super::failure::Result;
use super::literals;
use super::output::Output;
use super::parse::parse;
use super::signatures::Plain;
use super::static_types::Static;
use super::tree::Tree;
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

/// Properties of an expression that an API server knows before it evaluates the expression.
///
/// # Examples
///
/// ```
/// use crdgen_cel::{Environment, Program, Type};
///
/// let names = Type::list(Type::string().max_elements(40)).max_elements(10);
/// let program = Program::compile("self.all(name, name != '')", &Environment::new().variable("self", names))?;
/// let facts = program.check()?;
/// assert!(facts.is_bool() && !facts.is_string());
/// assert_eq!(facts.max_cost(), 42);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Type of the result, if it has no parameters.
    result: Option<Plain>,
    max_cost: u64,
    unbounded: Vec<Unbounded>,
}

impl Facts {
    fn of(checked: &Checked<'_>, environment: &Environment) -> Self {
        let result = match checked.type_of(checked.root) {
            Static::Plain(plain) => Some(*plain),
            _ => None,
        };
        let root = environment.variables().first().map(|variable| &variable.type_);
        let (max_cost, unbounded) = estimate::highest_cost(checked, root);
        Self { result, max_cost, unbounded }
    }

    /// Returns whether the result is a `bool`. A `dyn`, whose type is known only after evaluation, is not.
    pub fn is_bool(&self) -> bool {
        self.result == Some(Plain::Bool)
    }

    /// Returns whether the result is a `string`.
    pub fn is_string(&self) -> bool {
        self.result == Some(Plain::String)
    }

    /// Returns the highest cost of one evaluation that an API server expects, in units of a [`Budget`]. The estimate
    /// uses the declared sizes of the first variable of the environment and of the values in it.
    pub fn max_cost(&self) -> u64 {
        self.max_cost
    }

    /// Returns values that affect the cost and whose size has no declared limit: the first three of them.
    pub fn unbounded(&self) -> &[Unbounded] {
        &self.unbounded
    }
}

impl Program {
    /// Parses an expression and checks its types.
    ///
    /// # Errors
    ///
    /// Returns the reason why an API server refuses the expression.
    pub fn compile(expression: &str, environment: &Environment) -> std::result::Result<Self, CompileError> {
        let program = Self::parse(expression, environment, &mut Patterns::new())?;
        program.check()?;
        Ok(program)
    }

    /// Parses an expression without checking its types, as a server does with an expression that it has stored.
    /// `patterns` collects the regular expressions of all expressions of a schema, because their total weight has a
    /// limit.
    ///
    /// # Errors
    ///
    /// Returns the reason why the expression cannot be parsed.
    pub fn parse(
        expression: &str,
        environment: &Environment,
        patterns: &mut Patterns,
    ) -> std::result::Result<Self, CompileError> {
        let expression = parse(expression, patterns)?;
        Ok(Self { expression, environment: environment.clone() })
    }

    /// Returns the expression over the variables of another environment.
    #[must_use]
    pub fn over(self, environment: Environment) -> Self {
        Self { environment, ..self }
    }

    /// Checks the types and the literals of the expression, and estimates its cost.
    ///
    /// # Errors
    ///
    /// Returns the reason why an API server refuses the expression.
    pub fn check(&self) -> std::result::Result<Facts, CompileError> {
        let (tree, root) = Tree::of(&self.expression);
        let checked = checker::check(tree, root, &self.environment)?;
        literals::check(&checked)?;
        Ok(Facts::of(&checked, &self.environment))
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
