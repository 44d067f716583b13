//! Conversion of doubles from and to text, as in Go's `strconv`.

use super::failure::{Failure, Result};

/// Parses a double as `strconv.ParseFloat` does.
pub(super) fn double_of(text: &str) -> Result<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.starts_with("0x") || digits.starts_with("0X") {
        return Failure::unknown("hexadecimal doubles are not read");
    }
    if digits.contains('_') {
        return Failure::unknown("underscores within doubles are not read");
    }
    let word = digits.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_nan_with_sign = digits.len() < text.len() && digits.eq_ignore_ascii_case("nan");
    match text.parse::<f64>() {
        // A number that is too large is an error; a spelled-out infinity is not.
        Ok(value) if (value.is_finite() || word) && !is_nan_with_sign => Ok(value),
        _ => Failure::error("type conversion error"),
    }
}

/// Formats a double as `fmt.Sprintf("%g", value)` does.
pub(super) fn text_of_double(value: f64) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf".into() } else { "-Inf".into() };
    }
    let scientific = format!("{value:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if value != 0.0 && !(-4..6).contains(&exponent) {
        return format!("{mantissa}e{}", signed_exponent(exponent));
    }
    value.to_string()
}

/// Formats an exponent as Go does: with its sign and at least two digits.
pub(super) fn signed_exponent(exponent: i32) -> String {
    format!("{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}
