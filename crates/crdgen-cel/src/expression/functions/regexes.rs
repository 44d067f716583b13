//! `matches`, `find` and `findAll` with regular expressions that are values, not literals.

use std::cell::RefCell;
use std::sync::Arc;

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::computed_pattern::ComputedPattern;
use crate::expression::failure::{Failure, Result};
use crate::expression::shared::Text;
use crate::expression::value::Value;
use crate::re2::{self, Patterns, Translated};

/// Maximum weight of an expression that is compiled.
const MAX_WEIGHT: usize = 100_000;

/// Maximum number of compiled expressions that are kept while a rule is evaluated.
const MAX_KEPT: usize = 8;

/// Maximum weight of an expression that a thread keeps for the next evaluations, and maximum number of these.
const MAX_WEIGHT_RECENT: usize = 2_000;
const MAX_RECENT: usize = 8;

thread_local! {
    /// Expressions that this thread compiled last. A rule is evaluated for one object after the other, and mostly with
    /// the same expression.
    static RECENT: RefCell<Vec<ComputedPattern>> = const { RefCell::new(Vec::new()) };
}

/// Units for compiling the smallest expression.
const COMPILING: usize = 100;
/// Weight of an expression that is compiled for one unit.
const WEIGHT_PER_UNIT: usize = 2;
/// Steps of `find` and `findAll` that one unit pays for.
const STEPS_PER_UNIT: usize = 100;
/// Bytes of the rest of a text that one unit pays for, per match.
const BYTES_PER_UNIT: usize = 300;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::member("matches", 2, matches),
    Declaration::global("matches", 2, matches),
    Declaration::member("find", 2, find),
    Declaration::member("findAll", 2, find_all),
    Declaration::member("findAll", 3, find_all),
];

/// Returns the compiled expression, from the budget's cache or newly compiled. An expression that the thread compiled
/// before costs as much of the budget as a new one, so that verdicts do not depend on earlier objects.
fn compiled(source: &str, budget: &Budget) -> Result<ComputedPattern> {
    let known = budget.computed_patterns.borrow().iter().find(|made| made.pattern.source() == source).cloned();
    if let Some(known) = known {
        return Ok(known);
    }
    budget.spend(COMPILING + source.len())?;
    let recent = RECENT.with_borrow(|recent| recent.iter().find(|made| made.pattern.source() == source).cloned());
    let made = match recent {
        Some(made) => {
            budget.spend(made.weight / WEIGHT_PER_UNIT)?;
            made
        }
        None => newly_compiled(source, budget)?,
    };
    let mut kept = budget.computed_patterns.borrow_mut();
    if kept.len() == MAX_KEPT {
        kept.clear();
    }
    kept.push(made.clone());
    Ok(made)
}

fn newly_compiled(source: &str, budget: &Budget) -> Result<ComputedPattern> {
    // A server refuses rules with a malformed literal, so the rule computed this expression.
    let Ok(Translated { text, weight }) = re2::translate(source) else {
        return Failure::error("a regular expression is malformed");
    };
    if weight > MAX_WEIGHT {
        return Failure::unknown("a regular expression is too large to be compiled here");
    }
    budget.spend(weight / WEIGHT_PER_UNIT)?;
    let pattern = Patterns::new().get(source);
    let made = ComputedPattern { translated: text, weight, pattern, regex: Arc::default() };
    if weight <= MAX_WEIGHT_RECENT {
        RECENT.with_borrow_mut(|recent| {
            recent.truncate(MAX_RECENT - 1);
            recent.insert(0, made.clone());
        });
    }
    Ok(made)
}

/// Returns the server's price of searching a text for an expression.
pub(in crate::expression) fn price(text: &str, pattern: &str) -> usize {
    (text.len() / 10 + 1).saturating_mul(pattern.len() / 4 + 1)
}

fn matches<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let (text, pattern) = (arguments[0].as_str()?, arguments[1].as_str()?);
    budget.spend(price(text, pattern))?;
    budget.search(&compiled(pattern, budget)?.pattern, text).map(Value::Bool)
}

/// Returns the expression of a `find` or `findAll`, and spends the price of the first match.
fn finder(arguments: &[Value<'_>], budget: &Budget) -> Result<ComputedPattern> {
    let (text, pattern) = (arguments[0].as_str()?, arguments[1].as_str()?);
    budget.spend(price(text, pattern))?;
    let made = compiled(pattern, budget)?;
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
        // The end of a match may only be known after the whole rest of the text is read.
        budget.spend(1 + (text.len() - found.end()) / BYTES_PER_UNIT)?;
        parts.push(Value::String(Text::from(found.as_str().to_owned())));
    }
    Ok(Value::list(parts))
}
