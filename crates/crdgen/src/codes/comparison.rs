//! Codes of `crdgen diff` beside its rules.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "Comparison of releases",
    entries: &[
        Entry {
            code: "diff::approval",
            title: "An approval of a change is not valid",
            cause: "An entry of `[[diff.allow]]` or a line of the annotation `crdgen/allow-changes` names a rule that does not \
                    exist, or a date that is not one, or does not have the form of an approval.",
            help: "Correct the entry. `crdgen diff --list-rules` lists the rules.",
        },
        Entry {
            code: "diff::baseline",
            title: "The baseline cannot be read",
            cause: "`--baseline` names a file that cannot be read, or that is not a report in JSON.",
            help: "Write the baseline with `crdgen diff OLD NEW --format json > baseline.json`.",
        },
        Entry {
            code: "diff::expired",
            title: "An approval of a change has expired",
            cause: "The date under `expires` has passed. From then on the change counts again.",
            help: "Undo the change, or approve it again with a later date.",
        },
        Entry {
            code: "diff::generated",
            title: "Generated code changes",
            cause: "The types that crdgen generates from the new CRDs differ from those of the old ones. The notes list each type \
                    and field by name, with the part of the version of a generated crate that must be raised.",
            help: "Raise the version of the generated crate accordingly. `--fail-on source` makes a major change an error.",
        },
        Entry {
            code: "diff::missed",
            title: "A random object breaks, and no finding says so",
            cause: "`--try` made an object that the old CRD accepts and the new one refuses or stores without a field, and no \
                    rule describes the change. This is a bug in crdgen.",
            help: "Report the bug, with both CRDs and the object.",
        },
        Entry {
            code: "diff::object",
            title: "A stored object does not survive the change",
            cause: "An object that `--objects` or `--cluster` reads is of a kind or version that is gone, or it loses \
                    a field, or a server refuses it. If a server refuses an update that changes nothing, the finding \
                    is an error. If a server refuses only an update that changes the invalid field, the finding is a \
                    warning: since Kubernetes 1.33 a server tolerates an invalid value until it changes.",
            help: "Change the object before the new CRD is applied, or make the new CRD accept it.",
        },
        Entry {
            code: "diff::unused",
            title: "An approval of a change approves nothing",
            cause: "No finding has the rule and the path of the approval. The change was undone or is already \
                    released, or the path is different.",
            help: "Remove the approval, or correct its rule or path.",
        },
    ],
};
