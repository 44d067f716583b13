//! Changes that add CRDs.

use std::sync::Arc;

use crdgen_schema::Crd;

use super::place::{largest, stored};
use super::spot;

pub fn foreign(crds: &mut Vec<Crd>, foreign: &[Crd]) -> Option<()> {
    let kinds: Vec<_> = crds.iter().map(|crd| (crd.group.clone(), crd.names.kind.clone())).collect();
    let new = foreign.iter().filter(|crd| !kinds.contains(&(crd.group.clone(), crd.names.kind.clone())));
    let new: Vec<Crd> = new.cloned().collect();
    let one = new.get(largest(&new)?)?;
    crds.push(one.clone());
    Some(())
}

/// Adds a copy of every kind in a group that sorts before its own and in one that sorts after it.
pub fn same_kinds(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let copies: Vec<Crd> = ["aaa.example.com", "zzz.example.com"]
        .iter()
        .flat_map(|group| crds.iter().map(move |crd| copy(crd, group, &crd.names.kind, &crd.names.plural)))
        .collect();
    for crd in copies {
        add(crds, crd);
    }
    Some(())
}

/// Number of kinds for which similar kinds are added.
const LIKE: usize = 6;

/// Adds kinds to the group whose names begin or end like existing kinds.
pub fn similar_names(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let like: Vec<Crd> = crds.iter().take(LIKE).map(without_depth).collect();
    for crd in &like {
        let kind = &crd.names.kind;
        let prefixed = ["Cluster", "Get", "List"].map(|prefix| format!("{prefix}{kind}"));
        let suffixed = ["Status", "Scale", "Spec", "Input", "List", "s", "Item", "Subresource", "ForAllNamespaces"]
            .map(|suffix| format!("{kind}{suffix}"));
        let words = [first_word(kind), last_word(kind)].map(str::to_owned);
        for kind in prefixed.into_iter().chain(suffixed).chain(words).filter(|kind| !kind.is_empty()) {
            let plural = format!("{}s", kind.to_ascii_lowercase());
            add(crds, copy(crd, &crd.group, &kind, &plural));
        }
    }
    Some(())
}

/// Adds kinds with the names of properties' types and of Kubernetes' own types.
pub fn called_like_types(crds: &mut Vec<Crd>, _: &[Crd]) -> Option<()> {
    let large = crds.get(largest(crds)?)?.clone();
    let kubernetes = [
        "Condition",
        "Status",
        "Scale",
        "ScaleSpec",
        "ScaleStatus",
        "ObjectMeta",
        "ListMeta",
        "OwnerReference",
        "Problem",
        "IntOrString",
        "StatusDetails",
        "ProblemCause",
        "ProblemReason",
        "LabelSelector",
        "Affinity",
        "Container",
    ];
    let places = spot::objects(stored(&large)?);
    let properties = places.iter().filter_map(|place| match place.last()? {
        spot::Step::Property(name) if name.is_ascii() => Some(format!("{}{}", name[..1].to_uppercase(), &name[1..])),
        _ => None,
    });
    let small = without_depth(&large);
    let words = kubernetes.map(str::to_owned).into_iter().chain(properties.take(40));
    for word in words.flat_map(|word| [format!("{}{word}", large.names.kind), word]) {
        let plural = format!("{}s", word.to_ascii_lowercase());
        add(crds, copy(&small, &large.group, &word, &plural));
    }
    Some(())
}

/// Returns a CRD with only its status.
fn without_depth(crd: &Crd) -> Crd {
    let mut crd = crd.clone();
    for version in &mut crd.versions {
        Arc::make_mut(&mut version.schema).properties.retain(|name, _| name == "status");
    }
    crd
}

/// Adds a CRD unless its group already has the kind or the plural, as on an API server.
fn add(crds: &mut Vec<Crd>, new: Crd) {
    let same = |crd: &Crd| {
        crd.group == new.group && (crd.names.kind == new.names.kind || crd.names.plural == new.names.plural)
    };
    if !crds.iter().any(same) {
        crds.push(new);
    }
}

fn copy(crd: &Crd, group: &str, kind: &str, plural: &str) -> Crd {
    let mut crd = crd.clone();
    crd.group = group.to_owned();
    crd.name = format!("{plural}.{group}");
    crd.names.kind = kind.to_owned();
    crd.names.list_kind = format!("{kind}List");
    crd.names.singular = kind.to_ascii_lowercase();
    crd.names.plural = plural.to_owned();
    crd
}

fn first_word(kind: &str) -> &str {
    let end = kind.char_indices().skip(1).find(|(_, c)| c.is_ascii_uppercase()).map_or(0, |(at, _)| at);
    &kind[..end]
}

fn last_word(kind: &str) -> &str {
    let start = kind.char_indices().rfind(|(_, c)| c.is_ascii_uppercase()).map_or(0, |(at, _)| at);
    if start == 0 { "" } else { &kind[start..] }
}
