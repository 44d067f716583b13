//! Warnings that an API server sends when a deprecated version is used.

use crdgen_schema::Crd;
use crdgen_schema::crd::Version;

use crate::naming::roots::version_priority;

/// Returns the warning of a deprecated version: the text in the CRD, or else the API server's default, which names the
/// best version to use instead (`defaultDeprecationWarning` of apiextensions-apiserver).
pub fn warning(crd: &Crd, version: &Version) -> Option<String> {
    let said = version.deprecated.as_deref()?;
    if !said.is_empty() {
        return Some(said.to_owned());
    }
    let Crd { group, names, .. } = crd;
    let mut warning = format!("{group}/{} {} is deprecated", version.name, names.kind);
    let is_better = |other: &&Version| {
        other.served && other.deprecated.is_none() && version_priority(&other.name) < version_priority(&version.name)
    };
    if let Some(best) = crd.versions.iter().filter(is_better).min_by_key(|other| version_priority(&other.name)) {
        warning.push_str(&format!("; use {group}/{} {}", best.name, names.kind));
    }
    Some(warning)
}
