//! Declarations of functions, and calls of them.

use std::fmt;

use crate::expression::budget::Budget;
use crate::expression::failure::Result;
use crate::expression::value::Value;

/// Form of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::expression) enum Style {
    /// Global call: `size(list)`, or `sets.contains(a, b)` with a dot in the name.
    Global,
    /// Member call: `list.size()`. The receiver is the first argument.
    Member,
}

/// Code of a function.
pub(super) type Run = for<'a> fn(&[Value<'a>], &Budget) -> Result<Value<'a>>;

/// Function with a fixed number of arguments. A function for several argument types distinguishes them itself.
pub(in crate::expression) struct Declaration {
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
pub(in crate::expression) type Function = &'static Declaration;

impl Declaration {
    pub(super) const fn global(name: &'static str, arity: usize, run: Run) -> Self {
        Self { name, style: Style::Global, arity, price: Price::Arguments, run }
    }

    pub(super) const fn member(name: &'static str, arity: usize, run: Run) -> Self {
        Self { name, style: Style::Member, arity, price: Price::Arguments, run }
    }

    /// Removes the price, for a function that does not read its arguments.
    pub(super) const fn unpriced(self) -> Self {
        Self { price: Price::Nothing, ..self }
    }

    /// Returns the name in calls, including a namespace such as `sets.`.
    pub(in crate::expression) fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the form of the call.
    pub(in crate::expression) fn style(&self) -> Style {
        self.style
    }

    /// Returns whether this is the function that a call means.
    pub(super) fn is(&self, name: &str, style: Style, arity: usize) -> bool {
        self.name == name && self.style == style && self.arity == arity
    }

    /// Calls the function and spends its price.
    pub(in crate::expression) fn call<'a>(&self, arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
        if self.price == Price::Arguments {
            arguments.iter().try_for_each(|argument| argument.pay_for_reading(budget))?;
        }
        (self.run)(arguments, budget)
    }
}

impl fmt::Debug for Declaration {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.name, self.arity)
    }
}
