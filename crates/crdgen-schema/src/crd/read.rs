//! `Node -> Crd`, with the checks of `apiextensions/v1` on everything around the schemas.

use std::collections::BTreeSet;

use super::find::Candidate;
use super::name::{self, LABEL, SUBDOMAIN};
use super::{Crd, Names, Scope, Version, version};
use crate::report::{Fields, Path, Report};
use crate::{Diagnostic, Span};

const APPROVAL: &str = "api-approved.kubernetes.io";

/// Reads a CRD; none if there is any error in it. All of its errors are reported.
pub(super) fn read(candidate: Candidate, diagnostics: &mut Vec<Diagnostic>) -> Option<Crd> {
    let name = candidate.name().unwrap_or("CustomResourceDefinition").to_owned();
    let Candidate { source, root } = candidate;
    let mut report = Report::new(&source, name);
    let crd = {
        let report = &mut report;
        let (metadata_path, spec_path) = (Path::root("metadata"), Path::root("spec"));
        let span = root.span;
        let mut fields = Fields::root(root, report);
        let mut metadata = fields.object("metadata", &metadata_path, report);
        let mut spec = fields.object("spec", &spec_path, report);
        let crd = Crd {
            source: source.clone(),
            span,
            name: metadata.required("name", report),
            group: group(&mut spec, &spec_path, report),
            names: names(&mut spec, &spec_path, report),
            scope: scope(&mut spec, &spec_path, report),
            versions: versions(&mut spec, &spec_path, report),
        };
        check_name(&crd, &metadata, report);
        check_approval(&crd.group, &mut metadata, report);
        check_preserve_unknown_fields(&mut spec, &spec_path, report);
        check_conversion(&mut spec, &spec_path, report);
        crd
    };
    let refused = report.errors() > 0;
    diagnostics.append(&mut report.into_diagnostics());
    (!refused).then_some(crd)
}

fn group(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> String {
    let group = spec.required("group", report);
    let path = path.field("group");
    if group.is_empty() {
        // Said already.
    } else if !name::is_subdomain(&group) {
        let error = Diagnostic::error("crd::invalid", format!("`{group}` is not a group: {SUBDOMAIN}"));
        report.add(error, spec.span, &path);
    } else if !group.contains('.') {
        let error = Diagnostic::error("crd::invalid", format!("the group `{group}` must be a domain with a dot"));
        report.add(error.help(format!("for example `{group}.example.com`")), spec.span, &path);
    }
    group
}

fn names(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Names {
    let path = path.field("names");
    let mut fields = spec.object("names", &path, report);
    let span = fields.span;
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
    check_names(&names, span, &path, report);
    names
}

fn check_names(names: &Names, span: Span, path: &Path<'_>, report: &mut Report<'_>) {
    let kind = names.kind.to_lowercase();
    let mut check = |path: &Path<'_>, written: &str, label: &str| {
        if !kind.is_empty() && !label.is_empty() && !name::is_label(label) {
            report.error("crd::invalid", span, path, format!("`{written}` is not such a name: {LABEL}"));
        }
    };
    check(&path.field("plural"), &names.plural, &names.plural);
    check(&path.field("singular"), &names.singular, &names.singular);
    check(&path.field("kind"), &names.kind, &kind);
    check(&path.field("listKind"), &names.list_kind, &names.list_kind.to_lowercase());
    for (field, list) in [("shortNames", &names.short_names), ("categories", &names.categories)] {
        let path = path.field(field);
        list.iter().enumerate().for_each(|(index, name)| check(&path.index(index), name, name));
    }
    if !kind.is_empty() && names.kind == names.list_kind {
        report.error("crd::invalid", span, &path.field("listKind"), "kind and listKind must differ");
    }
}

fn scope(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Scope {
    match spec.required("scope", report).as_str() {
        "Cluster" => Scope::Cluster,
        "Namespaced" | "" => Scope::Namespaced,
        unknown => {
            let error = Diagnostic::error("crd::scope", format!("`{unknown}` is not a scope"));
            report.add(error.help("use Namespaced or Cluster"), spec.span, &path.field("scope"));
            Scope::Namespaced
        }
    }
}

fn versions(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) -> Vec<Version> {
    let path = path.field("versions");
    let span = spec.span;
    let nodes = spec.list("versions", report);
    if nodes.is_empty() {
        let error = Diagnostic::error("crd::no-versions", "a CRD needs at least one version");
        report.add(error.help("`spec.version` of v1beta1 is now the first of `spec.versions`"), span, &path);
        return Vec::new();
    }
    let items = nodes.into_iter().enumerate();
    let versions: Vec<Version> = items.map(|(index, node)| version::read(node, &path.index(index), report)).collect();
    check_versions(&versions, span, &path, report);
    versions
}

fn check_versions(versions: &[Version], span: Span, path: &Path<'_>, report: &mut Report<'_>) {
    let storage: Vec<&str> = versions.iter().filter(|version| version.storage).map(|version| &*version.name).collect();
    if storage.len() != 1 {
        let message = match storage.as_slice() {
            [] => "no version has `storage: true`".to_owned(),
            several => format!("{} all have `storage: true`", several.join(", ")),
        };
        let error = Diagnostic::error("crd::storage", message);
        report.add(error.help("exactly one version must be the one that is stored"), span, path);
    }
    let mut seen = BTreeSet::new();
    for (index, version) in versions.iter().enumerate() {
        if !seen.insert(&version.name) {
            let message = format!("the version `{}` stands twice", version.name);
            report.error("crd::invalid", version.span, &path.index(index).field("name"), message);
        }
    }
}

fn check_name(crd: &Crd, metadata: &Fields<'_>, report: &mut Report<'_>) {
    let expected = format!("{}.{}", crd.names.plural, crd.group);
    let is_complete = ![&crd.name, &crd.names.plural, &crd.group].into_iter().any(String::is_empty);
    if is_complete && crd.name != expected {
        let message = format!("the name is `{}`, but spec.names.plural and spec.group make it `{expected}`", crd.name);
        report.error("crd::name", metadata.span, &Path::root("metadata").field("name"), message);
    }
}

/// Groups of the Kubernetes community are guarded by an annotation.
fn check_approval(group: &str, metadata: &mut Fields<'_>, report: &mut Report<'_>) {
    let is_guarded = ["k8s.io", "kubernetes.io"]
        .iter()
        .any(|guarded| group.strip_suffix(guarded).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')));
    if !is_guarded {
        return;
    }
    let (root, span) = (Path::root("metadata"), metadata.span);
    let path = root.field("annotations");
    let approval = metadata.object_or_empty("annotations", &path, report).string(APPROVAL, report).unwrap_or_default();
    if !approval.starts_with("unapproved") && !approval.contains("://") {
        let message = format!("the group `{group}` belongs to the Kubernetes community");
        let help = format!("annotate the CRD with `{APPROVAL}: <URL of the review>`, or `{APPROVAL}: unapproved`");
        report.add(Diagnostic::error("crd::approval", message).help(help), span, &path.field(APPROVAL));
    }
}

fn check_preserve_unknown_fields(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) {
    if spec.boolean("preserveUnknownFields", report) == Some(true) {
        let error = Diagnostic::error("crd::invalid", "apiextensions.k8s.io/v1 has no `preserveUnknownFields: true`");
        let help =
            "set `x-kubernetes-preserve-unknown-fields: true` in the schema, where unknown fields are meant to be";
        report.add(error.help(help), spec.span, &path.field("preserveUnknownFields"));
    }
}

fn check_conversion(spec: &mut Fields<'_>, path: &Path<'_>, report: &mut Report<'_>) {
    let path = path.field("conversion");
    let Some(node) = spec.take("conversion") else { return };
    let mut conversion = Fields::new(node, &path, report);
    let span = conversion.span;
    let has_webhook = conversion.take("webhook").is_some();
    match (conversion.required("strategy", report).as_str(), has_webhook) {
        ("None", false) | ("Webhook", true) | ("", _) => {}
        ("None", true) => report.error("crd::conversion", span, &path, "`webhook` is only for the strategy Webhook"),
        ("Webhook", false) => report.error("crd::conversion", span, &path, "the strategy Webhook needs `webhook`"),
        (unknown, _) => {
            let error = Diagnostic::error("crd::conversion", format!("`{unknown}` is not a conversion strategy"));
            report.add(error.help("use None or Webhook"), span, &path.field("strategy"));
        }
    }
}
