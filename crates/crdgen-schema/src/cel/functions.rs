//! The functions that expressions can call, library by library, found by name when a rule is parsed.

mod conversions;
mod core;
pub(super) mod lists;
mod named_formats;
mod network;
mod optionals;
mod quantities;
pub(super) mod regexes;
mod semvers;
mod sets;
mod strings;
mod times;
mod urls;

use std::fmt;

pub(super) use conversions::text_of;

use super::budget::Budget;
use super::failure::Result;
use super::value::Value;

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `size(list)`, or `sets.contains(a, b)` with a dot in the name.
    Global,
    /// `list.size()`; the receiver is the first argument.
    Member,
}

type Run = for<'a> fn(&[Value<'a>], &Budget) -> Result<Value<'a>>;

/// A function with as many arguments as it is declared for. One of several types of argument tells them apart itself.
pub(super) struct Declaration {
    name: &'static str,
    style: Style,
    /// The receiver counts.
    arity: usize,
    price: Price,
    run: Run,
}

/// What a function costs beside what it spends itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Price {
    /// Reading all arguments.
    Arguments,
    /// Nothing: it does not look at what is in them.
    Nothing,
}

/// A function that an expression calls.
pub(super) type Function = &'static Declaration;

impl Declaration {
    const fn global(name: &'static str, arity: usize, run: Run) -> Self {
        Self { name, style: Style::Global, arity, price: Price::Arguments, run }
    }

    const fn member(name: &'static str, arity: usize, run: Run) -> Self {
        Self { name, style: Style::Member, arity, price: Price::Arguments, run }
    }

    /// The same function, which does not read its arguments.
    const fn unpriced(self) -> Self {
        Self { price: Price::Nothing, ..self }
    }

    /// As it is called; with a dot where that belongs to the name.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Calls the function and pays for it.
    pub(super) fn call<'a>(&self, arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
        if self.price == Price::Arguments {
            arguments.iter().try_for_each(|argument| budget.spend_on(argument))?;
        }
        (self.run)(arguments, budget)
    }
}

impl fmt::Debug for Declaration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.name, self.arity)
    }
}

const LIBRARIES: [&[Declaration]; 13] = [
    core::FUNCTIONS,
    conversions::FUNCTIONS,
    times::FUNCTIONS,
    strings::FUNCTIONS,
    regexes::FUNCTIONS,
    lists::FUNCTIONS,
    sets::FUNCTIONS,
    optionals::FUNCTIONS,
    quantities::FUNCTIONS,
    semvers::FUNCTIONS,
    network::FUNCTIONS,
    urls::FUNCTIONS,
    named_formats::FUNCTIONS,
];

/// The function of that name, if there is one.
pub(super) fn find(name: &str, style: Style, arity: usize) -> Option<Function> {
    let mut all = LIBRARIES.into_iter().flatten();
    all.find(|function| function.name == name && function.style == style && function.arity == arity)
}
