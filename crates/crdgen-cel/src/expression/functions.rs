//! Functions that expressions can call, by library. Calls are resolved by name when a rule is parsed.

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

/// Form of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Global call: `size(list)`, or `sets.contains(a, b)` with a dot in the name.
    Global,
    /// Member call: `list.size()`. The receiver is the first argument.
    Member,
}

type Run = for<'a> fn(&[Value<'a>], &Budget) -> Result<Value<'a>>;

/// Function with a fixed number of arguments. A function for several argument types distinguishes them itself.
pub(super) struct Declaration {
    name: &'static str,
    style: Style,
    /// Number of arguments, including the receiver.
    arity: usize,
    price: Price,
    run: Run,
}

/// Price of a call, beside the units that the function spends itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Price {
    /// Price of reading all arguments.
    Arguments,
    /// No price: the function does not read the content of its arguments.
    Nothing,
}

/// Reference to a function in an expression.
pub(super) type Function = &'static Declaration;

impl Declaration {
    const fn global(name: &'static str, arity: usize, run: Run) -> Self {
        Self { name, style: Style::Global, arity, price: Price::Arguments, run }
    }

    const fn member(name: &'static str, arity: usize, run: Run) -> Self {
        Self { name, style: Style::Member, arity, price: Price::Arguments, run }
    }

    /// Removes the price, for a function that does not read its arguments.
    const fn unpriced(self) -> Self {
        Self { price: Price::Nothing, ..self }
    }

    /// Returns the name in calls, including a namespace such as `sets.`.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the form of the call.
    pub(super) fn style(&self) -> Style {
        self.style
    }

    /// Calls the function and spends its price.
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

/// Returns the function with the given name, form of call and number of arguments.
pub(super) fn find(name: &str, style: Style, arity: usize) -> Option<Function> {
    let mut all = LIBRARIES.into_iter().flatten();
    all.find(|function| function.name == name && function.style == style && function.arity == arity)
}
