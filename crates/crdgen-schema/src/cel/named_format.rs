//! The formats of the library `format`, and what they say of a text.

use crate::{format, name};

/// A format that a text can be checked against.
#[derive(Clone, Copy)]
pub(super) struct NamedFormat {
    name: &'static str,
    problems: fn(&str) -> Vec<&'static str>,
}

const TOO_LONG: &str = "is too long";
const FORMATS: [NamedFormat; 13] = [
    NamedFormat { name: "dns1123Label", problems: dns_label },
    NamedFormat { name: "dns1123Subdomain", problems: dns_subdomain },
    NamedFormat { name: "dns1035Label", problems: dns_1035_label },
    NamedFormat { name: "qualifiedName", problems: qualified_name },
    NamedFormat { name: "dns1123LabelPrefix", problems: |text| dns_label(&without_dash(text)) },
    NamedFormat { name: "dns1123SubdomainPrefix", problems: |text| dns_subdomain(&without_dash(text)) },
    NamedFormat { name: "dns1035LabelPrefix", problems: |text| dns_1035_label(&without_dash(text)) },
    NamedFormat { name: "labelValue", problems: label_value },
    NamedFormat { name: "uri", problems: |text| known("uri", text, "is not a URI") },
    NamedFormat { name: "uuid", problems: |text| known("uuid", text, "does not match the UUID format") },
    NamedFormat { name: "byte", problems: |text| known("byte", text, "invalid base64") },
    NamedFormat { name: "date", problems: |text| known("date", text, "invalid date") },
    NamedFormat { name: "datetime", problems: |text| known("datetime", text, "invalid datetime") },
];

impl NamedFormat {
    pub(super) fn named(name: &str) -> Option<Self> {
        FORMATS.into_iter().find(|format| format.name == name)
    }

    /// What is wrong with a text; nothing when it has the format.
    pub(super) fn problems(&self, text: &str) -> Vec<&'static str> {
        (self.problems)(text)
    }
}

impl PartialEq for NamedFormat {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl std::fmt::Debug for NamedFormat {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

fn problems<const N: usize>(found: [(bool, &'static str); N]) -> Vec<&'static str> {
    found.into_iter().filter(|(is_problem, _)| *is_problem).map(|(_, problem)| problem).collect()
}

fn dns_label(text: &str) -> Vec<&'static str> {
    let is_part = name::is_dotted(text) && !text.contains('.');
    problems([
        (text.len() > 63, TOO_LONG),
        (!is_part, "must be made of lower case letters, digits and `-`, and start and end with a letter or digit"),
    ])
}

fn dns_subdomain(text: &str) -> Vec<&'static str> {
    problems([
        (text.len() > 253, TOO_LONG),
        (!name::is_dotted(text), "must be made of lower case letters, digits, `-` and `.`"),
    ])
}

fn dns_1035_label(text: &str) -> Vec<&'static str> {
    let is_label =
        name::is_dotted(text) && !text.contains('.') && !text.starts_with(|first: char| first.is_ascii_digit());
    problems([
        (text.len() > 63, TOO_LONG),
        (!is_label, "must be made of lower case letters, digits and `-`, and start with a letter"),
    ])
}

fn label_value(text: &str) -> Vec<&'static str> {
    problems([
        (text.len() > 63, TOO_LONG),
        (!text.is_empty() && !name::is_qualified(text), "must be made of letters, digits, `-`, `_` and `.`"),
    ])
}

/// A name, and perhaps a subdomain before it.
fn qualified_name(text: &str) -> Vec<&'static str> {
    let (prefix, name) = match text.split_once('/') {
        Some((_, name)) if name.contains('/') => return vec!["must have one `/` at most"],
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    let mut found = match prefix {
        Some("") => vec!["has an empty prefix"],
        Some(prefix) => dns_subdomain(prefix),
        None => Vec::new(),
    };
    found.extend(problems([
        (name.is_empty(), "has an empty name"),
        (name.len() > 63, TOO_LONG),
        (!name::is_qualified(name), "must be made of letters, digits, `-`, `_` and `.`"),
    ]));
    found
}

/// A format of schemas.
fn known(format: &str, text: &str, problem: &'static str) -> Vec<&'static str> {
    problems([(!format::check(format).is_some_and(|has_format| has_format(text)), problem)])
}

/// What apimachinery takes for a name that more is added to: a dash at its end goes, and so does what is before it.
fn without_dash(text: &str) -> String {
    match text.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            let bytes = &rest.as_bytes()[..rest.len() - 1];
            format!("{}a", String::from_utf8_lossy(bytes))
        }
        _ => text.to_owned(),
    }
}
