//! URIs, as `url.ParseRequestURI` of Go: an absolute URI or an absolute path.

use std::net::{IpAddr, Ipv6Addr};

/// Returns whether Go accepts the text as the URI of a request.
pub(super) fn is_request_uri(text: &str) -> bool {
    if text.is_empty() || text.bytes().any(|byte| byte < b' ' || byte == 0x7F) {
        return false;
    }
    if text == "*" {
        return true;
    }
    let Some((scheme, rest)) = split_scheme(text) else { return false };
    let rest = rest.split_once('?').map_or(rest, |(path, _)| path);
    if !rest.starts_with('/') {
        return scheme.is_some();
    }
    match (scheme, rest.strip_prefix("//")) {
        (Some(scheme), Some(rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            is_authority(scheme, authority) && are_escapes(path)
        }
        _ => are_escapes(rest),
    }
}

/// Splits off the scheme, if there is one. Returns `None` if the text starts with a colon.
fn split_scheme(text: &str) -> Option<(Option<&str>, &str)> {
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if index > 0 => {}
            b':' if index == 0 => return None,
            b':' => return Some((Some(&text[..index]), &text[index + 1..])),
            _ => break,
        }
    }
    Some((None, text))
}

fn is_authority(scheme: &str, authority: &str) -> bool {
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (user, host),
        None => ("", authority),
    };
    let is_user = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    is_host(scheme, host) && user.bytes().all(is_user) && are_escapes(user)
}

fn is_host(scheme: &str, host: &str) -> bool {
    match host.rfind('[') {
        Some(0) => {
            let Some((address, port)) = host[1..].rsplit_once(']') else { return false };
            is_port(port) && is_ip_literal(address)
        }
        Some(_) => false,
        None => {
            let is_strict = ["http", "https"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
            let colon = if is_strict { host.find(':') } else { host.rfind(':') };
            colon.is_none_or(|colon| is_port(&host[colon..])) && are_host_bytes(host)
        }
    }
}

fn is_port(port: &str) -> bool {
    port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns whether a text is an IPv6 address, possibly with a zone after `%25`.
fn is_ip_literal(address: &str) -> bool {
    match address.split_once("%25") {
        Some((address, zone)) => !zone.is_empty() && address.parse::<Ipv6Addr>().is_ok() && are_escapes(zone),
        None => address.parse().is_ok_and(|address: IpAddr| address.is_ipv6()),
    }
}

/// Returns whether a host has valid characters. Only `%` and bytes beyond ASCII can be escaped in a host.
fn are_host_bytes(host: &str) -> bool {
    let mut bytes = host.bytes();
    while let Some(byte) = bytes.next() {
        let is_taken = match byte {
            b'%' => match (bytes.next(), bytes.next()) {
                (Some(b'2'), Some(b'5')) => true,
                (Some(high), Some(low)) => {
                    matches!(high, b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F') && low.is_ascii_hexdigit()
                }
                _ => false,
            },
            b'-' | b'_' | b'.' | b'~' => true,
            _ if b"!$&'()*+,;=:[]<>\"".contains(&byte) => true,
            _ => byte.is_ascii_alphanumeric() || !byte.is_ascii(),
        };
        if !is_taken {
            return false;
        }
    }
    true
}

/// Returns whether every `%` is followed by two hexadecimal digits.
fn are_escapes(text: &str) -> bool {
    text.split('%').skip(1).all(|behind| behind.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2)
}
