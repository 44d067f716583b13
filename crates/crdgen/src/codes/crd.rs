//! Codes about a CRD, apart from its schemas.

use super::{Entry, Group};

pub(super) const GROUP: Group = Group {
    title: "CRDs",
    entries: &[
        Entry {
            code: "crd::api-version",
            title: "A CRD has no apiVersion, or an unknown one",
            cause: "The object has the kind `CustomResourceDefinition`, and crdgen reads this kind only with the \
                    apiVersion `apiextensions.k8s.io/v1`.",
            help: "Write `apiVersion: apiextensions.k8s.io/v1`.",
        },
        Entry {
            code: "crd::approval",
            title: "A CRD of a Kubernetes group has no approval",
            cause: "The groups `k8s.io` and `kubernetes.io`, and all groups below them, belong to the Kubernetes community. \
                    An API server accepts a CRD of such a group only with the annotation \
                    `api-approved.kubernetes.io`.",
            help: "Use a group of your own domain. If the API was reviewed, write the URL of the review into the \
                   annotation; if not, write `unapproved` and a reason.",
        },
        Entry {
            code: "crd::column",
            title: "A printer column has an impossible value",
            cause: "An entry of `additionalPrinterColumns` has a `type` or a `format` that columns do not have, or a \
                    `jsonPath` that does not start with a dot.",
            help: "Use a value that the help lists. A path looks like `.status.phase`.",
        },
        Entry {
            code: "crd::conversion",
            title: "The conversion of a CRD is contradictory",
            cause: "`spec.conversion.strategy` is neither `None` nor `Webhook`, or it does not agree with the presence of \
                    `spec.conversion.webhook`.",
            help: "Write `strategy: None` without `webhook`, or `strategy: Webhook` with it.",
        },
        Entry {
            code: "crd::duplicate",
            title: "Two inputs define the same CRD differently",
            cause: "Two objects have the same name, and their `spec` differs. crdgen cannot know which one is meant. Equal \
                    copies of a CRD are no error.",
            help: "Leave one of the two out of the inputs.",
        },
        Entry {
            code: "crd::invalid",
            title: "A name or a value in a CRD is not allowed",
            cause: "An API server would refuse the CRD: a group, a kind, a plural, a short name, a category or the name \
                    of a version is not a valid name, two names are equal that must differ, a deprecation warning is \
                    not allowed, or `preserveUnknownFields: true` of v1beta1 is still there.",
            help: "Correct the field that the message names. Names are lower-case DNS labels; a group is a domain with a \
                   dot.",
        },
        Entry {
            code: "crd::missing",
            title: "A required field of a CRD is missing",
            cause: "The field that the message names must be given, and it is absent, null or empty.",
            help: "Add the field.",
        },
        Entry {
            code: "crd::name",
            title: "The name of a CRD does not fit its plural and group",
            cause: "An API server requires that `metadata.name` is `PLURAL.GROUP`, made of `spec.names.plural` and \
                    `spec.group`.",
            help: "Write the name that the message shows.",
        },
        Entry {
            code: "crd::no-schema",
            title: "A version of a CRD has no schema",
            cause: "`apiextensions.k8s.io/v1` requires `schema.openAPIV3Schema` in each version.",
            help: "Write at least `type: object`. Add `x-kubernetes-preserve-unknown-fields: true` to keep all fields \
                   that are not declared.",
        },
        Entry {
            code: "crd::no-versions",
            title: "A CRD has no version",
            cause: "`spec.versions` is absent or empty. In `v1beta1` the single version stood in `spec.version`.",
            help: "Write `spec.versions` with at least one version.",
        },
        Entry {
            code: "crd::patch",
            title: "An object is a patch of a CRD, not a CRD",
            cause: "The object has the kind `CustomResourceDefinition` and neither `spec.group` nor `spec.names`, as a \
                    kustomize patch does. It is skipped.",
            help: "If the patch changes the schema, give the whole CRD: `kustomize build FOLDER` prints it.",
        },
        Entry {
            code: "crd::same-kind",
            title: "Two CRDs of one group define the same kind",
            cause: "The CRDs have different names, and the same group and kind. An API server accepts only one of them.",
            help: "Leave one of the two out of the inputs.",
        },
        Entry {
            code: "crd::scale",
            title: "A path of the scale subresource is wrong",
            cause: "`specReplicasPath` must start with `.spec.`, `statusReplicasPath` with `.status.`, and \
                    `labelSelectorPath` with one of the two.",
            help: "Correct the path.",
        },
        Entry {
            code: "crd::scope",
            title: "The scope of a CRD is unknown",
            cause: "`spec.scope` is neither `Namespaced` nor `Cluster`.",
            help: "Write one of the two.",
        },
        Entry {
            code: "crd::storage",
            title: "Not exactly one version of a CRD is stored",
            cause: "An API server stores objects in one version. No version, or more than one, has `storage: true`.",
            help: "Write `storage: true` in one version and `storage: false` in all others.",
        },
        Entry {
            code: "crd::too-large",
            title: "A CRD exceeds a size limit",
            cause: "The CRD is larger than an API server accepts, has too many versions or too long names, or its schemas \
                    are so large that generating code would take minutes and gigabytes. The message has the limit.",
            help: "Remove versions that are no longer served, long descriptions, and properties that nobody needs.",
        },
        Entry {
            code: "crd::too-many",
            title: "A CRD has more findings than are shown",
            cause: "The number of findings that are reported for one CRD is limited. It is an error if one of the \
                    findings that are not shown is an error.",
            help: "Correct the findings that are shown, and run the command again.",
        },
        Entry {
            code: "crd::type",
            title: "A field of a CRD has a value of the wrong type",
            cause: "A field has, for example, a number where a string is required. YAML reads the unquoted words `on` \
                    and `yes` as booleans, and `1.0` as a number.",
            help: "Write a value of the type that the message names. Put a text that looks like a boolean or a number in \
                   quotes.",
        },
        Entry {
            code: "crd::unknown-field",
            title: "A CRD has a field that Kubernetes does not know",
            cause: "The field is not part of `apiextensions.k8s.io/v1`. An API server drops it, so it has no effect. \
                    Usually its name is misspelled, or it is at the wrong level.",
            help: "Correct the name, or remove the field.",
        },
        Entry {
            code: "crd::v1beta1",
            title: "A CRD is of the removed version v1beta1",
            cause: "Kubernetes 1.22 removed `apiextensions.k8s.io/v1beta1`. CRDs of that version need not have \
                    structural schemas, so no types can be derived from them.",
            help: "Convert the CRD to `apiextensions.k8s.io/v1`, with one schema for each entry of `spec.versions`.",
        },
    ],
};
