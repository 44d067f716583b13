//! Rules about subresources, printer columns and selectable fields.

use super::page;
use crate::rule::{Rule, rule};

pub(super) const RULES: [Rule; 11] = [
    rule(
        "status-added",
        b"B---",
        page::STATUS,
        "The status subresource was added",
        "A write of the object no longer changes its status: the field is silently ignored. Programs must write to `/status`.",
    ),
    rule(
        "status-removed",
        b"B--B",
        page::STATUS,
        "The status subresource was removed",
        "Requests for `/status` are answered with 404. A write of the object now replaces its status too.",
    ),
    rule(
        "scale-added",
        b"----",
        page::SCALE,
        "The scale subresource was added",
        "`kubectl scale` and autoscalers can be used.",
    ),
    rule(
        "scale-value-refused",
        b"B-B-",
        page::SCALE,
        "The scale subresource refuses values that the schema allows",
        "With the subresource a server refuses counts that are null, negative, or more than 2147483647, and selectors that \
         are no text.",
    ),
    rule(
        "scale-removed",
        b"BB-B",
        page::SCALE,
        "The scale subresource was removed",
        "Requests for `/scale` are answered with 404: `kubectl scale` and autoscalers stop working.",
    ),
    rule(
        "scale-path-changed",
        b"nn--",
        page::SCALE,
        "The scale subresource uses other fields",
        "`kubectl scale` and autoscalers read or write other fields of the object.",
    ),
    rule(
        "printer-column-added",
        b"----",
        page::COLUMNS,
        "A printer column was added",
        "`kubectl get` prints one more column.",
    ),
    rule(
        "printer-column-removed",
        b"-n--",
        page::COLUMNS,
        "A printer column was removed",
        "Scripts that read the output of `kubectl get` may look for the column.",
    ),
    rule(
        "printer-column-changed",
        b"-n--",
        page::COLUMNS,
        "A printer column changed",
        "`kubectl get` prints another value, or the columns in another order.",
    ),
    rule(
        "selectable-field-added",
        b"----",
        page::SELECTABLE,
        "A selectable field was added",
        "Lists and watches can be filtered by the field.",
    ),
    rule(
        "selectable-field-removed",
        b"-B--",
        page::SELECTABLE,
        "A selectable field was removed",
        "Lists and watches with a field selector for the field are answered with 400.",
    ),
];
