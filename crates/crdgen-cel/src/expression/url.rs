//! Parts of a URL, as Go's `url.Parse` returns them.

use indexmap::IndexMap;

use crate::format;

/// URL of a request.
#[derive(Debug)]
pub(super) struct Url {
    pub(super) scheme: String,
    user: String,
    /// Host with the port.
    pub(super) host: String,
    /// Path as written, or escaped if the written path is not valid.
    pub(super) path: String,
    /// Text after a scheme such as `mailto:` that is followed by neither host nor absolute path.
    opaque: String,
    query: Option<String>,
    fragment: Option<String>,
}

/// Returns whether Go accepts the text as a URL of a request.
pub(super) fn is_url(text: &str) -> bool {
    format::check("uri").is_some_and(|is_uri| is_uri(text))
}

impl Url {
    pub(super) fn parse(text: &str) -> Option<Self> {
        if !is_url(text) {
            return None;
        }
        let (text, fragment) = match text.split_once('#') {
            Some((text, fragment)) => (text, Some(fragment)),
            None => (text, None),
        };
        if fragment.is_some_and(|fragment| unescape(fragment, Plus::Itself).is_none()) {
            return None;
        }
        let (scheme, rest) = match text.split_once(':') {
            Some((scheme, rest)) if !scheme.starts_with('/') && is_scheme(scheme) => {
                (scheme.to_ascii_lowercase(), rest)
            }
            _ => (String::new(), text),
        };
        let (rest, query) = match rest.split_once('?') {
            Some((rest, query)) => (rest, Some(query.to_owned())),
            None => (rest, None),
        };
        let mut url = Self {
            scheme,
            user: String::new(),
            host: String::new(),
            path: String::new(),
            opaque: String::new(),
            query,
            fragment: fragment.map(str::to_owned),
        };
        if !rest.starts_with('/') && !url.scheme.is_empty() {
            rest.clone_into(&mut url.opaque);
            return Some(url);
        }
        let is_authority = rest.starts_with("//") && (!url.scheme.is_empty() || !rest.starts_with("///"));
        let path = match is_authority {
            true => url.take_authority(&rest[2..])?,
            false => rest,
        };
        url.path = escaped_path(path)?;
        Some(url)
    }

    /// Reads user and host, and returns the rest.
    fn take_authority<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        // Without a scheme, `//authority` was only checked as a path so far.
        if self.scheme.is_empty() && !is_url(&format!("x://{authority}")) {
            return None;
        }
        let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
        user.clone_into(&mut self.user);
        self.host = unescape(host, Plus::Itself)?;
        Some(path)
    }

    /// Returns the host without brackets and port.
    pub(super) fn hostname(&self) -> &str {
        let host = self.split_port().0;
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    pub(super) fn port(&self) -> &str {
        self.split_port().1
    }

    fn split_port(&self) -> (&str, &str) {
        match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => (&self.host, ""),
        }
    }

    /// Returns the values of every key. Malformed pairs are left out.
    pub(super) fn query(&self) -> IndexMap<String, Vec<String>> {
        let mut values: IndexMap<String, Vec<String>> = IndexMap::new();
        let query = self.query.as_deref().unwrap_or_default();
        for pair in query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';')) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            if let (Some(key), Some(value)) = (unescape(key, Plus::Space), unescape(value, Plus::Space)) {
                values.entry(key).or_default().push(value);
            }
        }
        values
    }

    /// Returns the number of bytes of all parts.
    pub(super) fn length(&self) -> usize {
        let optional = [&self.query, &self.fragment].into_iter().flatten();
        [&self.scheme, &self.user, &self.host, &self.path, &self.opaque]
            .into_iter()
            .chain(optional)
            .map(String::len)
            .sum()
    }

    /// Returns a text that equal URLs share.
    pub(super) fn text(&self) -> String {
        let optional = |sign: char, text: &Option<String>| text.as_ref().map(|text| format!("{sign}{text}"));
        let (query, fragment) = (optional('?', &self.query), optional('#', &self.fragment));
        [
            &self.scheme,
            ":",
            &self.opaque,
            "//",
            &self.user,
            "@",
            &self.host,
            &self.path,
            &query.unwrap_or_default(),
            &fragment.unwrap_or_default(),
        ]
        .concat()
    }
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

/// Meaning of a plus sign.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plus {
    Itself,
    Space,
}

/// Replaces escapes. Returns `None` if an escape is malformed or the result is not UTF-8.
fn unescape(text: &str, plus: Plus) -> Option<String> {
    String::from_utf8(unescape_bytes(text, plus)?).ok()
}

fn unescape_bytes(text: &str, plus: Plus) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let Some((first, rest)) = bytes.split_first() {
        bytes = rest;
        match first {
            b'%' => {
                let (digits, rest) = rest.split_at_checked(2)?;
                let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
                out.push(u8::from_str_radix(digits, 16).ok()?);
                bytes = rest;
            }
            b'+' if plus == Plus::Space => out.push(b' '),
            byte => out.push(*byte),
        }
    }
    Some(out)
}

/// Returns a path as written if it is valid, else with its unescaped form escaped anew.
fn escaped_path(path: &str) -> Option<String> {
    let plain = unescape_bytes(path, Plus::Itself)?;
    let is_valid = |byte: u8| needs_no_escape(byte) || b"!'()*[]%".contains(&byte);
    if path.bytes().all(is_valid) {
        return Some(path.to_owned());
    }
    let escaped = |byte: u8| if needs_no_escape(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    Some(plain.into_iter().map(escaped).collect())
}

fn needs_no_escape(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte)
}
