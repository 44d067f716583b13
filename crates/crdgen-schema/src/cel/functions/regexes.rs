//! `matches`, `find` and `findAll`, with regular expressions of Go.

use regex::{Regex, RegexBuilder};

use super::Declaration;
use crate::cel::budget::Budget;
use crate::cel::failure::{Failure, Result};
use crate::cel::value::Value;
use crate::re2;

/// Memory of a compiled expression.
const SIZE_LIMIT: usize = 16 << 20;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::member("matches", 2, matches),
    Declaration::global("matches", 2, matches),
    Declaration::member("find", 2, find),
    Declaration::member("findAll", 2, find_all),
    Declaration::member("findAll", 3, find_all),
];

fn regex(arguments: &[Value<'_>], budget: &Budget) -> Result<Regex> {
    let (text, pattern) = (arguments[0].as_str()?, arguments[1].as_str()?);
    budget.spend((text.len() / 10 + 1).saturating_mul(pattern.len() / 4 + 1))?;
    // The server refuses rules with a malformed literal, so this pattern was made by the rule.
    let Ok(pattern) = re2::translate(pattern) else { return Failure::error("a regular expression is malformed") };
    match RegexBuilder::new(&pattern).size_limit(SIZE_LIMIT).build() {
        Ok(regex) => Ok(regex),
        Err(_) => Failure::unknown("a regular expression cannot be compiled"),
    }
}

fn matches<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    Ok(Value::Bool(regex(arguments, budget)?.is_match(arguments[0].as_str()?)))
}

fn find<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let found = regex(arguments, budget)?.find(arguments[0].as_str()?).map(|found| found.as_str().to_owned());
    Ok(Value::text(found.unwrap_or_default()))
}

fn find_all<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let most = usize::try_from(arguments.get(2).map_or(Ok(-1), Value::as_int)?).unwrap_or(usize::MAX);
    let regex = regex(arguments, budget)?;
    let found = regex.find_iter(arguments[0].as_str()?).take(most).map(|found| Value::text(found.as_str()));
    Ok(Value::list(found.collect()))
}
