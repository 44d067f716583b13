//! Comparison of whole CRDs.

use crdgen_schema::Crd;
use crdgen_schema::crd::{Conversion, Names, Scope, Version};
use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::part::part;
use super::{only, version};
use crate::change::{Change, Keyword, Sides};

const APPROVAL: &str = "api-approved.kubernetes.io";

/// Creates the change for a CRD that only the new side has.
pub(crate) fn added(crd: &Crd) -> Change<'_> {
    part(Sides { old: crd, new: crd }, Keyword::Crd, Sides { old: None, new: Some(json!(crd.name)) })
}

/// Creates the change for a CRD that only the old side has.
pub(crate) fn removed(crd: &Crd) -> Change<'_> {
    part(Sides { old: crd, new: crd }, Keyword::Crd, Sides { old: Some(json!(crd.name)), new: None })
}

/// Compares two CRDs, except for the schemas of their versions.
pub(crate) fn same<'a>(old: &'a Crd, new: &'a Crd, out: &mut Vec<Change<'a>>) {
    let crds = Sides { old, new };
    // The group and the plural are those of the pair. Positions and names derived from them do not count.
    let Crd { source: _, span: _, name: _, group: _, names, scope, versions, conversion, webhook, annotations } = old;
    self::names(crds, names, &new.names, out);
    let mut differ = |keyword, old: Option<Json>, new: Option<Json>| {
        if old != new {
            out.push(part(crds, keyword, Sides { old, new }));
        }
    };
    differ(Keyword::Scope, Some(json!(scope_name(*scope))), Some(json!(scope_name(new.scope))));
    differ(Keyword::Conversion, Some(json!(strategy(*conversion))), Some(json!(strategy(new.conversion))));
    if *conversion == new.conversion {
        differ(Keyword::Webhook, webhook.clone(), new.webhook.clone());
    }
    // Other annotations belong to tools.
    let approval = |annotations: &IndexMap<String, String>| annotations.get(APPROVAL).map(|text| json!(text));
    differ(Keyword::Approval, approval(annotations), approval(&new.annotations));
    self::versions(crds, versions, &new.versions, out);
}

fn names<'a>(crds: Sides<&'a Crd>, old: &Names, new: &Names, out: &mut Vec<Change<'a>>) {
    let Names { kind, plural: _, singular, list_kind, short_names, categories } = old;
    let texts = [
        (Keyword::Kind, kind, &new.kind),
        (Keyword::Singular, singular, &new.singular),
        (Keyword::ListKind, list_kind, &new.list_kind),
    ];
    for (keyword, old, new) in texts.into_iter().filter(|(_, old, new)| old != new) {
        out.push(part(crds, keyword, Sides { old: Some(json!(old)), new: Some(json!(new)) }));
    }
    for (keyword, old, new) in
        [(Keyword::ShortName, short_names, &new.short_names), (Keyword::Category, categories, &new.categories)]
    {
        let (gone, come) = only(old, new);
        out.extend(gone.into_iter().map(|name| part(crds, keyword, Sides { old: Some(json!(name)), new: None })));
        out.extend(come.into_iter().map(|name| part(crds, keyword, Sides { old: None, new: Some(json!(name)) })));
    }
}

fn versions<'a>(crds: Sides<&'a Crd>, old: &'a [Version], new: &'a [Version], out: &mut Vec<Change<'a>>) {
    let find = |versions: &'a [Version], name: &str| versions.iter().find(|version| version.name == name);
    for version in old {
        match find(new, &version.name) {
            Some(new) => version::same(crds, version, new, out),
            None => {
                let mut push = |keyword| {
                    let values = Sides { old: Some(json!(version.name)), new: None };
                    out.push(Change {
                        versions: Sides { old: Some(version), new: None },
                        ..part(crds, keyword, values)
                    });
                };
                if version.served || !version.storage {
                    push(Keyword::Version);
                }
                if version.storage {
                    push(Keyword::StoredVersion);
                }
            }
        }
    }
    for version in new.iter().filter(|version| find(old, &version.name).is_none()) {
        let values = Sides { old: None, new: Some(json!(version.name)) };
        out.push(Change { versions: Sides { old: None, new: Some(version) }, ..part(crds, Keyword::Version, values) });
    }
    let storage = |versions: &'a [Version]| versions.iter().find(|version| version.storage);
    if let (Some(old), Some(new)) = (storage(old), storage(new))
        && old.name != new.name
    {
        let values = Sides { old: Some(json!(old.name)), new: Some(json!(new.name)) };
        let versions = Sides { old: Some(old), new: Some(new) };
        out.push(Change { versions, ..part(crds, Keyword::Storage, values) });
    }
}

fn scope_name(scope: Scope) -> &'static str {
    match scope {
        Scope::Namespaced => "Namespaced",
        Scope::Cluster => "Cluster",
    }
}

fn strategy(conversion: Conversion) -> &'static str {
    match conversion {
        Conversion::None => "None",
        Conversion::Webhook => "Webhook",
    }
}
