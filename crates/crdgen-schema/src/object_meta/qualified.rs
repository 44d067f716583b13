//! Checks of qualified names (labels, annotations, finalizers) and of label values.
//!
//! Each function returns the problems that the server lists. Follows `pkg/api/validate/content` of apimachinery.

use crate::name::{is_dotted, is_qualified};

const CHARACTERS: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an \
                          alphanumeric character";

/// Returns the problems of a qualified name such as `example.com/my-name`.
pub(super) fn name_problems(name: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let name = match name.split('/').collect::<Vec<_>>()[..] {
        [name] => name,
        [prefix, name] => {
            match prefix {
                "" => problems.push("prefix part must be non-empty".to_owned()),
                _ => problems
                    .extend(subdomain_problems(prefix).into_iter().map(|problem| format!("prefix part {problem}"))),
            }
            name
        }
        _ => return vec![format!("a valid label key {CHARACTERS} with an optional DNS subdomain prefix and '/'")],
    };
    match name.len() {
        0 => problems.push("name part must be non-empty".to_owned()),
        64.. => problems.push("name part must be no more than 63 bytes".to_owned()),
        _ => {}
    }
    if !is_qualified(name) {
        problems.push(format!("name part {CHARACTERS}"));
    }
    problems
}

/// Returns the problems of a label value.
pub(super) fn value_problems(value: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if value.len() > 63 {
        problems.push("must be no more than 63 bytes".to_owned());
    }
    if !value.is_empty() && !is_qualified(value) {
        problems.push(format!("a valid label must be an empty string or {CHARACTERS}"));
    }
    problems
}

/// Returns the problems of a DNS subdomain.
pub(super) fn subdomain_problems(name: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if name.len() > 253 {
        problems.push("must be no more than 253 bytes".to_owned());
    }
    if !is_dotted(name) {
        problems.push(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must \
             start and end with an alphanumeric character"
                .to_owned(),
        );
    }
    problems
}

/// Returns the problems of a DNS label.
pub(super) fn label_problems(name: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if name.len() > 63 {
        problems.push("must be no more than 63 bytes".to_owned());
    }
    if !is_dotted(name) || name.contains('.') {
        problems.push(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and \
             end with an alphanumeric character"
                .to_owned(),
        );
    }
    problems
}
