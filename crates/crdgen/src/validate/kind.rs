//! Kinds that no CRD defines, and the kind that may have been meant.

use crdgen_schema::{Crd, nearest};

use super::ObjectName;

/// Maximum number of kinds that a help lists.
const MOST_LISTED: usize = 10;

/// Returns the CRDs with the group and version of an object, served or not.
pub(super) fn neighbours<'c>(crds: &'c [Crd], name: &ObjectName) -> Vec<&'c Crd> {
    let Some((group, version)) = name.api_version.split_once('/') else { return Vec::new() };
    let has_version = |crd: &&Crd| crd.versions.iter().any(|known| known.name == version);
    crds.iter().filter(|crd| crd.group == group).filter(has_version).collect()
}

/// Returns a message and help for an object whose kind is none of `neighbours`.
pub(super) fn unknown(neighbours: &[&Crd], name: &ObjectName) -> (String, String) {
    if neighbours.is_empty() {
        let message = format!("no CRD defines `{}` of {}", name.kind, name.api_version);
        return (message, "name its CRD with `--crds`, or ignore such objects with `--skipped ignore`".to_owned());
    }
    (format!("no kind `{}` in {}", name.kind, name.api_version), help(neighbours, &name.kind))
}

fn help(neighbours: &[&Crd], kind: &str) -> String {
    let find = |matches: &dyn Fn(&Crd) -> bool| neighbours.iter().find(|crd| matches(crd)).map(|crd| &*crd.names.kind);
    if let Some(meant) = find(&|crd| crd.names.list_kind == kind) {
        return format!("`{kind}` is the kind of a list of `{meant}`: the list needs `items`");
    }
    let is_alias = |crd: &Crd| {
        let names = &crd.names;
        let aliases = [&names.kind, &names.plural, &names.singular].into_iter().chain(&names.short_names);
        aliases.into_iter().any(|alias| alias.eq_ignore_ascii_case(kind))
    };
    let near = || nearest(kind, neighbours.iter().map(|crd| &*crd.names.kind)).first().copied();
    match find(&is_alias).or_else(near) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => {
            let kinds: Vec<_> = neighbours.iter().take(MOST_LISTED).map(|crd| &*crd.names.kind).collect();
            let more = if neighbours.len() > MOST_LISTED { ", ..." } else { "" };
            format!("the CRDs define {}{more}", kinds.join(", "))
        }
    }
}
