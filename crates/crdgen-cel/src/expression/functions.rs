//! Functions that expressions can call, by library. Calls are resolved by name when a rule is parsed.

pub(super) mod conversions;
mod core;
mod declaration;
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

use declaration::Declaration;

pub(super) use declaration::{Function, Style};

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
    all.find(|function| function.is(name, style, arity))
}
