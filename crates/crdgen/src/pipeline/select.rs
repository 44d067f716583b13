//! Selection of kinds and versions. A name that selects nothing is an error, since it is most likely a typing
//! mistake.

use std::collections::BTreeSet;

use crdgen_model::Selected;
use crdgen_schema::crd::Version;
use crdgen_schema::{Crd, Diagnostic, Severity};

use super::Custom;

/// Versions of a CRD to generate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    /// Versions with `served: true`.
    #[default]
    Served,
    /// The version with `storage: true`.
    Storage,
    /// All versions.
    All,
    /// Versions with these names.
    Named(Vec<String>),
}

/// Kinds and versions to take from the CRDs, and the project's changes to them.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Versions of each CRD to generate; the served ones by default.
    pub versions: Versions,
    /// Kinds to generate, as `Kind` or `Kind.group`; all when empty.
    pub kinds: Vec<String>,
    /// Severity of diagnostics about CEL rules that an API server refuses. `None` leaves out the check.
    pub cel: Option<Severity>,
    /// Changes from `[[rust.override]]`, `[[view]]` and `[api]`.
    pub custom: Custom,
}

/// Kinds and versions that a selection takes from the CRDs.
#[derive(Debug)]
pub(super) struct Choice<'a> {
    /// CRDs with at least one version.
    pub crds: Vec<Selected<'a>>,
    /// One warning for each CRD that is left out because none of its versions is selected.
    pub warnings: Vec<Diagnostic>,
}

pub(super) fn select<'a>(crds: &'a [Crd], selection: &Selection) -> Result<Choice<'a>, Vec<Diagnostic>> {
    let chosen: Vec<&Crd> = crds.iter().filter(|crd| selection.kinds.is_empty() || named(crd, selection)).collect();
    let mut errors = unknown_kinds(crds, selection);
    errors.extend(unknown_versions(&chosen, &selection.versions));
    if !errors.is_empty() {
        return Err(errors);
    }
    let (mut selected, mut warnings) = (Vec::new(), Vec::new());
    for crd in chosen {
        let versions: Vec<&Version> =
            crd.versions.iter().filter(|version| selection.versions.includes(version)).collect();
        match versions.is_empty() {
            true => warnings.push(left_out(crd, &selection.versions)),
            false => selected.push(Selected { crd, versions }),
        }
    }
    match selected.is_empty() {
        true => Err(vec![
            Diagnostic::error("select::nothing", "no version of any CRD was selected")
                .help("select other versions, for example `versions = \"all\"` or `--versions all`"),
        ]),
        false => Ok(Choice { crds: selected, warnings }),
    }
}

impl Versions {
    fn includes(&self, version: &Version) -> bool {
        match self {
            Self::Served => version.served,
            Self::Storage => version.storage,
            Self::All => true,
            Self::Named(names) => names.contains(&version.name),
        }
    }
}

fn named(crd: &Crd, selection: &Selection) -> bool {
    selection.kinds.iter().any(|kind| is_called(crd, kind))
}

fn is_called(crd: &Crd, kind: &str) -> bool {
    let rest = kind.strip_prefix(crd.names.kind.as_str());
    rest.is_some_and(|rest| rest.is_empty() || rest.strip_prefix('.') == Some(crd.group.as_str()))
}

fn unknown_kinds(crds: &[Crd], selection: &Selection) -> Vec<Diagnostic> {
    let unknown = selection.kinds.iter().filter(|kind| !crds.iter().any(|crd| is_called(crd, kind)));
    let there: BTreeSet<&str> = crds.iter().map(|crd| crd.names.kind.as_str()).collect();
    unknown
        .map(|kind| {
            Diagnostic::error("select::kind", format!("no CRD has the kind `{kind}`"))
                .help(format!("write `Kind` or `Kind.group`; the kinds are: {}", list(&there)))
        })
        .collect()
}

fn unknown_versions(chosen: &[&Crd], versions: &Versions) -> Vec<Diagnostic> {
    let Versions::Named(names) = versions else { return Vec::new() };
    let there: BTreeSet<&str> =
        chosen.iter().flat_map(|crd| &crd.versions).map(|version| version.name.as_str()).collect();
    let unknown = names.iter().filter(|name| !chosen.is_empty() && !there.contains(name.as_str()));
    unknown
        .map(|name| {
            Diagnostic::error("select::version", format!("no CRD has the version `{name}`"))
                .help(format!("the versions are: {}", list(&there)))
        })
        .collect()
}

fn left_out(crd: &Crd, versions: &Versions) -> Diagnostic {
    let there: BTreeSet<&str> = crd.versions.iter().map(|version| version.name.as_str()).collect();
    let why = match versions {
        Versions::Served => "served",
        Versions::Storage => "the stored one",
        Versions::All | Versions::Named(_) => "selected",
    };
    Diagnostic::warning("select::left-out", format!("`{}` is left out: none of its versions is {why}", crd.name))
        .at(&crd.source, crd.span)
        .path(crd.name.clone())
        .help(format!("its versions are: {}", list(&there)))
}

fn list(names: &BTreeSet<&str>) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<_> = names.iter().take(SHOWN).copied().collect();
    let more = names.len().saturating_sub(SHOWN);
    match more {
        0 => shown.join(", "),
        _ => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crdgen_schema::crd::{Conversion, Names, Scope};
    use crdgen_schema::{Source, Span};

    use super::*;

    /// Returns a CRD. A version is written `v1` if it is served and stored, `v1-` if neither.
    fn crd(kind: &str, group: &str, versions: &[&str]) -> Crd {
        let plural = format!("{}s", kind.to_lowercase());
        Crd {
            source: Arc::new(Source { name: "a.yaml".into(), text: String::new() }),
            span: Span::default(),
            name: format!("{plural}.{group}"),
            group: group.into(),
            names: Names {
                kind: kind.into(),
                plural,
                singular: kind.to_lowercase(),
                list_kind: format!("{kind}List"),
                short_names: vec![],
                categories: vec![],
            },
            scope: Scope::Namespaced,
            versions: versions.iter().map(|version| self::version(version)).collect(),
            conversion: Conversion::None,
            webhook: None,
            annotations: indexmap::IndexMap::new(),
        }
    }

    fn version(written: &str) -> Version {
        let name = written.trim_end_matches('-');
        Version {
            span: Span::default(),
            name: name.into(),
            served: name == written,
            storage: name == written,
            deprecated: None,
            schema: Arc::default(),
            status: false,
            scale: None,
            columns: vec![],
            selectable_fields: vec![],
        }
    }

    fn crds() -> Vec<Crd> {
        vec![crd("Run", "a.io", &["v1", "v1beta1-"]), crd("Run", "b.io", &["v2"]), crd("Old", "a.io", &["v0-"])]
    }

    fn names(crds: &[Crd], kinds: &[&str], versions: Versions) -> Result<Vec<String>, Vec<Diagnostic>> {
        let kinds = kinds.iter().map(|kind| kind.to_string()).collect();
        let choice = select(crds, &Selection { kinds, versions, ..Selection::default() })?;
        let name = |selected: &Selected| {
            let versions: Vec<_> = selected.versions.iter().map(|version| version.name.as_str()).collect();
            format!("{} {}", selected.crd.name, versions.join(","))
        };
        Ok(choice.crds.iter().map(name).collect())
    }

    #[test]
    fn served_versions_are_taken_and_a_crd_without_any_is_named() {
        assert_eq!(names(&crds(), &[], Versions::Served).unwrap(), ["runs.a.io v1", "runs.b.io v2"]);
        let crds = crds();
        let warnings = select(&crds, &Selection::default()).unwrap().warnings;
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].message.contains("olds.a.io"), "{}", warnings[0].message);
    }

    #[test]
    fn all_versions_and_versions_by_name() {
        assert_eq!(names(&crds(), &["Old"], Versions::All).unwrap(), ["olds.a.io v0"]);
        let named = Versions::Named(vec!["v1beta1".into()]);
        assert_eq!(names(&crds(), &["Run.a.io"], named).unwrap(), ["runs.a.io v1beta1"]);
    }

    #[test]
    fn a_kind_is_selected_in_every_group_or_in_one() {
        assert_eq!(names(&crds(), &["Run"], Versions::Served).unwrap().len(), 2);
        assert_eq!(names(&crds(), &["Run.b.io"], Versions::Served).unwrap(), ["runs.b.io v2"]);
    }

    #[test]
    fn a_kind_or_a_version_that_does_not_exist_is_an_error_that_lists_those_that_do() {
        let error = &names(&crds(), &["Runner"], Versions::Served).unwrap_err()[0];
        assert_eq!(error.code, "select::kind");
        assert!(error.help.as_ref().unwrap().ends_with("Old, Run"), "{error:?}");

        let error = &names(&crds(), &["Run"], Versions::Named(vec!["v3".into()])).unwrap_err()[0];
        assert_eq!(error.code, "select::version");
        assert!(error.help.as_ref().unwrap().ends_with("v1, v1beta1, v2"), "{error:?}");
    }

    #[test]
    fn a_selection_of_nothing_is_an_error() {
        assert_eq!(names(&crds(), &["Old"], Versions::Served).unwrap_err()[0].code, "select::nothing");
    }
}
