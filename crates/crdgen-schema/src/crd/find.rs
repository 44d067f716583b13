//! Search for CRDs in documents. Lists are unwrapped, objects of other kinds are counted, and objects that only
//! resemble a CRD are reported.

use std::sync::Arc;

use super::candidate::{Candidate, name_of};
use super::duplicate::Named;
use super::{Crd, duplicate, read};
use crate::texts::Texts;
use crate::{Diagnostic, Document, Node, Source, list};

pub(super) const KIND: &str = "CustomResourceDefinition";
const GROUP: &str = "apiextensions.k8s.io/";

/// CRDs found in documents.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// CRDs that an API server accepts, in the order of the documents. Names are unique.
    pub crds: Vec<Crd>,
    /// Number of objects of other kinds, including patches of CRDs.
    pub skipped: usize,
    /// Number of CRDs that cannot be used. There is an error for each.
    pub refused: usize,
    /// Names of the refused CRDs, as far as they have names.
    pub refused_names: Vec<String>,
}

/// Reads the CRDs in documents. A CRD with an error is refused; the others are kept.
pub fn crds(documents: Vec<Document>, diagnostics: &mut Vec<Diagnostic>) -> Found {
    let mut finder = Finder::default();
    documents.into_iter().for_each(|document| finder.object(&document.source, document.root, diagnostics));
    let Finder { mut found, candidates } = finder;
    let distinct = duplicate::distinct(candidates, Candidate::is_equal, diagnostics);
    found.refused += distinct.refused;
    found.refused_names.extend(distinct.refused_names);
    let texts = Texts::default();
    for candidate in distinct.candidates {
        let name = candidate.name().map(str::to_owned);
        match read::read(candidate, &texts, diagnostics) {
            Some(crd) => found.crds.push(crd),
            None => {
                found.refused += 1;
                found.refused_names.extend(name);
            }
        }
    }
    found
}

/// Search that takes objects one by one.
#[derive(Default)]
pub(super) struct Finder {
    pub(super) found: Found,
    pub(super) candidates: Vec<Candidate>,
}

impl Finder {
    pub(super) fn object(&mut self, source: &Arc<Source>, root: Node, diagnostics: &mut Vec<Diagnostic>) {
        let text = |field| root.get(field).and_then(Node::as_str).unwrap_or_default();
        match (text("kind"), text("apiVersion")) {
            _ if list::is_list(&root) => {
                list::into_items(root).into_iter().for_each(|item| self.object(source, item, diagnostics));
            }
            (KIND, "apiextensions.k8s.io/v1") if is_patch(&root) => {
                self.found.skipped += 1;
                diagnostics.push(patch(source, &root));
            }
            (KIND, "apiextensions.k8s.io/v1") => self.candidates.push(Candidate { source: source.clone(), root }),
            (KIND, version) if version.starts_with(GROUP) || version.is_empty() => {
                self.found.refused += 1;
                self.found.refused_names.extend(name_of(&root).map(str::to_owned));
                diagnostics.push(other_version(source, &root, version));
            }
            _ => self.found.skipped += 1,
        }
    }
}

/// Returns whether an object is a kustomize patch of a CRD: it has the kind and a name, but neither group nor names.
fn is_patch(root: &Node) -> bool {
    let given = |field| root.get("spec").is_some_and(|spec| spec.get(field).is_some());
    !given("group") && !given("names")
}

fn patch(source: &Arc<Source>, root: &Node) -> Diagnostic {
    let message = format!("{} is skipped: it is a patch of a CRD, without spec.group and spec.names", described(root));
    Diagnostic::warning("crd::patch", message)
        .at(source, root.span)
        .help("if the patch changes the schema, use the patched CRD as the input: `kustomize build <folder>` prints it")
}

fn other_version(source: &Arc<Source>, root: &Node, version: &str) -> Diagnostic {
    let version = version.trim_start_matches(GROUP);
    let diagnostic = match version {
        "v1beta1" => Diagnostic::error("crd::v1beta1", format!("{} has the apiVersion apiextensions.k8s.io/v1beta1", described(root)))
            .help("convert it to apiextensions.k8s.io/v1, with a schema in each of spec.versions; Kubernetes 1.22 removed v1beta1"),
        "" => Diagnostic::error("crd::api-version", format!("{} has no apiVersion", described(root)))
            .help("write `apiVersion: apiextensions.k8s.io/v1`"),
        _ => Diagnostic::error("crd::api-version", format!("{} has the unknown apiVersion {version}", described(root)))
            .help("write `apiVersion: apiextensions.k8s.io/v1`"),
    };
    diagnostic.at(source, root.span)
}

fn described(root: &Node) -> String {
    match name_of(root) {
        Some(name) => format!("`{name}`"),
        None => format!("a {KIND} without a name"),
    }
}
