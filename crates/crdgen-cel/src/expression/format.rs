//! `string.format(list)` with the clauses `%s %d %f %e %b %x %X %o`. Values are formatted as in Go.

use std::fmt::Write;

use super::budget::Budget;
use super::duration;
use super::failure::{Failure, Result};
use super::list::List;
use super::numbers::signed_exponent;
use super::value::Value;

const DEFAULT_PRECISION: usize = 6;
/// Maximum precision. A larger one would only use memory, since a double has fewer digits.
const MAX_PRECISION: usize = 1000;

/// Replaces the clauses of a text with the values of a list, in order.
pub(super) fn format(text: &str, values: &List<'_>, budget: &Budget) -> Result<String> {
    let mut out = String::new();
    let mut rest = text;
    let mut index = 0;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            out.push('%');
            rest = behind;
            continue;
        }
        if index >= values.len() {
            return Failure::error("a clause has no argument");
        }
        let (precision, behind) = precision(rest)?;
        let mut letters = behind.chars();
        let Some(clause) = letters.next() else { return Failure::error("a clause does not end") };
        let start = out.len();
        write_clause(clause, precision, &values.get(index, budget)?, &mut out, budget)?;
        budget.spend_on_text(out.len() - start)?;
        rest = letters.as_str();
        index += 1;
    }
    out.push_str(rest);
    Ok(out)
}

/// Returns the precision, the digits after a point, and the rest.
fn precision(text: &str) -> Result<(usize, &str)> {
    let Some(digits) = text.strip_prefix('.') else { return Ok((DEFAULT_PRECISION, text)) };
    let end = digits.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(digits.len());
    match digits[..end].parse() {
        Ok(precision) if precision > MAX_PRECISION => Failure::unknown("a precision is too large"),
        Ok(precision) => Ok((precision, &digits[end..])),
        Err(_) => Failure::error("a precision is no number"),
    }
}

fn write_clause(clause: char, precision: usize, value: &Value<'_>, out: &mut String, budget: &Budget) -> Result<()> {
    let written = match (clause, value) {
        ('s', value) => return write_plain(value, out, budget),
        ('d', Value::Int(value)) => write!(out, "{value}"),
        ('d', Value::Uint(value)) => write!(out, "{value}"),
        ('f', value) => return write_fixed(double(value)?, precision, out),
        ('e', value) => return write_scientific(double(value)?, precision, out),
        ('b', Value::Int(value)) => write!(out, "{}{:b}", sign(*value), value.unsigned_abs()),
        ('b', Value::Uint(value)) => write!(out, "{value:b}"),
        ('b', Value::Bool(value)) => write!(out, "{}", u8::from(*value)),
        ('x', Value::Int(value)) => write!(out, "{}{:x}", sign(*value), value.unsigned_abs()),
        ('X', Value::Int(value)) => write!(out, "{}{:X}", sign(*value), value.unsigned_abs()),
        ('x', Value::Uint(value)) => write!(out, "{value:x}"),
        ('X', Value::Uint(value)) => write!(out, "{value:X}"),
        ('x', Value::String(text)) => text.bytes().try_for_each(|byte| write!(out, "{byte:02x}")),
        ('X', Value::String(text)) => text.bytes().try_for_each(|byte| write!(out, "{byte:02X}")),
        ('x', Value::Bytes(bytes)) => bytes.iter().try_for_each(|byte| write!(out, "{byte:02x}")),
        ('X', Value::Bytes(bytes)) => bytes.iter().try_for_each(|byte| write!(out, "{byte:02X}")),
        ('o', Value::Int(value)) => write!(out, "{}{:o}", sign(*value), value.unsigned_abs()),
        ('o', Value::Uint(value)) => write!(out, "{value:o}"),
        _ => return Failure::error("a clause does not fit its argument"),
    };
    written.expect("a string takes everything");
    Ok(())
}

fn sign(value: i64) -> &'static str {
    if value < 0 { "-" } else { "" }
}

/// Returns a double, also from the name of a value without digits, such as `NaN`.
fn double(value: &Value<'_>) -> Result<f64> {
    match value {
        Value::Double(value) => Ok(*value),
        Value::String(text) => match text.as_ref() {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            _ => Failure::error("a clause does not fit its argument"),
        },
        _ => Failure::error("a clause does not fit its argument"),
    }
}

/// Writes a number with commas between groups of three digits. NaN and infinities are written as in American English.
fn write_fixed(value: f64, precision: usize, out: &mut String) -> Result<()> {
    if !value.is_finite() {
        out.push_str(infinite(value));
        return Ok(());
    }
    let digits = format!("{:.precision$}", value.abs());
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    if value < 0.0 {
        out.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out.push_str(fraction);
    Ok(())
}

/// Writes a number in scientific notation, always with six digits after the point. The clause's precision is the
/// minimum width.
fn write_scientific(value: f64, width: usize, out: &mut String) -> Result<()> {
    let text = match value.is_finite() {
        true => {
            // Zero has no sign.
            let digits = format!("{:.DEFAULT_PRECISION$e}", if value == 0.0 { 0.0 } else { value });
            let (mantissa, exponent) = digits.split_once('e').expect("scientific notation has an exponent");
            let exponent = signed_exponent(exponent.parse().unwrap_or_default());
            format!("{mantissa}\u{d7}10{}", superscript(&exponent))
        }
        false => infinite(value).to_owned(),
    };
    write!(out, "{text:>width$}").expect("a string takes everything");
    Ok(())
}

fn infinite(value: f64) -> &'static str {
    match value {
        f64::INFINITY => "\u{221e}",
        f64::NEG_INFINITY => "-\u{221e}",
        _ => "NaN",
    }
}

fn superscript(exponent: &str) -> String {
    const DIGITS: [char; 10] = [
        '\u{2070}', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2074}', '\u{2075}', '\u{2076}', '\u{2077}', '\u{2078}',
        '\u{2079}',
    ];
    let raised = |letter: char| match letter.to_digit(10) {
        Some(digit) => Some(DIGITS[digit as usize]),
        // A plus sign is left out.
        None => (letter == '-').then_some('\u{207b}'),
    };
    exponent.chars().filter_map(raised).collect()
}

/// Writes a value for `%s`. Lists and maps can contain the same value many times, so content is paid for before it is
/// written.
fn write_plain(value: &Value<'_>, out: &mut String, budget: &Budget) -> Result<()> {
    budget.spend(1)?;
    value.pay_for_reading(budget)?;
    match value {
        Value::List(list) => write_list(list, out, budget),
        Value::Map(_) => write_map(value, out, budget),
        Value::Null => {
            out.push_str("null");
            Ok(())
        }
        Value::Type(name) => {
            out.push_str(name.0);
            Ok(())
        }
        Value::Int(_)
        | Value::Uint(_)
        | Value::Double(_)
        | Value::Bool(_)
        | Value::String(_)
        | Value::Bytes(_)
        | Value::Duration(_)
        | Value::Timestamp(_) => match super::functions::conversions::text_of(value)? {
            Some(text) => {
                out.push_str(&text);
                Ok(())
            }
            None => Failure::error("an argument has no text"),
        },
        _ => Failure::error("a clause does not fit its argument"),
    }
}

/// Writes a value within a list or map as a CEL literal.
fn write_literal(value: &Value<'_>, out: &mut String, budget: &Budget) -> Result<()> {
    budget.spend(1)?;
    value.pay_for_reading(budget)?;
    match value {
        Value::String(text) => out.push_str(&quoted(text)?),
        Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => write!(out, "b{}", quoted(text)?).expect("a string takes everything"),
            Err(_) => return Failure::error("bytes are no text"),
        },
        Value::Double(value) if value.is_finite() => write!(out, "{value:.6}").expect("a string takes everything"),
        Value::Double(value) => {
            let name = if value.is_nan() {
                "NaN"
            } else if *value > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            write!(out, "\"{name}\"").expect("a string takes everything");
        }
        Value::Duration(nanoseconds) => {
            write!(out, "duration(\"{}\")", duration::text(*nanoseconds)).expect("a string takes everything");
        }
        Value::Timestamp(time) => write!(out, "timestamp(\"{time}\")").expect("a string takes everything"),
        other => return write_plain(other, out, budget),
    }
    Ok(())
}

/// Quotes a text as `%q` of Go does. Fails on characters that Go may not consider printable.
fn quoted(text: &str) -> Result<String> {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            letter if (letter as u32) < 0x20 || letter == '\u{7f}' => {
                write!(out, "\\x{:02x}", letter as u32).expect("a string takes everything");
            }
            letter if letter.is_ascii() || letter.is_alphanumeric() => out.push(letter),
            // Whether Go can print any other character depends on its tables.
            _ => return Failure::unknown("a character may or may not be escaped"),
        }
    }
    out.push('"');
    Ok(out)
}

fn write_list(list: &List<'_>, out: &mut String, budget: &Budget) -> Result<()> {
    out.push('[');
    for (index, value) in list.iter(budget).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_literal(&value?, out, budget)?;
    }
    out.push(']');
    Ok(())
}

fn write_map(value: &Value<'_>, out: &mut String, budget: &Budget) -> Result<()> {
    let Value::Map(map) = value else { return Err(Failure::no_overload()) };
    let mut entries = Vec::new();
    for key in map.keys() {
        let mut entry = (String::new(), String::new());
        write_literal(&key, &mut entry.0, budget)?;
        write_literal(&map.index(&key, budget)?, &mut entry.1, budget)?;
        // The text is copied once more into the text of the map.
        budget.spend_on_text(entry.0.len() + entry.1.len())?;
        entries.push(entry);
    }
    if entries.len() < map.len() {
        return Failure::unknown("an object with undeclared fields is written");
    }
    entries.sort();
    let entries: Vec<String> = entries.into_iter().map(|(key, value)| format!("{key}:{value}")).collect();
    write!(out, "{{{}}}", entries.join(", ")).expect("a string takes everything");
    Ok(())
}
