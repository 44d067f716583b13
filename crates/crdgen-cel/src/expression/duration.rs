//! Durations in nanoseconds, parsed as by Go's `time` package and by Kubernetes' `duration` format.

const NANOSECOND: i64 = 1;
const SECOND: i64 = 1_000_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Parses a duration as `time.ParseDuration` does: `-1h30m`, `1.5s`, `0`.
pub(super) fn parse(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    if rest.is_empty() {
        return None;
    }
    // `1 << 63` is allowed: it is the magnitude of the smallest duration.
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let part;
        (part, rest) = parse_part(rest)?;
        total = total.checked_add(part).filter(|total| *total <= 1 << 63)?;
    }
    if negative { 0_i64.checked_sub_unsigned(total) } else { i64::try_from(total).ok() }
}

/// Parses a number with its unit, and returns the rest.
fn parse_part(text: &str) -> Option<(u64, &str)> {
    let digits = |text: &str| text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (whole, rest) = text.split_at(digits(text));
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(digits(rest)),
        None => ("", rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let (unit, rest) =
        rest.split_at(rest.find(|letter: char| letter == '.' || letter.is_ascii_digit()).unwrap_or(rest.len()));
    let unit = match unit {
        "ns" => NANOSECOND,
        "us" | "\u{b5}s" | "\u{3bc}s" => 1000,
        "ms" => 1_000_000,
        "s" => SECOND,
        "m" => MINUTE,
        "h" => HOUR,
        _ => return None,
    } as u64;
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok().filter(|value| *value <= 1 << 63)? };
    let value = whole.checked_mul(unit).filter(|value| *value <= 1 << 63)?;
    let (fraction, scale) = fraction_of(fraction);
    let value = value + (fraction * (unit as f64 / scale)) as u64;
    Some((value, rest)).filter(|(value, _)| *value <= 1 << 63)
}

/// Returns the digits after a point as a number, and its divisor. Digits beyond 63 bits are ignored.
fn fraction_of(digits: &str) -> (f64, f64) {
    let mut value: u64 = 0;
    let mut scale = 1.0;
    for digit in digits.bytes() {
        let Some(next) = value.checked_mul(10).and_then(|value| value.checked_add(u64::from(digit - b'0'))) else {
            break;
        };
        if next > 1 << 63 {
            break;
        }
        value = next;
        scale *= 10.0;
    }
    (value as f64, scale)
}

/// Parses text of the format `duration`: a duration of Go, or else the sum of all numbers that are followed by a unit.
pub(super) fn parse_lenient(text: &str) -> Option<i64> {
    if let Some(duration) = parse(text) {
        return Some(duration);
    }
    let mut total: i64 = 0;
    let mut found = false;
    let mut rest = text;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        rest = &rest[start..];
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(end);
        let behind = behind.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
        let length = behind.find(|letter: char| !letter.is_ascii_alphabetic() && letter != '\u{b5}');
        let (unit, behind) = behind.split_at(length.unwrap_or(behind.len()));
        rest = behind;
        if unit.is_empty() {
            continue;
        }
        let number: i64 = number.parse().ok()?;
        for multiplier in units(&unit.to_lowercase()) {
            found = true;
            total = total.wrapping_add(number.wrapping_mul(multiplier));
        }
    }
    found.then_some(total)
}

/// Returns every unit that a word names. A row has the exact names, a prefix of further names, and the nanoseconds.
fn units(word: &str) -> impl Iterator<Item = i64> {
    const UNITS: [(&[&str], &str, i64); 8] = [
        (&["ns"], "nano", NANOSECOND),
        (&["us", "\u{b5}s"], "micro", 1000),
        (&["ms"], "milli", 1_000_000),
        (&["s"], "sec", SECOND),
        (&["m"], "min", MINUTE),
        (&["h", "hr"], "hour", HOUR),
        (&["d"], "day", DAY),
        (&["w", "wk"], "week", 7 * DAY),
    ];
    UNITS.into_iter().filter(move |(exact, start, _)| exact.contains(&word) || word.starts_with(start)).map(|row| row.2)
}

/// Formats a duration as `string(duration)` does: in seconds, with as many digits as needed.
pub(super) fn text(nanoseconds: i64) -> String {
    format!("{}s", seconds(nanoseconds))
}

/// Returns the duration in seconds, as Go's `Duration.Seconds()` does.
pub(super) fn seconds(nanoseconds: i64) -> f64 {
    (nanoseconds / SECOND) as f64 + (nanoseconds % SECOND) as f64 / 1e9
}
