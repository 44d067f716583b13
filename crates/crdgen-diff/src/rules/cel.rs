//! Rules about CEL rules (`x-kubernetes-validations`).

use super::page;
use crate::rule::{Rule, rule};

pub(super) const RULES: [Rule; 8] = [
    rule("rule-added", b"B-r-", page::RULES, "A rule was added", "Objects for which the rule is false are refused."),
    rule(
        "rule-removed",
        b"----",
        page::RULES,
        "A rule was removed",
        "Objects for which the rule was false are accepted.",
    ),
    rule(
        "rule-changed",
        b"B-r-",
        page::RULES,
        "A rule changed",
        "Objects for which only the old rule was true are refused.",
    ),
    rule(
        "rule-message-changed",
        b"----",
        page::RULES,
        "The message, reason or field path of a rule changed",
        "Refusals have another text or name another field.",
    ),
    rule(
        "rule-became-transition",
        b"B-B-",
        page::TRANSITIONS,
        "A rule that compares with the old value (`oldSelf`) was added",
        "Updates that were accepted are refused, mostly because the field can no longer be changed.",
    ),
    rule(
        "optional-old-self-changed",
        b"B-r-",
        page::TRANSITIONS,
        "A transition rule also runs without an old value, or no longer does",
        "With `optionalOldSelf: true` the rule is checked when an object is created.",
    ),
    rule(
        "cost-over-budget",
        b"BBB-",
        page::COST,
        "The estimated cost of a rule, or of all rules together, exceeds the server's budget",
        "An API server refuses the new CRD, so an upgrade stops there. The estimate grows with each list, map or string \
         that loses its limit.",
    ),
    rule(
        "expression-refused",
        b"BBB-",
        page::RULES,
        "An API server refuses a rule or a message expression",
        "An API server refuses the new CRD, so an upgrade stops there. A rule may no longer compile because a field \
         that it reads was removed or has another type.",
    ),
];
