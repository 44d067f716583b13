//! Rules about a CRD as a whole.

use super::page;
use crate::rule::{Rule, rule};

pub(super) const RULES: [Rule; 15] = [
    rule(
        "crd-added",
        b"----",
        page::CRD,
        "A CRD was added",
        "A new kind of object. Nothing that exists depends on it.",
    ),
    rule(
        "crd-removed",
        b"BBBB",
        page::DELETE,
        "A CRD was removed",
        "Deleting a CRD deletes all objects of its kind. Requests for them are answered with 404.",
    ),
    rule(
        "group-changed",
        b"BBBB",
        page::CRD,
        "The API group changed",
        "The group of a CRD cannot be changed, so this is another CRD: objects of the old group are not moved, and \
         manifests with the old apiVersion are refused.",
    ),
    rule(
        "plural-changed",
        b"BBBB",
        page::CRD,
        "The plural name changed",
        "The plural name is part of the CRD's name and of every URL, so this is another CRD: stored objects are not moved.",
    ),
    rule(
        "kind-changed",
        b"BBBB",
        page::CRD,
        "The kind changed",
        "An API server refuses to change the kind of an established CRD. Manifests with the old kind are refused.",
    ),
    rule(
        "scope-changed",
        b"BBBB",
        page::CRD,
        "The scope changed",
        "An API server refuses to change the scope of an established CRD. URLs and the keys of stored objects differ \
         between namespaced and cluster-wide kinds.",
    ),
    rule(
        "list-kind-changed",
        b"-n-n",
        page::CRD,
        "The kind of lists changed",
        "Clients that compare the `kind` of a list with a name of their own no longer recognise it.",
    ),
    rule(
        "singular-changed",
        b"n---",
        page::CRD,
        "The singular name changed",
        "`kubectl get <singular>` no longer works with the old name.",
    ),
    rule("short-name-added", b"----", page::CRD, "A short name was added", "kubectl accepts one more name."),
    rule(
        "short-name-removed",
        b"n---",
        page::CRD,
        "A short name was removed",
        "Scripts that call kubectl with the short name fail.",
    ),
    rule(
        "category-added",
        b"-n--",
        page::CRD,
        "A category was added",
        "`kubectl get <category>` and `kubectl delete <category>` now include the kind.",
    ),
    rule(
        "category-removed",
        b"-n--",
        page::CRD,
        "A category was removed",
        "`kubectl get <category>` no longer includes the kind.",
    ),
    rule(
        "conversion-changed",
        b"nnnn",
        page::CONVERSION,
        "The conversion strategy changed",
        "Without a webhook only `apiVersion` is changed between versions, and fields that the other version does not declare are lost.",
    ),
    rule(
        "conversion-webhook-changed",
        b"----",
        page::CONVERSION,
        "The address of the conversion webhook changed",
        "While the webhook cannot be reached, objects of other versions than the stored one can neither be read nor written.",
    ),
    rule(
        "api-approval-changed",
        b"----",
        page::CRD,
        "The annotation api-approved.kubernetes.io changed",
        "The annotation records the review of an API of the Kubernetes community. Without it a server refuses CRDs of the groups *.k8s.io.",
    ),
];
