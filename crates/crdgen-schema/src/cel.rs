//! CEL rules, `x-kubernetes-validations`, with the verdicts of an API server.
//!
//! The expressions are parsed and evaluated here, over the JSON of the object and what its schema makes of it: a set has
//! no order, a `format: duration` is a duration, an int-or-string is what it happens to be. Where the server could know
//! better (a time zone by name, a number too large) there is no verdict, and a reason for that. Follows
//! `pkg/apiserver/schema/cel` of apiextensions-apiserver 1.36, `pkg/cel` of apiserver, and cel-go 0.26.

mod ast;
mod budget;
mod calls;
mod checker;
mod cidr;
mod duration;
mod equal;
mod evaluate;
mod failure;
mod field_path;
mod format;
mod functions;
mod list;
mod map;
mod named_format;
mod names;
mod numbers;
mod operators;
mod parse;
mod program;
mod quantity;
mod shared;
mod timestamp;
mod token;
mod types;
mod url;
mod uses;
mod value;
mod walk;

pub use program::{Outcome, Program};
pub(crate) use walk::Rules;
pub use walk::{Findings, check};
