//! Checks of the `format` of strings.
//!
//! Follows `pkg/apiserver/validation/formats.go` of apiextensions-apiserver 1.36 and the `strfmt` package of
//! kube-openapi. Each check accepts exactly what the server's check accepts, including its oddities: objects that the
//! server stored must pass.

mod address;
mod checksum;
mod email;
mod time;
mod uri;

use crate::name;

pub use time::rfc3339_in_utc;

/// Function that returns whether a text has the format.
pub type Check = fn(&str) -> bool;

/// Returns the check of a format, or `None` for a format that the server ignores. Dashes in the name do not count.
///
/// # Examples
///
/// ```
/// use crdgen_cel::format::check;
///
/// let is_time = check("date-time").unwrap();
/// assert!(is_time("2024-02-29T12:00:00Z") && !is_time("2024-02-30T12:00:00Z"));
/// assert!(check("colour").is_none());
/// ```
pub fn check(name: &str) -> Option<Check> {
    let check: Check = match name.replace('-', "").as_str() {
        "bsonobjectid" => |text| text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "uri" => uri::is_request_uri,
        "email" => email::is_email,
        "hostname" => address::is_hostname,
        "ipv4" => address::is_ipv4,
        "ipv6" => address::is_ipv6,
        "cidr" => address::is_cidr,
        "mac" => address::is_mac,
        "uuid" => |text| is_uuid(text, None, false),
        "uuid3" => |text| is_uuid(text, Some(b'3'), false),
        "uuid4" => |text| is_uuid(text, Some(b'4'), true),
        "uuid5" => |text| is_uuid(text, Some(b'5'), true),
        "isbn" => |text| checksum::is_isbn10(text) || checksum::is_isbn13(text),
        "isbn10" => checksum::is_isbn10,
        "isbn13" => checksum::is_isbn13,
        "creditcard" => checksum::is_credit_card,
        "ssn" => is_ssn,
        "hexcolor" => is_hex_colour,
        "rgbcolor" => is_rgb_colour,
        "byte" => is_base64,
        "password" => |_| true,
        "date" => time::is_date,
        "duration" => time::is_duration,
        "datetime" => time::is_date_time,
        "k8sshortname" => name::is_part_of_subdomain,
        "k8slongname" => name::is_subdomain,
        _ => return None,
    };
    Some(check)
}

/// Returns whether a text is a UUID. Each dash may be left out; case does not matter.
fn is_uuid(text: &str, version: Option<u8>, has_variant: bool) -> bool {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let mut rest = text.as_bytes();
    let mut digits = Vec::with_capacity(32);
    for (index, length) in GROUPS.into_iter().enumerate() {
        if index > 0 {
            rest = rest.strip_prefix(b"-").unwrap_or(rest);
        }
        let Some((group, behind)) = rest.split_at_checked(length) else { return false };
        digits.extend_from_slice(group);
        rest = behind;
    }
    rest.is_empty()
        && digits.iter().all(u8::is_ascii_hexdigit)
        && version.is_none_or(|version| digits[12] == version)
        && (!has_variant || matches!(digits[16].to_ascii_lowercase(), b'8' | b'9' | b'a' | b'b'))
}

/// Returns whether a text matches `^\d{3}[- ]?\d{2}[- ]?\d{4}$` and has 11 bytes, so both separators are required.
fn is_ssn(text: &str) -> bool {
    let is_place = |(index, byte): (usize, u8)| match index {
        3 | 6 => matches!(byte, b'-' | b' '),
        _ => byte.is_ascii_digit(),
    };
    text.len() == 11 && text.bytes().enumerate().all(is_place)
}

fn is_hex_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or(text);
    matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns whether a text is a color such as `rgb(0, 10, 255)`.
fn is_rgb_colour(text: &str) -> bool {
    const SPACE: [char; 5] = ['\t', '\n', '\x0C', '\r', ' '];
    let is_part = |part: &str| {
        let number = part.trim_matches(SPACE);
        let is_canonical = number == "0" || !number.starts_with('0');
        let is_number = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
        is_canonical && is_number && number.parse().is_ok_and(|number: u16| number <= 255)
    };
    let parts = text.strip_prefix("rgb(").and_then(|text| text.strip_suffix(')'));
    parts.is_some_and(|parts| parts.split(',').count() == 3 && parts.split(',').all(is_part))
}

/// Returns whether a text is base64 of the standard alphabet, padded and not empty.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    !digits.is_empty()
        && text.len().is_multiple_of(4)
        && text.len() - digits.len() <= 2
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
}
