//! Codes of defects of crdgen itself.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "Defects of crdgen",
    entries: &[
        Entry { code: "emit::axum", title: "The axum API of a CRD cannot be generated", cause: CAUSE, help: REPORT },
        Entry { code: "emit::docs", title: "The pages of a CRD cannot be generated", cause: CAUSE, help: REPORT },
        Entry {
            code: "emit::json-schema",
            title: "The JSON Schemas of a CRD cannot be generated",
            cause: CAUSE,
            help: REPORT,
        },
        Entry { code: "emit::model", title: "The types of a CRD cannot be derived", cause: CAUSE, help: REPORT },
        Entry {
            code: "emit::openapi",
            title: "The OpenAPI document of a CRD cannot be generated",
            cause: CAUSE,
            help: REPORT,
        },
        Entry { code: "emit::rbac", title: "The roles of an API cannot be generated", cause: CAUSE, help: REPORT },
        Entry { code: "emit::rust", title: "The Rust types of a CRD cannot be generated", cause: CAUSE, help: REPORT },
        Entry {
            code: "emit::typescript",
            title: "The TypeScript of a CRD cannot be generated",
            cause: CAUSE,
            help: REPORT,
        },
        Entry {
            code: "internal::panic",
            title: "crdgen stopped because of a defect",
            cause: "A part of the program failed in a way that no input should cause.",
            help: "Please report the defect, with the CRDs and the output of the same command with `RUST_BACKTRACE=1`.",
        },
        Entry {
            code: "internal::template",
            title: "A file of a new project cannot be rendered",
            cause: "A template of `crdgen new` or `crdgen init` is wrong.",
            help: "Please report the defect, with the command.",
        },
    ],
};

const REPORT: &str = "Please report the defect, with the CRD.";

const CAUSE: &str =
    "The CRD is valid, and crdgen fails on it. The other CRDs are not affected: `--keep-going` writes them.";
