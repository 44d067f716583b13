//! Resolution of YAML scalars as in kubectl: YAML 1.1 as go-yaml v2 reads it, followed by a conversion to JSON.
//!
//! The rules are those of `resolve` in go-yaml v2 and of `convertToJSONableObject` in sigs.k8s.io/yaml. Odd rules are
//! kept (`0b-11` is -3, `1e400` is a string), since code must be generated from the CRD that kubectl applies.

use std::borrow::Cow;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use crate::Value;

/// Prefix of YAML's own tags.
const YAML: &str = "tag:yaml.org,2002:";

/// Resolved scalar, before its conversion to a value or a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    Int(i64),
    /// Integer beyond int64 and within uint64.
    Unsigned(u64),
    Float(f64),
    String(Cow<'t, str>),
}

/// Style in which a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Plain, without quotes.
    Plain,
    /// In quotes, or a block after `|` or `>`.
    Text,
}

/// Returns whether a scalar is the merge key `<<`, plain or tagged as a merge. In go-yaml the tag `!` means plain here.
pub(super) fn is_merge(text: &str, style: Style, tag: Option<&str>) -> bool {
    text == "<<"
        && match tag {
            None => style == Style::Plain,
            Some("!") => true,
            Some(tag) => tag.strip_prefix(YAML) == Some("merge"),
        }
}

/// Resolves a scalar with its tag.
pub(super) fn resolve<'t>(text: Cow<'t, str>, style: Style, tag: Option<&str>) -> Result<Scalar<'t>, String> {
    let Some(tag) = tag else {
        return Ok(match style {
            Style::Plain => resolve_plain(&text).unwrap_or(Scalar::String(text)),
            Style::Text => Scalar::String(text),
        });
    };
    let resolved = || resolve_plain(&text);
    match tag.strip_prefix(YAML) {
        Some("null") => resolved().filter(|found| *found == Scalar::Null),
        Some("bool") => resolved().filter(|found| matches!(found, Scalar::Bool(_))),
        Some("int") => resolved().filter(|found| matches!(found, Scalar::Int(_) | Scalar::Unsigned(_))),
        Some("float") => resolved().and_then(|found| match found {
            Scalar::Int(value) => Some(Scalar::Float(value as f64)),
            Scalar::Float(_) => Some(found),
            _ => None,
        }),
        Some("binary") => return decode(&text),
        _ => return Ok(Scalar::String(text)),
    }
    .ok_or_else(|| format!("cannot read `{text}` as !!{}", &tag[YAML.len()..]))
}

impl Scalar<'_> {
    /// Converts to the value in kubectl's JSON. Whole numbers lose their fraction: `1.0` and `1e3` become integers.
    pub(super) fn into_value(self) -> Result<Value, String> {
        Ok(match self {
            Scalar::Null => Value::Null,
            Scalar::Bool(value) => Value::Bool(value),
            Scalar::Int(value) => Value::Int(value),
            Scalar::Unsigned(value) => Value::Float(value as f64),
            Scalar::Float(value) if !value.is_finite() => {
                return Err(format!("{} cannot be written as JSON", spell(value)));
            }
            Scalar::Float(value) => match format!("{value}").parse() {
                Ok(whole) if value.abs() < 1e21 => Value::Int(whole),
                _ => Value::Float(value),
            },
            Scalar::String(text) => Value::String(text.into_owned()),
        })
    }

    /// Converts to the key in kubectl's JSON.
    pub(super) fn into_key(self) -> Result<String, String> {
        Ok(match self {
            Scalar::String(text) => text.into_owned(),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Int(value) => value.to_string(),
            Scalar::Float(value) => spell(value),
            Scalar::Null => return Err("null cannot be a key".into()),
            Scalar::Unsigned(value) => return Err(format!("{value} cannot be a key")),
        })
    }
}

/// Resolves a plain scalar. Returns `None` for a string.
fn resolve_plain(text: &str) -> Option<Scalar<'static>> {
    match text.as_bytes().first() {
        None => Some(Scalar::Null),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => word(text),
        Some(b'.') => special_float(text).or_else(|| dot_float(text)),
        Some(b'+' | b'-' | b'0'..=b'9') => special_float(text).or_else(|| number(text)),
        _ => None,
    }
}

fn word(text: &str) -> Option<Scalar<'static>> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Some(Scalar::Bool(true)),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Scalar::Bool(false))
        }
        "~" | "null" | "Null" | "NULL" => Some(Scalar::Null),
        _ => None,
    }
}

fn special_float(text: &str) -> Option<Scalar<'static>> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Scalar::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(Scalar::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Scalar::Float(f64::NEG_INFINITY)),
        _ => None,
    }
}

fn number(text: &str) -> Option<Scalar<'static>> {
    let plain: Cow<'_, str> = if text.contains('_') { text.replace('_', "").into() } else { text.into() };
    let plain = plain.as_ref();
    integer(plain).or_else(|| float(plain).map(Scalar::Float)).or_else(|| {
        // In its second attempt at binary numbers, go-yaml accepts a sign after the prefix.
        let digits = plain.strip_prefix("0b")?;
        i64::from_str_radix(digits, 2).ok().map(Scalar::Int)
    })
}

/// Parses an integer as Go's `ParseInt` and `ParseUint` with base 0.
fn integer(text: &str) -> Option<Scalar<'static>> {
    let (sign, magnitude) = match text.as_bytes()[0] {
        sign @ (b'+' | b'-') => (Some(sign), &text[1..]),
        _ => (None, text),
    };
    let (radix, digits) = match magnitude.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &magnitude[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &magnitude[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &magnitude[2..]),
        [b'0', _, ..] => (8, &magnitude[1..]),
        _ => (10, magnitude),
    };
    // `from_str_radix` would accept a second sign.
    if !digits.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(digits, radix).ok()?;
    match sign {
        Some(b'-') => 0i64.checked_sub_unsigned(value).map(Scalar::Int),
        sign => match i64::try_from(value) {
            Ok(value) => Some(Scalar::Int(value)),
            Err(_) => sign.is_none().then_some(Scalar::Unsigned(value)),
        },
    }
}

/// Parses a float that starts with a dot, as Go's `ParseFloat`, which accepts underscores between digits.
fn dot_float(text: &str) -> Option<Scalar<'static>> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let apart = (0..bytes.len()).filter(|at| bytes[*at] == b'_').all(|at| at > 0 && digit(at - 1) && digit(at + 1));
    let plain = text.replace('_', "");
    apart.then(|| float(&plain)).flatten().map(Scalar::Float)
}

/// Parses `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?` within the range of float64.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mantissa_is_right = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction) && mantissa.len() > 1,
        None => digits(mantissa) && !mantissa.is_empty(),
    };
    let exponent_is_right = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        digits(exponent) && !exponent.is_empty()
    });
    if !(mantissa_is_right && exponent_is_right) {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// Formats a key as Go's `FormatFloat(value, 'g', -1, 32)`.
fn spell(value: f64) -> String {
    let value = value as f32;
    if value.is_nan() {
        return ".nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { ".inf" } else { "-.inf" }.into();
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("`e` formatting writes an exponent");
    match exponent.parse::<i32>().expect("`e` formatting writes a whole exponent") {
        -4..6 => format!("{value}"),
        power if power < 0 => format!("{mantissa}e-{:02}", -power),
        power => format!("{mantissa}e+{power:02}"),
    }
}

/// Decodes `!!binary`: base64 with line breaks. JSON has no bytes, so the result becomes text.
fn decode(text: &str) -> Result<Scalar<'static>, String> {
    let dense: String = text.chars().filter(|letter| !matches!(letter, '\n' | '\r')).collect();
    let bytes = BASE64_STANDARD.decode(dense).map_err(|_| "the !!binary value is not base64".to_string())?;
    Ok(Scalar::String(String::from_utf8_lossy(&bytes).into_owned().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Scalar<'_> {
        resolve(text.into(), Style::Plain, None).expect("untagged scalars always resolve")
    }

    #[test]
    fn plain_words_are_booleans_nulls_or_strings() {
        for text in ["y", "Yes", "ON", "true", "True"] {
            assert_eq!(plain(text), Scalar::Bool(true), "{text}");
        }
        for text in ["n", "No", "OFF", "false", "FALSE"] {
            assert_eq!(plain(text), Scalar::Bool(false), "{text}");
        }
        for text in ["", "~", "null", "NULL"] {
            assert_eq!(plain(text), Scalar::Null, "{text}");
        }
        for text in ["yES", "tRUE", "oN", "nULL", "=", "nan", "inf", "2024-01-02", "12:30:45", "1.2.3", "-", "+", "."] {
            assert_eq!(plain(text), Scalar::String(text.into()), "{text}");
        }
    }

    #[test]
    fn integers_follow_go_with_base_zero() {
        let table = [
            ("0", 0),
            ("+12", 12),
            ("-12", -12),
            ("0644", 0o644),
            ("-010", -8),
            ("0o17", 15),
            ("0x1F", 31),
            ("0b11", 3),
            ("0b-11", -3),
            ("1_000", 1000),
            ("1_", 1),
            ("-9223372036854775808", i64::MIN),
        ];
        for (text, value) in table {
            assert_eq!(plain(text), Scalar::Int(value), "{text}");
        }
        assert_eq!(plain("18446744073709551615"), Scalar::Unsigned(u64::MAX));
        assert_eq!(plain("18446744073709551616"), Scalar::Float(18446744073709551616.0));
        assert_eq!(plain("08"), Scalar::Float(8.0), "not octal, but a float");
        for text in ["0x", "0xg", "--1", "0x-1", "0b2", "1x", "0o8"] {
            assert_eq!(plain(text), Scalar::String(text.into()), "{text}");
        }
    }

    #[test]
    fn floats_follow_go() {
        for (text, value) in [("1.5", 1.5), ("1.", 1.0), (".5", 0.5), ("1e3", 1e3), ("-1.5E-3", -1.5e-3), (".1_0", 0.1)]
        {
            assert_eq!(plain(text), Scalar::Float(value), "{text}");
        }
        for text in ["1e400", ".e3", "1e", "1.5.", "._1", "1p3"] {
            assert_eq!(plain(text), Scalar::String(text.into()), "{text}");
        }
        assert_eq!(plain("1e3").into_value(), Ok(Value::Int(1000)), "Go's JSON writes 1000");
        assert_eq!(plain("1e21").into_value(), Ok(Value::Float(1e21)));
        assert!(plain(".inf").into_value().is_err());
    }

    #[test]
    fn keys_are_spelled_as_kubectl_spells_them() {
        let table =
            [("on", "true"), ("010", "8"), ("1.50", "1.5"), ("1e6", "1e+06"), (".inf", ".inf"), ("1e-5", "1e-05")];
        for (text, key) in table {
            assert_eq!(plain(text).into_key().as_deref(), Ok(key), "{text}");
        }
        assert!(plain("~").into_key().is_err());
    }

    #[test]
    fn tags_decide() {
        let tagged = |text: &'static str, tag: &str| resolve(text.into(), Style::Text, Some(&format!("{YAML}{tag}")));
        assert_eq!(tagged("5", "int"), Ok(Scalar::Int(5)));
        assert_eq!(tagged("5", "float"), Ok(Scalar::Float(5.0)));
        assert_eq!(tagged("yes", "bool"), Ok(Scalar::Bool(true)));
        assert_eq!(tagged("yes", "str"), Ok(Scalar::String("yes".into())));
        assert_eq!(tagged("aGk=\n", "binary"), Ok(Scalar::String("hi".into())));
        assert_eq!(tagged("1.5", "int"), Err("cannot read `1.5` as !!int".into()));
    }
}
