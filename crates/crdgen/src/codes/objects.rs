//! Codes of `crdgen validate` about objects.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "Objects",
    entries: &[
        Entry {
            code: "object::invalid",
            title: "An object breaks the schema or a rule of its CRD",
            cause: "A value has the wrong type, a required field is missing, a bound, pattern, format or enum does not \
                    hold, or a rule of `x-kubernetes-validations` is false. An API server would refuse to create the \
                    object.",
            help: "Correct the field that the message names. The help has the place in the CRD.",
        },
        Entry {
            code: "object::kind",
            title: "No CRD defines the kind of an object",
            cause: "The CRDs define kinds of the group and version of the object, and its kind is none of them: often the name is \
                    misspelled, or is a plural. With `--skipped error` or `--skipped warn`, objects of other groups are reported \
                    too.",
            help: "Correct the kind, or name its CRD with `--crds`. `--skipped ignore` skips such objects.",
        },
        Entry {
            code: "object::malformed",
            title: "An object cannot be read as an object of its kind",
            cause: "`metadata` is not what Kubernetes defines: for example, a label is not a string, or `metadata` is a \
                    list. An API server would refuse the object before it validates the rest.",
            help: "Correct the field that the message names.",
        },
        Entry {
            code: "object::not-evaluated",
            title: "A rule or a pattern was not evaluated",
            cause: "A rule of `x-kubernetes-validations` or a `pattern` has no verdict: it uses something that crdgen does \
                    not evaluate, or it costs more than the limit. The message has the reason. An API server may \
                    refuse the object because of it.",
            help: "Check the object with an API server: `kubectl apply --dry-run=server`.",
        },
        Entry {
            code: "object::unknown-field",
            title: "An object has a field that its schema does not declare",
            cause: "An API server drops the field, and `kubectl apply` refuses the object. Usually the name is \
                    misspelled, or the field is at the wrong level. `--unknown-fields` chooses between an error, a \
                    warning and nothing.",
            help: "Correct the name, or remove the field.",
        },
        Entry {
            code: "object::version",
            title: "The apiVersion of an object is not served",
            cause: "The CRD of the kind has no version of this name, or the version has `served: false`.",
            help: "Write a version that is served. The help lists them.",
        },
        Entry {
            code: "object::warning",
            title: "An API server would accept the object with a warning",
            cause: "The object is valid, and an API server would send a warning with its answer, for example of a finalizer \
                    whose name has no domain.",
            help: "Do what the message says, or leave the object as it is.",
        },
    ],
};
