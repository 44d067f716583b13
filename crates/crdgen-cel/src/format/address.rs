//! Formats of host names and network addresses.

use std::net::Ipv6Addr;
use std::sync::LazyLock;

use regex::Regex;

/// Letters, digits and symbols of any script.
static LABEL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^[0-9\p{L}\p{S}]*$").expect("it is constant"));

static TOP_LEVEL: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"^\p{L}{2,63}$").expect("it is constant"));

/// Returns whether a text matches `HostnamePattern` of kube-openapi: one label, or labels and a top-level domain of
/// letters.
pub(super) fn is_hostname(text: &str) -> bool {
    let has_length = text.len() <= 255 && text.split('.').all(|label| label.len() <= 63);
    has_length
        && match text.rsplit_once('.') {
            None => is_single_label(text),
            Some((labels, top_level)) => TOP_LEVEL.is_match(top_level) && labels.split('.').all(is_label),
        }
}

/// Returns whether a host name without dots is valid. A dash can only be the second character.
fn is_single_label(label: &str) -> bool {
    let mut letters = label.chars();
    let first = letters.next();
    let rest = letters.as_str();
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    first.is_some() && LABEL.is_match(&label[..label.len() - letters.as_str().len()]) && LABEL.is_match(rest)
}

/// Returns whether a text is a label. Dashes may neither start nor end it.
fn is_label(label: &str) -> bool {
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.split('-').all(|part| LABEL.is_match(part))
}

/// Returns whether a text is an IPv4 address, with or without leading zeros. An IPv6 address that ends in one passes
/// too.
pub(super) fn is_ipv4(text: &str) -> bool {
    match text.find(['.', ':']).map(|at| text.as_bytes()[at]) {
        Some(b'.') => is_dotted_decimal(text),
        Some(_) => text.contains('.') && is_lenient_ipv6(text),
        None => false,
    }
}

/// Returns whether a text is an IPv6 address without a zone.
pub(super) fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// Returns whether a text is a network. Host bits may be set.
pub(super) fn is_cidr(text: &str) -> bool {
    let Some((address, mask)) = text.split_once('/') else { return false };
    let most = match (is_dotted_decimal(address), is_lenient_ipv6(address)) {
        (true, _) => 32,
        (_, true) => 128,
        _ => return false,
    };
    decimal(mask).is_some_and(|mask| mask <= most)
}

fn is_dotted_decimal(text: &str) -> bool {
    text.split('.').count() == 4 && text.split('.').all(|part| decimal(part).is_some_and(|part| part <= 255))
}

/// Parses a number with any number of leading zeros, as in Go before 1.17.
fn decimal(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let digits = text.trim_start_matches('0');
    match is_number {
        true if digits.is_empty() => Some(0),
        true => digits.parse().ok(),
        false => None,
    }
}

/// Returns whether a text is an IPv6 address. Leading zeros are allowed everywhere.
fn is_lenient_ipv6(text: &str) -> bool {
    let is_group = |group: &str| {
        let digits = group.trim_start_matches('0');
        !group.is_empty() && digits.len() <= 4 && group.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    // The last 32 bits may be written as IPv4.
    let (text, groups_of_ipv4) = match text.rsplit_once(':') {
        Some((front, ipv4)) if ipv4.contains('.') => match is_dotted_decimal(ipv4) {
            true if front.ends_with(':') => (text[..=front.len()].to_owned(), 2),
            true => (front.to_owned(), 2),
            false => return false,
        },
        _ => (text.to_owned(), 0),
    };
    let groups = |text: &str| match text.is_empty() {
        true => Some(0),
        false => text.split(':').all(is_group).then(|| text.split(':').count()),
    };
    match text.split_once("::") {
        Some((front, back)) => match (groups(front), groups(back)) {
            (Some(front), Some(back)) => front + back + groups_of_ipv4 < 8,
            _ => false,
        },
        None => groups(&text).is_some_and(|groups| groups + groups_of_ipv4 == 8),
    }
}

/// Returns whether a text is a MAC address of 6, 8 or 20 bytes: `01:23:45:67:89:ab`, with dashes, `0123.4567.89ab`, or
/// without separators.
pub(super) fn is_mac(text: &str) -> bool {
    let (separator, digits_between) = match text.as_bytes() {
        [_, _, separator @ (b':' | b'-'), ..] => (Some(*separator), 2),
        [_, _, _, _, b'.', ..] => (Some(b'.'), 4),
        _ => (None, 0),
    };
    let groups: Vec<&[u8]> = match separator {
        Some(separator) => text.as_bytes().split(|byte| *byte == separator).collect(),
        None => vec![text.as_bytes()],
    };
    let digits: usize = groups.iter().map(|group| group.len()).sum();
    matches!(digits, 12 | 16 | 40)
        && (separator.is_none() || groups.iter().all(|group| group.len() == digits_between))
        && groups.iter().all(|group| group.iter().all(u8::is_ascii_hexdigit))
}
