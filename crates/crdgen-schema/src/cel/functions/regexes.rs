//! `matches`, `find` and `findAll`, with regular expressions of Go that are values.

use std::cell::OnceCell;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::Declaration;
use crate::cel::budget::Budget;
use crate::cel::failure::{Failure, Result};
use crate::cel::shared::Text;
use crate::cel::value::Value;
use crate::re2::{self, Pattern, Patterns, Translated};

/// The weight of the heaviest expression that is compiled.
const MAX_WEIGHT: usize = 100_000;

/// Memory of an expression that finds: a safeguard behind the weight.
const MAX_MEMORY: usize = 16 << 20;

/// Number of expressions that are kept while a rule is evaluated.
const MAX_KEPT: usize = 8;

/// Units for compiling the smallest expression.
const COMPILING: usize = 100;
/// Weight that is compiled for one unit.
const WEIGHT_PER_UNIT: usize = 2;
/// Steps of finding for one unit.
const STEPS_PER_UNIT: usize = 100;
/// Bytes of the rest of a text that are looked at for one unit, for each part that is found.
const BYTES_PER_UNIT: usize = 300;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::member("matches", 2, matches),
    Declaration::global("matches", 2, matches),
    Declaration::member("find", 2, find),
    Declaration::member("findAll", 2, find_all),
    Declaration::member("findAll", 3, find_all),
];

/// A regular expression that came with a value.
#[derive(Clone, Debug)]
pub(in crate::cel) struct Made {
    translated: String,
    weight: usize,
    pattern: Arc<Pattern>,
    /// For those that find what `pattern` only knows to be there.
    regex: OnceCell<Regex>,
}

impl Made {
    /// The expression, compiled unless it was before.
    fn get(source: &str, budget: &Budget) -> Result<Self> {
        let known = budget.made.borrow().iter().find(|made| made.pattern.source() == source).cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        budget.spend(COMPILING + source.len())?;
        // The server refuses rules with a malformed literal, so this one was made by the rule.
        let Ok(Translated { text, weight }) = re2::translate(source) else {
            return Failure::error("a regular expression is malformed");
        };
        if weight > MAX_WEIGHT {
            return Failure::unknown("a regular expression is too large to be compiled here");
        }
        budget.spend(weight / WEIGHT_PER_UNIT)?;
        let pattern = Patterns::new().get(source);
        let made = Self { translated: text, weight, pattern, regex: OnceCell::new() };
        let mut kept = budget.made.borrow_mut();
        if kept.len() == MAX_KEPT {
            kept.clear();
        }
        kept.push(made.clone());
        Ok(made)
    }

    fn regex(&self) -> Result<&Regex> {
        if self.regex.get().is_none() {
            let built = RegexBuilder::new(&self.translated).size_limit(MAX_MEMORY).build();
            let Ok(regex) = built else { return Failure::unknown("a regular expression cannot be compiled") };
            _ = self.regex.set(regex);
        }
        self.regex.get().ok_or(Failure::Exhausted)
    }
}

/// What the server takes for looking for an expression in a text.
pub(in crate::cel) fn price(text: &str, pattern: &str) -> usize {
    (text.len() / 10 + 1).saturating_mul(pattern.len() / 4 + 1)
}

fn matches<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let (text, pattern) = (arguments[0].as_str()?, arguments[1].as_str()?);
    budget.spend(price(text, pattern))?;
    budget.search(&Made::get(pattern, budget)?.pattern, text).map(Value::Bool)
}

/// The expression of a call that finds, when the first part is paid for.
fn finder(arguments: &[Value<'_>], budget: &Budget) -> Result<Made> {
    let (text, pattern) = (arguments[0].as_str()?, arguments[1].as_str()?);
    budget.spend(price(text, pattern))?;
    let made = Made::get(pattern, budget)?;
    budget.spend(text.len().saturating_mul(made.weight) / STEPS_PER_UNIT)?;
    Ok(made)
}

fn find<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let made = finder(arguments, budget)?;
    let found = made.regex()?.find(arguments[0].as_str()?);
    Ok(Value::text(found.map(|found| found.as_str()).unwrap_or_default()))
}

fn find_all<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let most = usize::try_from(arguments.get(2).map_or(Ok(-1), Value::as_int)?).unwrap_or(usize::MAX);
    let text = arguments[0].as_str()?;
    let made = finder(arguments, budget)?;
    let mut parts = Vec::new();
    for found in made.regex()?.find_iter(text).take(most) {
        // To know how far a part goes, all behind it may have to be looked at.
        budget.spend(1 + (text.len() - found.end()) / BYTES_PER_UNIT)?;
        parts.push(Value::String(Text::from(found.as_str().to_owned())));
    }
    Ok(Value::list(parts))
}
