//! Page of the rules of `crdgen lint`.

use std::fmt::Write as _;

use crdgen::codes::Entry;
use crdgen::lint::Rule;
use crdgen::lint::rules::{GROUPS, Group};

const INTRODUCTION: &str = "\
# Rules of crdgen lint

[CRD design](../lint.md) shows how to set levels. `crdgen explain RULE` prints the entry of a rule. `Covers` names the checks
of crd-schema-checker and kube-api-linter that the rule replaces.
";

pub fn page() -> String {
    let mut page = INTRODUCTION.to_owned();
    for Group { title, rules } in GROUPS {
        let _ = write!(page, "\n## {title}\n");
        rules.iter().for_each(|rule| section(&mut page, rule));
    }
    page
}

fn section(page: &mut String, rule: &Rule) {
    let Entry { title, cause, help, .. } = rule.entry;
    let _ = write!(page, "\n### `{}`\n\n**{title}.** {cause}\n\n", rule.id());
    let _ = write!(page, "- Default: `{}`\n- Help: {help}\n", rule.default.as_str());
    if !rule.covers.is_empty() {
        let _ = writeln!(page, "- Covers: {}", rule.covers.join(", "));
    }
}
