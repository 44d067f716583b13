//! Formats of the CEL library `format`, and the problems that they report.

use crate::{format, name};

/// Format that a text can be checked against.
#[derive(Clone, Copy)]
pub(super) struct NamedFormat {
    name: &'static str,
    problems: fn(&str) -> Vec<String>,
}

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

    /// Returns the problems of a text, or none if the text has the format.
    pub(super) fn problems(&self, text: &str) -> Vec<String> {
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

/// Syntax of a text in messages: regular expression, description and examples. The expression is not matched.
struct Form {
    expression: &'static str,
    message: &'static str,
    examples: &'static [&'static str],
}

const LABEL: Form = Form {
    expression: "[a-z0-9]([-a-z0-9]*[a-z0-9])?",
    message: "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end \
              with an alphanumeric character",
    examples: &["my-name", "123-abc"],
};

const SUBDOMAIN: Form = Form {
    expression: r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
    message: "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start \
              and end with an alphanumeric character",
    examples: &["example.com"],
};

const LABEL_1035: Form = Form {
    expression: "[a-z]([-a-z0-9]*[a-z0-9])?",
    message: "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic \
              character, and end with an alphanumeric character",
    examples: &["my-name", "abc-123"],
};

const LABEL_KEY: Form = Form {
    expression: "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]",
    message: "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric \
              character",
    examples: &["MyName", "my.name", "123-abc"],
};

const LABEL_VALUE: Form = Form {
    expression: "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?",
    message: "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start \
              and end with an alphanumeric character",
    examples: &["MyValue", "my_value", "12345"],
};

impl Form {
    /// Returns the message of apimachinery for a text without this syntax.
    fn problem(&self) -> String {
        let examples: Vec<String> = self.examples.iter().map(|example| format!("'{example}', ")).collect();
        format!("{} (e.g. {}regex used for validation is '{}')", self.message, examples.join(" or "), self.expression)
    }
}

fn too_long(most: usize) -> String {
    format!("must be no more than {most} bytes")
}

/// Returns the problems of a text: its length, and its form if given.
fn problems(text: &str, most: usize, form: Option<String>) -> Vec<String> {
    (text.len() > most).then(|| too_long(most)).into_iter().chain(form).collect()
}

fn dns_label(text: &str) -> Vec<String> {
    let form = match (name::is_dotted(text), text.contains('.')) {
        (true, false) => None,
        (true, true) => Some("must not contain dots".to_owned()),
        (false, _) => Some(LABEL.problem()),
    };
    problems(text, 63, form)
}

fn dns_subdomain(text: &str) -> Vec<String> {
    problems(text, 253, (!name::is_dotted(text)).then(|| SUBDOMAIN.problem()))
}

fn dns_1035_label(text: &str) -> Vec<String> {
    let starts_with_digit = text.starts_with(|first: char| first.is_ascii_digit());
    let is_label = name::is_dotted(text) && !text.contains('.') && !starts_with_digit;
    problems(text, 63, (!is_label).then(|| LABEL_1035.problem()))
}

fn label_value(text: &str) -> Vec<String> {
    let is_value = text.is_empty() || name::is_qualified(text);
    problems(text, 63, (!is_value).then(|| LABEL_VALUE.problem()))
}

/// Returns the problems of a qualified name, which may have a subdomain and a slash as prefix.
fn qualified_name(text: &str) -> Vec<String> {
    let (prefix, name) = match text.split_once('/') {
        Some((_, name)) if name.contains('/') => {
            let with_prefix = " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
            return vec![format!("a valid label key {}{with_prefix}", LABEL_KEY.problem())];
        }
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    };
    let mut found = match prefix {
        Some("") => vec!["prefix part must be non-empty".to_owned()],
        Some(prefix) => dns_subdomain(prefix).into_iter().map(|problem| format!("prefix part {problem}")).collect(),
        None => Vec::new(),
    };
    if name.is_empty() {
        found.push("name part must be non-empty".to_owned());
    } else if name.len() > 63 {
        found.push(format!("name part {}", too_long(63)));
    }
    if !name::is_qualified(name) {
        found.push(format!("name part {}", LABEL_KEY.problem()));
    }
    found
}

/// Returns the problem of a text that has not the format of that name in schemas.
fn known(format: &str, text: &str, problem: &'static str) -> Vec<String> {
    let has_format = format::check(format).is_some_and(|has_format| has_format(text));
    if has_format { Vec::new() } else { vec![problem.to_owned()] }
}

/// Replaces a trailing dash and the character before it with `a`, as apimachinery does with the prefix of a generated
/// name.
fn without_dash(text: &str) -> String {
    match text.strip_suffix('-') {
        Some(rest) if !rest.is_empty() => {
            let bytes = &rest.as_bytes()[..rest.len() - 1];
            format!("{}a", String::from_utf8_lossy(bytes))
        }
        _ => text.to_owned(),
    }
}
