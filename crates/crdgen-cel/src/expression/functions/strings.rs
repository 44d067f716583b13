//! Functions of strings: version 2 of cel-go's extension. Positions count code points.

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::failure::{Failure, Result};
use crate::expression::format::format;
use crate::expression::value::Value;

pub(super) const FUNCTIONS: &[Declaration] = &[
    Declaration::member("charAt", 2, char_at),
    Declaration::member("indexOf", 2, index_of),
    Declaration::member("indexOf", 3, index_of),
    Declaration::member("lastIndexOf", 2, last_index_of),
    Declaration::member("lastIndexOf", 3, last_index_of),
    Declaration::member("lowerAscii", 1, |arguments, _| Ok(Value::text(arguments[0].as_str()?.to_ascii_lowercase()))),
    Declaration::member("upperAscii", 1, |arguments, _| Ok(Value::text(arguments[0].as_str()?.to_ascii_uppercase()))),
    Declaration::member("replace", 3, replace),
    Declaration::member("replace", 4, replace),
    Declaration::member("split", 2, split),
    Declaration::member("split", 3, split),
    Declaration::member("substring", 2, substring),
    Declaration::member("substring", 3, substring),
    Declaration::member("trim", 1, |arguments, _| Ok(Value::text(arguments[0].as_str()?.trim_matches(is_space)))),
    Declaration::member("join", 1, join),
    Declaration::member("join", 2, join),
    Declaration::member("format", 2, |arguments, budget| {
        format(arguments[0].as_str()?, arguments[1].as_list()?, budget).map(Value::text)
    }),
    Declaration::global("strings.quote", 1, |arguments, _| Ok(Value::text(quote(arguments[0].as_str()?)))),
];

/// Returns whether a character is white space. Go uses Unicode's definition.
fn is_space(letter: char) -> bool {
    letter.is_whitespace()
}

fn out_of_range<T>() -> Result<T> {
    Failure::error("index out of range")
}

fn char_at<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    let (text, at) = (arguments[0].as_str()?, arguments[1].as_int()?);
    let length = text.chars().count();
    match usize::try_from(at) {
        Ok(at) if at <= length => Ok(Value::text(text.chars().nth(at).map(String::from).unwrap_or_default())),
        _ => out_of_range(),
    }
}

fn index_of<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    if let Value::List(list) = &arguments[0] {
        return match arguments {
            [_, item] => super::lists::position(list, item, budget, super::lists::End::First),
            _ => Err(Failure::no_overload()),
        };
    }
    let (text, part) = (arguments[0].as_str()?, arguments[1].as_str()?);
    let from = arguments.get(2).map_or(Ok(0), Value::as_int)?;
    if part.is_empty() {
        return Ok(Value::Int(from));
    }
    let Ok(from) = usize::try_from(from) else { return out_of_range() };
    let found = text.char_indices().nth(from).and_then(|(start, _)| Some((start, text[start..].find(part)?)));
    Ok(Value::Int(found.map_or(-1, |(start, at)| text[..start + at].chars().count() as i64)))
}

fn last_index_of<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    if let Value::List(list) = &arguments[0] {
        return match arguments {
            [_, item] => super::lists::position(list, item, budget, super::lists::End::Last),
            _ => Err(Failure::no_overload()),
        };
    }
    let (text, part) = (arguments[0].as_str()?, arguments[1].as_str()?);
    let length = text.chars().count();
    let from = match arguments.get(2) {
        Some(from) => from.as_int()?,
        None if part.is_empty() => return Ok(Value::Int(length as i64)),
        None if text.len() < part.len() => return Ok(Value::Int(-1)),
        None => length as i64 - 1,
    };
    if part.is_empty() {
        return Ok(Value::Int(from));
    }
    let Ok(from) = usize::try_from(from) else { return out_of_range() };
    if from >= length {
        return Ok(Value::Int(-1));
    }
    // The last position where a match may start, and the end of a match there.
    let Some((start, _)) = text.char_indices().nth(from) else { return Ok(Value::Int(-1)) };
    let end = text[start..].char_indices().nth(part.chars().count()).map_or(text.len(), |(at, _)| start + at);
    let found = text[..end].rfind(part);
    Ok(Value::Int(found.map_or(-1, |at| text[..at].chars().count() as i64)))
}

fn replace<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let (text, old, new) = (arguments[0].as_str()?, arguments[1].as_str()?, arguments[2].as_str()?);
    let most = match arguments.get(3).map_or(Ok(-1), Value::as_int)? {
        most if most < 0 => usize::MAX,
        most => most as usize,
    };
    let times = text.matches(old).count().min(most);
    budget.spend_on_text(text.len().saturating_add(times.saturating_mul(new.len())))?;
    Ok(Value::text(text.replacen(old, new, most)))
}

fn split<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let (text, separator) = (arguments[0].as_str()?, arguments[1].as_str()?);
    let most = arguments.get(2).map_or(Ok(-1), Value::as_int)?;
    budget.spend_on_text(text.len())?;
    let mut parts: Vec<&str> = match separator {
        // There is nothing before the first character, and nothing after the last.
        "" => text.split("").skip(1).collect(),
        _ => text.split(separator).collect(),
    };
    if separator.is_empty() {
        parts.pop();
    }
    budget.spend(parts.len())?;
    if most == 0 {
        parts.clear();
    } else if let Ok(most) = usize::try_from(most)
        && most < parts.len()
    {
        let kept: usize = parts[..most - 1].iter().map(|part| part.len() + separator.len()).sum();
        parts.truncate(most - 1);
        parts.push(&text[kept..]);
    }
    Ok(Value::list(parts.into_iter().map(Value::text).collect()))
}

fn substring<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    let text = arguments[0].as_str()?;
    let length = text.chars().count() as i64;
    let start = arguments[1].as_int()?;
    let end = arguments.get(2).map_or(Ok(length), Value::as_int)?;
    if start > end || start < 0 || end > length {
        return out_of_range();
    }
    Ok(Value::text(text.chars().skip(start as usize).take((end - start) as usize).collect::<String>()))
}

fn join<'a>(arguments: &[Value<'a>], budget: &Budget) -> Result<Value<'a>> {
    let separator = arguments.get(1).map_or(Ok(""), |separator| separator.as_str())?;
    let mut joined = String::new();
    for (index, part) in arguments[0].as_list()?.iter(budget).enumerate() {
        let part = part?;
        let (separator, part) = (if index > 0 { separator } else { "" }, part.as_str()?);
        budget.spend_on_text(2 * (separator.len() + part.len()))?;
        joined.push_str(separator);
        joined.push_str(part);
    }
    Ok(Value::text(joined))
}

/// Returns a text in double quotes, with CEL's escapes.
fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}
