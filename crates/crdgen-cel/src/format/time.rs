//! Formats of dates, times and durations, parsed as in Go.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// Returns whether a text is a calendar date such as `2006-01-02`.
pub(super) fn is_date(text: &str) -> bool {
    date(text).is_some()
}

fn date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let is_shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_shaped {
        return None;
    }
    Date::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?).ok()
}

/// Returns whether a text passes `IsDateTime` of kube-openapi: `T` and `Z` of any case, any character before a
/// fraction, any offset, no leap second, and any text after a second `T`.
pub(super) fn is_date_time(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut parts = text.split('t');
    match (parts.next(), parts.next()) {
        (Some(day), Some(time)) => is_date(day) && is_time(time),
        _ => false,
    }
}

fn is_time(text: &str) -> bool {
    let is_pair = |pair: &str, most: &str| pair.bytes().all(|byte| byte.is_ascii_digit()) && pair <= most;
    let Some((time, rest)) = text.split_at_checked(8) else { return false };
    let parts: Vec<&str> = time.split(':').collect();
    let is_clock = match parts[..] {
        [hour, minute, second] => {
            parts.iter().all(|part| part.len() == 2)
                && is_pair(hour, "23")
                && is_pair(minute, "59")
                && is_pair(second, "59")
        }
        _ => false,
    };
    is_clock && (is_zone(rest) || without_fraction(rest).is_some_and(is_zone))
}

/// Returns the text after `(.[0-9]+)`.
fn without_fraction(text: &str) -> Option<&str> {
    let mut letters = text.chars();
    letters.next().filter(|separator| *separator != '\n')?;
    let fraction = letters.as_str();
    let rest = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
    (rest.len() < fraction.len()).then_some(rest)
}

/// Returns whether a text matches `z|[+-][0-9]{2}:[0-9]{2}`.
fn is_zone(text: &str) -> bool {
    match text.as_bytes() {
        [b'z'] => true,
        [b'+' | b'-', hours @ .., b':', m1, m2] => {
            hours.len() == 2 && hours.iter().chain([m1, m2]).all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Returns whether a text passes `ParseDuration` of kube-openapi: a duration of Go, or at least one number with a unit
/// anywhere in the text.
pub(super) fn is_duration(text: &str) -> bool {
    is_go_duration(text) || holds_duration(text)
}

/// Returns whether a text passes `time.ParseDuration`: `-1h2.5m`, or zero without a unit.
fn is_go_duration(text: &str) -> bool {
    const MAX: f64 = 9_223_372_036_854_775_808.0;
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = |text: &str| text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let whole = digits(rest);
        let fraction = rest[whole..].strip_prefix('.').map(digits);
        if whole + fraction.unwrap_or_default() == 0 {
            return false;
        }
        let length = whole + fraction.map_or(0, |fraction| 1 + fraction);
        let number: f64 = format!("0{}", &rest[..length]).parse().unwrap_or(f64::INFINITY);
        rest = &rest[length..];
        let unit = rest.find(|letter: char| letter == '.' || letter.is_ascii_digit()).unwrap_or(rest.len());
        let nanoseconds = match &rest[..unit] {
            "ns" => 1.0,
            "us" | "µs" | "μs" => 1e3,
            "ms" => 1e6,
            "s" => 1e9,
            "m" => 60e9,
            "h" => 3600e9,
            _ => return false,
        };
        total += number * nanoseconds;
        rest = &rest[unit..];
    }
    !text.is_empty() && !text.ends_with(['-', '+']) && total < MAX
}

/// Returns whether a text contains `(\d+)\s*([A-Za-zµ]+)` with a known unit. Every number with a unit must be within
/// int64.
fn holds_duration(text: &str) -> bool {
    let mut rest = text;
    let mut is_found = false;
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        rest = &rest[start..];
        let behind = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let digits = &rest[..rest.len() - behind.len()];
        let word = behind.trim_start_matches(['\t', '\n', '\x0C', '\r', ' ']);
        rest = word.trim_start_matches(|letter: char| letter.is_ascii_alphabetic() || letter == 'µ');
        let unit = &word[..word.len() - rest.len()];
        if unit.is_empty() {
            rest = behind;
        } else if digits.parse::<i64>().is_err() {
            return false;
        } else {
            is_found |= is_unit(&unit.to_lowercase());
        }
    }
    is_found
}

/// Returns whether a text is a unit. Long units may have any ending.
fn is_unit(unit: &str) -> bool {
    const SHORT: [&str; 10] = ["ns", "us", "µs", "ms", "s", "m", "h", "hr", "d", "w"];
    const LONG: [&str; 8] = ["nano", "micro", "milli", "sec", "min", "hour", "day", "week"];
    unit == "wk" || SHORT.contains(&unit) || LONG.iter().any(|long| unit.starts_with(long))
}

/// Converts a timestamp of metadata (`time.RFC3339` of Go) to its stored form: in UTC, without a fraction. Returns
/// `None` for any other text.
pub fn rfc3339_in_utc(text: &str) -> Option<String> {
    let (day, time) = text.split_once('T')?;
    let clock = time.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ':');
    let clock = &time[..time.len() - clock.len()];
    let rest = &time[clock.len()..];
    let zone = rest.strip_prefix(['.', ',']).map_or(Some(rest), |fraction| {
        let rest = fraction.trim_start_matches(|letter: char| letter.is_ascii_digit());
        (rest.len() < fraction.len()).then_some(rest)
    })?;
    let mut parts = clock.split(':');
    // Go accepts an hour of one digit.
    let mut part = |lengths: std::ops::RangeInclusive<usize>| -> Option<i8> {
        let text = parts.next()?;
        lengths.contains(&text.len()).then(|| text.parse().ok()).flatten()
    };
    let (hour, minute, second) = (part(1..=2)?, part(2..=2)?, part(2..=2)?);
    if parts.next().is_some() {
        return None;
    }
    let local: DateTime = date(day)?.to_datetime(jiff::civil::Time::new(hour, minute, second, 0).ok()?);
    let utc = offset(zone)?.to_timestamp(local).ok()?;
    Some(Offset::UTC.to_datetime(utc).strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn offset(zone: &str) -> Option<Offset> {
    if zone == "Z" {
        return Some(Offset::UTC);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone[1..].split_once(':')?;
    let number = |text: &str, most: i32| {
        let is_pair = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        is_pair.then(|| text.parse().ok()).flatten().filter(|number: &i32| *number <= most)
    };
    Offset::from_seconds(sign * (number(hours, 24)? * 3600 + number(minutes, 60)? * 60)).ok()
}
