//! Comparison of two sets of CRDs.

use std::collections::{HashMap, HashSet};

use crdgen_schema::Crd;
use crdgen_schema::crd::{Conversion, Version};
use serde_json::json;

use crate::change::{Change, Keyword, Sides};
use crate::finding::Finding;
use crate::rule::Verdict;
use crate::{effect, expressions, scale, walk};

/// Compares the CRDs of two releases. CRDs belong together if group and plural are equal.
///
/// Findings are sorted by CRD, version and path. The time is linear in the size of the CRDs. Renamed fields are
/// searched only in objects with at most 64 removed and 64 added fields.
pub fn compare(old: &[Crd], new: &[Crd]) -> Vec<Finding> {
    let pairs = pairs(old, new);
    let mut findings: Vec<Finding> = pairs.iter().flat_map(of_pair).collect();
    findings.sort_by(|this, that| {
        let key = |finding: &Finding| (finding.crd.clone(), finding.version.clone(), finding.path.clone());
        key(this).cmp(&key(that))
    });
    findings
}

/// Returns the differences between two versions of one CRD, sorted by path: of schemas, subresources, printer columns and
/// selectable fields. A finding that [breaks objects](Finding::breaks_objects) means that an object of the old version
/// may be invalid, or lose fields, when it is used as an object of the new version.
pub fn between(crd: &Crd, old: &Version, new: &Version) -> Vec<Finding> {
    let mut changes = Vec::new();
    walk::versions(Sides { old: crd, new: crd }, old, new, &mut changes);
    let is_state = |change: &Change<'_>| matches!(change.keyword, Keyword::Served | Keyword::Deprecated);
    let mut findings: Vec<Finding> = changes.iter().filter(|change| !is_state(change)).map(Finding::of).collect();
    findings.sort_by(|this, that| this.path.cmp(&that.path));
    findings
}

/// CRDs that belong together.
enum Pair<'a> {
    Added(&'a Crd),
    Removed(&'a Crd),
    Same(&'a Crd, &'a Crd),
    /// The group or the plural differs.
    Moved(&'a Crd, &'a Crd, Keyword),
}

fn pairs<'a>(old: &'a [Crd], new: &'a [Crd]) -> Vec<Pair<'a>> {
    let mut after: HashMap<&str, &Crd> = new.iter().map(|crd| (&*crd.name, crd)).collect();
    let mut pairs = Vec::new();
    let mut gone = Vec::new();
    for crd in old {
        match after.remove(&*crd.name) {
            Some(new) => pairs.push(Pair::Same(crd, new)),
            None => gone.push(crd),
        }
    }
    let mut come: Vec<&Crd> = new.iter().filter(|crd| after.contains_key(&*crd.name)).collect();
    for crd in gone {
        let kind = |new: &&Crd| new.names.kind == crd.names.kind;
        let moved =
            come.iter().position(|new| kind(new) && (new.group == crd.group || new.names.plural == crd.names.plural));
        pairs.push(match moved {
            Some(index) => {
                let new = come.remove(index);
                let keyword = if new.group == crd.group { Keyword::Plural } else { Keyword::Group };
                Pair::Moved(crd, new, keyword)
            }
            None => Pair::Removed(crd),
        });
    }
    pairs.extend(come.into_iter().map(Pair::Added));
    pairs
}

fn of_pair(pair: &Pair<'_>) -> Vec<Finding> {
    match *pair {
        Pair::Added(crd) => vec![Finding::of(&walk::added(crd))],
        Pair::Removed(crd) => vec![Finding::of(&walk::removed(crd))],
        Pair::Moved(old, new, keyword) => {
            let (before, after) = match keyword {
                Keyword::Plural => (&old.names.plural, &new.names.plural),
                _ => (&old.group, &new.group),
            };
            let values = Sides { old: Some(json!(before)), new: Some(json!(after)) };
            let moved = Change { keyword, values, ..walk::added(new) };
            vec![Finding::of(&Change { crds: Sides { old, new }, ..moved })]
        }
        Pair::Same(old, new) => same(old, new),
    }
}

fn same(old: &Crd, new: &Crd) -> Vec<Finding> {
    let mut changes = Vec::new();
    walk::same(old, new, &mut changes);
    let mut findings: Vec<Finding> =
        changes.iter().map(|change| of_storage(change).unwrap_or_else(|| Finding::of(change))).collect();
    findings.append(&mut effect::findings(&changes));
    if !changes.is_empty() {
        findings.append(&mut expressions::findings(old, new));
        findings.append(&mut scale::findings(old, new));
    }
    findings.append(&mut diverging(old, new));
    findings
}

/// Returns the finding about another storage version or conversion, with verdicts that depend on the schemas.
fn of_storage(change: &Change<'_>) -> Option<Finding> {
    let stored = |crd: &Crd| crd.versions.iter().position(|version| version.storage);
    let converts = change.crds.new.conversion == Conversion::Webhook;
    let mut finding = Finding::of(change);
    match change.keyword {
        Keyword::Storage if converts => {
            finding.note = Some("a webhook converts stored objects".to_owned());
        }
        Keyword::Storage => {
            let old = change.versions.old?;
            let new = change.versions.new?;
            let lost = losses(change.crds, old, new);
            if let Some(first) = lost.first() {
                finding.verdicts.stored = Verdict::Breaks;
                finding.note = Some(format!(
                    "objects stored as {} do not fit {}: {} and {} more",
                    old.name,
                    new.name,
                    first.path,
                    lost.len() - 1
                ));
            }
        }
        Keyword::Conversion if !converts => {
            let crd = change.crds.new;
            let storage = &crd.versions[stored(crd)?];
            let others = crd.versions.iter().filter(|version| version.served && !version.storage);
            let lost: Vec<Finding> =
                others.flat_map(|version| losses(Sides { old: crd, new: crd }, version, storage)).collect();
            if !lost.is_empty() {
                finding.verdicts.writer = Verdict::Breaks;
                finding.verdicts.stored = Verdict::Breaks;
            }
        }
        _ => return None,
    }
    Some(finding)
}

/// Returns the differences for which objects of one version lose fields, or are refused, as objects of another.
pub(crate) fn losses(crds: Sides<&Crd>, old: &Version, new: &Version) -> Vec<Finding> {
    let mut changes = Vec::new();
    walk::schemas(crds, Sides { old: Some(old), new: Some(new) }, &old.schema, &new.schema, &mut changes);
    changes.iter().map(Finding::of).filter(Finding::breaks_objects).collect()
}

/// Returns differences between each served version and the storage version of the new CRD, except for those that the old
/// CRD had.
fn diverging(old: &Crd, new: &Crd) -> Vec<Finding> {
    let key = |finding: &Finding| (finding.version.clone(), finding.path.clone(), finding.message.clone());
    let known: HashSet<_> = divergences(old).iter().map(key).collect();
    divergences(new).into_iter().filter(|finding| !known.contains(&key(finding))).collect()
}

/// Returns a finding for each difference that loses fields when an object of a served version is stored.
fn divergences(crd: &Crd) -> Vec<Finding> {
    let Some(storage) = crd.versions.iter().find(|version| version.storage) else { return Vec::new() };
    if crd.conversion == Conversion::Webhook {
        return Vec::new();
    }
    let served = crd.versions.iter().filter(|version| version.served && !version.storage);
    served.flat_map(|version| divergence(crd, version, storage)).collect()
}

fn divergence(crd: &Crd, version: &Version, storage: &Version) -> Vec<Finding> {
    let mut changes = Vec::new();
    let versions = Sides { old: Some(version), new: Some(storage) };
    walk::schemas(Sides { old: crd, new: crd }, versions, &version.schema, &storage.schema, &mut changes);
    // Every object has these fields, whether the schema declares them or not.
    changes.retain(|change| !is_always_declared(change));
    let is_only_stored = |change: &&Change<'_>| change.keyword == Keyword::Property && change.values.old.is_none();
    let only_stored = changes.iter().filter(is_only_stored).map(Finding::of);
    let mut found: Vec<Finding> = changes.iter().map(Finding::of).filter(Finding::breaks_objects).collect();
    found.extend(only_stored.filter(|finding| !finding.breaks_objects()));
    let name = |finding: Finding| {
        let (cause, part) = (Some(finding.rule), finding.rule.title);
        let finding =
            Finding { version: Some(version.name.clone()), cause, ..finding }.with_rule("served-versions-diverge");
        let message =
            format!("{}: from {} to {}, {}", finding.rule.title, version.name, storage.name, lower_first(part));
        Finding { message, note: None, ..finding }
    };
    found.into_iter().map(name).collect()
}

fn is_always_declared(change: &Change<'_>) -> bool {
    let is_head = |name: &str| matches!(name, "apiVersion" | "kind" | "metadata");
    change.keyword == Keyword::Property
        && matches!(change.path.steps(), [crate::path::Step::Field(name)] if is_head(name))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
