//! Syntax of Kubernetes names, with descriptions for messages.

pub(crate) use crdgen_cel::name::{is_dotted, is_label, is_qualified, is_subdomain};

/// Description of an RFC 1035 label, for messages.
pub(crate) const LABEL: &str =
    "at most 63 lower case letters, digits and `-`, starting with a letter, not ending with `-`";

/// Description of an RFC 1123 subdomain, for messages.
pub(crate) const SUBDOMAIN: &str =
    "at most 253 lower case letters, digits, `-` and `.`, each part starting and ending with a letter or digit";
