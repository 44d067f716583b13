//! Quantities: decimal numbers with a suffix, as `resource.Quantity` of apimachinery. They are kept as integers.

use std::cmp::Ordering;

use super::failure::{Failure, Result};

/// Smallest power of ten of a quantity: smaller parts are rounded up.
const NANO: i32 = -9;
/// Maximum number of digits of the short form.
const SHORT_DIGITS: i32 = 18;

/// Number with a suffix such as `Gi` or `m`.
#[derive(Clone, Debug)]
pub(super) struct Quantity {
    value: i128,
    /// Power of ten by which the value is multiplied.
    scale: i32,
    form: Form,
}

/// Representation of a quantity in apimachinery. Only the short form can tell whether a quantity is an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Short,
    Long,
}

enum Suffix {
    /// Power of ten.
    Decimal(i32),
    /// Power of two.
    Binary(u32),
}

struct Parts<'t> {
    negative: bool,
    /// Integer part without leading zeros.
    whole: &'t str,
    fraction: &'t str,
    suffix: &'t str,
}

impl Quantity {
    pub(super) fn whole(value: i64) -> Self {
        Self { value: value.into(), scale: 0, form: Form::Short }
    }

    /// Parses a quantity such as `1.5Gi`, `100m` or `1e3`.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let parts = split(text)?;
        let suffix = suffix(parts.suffix)?;
        match short(&parts, &suffix) {
            Some(quantity) => Ok(quantity),
            None => long(&parts, &suffix),
        }
    }

    pub(super) fn sign(&self) -> i64 {
        self.value.signum() as i64
    }

    pub(super) fn as_integer(&self) -> Option<i64> {
        if self.form == Form::Long || self.scale < 0 {
            return None;
        }
        let factor = 10_i128.checked_pow(self.scale.unsigned_abs())?;
        self.value.checked_mul(factor)?.try_into().ok()
    }

    /// Converts to a double, by the same steps as apimachinery.
    pub(super) fn approximately(&self) -> f64 {
        let value = self.value as f64;
        match self.scale {
            0 => value,
            scale => value * 10_f64.powi(scale),
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Result<Ordering> {
        let (left, right, _) = self.aligned(other)?;
        Ok(left.cmp(&right))
    }

    pub(super) fn plus(&self, other: &Self) -> Result<Self> {
        let short = self.form == Form::Short && other.form == Form::Short;
        if short && other.value == 0 {
            return Ok(self.clone());
        }
        if short && self.value == 0 {
            return Ok(other.clone());
        }
        let (left, right, scale) = self.aligned(other)?;
        let Some(value) = left.checked_add(right) else { return too_large() };
        let fits = [left, right, value].iter().all(|value| i64::try_from(*value).is_ok());
        Ok(Self { value, scale, form: if short && fits { Form::Short } else { Form::Long } })
    }

    pub(super) fn negated(&self) -> Result<Self> {
        match self.value.checked_neg() {
            Some(value) => Ok(Self { value, ..*self }),
            None => too_large(),
        }
    }

    /// Returns both values at the smaller of the two scales.
    fn aligned(&self, other: &Self) -> Result<(i128, i128, i32)> {
        let scale = self.scale.min(other.scale);
        let at = |quantity: &Self| {
            let factor =
                quantity.scale.checked_sub(scale).and_then(|digits| 10_i128.checked_pow(digits.unsigned_abs()));
            if quantity.value == 0 { Some(0) } else { quantity.value.checked_mul(factor?) }
        };
        match (at(self), at(other)) {
            (Some(left), Some(right)) => Ok((left, right, scale)),
            _ => too_large(),
        }
    }
}

fn too_large<T>() -> Result<T> {
    Failure::unknown("a quantity is too large")
}

fn malformed<T>() -> Result<T> {
    Failure::error("a quantity is malformed")
}

fn split(text: &str) -> Result<Parts<'_>> {
    if text.is_empty() {
        return malformed();
    }
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = |text: &str| text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let rest = rest.trim_start_matches('0');
    let (whole, rest) = rest.split_at(digits(rest));
    let (fraction, suffix) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    let exponent = suffix.trim_start_matches(|letter| "eEinumkKMGTP".contains(letter));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if digits(exponent) < exponent.len() {
        return malformed();
    }
    Ok(Parts { negative, whole, fraction, suffix })
}

fn suffix(text: &str) -> Result<Suffix> {
    Ok(match text {
        "" => Suffix::Decimal(0),
        "n" => Suffix::Decimal(-9),
        "u" => Suffix::Decimal(-6),
        "m" => Suffix::Decimal(-3),
        "k" => Suffix::Decimal(3),
        "M" => Suffix::Decimal(6),
        "G" => Suffix::Decimal(9),
        "T" => Suffix::Decimal(12),
        "P" => Suffix::Decimal(15),
        "E" => Suffix::Decimal(18),
        "Ki" => Suffix::Binary(10),
        "Mi" => Suffix::Binary(20),
        "Gi" => Suffix::Binary(30),
        "Ti" => Suffix::Binary(40),
        "Pi" => Suffix::Binary(50),
        "Ei" => Suffix::Binary(60),
        _ => match text.strip_prefix(['e', 'E']).map(str::parse::<i64>) {
            Some(Ok(exponent)) => match i32::try_from(exponent) {
                Ok(exponent) => Suffix::Decimal(exponent),
                Err(_) => return too_large(),
            },
            _ => return malformed(),
        },
    })
}

/// Returns the short form, if the quantity has few enough digits.
fn short(parts: &Parts<'_>, suffix: &Suffix) -> Option<Quantity> {
    let digits = (parts.whole.len().max(1) + parts.fraction.len()) as i32;
    let (room, factor, scale) = match suffix {
        Suffix::Decimal(exponent) => (SHORT_DIGITS - digits, 1, *exponent),
        Suffix::Binary(exponent) if parts.fraction.is_empty() => {
            (15 - digits - *exponent as i32 * 3 / 10 - 1, 1_i64 << exponent, 0)
        }
        Suffix::Binary(_) => return None,
    };
    let scale = scale.checked_sub(parts.fraction.len() as i32)?;
    if room < 0 || scale < NANO {
        return None;
    }
    let value: i64 = format!("0{}{}", parts.whole, parts.fraction).parse().ok()?;
    let value = value.checked_mul(factor)?;
    Some(Quantity { value: if parts.negative { -value } else { value }.into(), scale, form: Form::Short })
}

/// Returns the long form, here limited to 128 bits. Parts below [`NANO`] are rounded away from zero.
fn long(parts: &Parts<'_>, suffix: &Suffix) -> Result<Quantity> {
    if parts.whole.is_empty() && parts.fraction.is_empty() && !matches!(suffix, Suffix::Decimal(_)) {
        return Ok(Quantity { value: 0, scale: 0, form: Form::Long });
    }
    let Ok(digits) = format!("0{}{}", parts.whole, parts.fraction).parse::<i128>() else { return too_large() };
    let scale = -(parts.fraction.len() as i32);
    let (value, scale) = match suffix {
        Suffix::Decimal(exponent) => (Some(digits), scale.checked_add(*exponent)),
        Suffix::Binary(exponent) => (digits.checked_mul(1 << exponent), Some(scale)),
    };
    let (Some(mut value), Some(mut scale)) = (value, scale) else { return too_large() };
    if scale < NANO {
        let excess = 10_i128.checked_pow((NANO - scale).unsigned_abs());
        // Any value above zero becomes at least one.
        value = excess.map_or(value.signum(), |excess| value / excess + (value % excess).signum());
        scale = NANO;
    }
    if matches!(suffix, Suffix::Binary(_)) {
        let most = i128::from(i64::MAX);
        let factor = 10_i128.pow(scale.unsigned_abs());
        if most.checked_mul(factor).is_some_and(|most| value > most) {
            (value, scale) = (most, 0);
        }
    }
    Ok(Quantity { value: if parts.negative { -value } else { value }, scale, form: Form::Long })
}
