//! Timestamps with the offset that they were written with, in the years 1 to 9999.

use std::fmt;

use super::failure::{Failure, Result};

const SECONDS_A_DAY: i64 = 86_400;
const NANOSECONDS: i64 = 1_000_000_000;
/// Seconds of `0001-01-01T00:00:00Z`.
const FIRST: i64 = -62_135_596_800;
/// Seconds of `9999-12-31T23:59:59Z`.
const LAST: i64 = 253_402_300_799;

/// Point in time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timestamp {
    /// Seconds since 1970.
    seconds: i64,
    nanoseconds: u32,
    /// Offset from UTC in seconds, positive to the east.
    offset: i32,
}

/// Date and time of day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Civil {
    pub(super) year: i64,
    /// Month, 1 to 12.
    pub(super) month: u32,
    /// Day of the month, 1 to 31.
    pub(super) day: u32,
    /// Days since January 1st.
    pub(super) day_of_year: u32,
    /// Days since Sunday.
    pub(super) day_of_week: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) nanosecond: u32,
}

impl Timestamp {
    /// Returns the timestamp of a number of seconds since 1970, in UTC.
    pub(super) fn at(seconds: i64) -> Option<Self> {
        Self { seconds, nanoseconds: 0, offset: 0 }.in_range()
    }

    fn in_range(self) -> Option<Self> {
        (FIRST..=LAST).contains(&self.seconds).then_some(self)
    }

    pub(super) fn seconds(&self) -> i64 {
        self.seconds
    }

    /// Returns the key by which timestamps are ordered.
    pub(super) fn instant(&self) -> (i64, u32) {
        (self.seconds, self.nanoseconds)
    }

    pub(super) fn is_year_one(&self) -> bool {
        self.instant() == (FIRST, 0)
    }

    /// Parses the text of `timestamp("2024-01-31T10:00:00.5+01:00")`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        Reader(text.as_bytes()).date_time(Zone::Needed)?.in_range()
    }

    /// Parses text of the format `date-time`.
    pub(super) fn parse_lenient(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self { seconds: 0, nanoseconds: 0, offset: 0 });
        }
        Reader(text.as_bytes()).date_time(Zone::Needed).or_else(|| Reader(text.as_bytes()).date_time(Zone::Absent))
    }

    /// Parses text of the format `date`.
    pub(super) fn parse_date(text: &str) -> Option<Self> {
        let mut reader = Reader(text.as_bytes());
        let days = reader.date()?;
        reader.0.is_empty().then_some(Self { seconds: days * SECONDS_A_DAY, nanoseconds: 0, offset: 0 })
    }

    /// Adds nanoseconds.
    pub(super) fn plus(&self, nanoseconds: i64) -> Option<Self> {
        let sum = i64::from(self.nanoseconds) + nanoseconds % NANOSECONDS;
        let seconds = self.seconds.checked_add(nanoseconds / NANOSECONDS)?.checked_add(sum.div_euclid(NANOSECONDS))?;
        Self { seconds, nanoseconds: sum.rem_euclid(NANOSECONDS) as u32, ..*self }.in_range()
    }

    /// Returns the nanoseconds since an earlier timestamp.
    pub(super) fn since(&self, earlier: &Self) -> Option<i64> {
        let nanoseconds = i64::from(self.nanoseconds) - i64::from(earlier.nanoseconds);
        (self.seconds - earlier.seconds).checked_mul(NANOSECONDS)?.checked_add(nanoseconds)
    }

    /// Returns the date and time of day at an offset from UTC in seconds.
    pub(super) fn civil(&self, offset: i64) -> Civil {
        let local = self.seconds + offset;
        let (days, second) = (local.div_euclid(SECONDS_A_DAY), local.rem_euclid(SECONDS_A_DAY) as u32);
        let (year, month, day) = date_of(days);
        Civil {
            year,
            month,
            day,
            day_of_year: (days - days_until(year, 1, 1)) as u32,
            // 1970 began on a Thursday.
            day_of_week: (days + 4).rem_euclid(7) as u32,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            nanosecond: self.nanoseconds,
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, hour, minute, second, nanosecond, .. } = self.civil(self.offset.into());
        write!(out, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if nanosecond != 0 {
            write!(out, ".{}", format!("{nanosecond:09}").trim_end_matches('0'))?;
        }
        match self.offset {
            0 => write!(out, "Z"),
            offset => {
                let sign = if offset < 0 { '-' } else { '+' };
                write!(out, "{sign}{:02}:{:02}", offset.abs() / 3600, offset.abs() / 60 % 60)
            }
        }
    }
}

/// Returns the seconds of an offset such as `+02:00`. Zones by name are unknown, since they need a database.
pub(super) fn offset_of(zone: &str) -> Result<i64> {
    let Some((hours, minutes)) = zone.split_once(':') else {
        return match zone {
            "" | "UTC" => Ok(0),
            _ => Failure::unknown("time zones are not known by name"),
        };
    };
    let (Ok(hours), Ok(minutes)) = (hours.parse::<i32>(), minutes.parse::<i32>()) else {
        return Failure::error("a time zone is neither a name nor an offset");
    };
    let minutes = if zone.starts_with('-') { -minutes } else { minutes };
    Ok(i64::from(hours) * 3600 + i64::from(minutes) * 60)
}

/// Returns the days from 1970-01-01 to a date. Today's calendar is used for all years.
fn days_until(year: i64, month: u32, day: u32) -> i64 {
    // Years that start in March have their leap day at the end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = i64::from((153 * month + 2) / 5 + day - 1);
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn date_of(days: i64) -> (i64, u32, u32) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = (day_of_year - (153 * month + 2) / 5 + 1) as u32;
    let month = if month < 10 { month + 3 } else { month - 9 } as u32;
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Zone {
    Needed,
    Absent,
}

/// Reader of the syntax that Go's `time.Parse` accepts.
struct Reader<'t>(&'t [u8]);

impl Reader<'_> {
    fn date_time(&mut self, zone: Zone) -> Option<Timestamp> {
        let days = self.date()?;
        self.sign(b'T')?;
        // Go accepts a single digit for hours, but not for minutes and seconds.
        let hour = if self.0.get(1).is_some_and(u8::is_ascii_digit) { self.digits(2) } else { self.digits(1) }?;
        self.sign(b':')?;
        let minute = self.digits(2)?;
        self.sign(b':')?;
        let second = self.digits(2)?;
        let nanoseconds = self.fraction();
        let offset = if zone == Zone::Needed { self.offset()? } else { 0 };
        let fits = hour < 24 && minute < 60 && second < 60 && self.0.is_empty();
        let seconds = days * SECONDS_A_DAY + i64::from(hour * 3600 + minute * 60 + second) - i64::from(offset);
        fits.then_some(Timestamp { seconds, nanoseconds, offset })
    }

    /// Reads a date and returns the days since 1970.
    fn date(&mut self) -> Option<i64> {
        let year = self.digits(4)?.into();
        self.sign(b'-')?;
        let month = self.digits(2).filter(|month| (1..=12).contains(month))?;
        self.sign(b'-')?;
        let day = self.digits(2)?;
        let days = days_until(year, month, day);
        (date_of(days) == (year, month, day)).then_some(days)
    }

    fn offset(&mut self) -> Option<i32> {
        let sign = match self.0.split_first()? {
            (b'Z', rest) => {
                self.0 = rest;
                return Some(0);
            }
            (b'+', rest) => (1, rest),
            (b'-', rest) => (-1, rest),
            _ => return None,
        };
        self.0 = sign.1;
        let hours = self.digits(2).filter(|hours| *hours <= 24)?;
        self.sign(b':')?;
        let minutes = self.digits(2).filter(|minutes| *minutes <= 60)?;
        Some(sign.0 * (hours * 3600 + minutes * 60) as i32)
    }

    /// Reads a fraction and returns nanoseconds. Digits after the ninth are ignored.
    fn fraction(&mut self) -> u32 {
        let [b'.' | b',', rest @ ..] = self.0 else { return 0 };
        let length = rest.iter().take_while(|digit| digit.is_ascii_digit()).count();
        if length == 0 {
            return 0;
        }
        let digits = rest[..length].iter().chain(std::iter::repeat(&b'0')).take(9);
        self.0 = &rest[length..];
        digits.fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    }

    fn sign(&mut self, sign: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[sign])?;
        Some(())
    }

    fn digits(&mut self, length: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(length)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        Some(digits.iter().fold(0, |value, digit| value * 10 + u32::from(digit - b'0')))
    }
}
