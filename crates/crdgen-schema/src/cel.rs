//! CEL rules (`x-kubernetes-validations`) with an API server's verdicts.
//!
//! This module parses and evaluates expressions over the object's JSON and its schema: a set has no order, a
//! `format: duration` string is a duration, an int-or-string value has the type of its JSON. Expressions that only a
//! server can judge (a time zone by name, a number too large) get no verdict but a reason. Follows
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
