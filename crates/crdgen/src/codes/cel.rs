//! Codes about the CEL rules of a CRD.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "CEL rules",
    entries: &[
        Entry {
            code: "cel::compile",
            title: "A CEL rule does not compile",
            cause: "An API server compiles every rule of `x-kubernetes-validations` against the types of the schema when \
                    a CRD is created, and refuses the CRD if a rule has a syntax error, reads a field that is not \
                    declared, calls a function with values of wrong types, or has a result that is no bool. Data that is \
                    kept with `x-kubernetes-preserve-unknown-fields` has no type, so rules cannot read it.",
            help: "Correct the rule. `dyn(value)` leaves the check of a type to the evaluation.",
        },
        Entry {
            code: "cel::cost",
            title: "The estimated cost of a CEL rule is too high",
            cause: "An API server estimates the highest cost of each rule and message expression from the limits in \
                    the schema (`maxItems`, `maxProperties`, `maxLength`) and from the largest number of values that \
                    the rule is evaluated on. A value without a limit counts as if it filled a request of 3 MiB. A \
                    server refuses a CRD if the estimate is above 10,000,000 units.",
            help: "Add the limits that the help of the diagnostic names, or make the rule simpler. A macro such as \
                   `all` within another macro costs the most.",
        },
        Entry {
            code: "cel::default",
            title: "A default violates a CEL rule",
            cause: "An API server evaluates the rules of a schema on its default when a CRD is created, and refuses the \
                    CRD if one is violated. Only the rules in and below the schema with the default count.",
            help: "Correct the default, or the rule.",
        },
        Entry {
            code: "cel::message",
            title: "A messageExpression does not compile",
            cause: "An API server compiles `messageExpression` as it compiles the rule, and refuses the CRD if the \
                    expression has an error or a result that is no string.",
            help: "Correct the expression; `string(…)` converts numbers and booleans.",
        },
        Entry {
            code: "cel::old-self",
            title: "A CEL rule uses oldSelf where it cannot, or does not use it",
            cause: "A server finds the old state of an item only in a list of type map, by its keys. Below the items of \
                    other lists, a rule cannot use `oldSelf`. And a rule with `optionalOldSelf` must use `oldSelf`.",
            help: "Do what the help of the diagnostic says.",
        },
        Entry {
            code: "cel::total-cost",
            title: "The estimated cost of all CEL rules together is too high",
            cause: "An API server adds up the estimated costs of all rules and message expressions of a schema. It refuses \
                    a CRD if the sum is above 100,000,000 units.",
            help: "Limit the lists, maps and strings that the most expensive rules read, or make these rules simpler.",
        },
        Entry {
            code: "cel::unchecked",
            title: "Only an API server can check a CEL rule",
            cause: "The rule is nested too deeply for crdgen, makes a message of protobuf, or needs too much time to check.",
            help: "Nothing has to be done. To check the rule, create the CRD on an API server: \
                   `kubectl apply --dry-run=server`.",
        },
    ],
};
