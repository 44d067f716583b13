//! Rules about documentation.

use super::page;
use crate::rule::{Rule, rule};

pub(super) const RULES: [Rule; 5] = [
    rule("description-changed", b"----", page::CRD, "A description changed", "Only documentation changes."),
    rule(
        "field-deprecated",
        b"nn--",
        page::CHANGES,
        "The description says that a field is deprecated",
        "The field is likely to be removed. Writers should stop setting it.",
    ),
    rule("title-changed", b"----", page::CRD, "A title changed", "Only documentation changes."),
    rule("example-changed", b"----", page::CRD, "An example changed", "Only documentation changes."),
    rule("external-docs-changed", b"----", page::CRD, "A link to documentation changed", "Only documentation changes."),
];
