//! Functions that return parts of timestamps and durations.

use super::declaration::Declaration;
use crate::expression::budget::Budget;
use crate::expression::failure::{Failure, Result};
use crate::expression::timestamp::{Civil, offset_of};
use crate::expression::value::Value;

/// Declares each function twice: of a timestamp alone, and with a time zone.
macro_rules! parts {
    ($($name:literal => $run:ident,)*) => {
        pub(super) const FUNCTIONS: &[Declaration] =
            &[$(Declaration::member($name, 1, $run), Declaration::member($name, 2, $run),)*];
    };
}

parts! {
    "getFullYear" => year,
    "getMonth" => month,
    "getDayOfYear" => day_of_year,
    "getDate" => date,
    "getDayOfMonth" => day_of_month,
    "getDayOfWeek" => day_of_week,
    "getHours" => hours,
    "getMinutes" => minutes,
    "getSeconds" => seconds,
    "getMilliseconds" => milliseconds,
}

fn year<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| time.year, None)
}

fn month<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| (time.month - 1).into(), None)
}

fn day_of_year<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| time.day_of_year.into(), None)
}

fn date<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| time.day.into(), None)
}

fn day_of_month<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| (time.day - 1).into(), None)
}

fn day_of_week<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| time.day_of_week.into(), None)
}

fn hours<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| time.hour.into(), Some(3_600_000_000_000))
}

fn minutes<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| time.minute.into(), Some(60_000_000_000))
}

fn seconds<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| time.second.into(), Some(1_000_000_000))
}

fn milliseconds<'a>(arguments: &[Value<'a>], _: &Budget) -> Result<Value<'a>> {
    part(arguments, |time| (time.nanosecond / 1_000_000).into(), Some(1_000_000))
}

/// Returns a part of a timestamp, or a duration in units of `unit` nanoseconds.
fn part<'a>(arguments: &[Value<'a>], of: fn(Civil) -> i64, unit: Option<i64>) -> Result<Value<'a>> {
    let value = match (arguments, unit) {
        ([Value::Timestamp(time)], _) => of(time.civil(0)),
        ([Value::Timestamp(time), Value::String(zone)], _) => of(time.civil(offset_of(zone)?)),
        ([Value::Duration(nanoseconds)], Some(unit)) => nanoseconds / unit,
        _ => return Err(Failure::no_overload()),
    };
    Ok(Value::Int(value))
}
