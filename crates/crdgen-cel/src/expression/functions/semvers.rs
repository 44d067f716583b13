//! Functions of semantic versions. Their comparisons are in `quantities`, which has functions of the same names.

use std::rc::Rc;

use semver::Version;

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::failure::{Failure, Result};
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::global("semver", 1, parse),
    Declaration::global("semver", 2, parse),
    Declaration::global("isSemver", 1, |arguments, _| Ok(Value::Bool(read(arguments)?.is_some()))),
    Declaration::global("isSemver", 2, |arguments, _| Ok(Value::Bool(read(arguments)?.is_some()))),
    Declaration::member("major", 1, |arguments, _| part(arguments, |version| version.major)),
    Declaration::member("minor", 1, |arguments, _| part(arguments, |version| version.minor)),
    Declaration::member("patch", 1, |arguments, _| part(arguments, |version| version.patch)),
];

fn parse<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    match read(arguments)? {
        Some(version) => Ok(Value::Semver(Rc::new(version))),
        None => Failure::error("a version is malformed"),
    }
}

fn read(arguments: &[Value<'_>]) -> Result<Option<Version>> {
    let text = arguments[0].as_str()?;
    match arguments.get(1).map_or(Ok(false), Value::as_bool)? {
        true => Ok(normalised(text).and_then(|text| Version::parse(&text).ok())),
        false => Ok(Version::parse(text).ok()),
    }
}

/// Normalises a version: removes `v` and leading zeros, and adds missing numbers.
fn normalised(text: &str) -> Option<String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts: Vec<String> = text.splitn(3, '.').map(without_zeros).collect();
    if parts.len() < 3 && parts.last().is_some_and(|last| last.contains(['+', '-'])) {
        return None;
    }
    parts.resize(3, "0".into());
    Some(parts.join("."))
}

fn without_zeros(part: &str) -> String {
    if part.len() < 2 {
        return part.to_owned();
    }
    let rest = part.trim_start_matches('0');
    let zero = if rest.starts_with(|first: char| first.is_ascii_digit()) { "" } else { "0" };
    format!("{zero}{rest}")
}

fn part<'a>(arguments: &[Value<'a>], of: fn(&Version) -> u64) -> Result<Value<'a>> {
    match &arguments[0] {
        Value::Semver(version) => Ok(Value::Int(of(version) as i64)),
        _ => Err(Failure::no_overload()),
    }
}
