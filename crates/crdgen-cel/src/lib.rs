//! Kubernetes' CEL: the expressions of `x-kubernetes-validations`, with an API server's verdicts and costs.
//!
//! A [`Program`] is an expression over declared variables. It is compiled once and evaluated over [`serde_json`] values
//! any number of times. A [`Type`] declares what a structural schema declares: a set has no order, the items of a list
//! of type map are found by their keys, `format: duration` is a duration, an int-or-string has the type of its JSON.
//!
//! The crate also has the parts of Kubernetes on which the expressions depend: Go's regular expressions ([`re2`]), the
//! string formats of schemas ([`mod@format`]), and the syntax of names ([`name`]).
//!
//! # Examples
//!
//! ```
//! # #[cfg(not(feature = "expressions"))]
//! # fn main() {}
//! # #[cfg(feature = "expressions")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use crdgen_cel::{Bindings, Budget, Environment, Program, Type};
//! use serde_json::json;
//!
//! let spec = Type::object([
//!     ("replicas", Type::integer()),
//!     ("zones", Type::set(Type::string())),
//!     ("timeout", Type::duration()),
//! ]);
//! let environment = Environment::new().variable("self", spec.clone()).variable("oldSelf", spec);
//! let rule = "self.zones == oldSelf.zones && self.timeout < duration('1h')";
//! let program = Program::compile(rule, &environment)?;
//!
//! let old = json!({"replicas": 1, "zones": ["a", "b"], "timeout": "30s"});
//! let new = json!({"replicas": 2, "zones": ["b", "a"], "timeout": "5m"});
//! let bindings = Bindings::new().bind("self", &new).bind("oldSelf", &old);
//! let output = program.evaluate(&bindings, &Budget::new(Budget::PER_EXPRESSION))?;
//! assert_eq!(output.as_bool(), Some(true));
//!
//! // The type checker refuses what an API server refuses.
//! assert!(Program::compile("self.replicas == '1'", &environment).is_err());
//! # Ok(())
//! # }
//! ```
//!
//! # Agreement with an API server
//!
//! The model is the environment in which an API server 1.36 evaluates the validation rules of CRDs: cel-go 0.26 with
//! optional values and macros of two variables, and the libraries for strings, lists, sets, regular expressions, URLs,
//! IP addresses, CIDRs, quantities, semantic versions and named formats. `fixtures/cel` of the repository has 1,931
//! expressions with the verdicts of the server's own code. Here 1,922 verdicts are the same, 9 expressions are not
//! evaluated, and no verdict differs.
//!
//! An expression is compiled as an API server 1.36 compiles a new rule of a CRD: the same expressions are refused, and
//! the highest cost is estimated from the declared sizes with the server's numbers ([`Facts`]).
//!
//! An expression costs at least as many units here as in a server ([`Budget`]), so an expression within the budget here
//! is within the server's. A unit test compares the cost of 72 expressions.
//!
//! # Limits
//!
//! - An expression that only a server can evaluate has no verdict but a reason ([`Failure::Unknown`]): time zones by
//!   name, hexadecimal doubles, quantities beyond 128 bits, messages of protobuf.
//! - Variables and types can be declared, functions cannot.
//! - The libraries that a server offers only to admission policies, such as the authorizer, are absent.
//!
//! Expressions and values may be hostile: nesting, memory and time are limited, and nothing panics.
//!
//! # Features
//!
//! - `expressions` (default): compiling and evaluating expressions. Without it the crate has patterns, formats and names.

mod effort;
#[cfg(feature = "expressions")]
mod expression;
pub mod format;
pub mod json;
pub mod name;
mod obstacle;
pub mod re2;

pub use effort::Effort;
#[cfg(feature = "expressions")]
pub use expression::{
    Bindings, Budget, Comparison, CompileError, Environment, Facts, Failure, Logic, Output, Program, Summand, Term,
    Type, Unbounded,
};
pub use obstacle::Obstacle;

/// Examples of the README.
#[cfg(all(doctest, feature = "expressions"))]
#[doc = include_str!("../README.md")]
struct Readme;
