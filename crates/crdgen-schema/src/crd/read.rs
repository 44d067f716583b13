//! Conversion of a node to a [`Crd`], with the checks of `apiextensions/v1` on everything except the schemas.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::candidate::Candidate;
use super::duplicate::Named;
use super::{Conversion, Crd, Names, Scope, Version, limits, version};
use crate::name::{self, LABEL, SUBDOMAIN};
use crate::report::{Fields, Path, Report};
use crate::texts::Texts;
use crate::{Diagnostic, Node, Source};

const APPROVAL: &str = "api-approved.kubernetes.io";

const CRD: [&str; 5] = ["apiVersion", "kind", "metadata", "spec", "status"];

const METADATA: [&str; 15] = [
    "annotations",
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "finalizers",
    "generateName",
    "generation",
    "labels",
    "managedFields",
    "name",
    "namespace",
    "ownerReferences",
    "resourceVersion",
    "selfLink",
    "uid",
];

const SPEC: [&str; 6] = ["conversion", "group", "names", "preserveUnknownFields", "scope", "versions"];

const NAMES: [&str; 6] = ["categories", "kind", "listKind", "plural", "shortNames", "singular"];

/// Fields of v1beta1 that have moved in v1.
const MOVED: [(&str, &str); 6] = [
    ("additionalPrinterColumns", "move it into each of `spec.versions`"),
    ("subresources", "move it into each of `spec.versions`"),
    ("validation", "move its schema into each of `spec.versions`, as `schema`"),
    ("version", "list it in `spec.versions`"),
    ("webhookClientConfig", "move it into `webhook`, as `clientConfig`"),
    ("conversionReviewVersions", "move it into `webhook`"),
];

/// Reads a CRD and reports all of its errors. Returns `None` if there are any. Descriptions are shared through `texts`.
pub(super) fn read(candidate: Candidate, texts: &Texts, diagnostics: &mut Vec<Diagnostic>) -> Option<Crd> {
    let name = candidate.name().unwrap_or("CustomResourceDefinition").to_owned();
    let Candidate { source, root } = candidate;
    let mut report = Report::new(&source, name).sharing(texts);
    let crd = limits::check_size(&root, &mut report).then(|| crd(root, &source, &mut report));
    let refused = report.errors() > 0;
    diagnostics.append(&mut report.into_diagnostics());
    crd.filter(|_| !refused)
}

fn crd(root: Node, source: &Arc<Source>, report: &mut Report<'_>) -> Crd {
    let (metadata_path, spec_path) = (Path::root("metadata"), Path::root("spec"));
    let span = root.span;
    let (annotations, webhook) = (annotations(&root), webhook(&root));
    let mut fields = Fields::root(root, report);
    let mut metadata = fields.object("metadata", &metadata_path, report);
    let mut spec = fields.object("spec", &spec_path, report);
    fields.only("a CRD", &CRD, report);
    metadata.only("`metadata`", &METADATA, report);
    spec.only_and_moved("`spec` of a CRD", &SPEC, &MOVED, report);
    let name = metadata.required("name", report);
    let group = group(&mut spec, report);
    let names = names(&mut spec, &spec_path, report);
    // Otherwise the check would repeat the errors of the name's parts.
    if report.errors() == 0 {
        check_name(&name, &group, &names, &metadata, report);
    }
    check_approval(&group, &mut metadata, &metadata_path, report);
    check_preserve_unknown_fields(&mut spec, report);
    Crd {
        source: source.clone(),
        span,
        name,
        group,
        names,
        scope: scope(&mut spec, report),
        versions: versions(&mut spec, &spec_path, report),
        conversion: conversion(&mut spec, &spec_path, report),
        webhook,
        annotations,
    }
}

/// Returns the annotations whose values are text. An API server decodes no others.
fn annotations(root: &Node) -> IndexMap<String, String> {
    let annotations = root.get("metadata").and_then(|metadata| metadata.get("annotations"));
    let entries = annotations.map(Node::entries).unwrap_or_default().iter();
    entries.filter_map(|entry| Some((entry.key.clone(), entry.value.as_str()?.to_owned()))).collect()
}

fn webhook(root: &Node) -> Option<Json> {
    root.get("spec")?.get("conversion")?.get("webhook").map(Node::to_json)
}

fn group(spec: &mut Fields<'_>, report: &mut Report<'_>) -> String {
    let group = spec.required("group", report);
    if group.is_empty() {
        // `required` has reported it.
    } else if !name::is_subdomain(&group) {
        spec.error(
            "group",
            "crd::invalid",
            format!("`{group}` is not a valid API group: expected {SUBDOMAIN}"),
            report,
        );
    } else if !group.contains('.') {
        let error = Diagnostic::error("crd::invalid", format!("the group `{group}` must contain a dot"));
        spec.add("group", error.help(format!("for example `{group}.example.com`")), report);
    }
    group
}

fn names(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Names {
    let path = path.field("names");
    let mut fields = spec.object("names", &path, report);
    fields.only("`spec.names`", &NAMES, report);
    let kind = fields.required("kind", report);
    let filled = |name: Option<String>| name.filter(|name| !name.is_empty());
    let names = Names {
        plural: fields.required("plural", report),
        singular: filled(fields.string("singular", report)).unwrap_or_else(|| kind.to_lowercase()),
        list_kind: filled(fields.string("listKind", report)).unwrap_or_else(|| format!("{kind}List")),
        short_names: fields.strings("shortNames", report),
        categories: fields.strings("categories", report),
        kind,
    };
    if !names.kind.is_empty() {
        check_names(&names, &fields, report);
    }
    names
}

fn check_names(names: &Names, fields: &Fields<'_>, report: &mut Report<'_>) {
    let mut check = |field: &str, written: &str, label: &str| {
        if !label.is_empty() && !name::is_label(label) {
            fields.error(field, "crd::invalid", format!("`{written}` is not a valid name: expected {LABEL}"), report);
        }
    };
    check("kind", &names.kind, &names.kind.to_lowercase());
    check("plural", &names.plural, &names.plural);
    // Names derived from the kind would only repeat the kind's error.
    if name::is_label(&names.kind.to_lowercase()) {
        check("singular", &names.singular, &names.singular);
        check("listKind", &names.list_kind, &names.list_kind.to_lowercase());
    }
    names.short_names.iter().for_each(|name| check("shortNames", name, name));
    names.categories.iter().for_each(|name| check("categories", name, name));
    if names.kind == names.list_kind {
        fields.error("listKind", "crd::invalid", "kind and listKind must differ", report);
    }
}

fn scope(spec: &mut Fields<'_>, report: &mut Report<'_>) -> Scope {
    match spec.required("scope", report).as_str() {
        "Cluster" => Scope::Cluster,
        "Namespaced" | "" => Scope::Namespaced,
        unknown => {
            let error = Diagnostic::error("crd::scope", format!("`{unknown}` is not a scope"));
            spec.add("scope", error.help("use Namespaced or Cluster"), report);
            Scope::Namespaced
        }
    }
}

fn versions(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Vec<Version> {
    let path = path.field("versions");
    let nodes = spec.list("versions", report);
    if nodes.is_empty() {
        let error = Diagnostic::error("crd::no-versions", "a CRD needs at least one version");
        spec.add(
            "versions",
            error.help("list each version in `spec.versions`; `spec.version` is a field of v1beta1"),
            report,
        );
        return Vec::new();
    }
    if !limits::check_versions(nodes.len(), nodes[0].span, &path, report) {
        return Vec::new();
    }
    let items = nodes.into_iter().enumerate();
    let versions: Vec<Version> = items.map(|(index, node)| version::read(node, &path.index(index), report)).collect();
    limits::check_schemas(&versions, &path, report);
    check_storage(&versions, spec, report);
    check_unique(&versions, &path, report);
    versions
}

fn check_storage(versions: &[Version], spec: &Fields<'_>, report: &mut Report<'_>) {
    let stored: Vec<&str> = versions.iter().filter(|version| version.storage).map(|version| &*version.name).collect();
    let message = match stored.as_slice() {
        [_] => return,
        [] => "no version has `storage: true`".to_owned(),
        several => format!("{} all have `storage: true`", several.join(", ")),
    };
    let error = Diagnostic::error("crd::storage", message);
    spec.add("versions", error.help("set `storage: true` in exactly one version"), report);
}

fn check_unique(versions: &[Version], path: &Path<'_>, report: &mut Report<'_>) {
    let mut seen = BTreeSet::new();
    for (index, version) in versions.iter().enumerate() {
        if !version.name.is_empty() && !seen.insert(&version.name) {
            let message = format!("the version `{}` is listed twice", version.name);
            report.error("crd::invalid", version.span, &path.index(index).field("name"), message);
        }
    }
}

fn check_name(name: &str, group: &str, names: &Names, metadata: &Fields<'_>, report: &mut Report<'_>) {
    let expected = format!("{}.{group}", names.plural);
    if name != expected {
        let message =
            format!("the name is `{name}`, but must be `{expected}`: spec.names.plural, a dot and spec.group");
        metadata.error("name", "crd::name", message, report);
    }
}

/// Checks the annotation that is required for groups of the Kubernetes community.
fn check_approval(group: &str, metadata: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) {
    let is_guarded = ["k8s.io", "kubernetes.io"]
        .iter()
        .any(|guarded| group.strip_suffix(guarded).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    if !is_guarded {
        return;
    }
    let path = path.field("annotations");
    let mut annotations = metadata.object_or_empty("annotations", &path, report);
    let approval = annotations.string(APPROVAL, report).unwrap_or_default();
    if !approval.starts_with("unapproved") && !approval.contains("://") {
        let message = format!("the group `{group}` belongs to the Kubernetes community");
        let help = format!("annotate the CRD with `{APPROVAL}: <URL of the review>`, or `{APPROVAL}: unapproved`");
        annotations.add(APPROVAL, Diagnostic::error("crd::approval", message).help(help), report);
    }
}

fn check_preserve_unknown_fields(spec: &mut Fields<'_>, report: &mut Report<'_>) {
    if spec.boolean("preserveUnknownFields", report) == Some(true) {
        let error = Diagnostic::error(
            "crd::invalid",
            "`preserveUnknownFields: true` is not allowed in apiextensions.k8s.io/v1",
        );
        let help = "remove it, and set `x-kubernetes-preserve-unknown-fields: true` in each version's schema, at the \
                    nodes that must keep unknown fields";
        spec.add("preserveUnknownFields", error.help(help), report);
    }
}

fn conversion(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Conversion {
    let path = path.field("conversion");
    let Some(node) = spec.take("conversion") else { return Conversion::None };
    let mut conversion = Fields::new(node, &path, report);
    conversion.only_and_moved("`spec.conversion`", &["strategy", "webhook"], &MOVED, report);
    let webhook = conversion.take("webhook");
    let has_webhook = webhook.is_some();
    if let Some(node) = webhook {
        check_webhook(node, &path.field("webhook"), report);
    }
    let strategy = conversion.required("strategy", report);
    let mut error = |field, message: String| conversion.error(field, "crd::conversion", message, report);
    match (strategy.as_str(), has_webhook) {
        ("None", false) | ("Webhook", true) | ("", _) => {}
        ("None", true) => error("webhook", "`webhook` is allowed only with the strategy Webhook".into()),
        ("Webhook", false) => error("webhook", "the strategy Webhook needs `webhook`".into()),
        (unknown, _) => error("strategy", format!("`{unknown}` is not a conversion strategy: use None or Webhook")),
    }
    if strategy == "Webhook" { Conversion::Webhook } else { Conversion::None }
}

fn check_webhook(node: Node, path: &Path<'_>, report: &mut Report<'_>) {
    let mut webhook = Fields::new(node, path, report);
    webhook.only("`webhook`", &["clientConfig", "conversionReviewVersions"], report);
    let path = path.field("clientConfig");
    let mut client = webhook.object_or_empty("clientConfig", &path, report);
    client.only("`clientConfig`", &["caBundle", "service", "url"], report);
    let path = path.field("service");
    let service = client.object_or_empty("service", &path, report);
    service.only("`service`", &["name", "namespace", "path", "port"], report);
}
