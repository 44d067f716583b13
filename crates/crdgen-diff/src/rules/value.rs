//! Rules about the values of a field: enums, bounds and patterns.

use super::page;
use crate::rule::{Rule, rule};

/// Rules about a bound.
macro_rules! bound {
    ($id:literal, $name:literal, $what:literal) => {
        [
            rule(
                concat!($id, "-set"),
                b"B-r-",
                page::RATCHETING,
                concat!("A ", $name, " was added"),
                concat!($what, " that the bound excludes are refused."),
            ),
            rule(
                concat!($id, "-tightened"),
                b"B-r-",
                page::RATCHETING,
                concat!("The ", $name, " is stricter"),
                concat!($what, " between the old and the new bound are refused."),
            ),
            rule(
                concat!($id, "-loosened"),
                b"----",
                page::VALIDATION,
                concat!("The ", $name, " is less strict"),
                concat!($what, " that were refused are accepted."),
            ),
            rule(
                concat!($id, "-unset"),
                b"----",
                page::VALIDATION,
                concat!("The ", $name, " was removed"),
                concat!($what, " that were refused are accepted."),
            ),
        ]
    };
}

const MINIMUM: [Rule; 4] = bound!("minimum", "minimum", "Numbers");
const MAXIMUM: [Rule; 4] = bound!("maximum", "maximum", "Numbers");
const MULTIPLE_OF: [Rule; 4] = [
    rule(
        "multiple-of-set",
        b"B-r-",
        page::RATCHETING,
        "A factor of `multipleOf` was added",
        "Numbers that are no multiple of the factor are refused.",
    ),
    rule(
        "multiple-of-tightened",
        b"B-r-",
        page::RATCHETING,
        "The factor of `multipleOf` is stricter",
        "Numbers that are multiples of the old factor only are refused.",
    ),
    rule(
        "multiple-of-loosened",
        b"----",
        page::VALIDATION,
        "The factor of `multipleOf` is less strict",
        "Numbers that were refused are accepted.",
    ),
    rule(
        "multiple-of-unset",
        b"----",
        page::VALIDATION,
        "The factor of `multipleOf` was removed",
        "Numbers that were refused are accepted.",
    ),
];
const MIN_LENGTH: [Rule; 4] = bound!("min-length", "minimum length", "Texts");
const MAX_LENGTH: [Rule; 4] = bound!("max-length", "maximum length", "Texts");
const MIN_ITEMS: [Rule; 4] = bound!("min-items", "minimum number of items", "Lists");
const MAX_ITEMS: [Rule; 4] = bound!("max-items", "maximum number of items", "Lists");
const MIN_PROPERTIES: [Rule; 4] = bound!("min-properties", "minimum number of properties", "Objects");
const MAX_PROPERTIES: [Rule; 4] = bound!("max-properties", "maximum number of properties", "Objects");

const OTHERS: [Rule; 11] = [
    rule(
        "exclusive-minimum-set",
        b"B-r-",
        page::RATCHETING,
        "The minimum itself is no longer allowed",
        "A number equal to the minimum is refused.",
    ),
    rule(
        "exclusive-minimum-unset",
        b"----",
        page::VALIDATION,
        "The minimum itself is allowed",
        "A number equal to the minimum is accepted.",
    ),
    rule(
        "exclusive-maximum-set",
        b"B-r-",
        page::RATCHETING,
        "The maximum itself is no longer allowed",
        "A number equal to the maximum is refused.",
    ),
    rule(
        "exclusive-maximum-unset",
        b"----",
        page::VALIDATION,
        "The maximum itself is allowed",
        "A number equal to the maximum is accepted.",
    ),
    rule("enum-set", b"B-rB", page::RATCHETING, "A list of allowed values was added", "All other values are refused."),
    rule(
        "enum-unset",
        b"-B-B",
        page::CHANGES,
        "The list of allowed values was removed",
        "Clients whose types list the values fail on others.",
    ),
    rule(
        "enum-value-added",
        b"-B-B",
        page::CHANGES,
        "A value is allowed in addition",
        "Clients whose types list the values fail on the new one.",
    ),
    rule(
        "enum-value-removed",
        b"B-rB",
        page::RATCHETING,
        "A value is no longer allowed",
        "Objects with the value are refused.",
    ),
    rule("pattern-set", b"B-r-", page::RATCHETING, "A pattern was added", "Texts that do not match are refused."),
    rule(
        "pattern-changed",
        b"B-r-",
        page::RATCHETING,
        "The pattern changed",
        "Texts that match only the old pattern are refused.",
    ),
    rule(
        "pattern-unset",
        b"----",
        page::VALIDATION,
        "The pattern was removed",
        "Texts that did not match are accepted.",
    ),
];

pub(super) const RULES: [&[Rule]; 10] = [
    &OTHERS,
    &MINIMUM,
    &MAXIMUM,
    &MULTIPLE_OF,
    &MIN_LENGTH,
    &MAX_LENGTH,
    &MIN_ITEMS,
    &MAX_ITEMS,
    &MIN_PROPERTIES,
    &MAX_PROPERTIES,
];
