//! Expressions: parser, type checker and evaluator.

mod ast;
mod budget;
mod calls;
mod checker;
mod cidr;
mod duration;
mod environment;
mod equal;
mod evaluate;
mod failure;
mod format;
mod functions;
mod list;
mod map;
mod named_format;
mod names;
mod numbers;
mod operators;
mod output;
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

pub use budget::Budget;
pub use environment::{Bindings, Environment};
pub use failure::Failure;
pub use output::Output;
pub use program::{CompileError, Program};
pub use types::Type;
