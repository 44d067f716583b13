//! Rules about `status`.

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting, Subject};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::status-field-required",
            title: "A field of the status is required",
            cause: "A controller writes the status in steps. An API server refuses every write of the status until a \
                    required field has a value. After a new field became required, it also refuses every write of an \
                    older controller.",
            help: "remove the field from `required`",
        },
        default: Setting::Off,
        covers: &["kube-api-linter statusoptional"],
        check: Check::Place(status_field_required),
    },
    Rule {
        entry: Entry {
            code: "lint::status-missing",
            title: "A kind has no status",
            cause: "Controllers report through `status`. A kind that no controller handles needs none.",
            help: "declare `status`, and add `subresources: {status: {}}` to the version",
        },
        default: Setting::Off,
        covers: &["crd-schema-checker MustHaveStatus"],
        check: Check::Version(status_missing),
    },
    Rule {
        entry: Entry {
            code: "lint::status-required",
            title: "The status is required, although an API server drops it from every creation",
            cause: "With the subresource `status`, an API server drops the status of an object that is created, and then refuses the \
                    object because the status is missing. No object of this kind can be created.",
            help: "remove `status` from `required`",
        },
        default: Setting::Error,
        covers: &[],
        check: Check::Version(status_required),
    },
    Rule {
        entry: Entry {
            code: "lint::status-subresource",
            title: "A kind has a status but no subresource for it",
            cause: "Without the subresource, every user who may update an object may also write its status, and every write of the \
                    status increases `metadata.generation`.",
            help: "add `subresources: {status: {}}` to the version",
        },
        default: Setting::Warn,
        covers: &["crd-schema-checker MustHaveStatus", "kube-api-linter statussubresource"],
        check: Check::Version(status_subresource),
    },
];

fn status_field_required(place: &Place<'_>, hits: &mut Hits) {
    let parent = place.parent.filter(|parent| parent.is_top_level() && parent.name() == Some("status"));
    if parent.is_some() && place.is_required() {
        hits.at(place, "", format!("`{}` is required", place.field()));
    }
}

fn has_status(subject: &Subject<'_>) -> bool {
    subject.version.schema.properties.contains_key("status")
}

fn status_missing(subject: &Subject<'_>, hits: &mut Hits) {
    if !has_status(subject) && !subject.version.status {
        hits.of_version(subject, "", subject.version.span, format!("{} has no status", subject.crd.names.kind));
    }
}

fn status_required(subject: &Subject<'_>, hits: &mut Hits) {
    let schema = &subject.version.schema;
    let has_default = schema.properties.get("status").is_some_and(|status| status.default.is_some());
    if subject.version.status && schema.required.iter().any(|name| name == "status") && !has_default {
        let message = "no object can be created: `status` is required, and dropped from every creation";
        hits.of_version(subject, "schema.openAPIV3Schema.required", schema.span, message);
    }
}

fn status_subresource(subject: &Subject<'_>, hits: &mut Hits) {
    if has_status(subject) && !subject.version.status {
        let message = format!("{} has a status, but no subresource `status`", subject.crd.names.kind);
        hits.of_version(subject, "", subject.version.span, message);
    }
}
