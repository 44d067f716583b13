//! Changes of a CRD outside of its schemas.

use serde_json::json;

use super::class::{Class, Presence};
use crate::change::{Change, Keyword};
use crate::rule::Verdict;

pub(super) fn classify(change: &Change<'_>, presence: Presence<'_>) -> Option<Class> {
    Some(match change.keyword {
        Keyword::Crd => presence.pick("crd-added", "crd-removed", "crd-added"),
        Keyword::Group => Class::of("group-changed"),
        Keyword::Plural => Class::of("plural-changed"),
        Keyword::Kind => Class::of("kind-changed"),
        Keyword::ListKind => Class::of("list-kind-changed"),
        Keyword::Singular => Class::of("singular-changed"),
        Keyword::ShortName => presence.pick("short-name-added", "short-name-removed", "short-name-added"),
        Keyword::Category => presence.pick("category-added", "category-removed", "category-added"),
        Keyword::Scope => Class::of("scope-changed"),
        Keyword::Conversion => Class::of("conversion-changed"),
        Keyword::Webhook => Class::of("conversion-webhook-changed"),
        Keyword::Approval => Class::of("api-approval-changed"),
        Keyword::Version => version(change, presence),
        Keyword::StoredVersion => Class::of("stored-version-removed"),
        Keyword::Served => match presence {
            Presence::Changed(_, new) if *new == json!(true) => Class::of("version-re-served"),
            _ => Class::of("version-unserved"),
        },
        Keyword::Storage => Class::of("storage-version-changed"),
        Keyword::Deprecated => {
            presence.pick("version-deprecated", "version-undeprecated", "deprecation-warning-changed")
        }
        Keyword::Status => status(change, presence),
        Keyword::Scale => presence.pick("scale-added", "scale-removed", "scale-path-changed"),
        Keyword::Column => presence.pick("printer-column-added", "printer-column-removed", "printer-column-changed"),
        Keyword::ColumnOrder => Class::of("printer-column-changed"),
        Keyword::Selectable => {
            presence.pick("selectable-field-added", "selectable-field-removed", "selectable-field-added")
        }
        _ => return None,
    })
}

fn status(change: &Change<'_>, presence: Presence<'_>) -> Class {
    let class = presence.pick("status-added", "status-removed", "status-added");
    let declares = change.versions.old.is_some_and(|version| {
        version.schema.properties.contains_key("status") || version.schema.preserve_unknown_fields
    });
    match presence {
        Presence::Added(_) if !declares => class.harmless("objects had no status before"),
        _ => class,
    }
}

fn version(change: &Change<'_>, presence: Presence<'_>) -> Class {
    let class = presence.pick("version-added", "version-removed", "version-added");
    match change.versions.old {
        Some(version) if !version.served => class.without_effect("the version was not served").source(Verdict::Breaks),
        _ => class,
    }
}
