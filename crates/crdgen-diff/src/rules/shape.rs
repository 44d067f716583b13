//! Rules about the shape of objects and lists, and about unions of schemas.

use super::page;
use crate::rule::{Rule, rule};

/// Rules about a junctor, in the order added, removed, changed.
macro_rules! junctor {
    ($id:literal, $name:literal) => {
        (
            rule(
                concat!($id, "-added"),
                b"B-Bn",
                page::VALIDATION,
                concat!("`", $name, "` was added"),
                "Objects that do not satisfy it are refused.",
            ),
            rule(
                concat!($id, "-removed"),
                b"-n-n",
                page::VALIDATION,
                concat!("`", $name, "` was removed"),
                "Objects that did not satisfy it are accepted.",
            ),
            rule(
                concat!($id, "-changed"),
                b"BnBn",
                page::VALIDATION,
                concat!("`", $name, "` changed"),
                "Objects that satisfied the old schemas may not satisfy the new ones.",
            ),
        )
    };
}

const ALL_OF: (Rule, Rule, Rule) = junctor!("all-of", "allOf");
const ANY_OF: (Rule, Rule, Rule) = junctor!("any-of", "anyOf");
const ONE_OF: (Rule, Rule, Rule) = junctor!("one-of", "oneOf");
const NOT: (Rule, Rule, Rule) = junctor!("not", "not");

pub(super) const RULES: [Rule; 24] = [
    rule(
        "additional-properties-opened",
        b"-n-B",
        page::PRUNING,
        "Undeclared keys are kept",
        "Keys that a server dropped or refused are stored.",
    ),
    rule(
        "additional-properties-closed",
        b"BnBB",
        page::PRUNING,
        "Undeclared keys are no longer kept",
        "Keys in stored objects are lost, or the objects are refused.",
    ),
    rule(
        "additional-properties-changed",
        b"BBBB",
        page::PRUNING,
        "The values of a map have another schema",
        "Values that were accepted may be refused or lose their fields.",
    ),
    rule(
        "map-became-struct",
        b"BBBB",
        page::PRUNING,
        "A map became an object with declared fields",
        "Keys that are not declared are lost.",
    ),
    rule(
        "struct-became-map",
        b"BBBB",
        page::VALIDATION,
        "An object with declared fields became a map",
        "All values must match one schema.",
    ),
    rule(
        "preserve-unknown-set",
        b"-n-n",
        page::RAW,
        "Undeclared fields are preserved",
        "Fields that a server dropped are stored.",
    ),
    rule(
        "preserve-unknown-unset",
        b"BnBn",
        page::PRUNING,
        "Undeclared fields are no longer preserved",
        "Undeclared fields in stored objects are lost.",
    ),
    rule(
        "embedded-resource-set",
        b"B-BB",
        page::CRD,
        "The value must be a whole Kubernetes object",
        "Values without `apiVersion` and `kind` are refused, and unknown fields of `metadata` are lost.",
    ),
    rule(
        "embedded-resource-unset",
        b"BnBB",
        page::CRD,
        "The value is no longer a Kubernetes object of its own",
        "`apiVersion`, `kind` and `metadata` are no longer declared implicitly, and are lost unless the schema declares them.",
    ),
    rule(
        "list-type-changed",
        b"BnBn",
        page::MERGE,
        "A list is merged in another way",
        "Sets and lists of type map refuse duplicates. Server-side apply merges the list differently, and owners of items change.",
    ),
    rule(
        "list-map-keys-changed",
        b"BnBn",
        page::MERGE,
        "Other fields identify the items of a list",
        "Items that differed may be duplicates, which are refused. Server-side apply merges the list differently.",
    ),
    rule(
        "map-type-changed",
        b"nn--",
        page::MERGE,
        "An object is merged in another way",
        "Server-side apply owns an atomic object as a whole, and the fields of a granular object one by one.",
    ),
    ALL_OF.0,
    ALL_OF.1,
    ALL_OF.2,
    ANY_OF.0,
    ANY_OF.1,
    ANY_OF.2,
    ONE_OF.0,
    ONE_OF.1,
    ONE_OF.2,
    NOT.0,
    NOT.1,
    NOT.2,
];
