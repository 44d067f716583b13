//! Reference pages of Kubernetes CRDs, as static HTML.
//!
//! [`emit`] returns the files of a site: an index of all kinds, and a page for each version of a kind. A page has the
//! tree of fields with types, defaults, constraints and CEL rules, valid examples, printer columns, changes since the
//! version before, and the parts of the schema that have no exact type. [`Field`] and [`facts`] give the same information to other formats.
//!
//! The pages use no network and work without JavaScript. Text of a CRD is not trusted: it is escaped, and Markdown in
//! descriptions is rendered without its HTML and images.

mod anchor;
mod changes;
mod example;
mod fact;
mod field;
mod file;
mod index;
mod markdown;
mod order;
mod page;
mod search;
mod subject;
mod tree;

pub use anchor::anchor;
pub use example::yaml;
pub use fact::{Fact, Part, facts};
pub use field::{Field, fields, type_in_words};
pub use file::{Files, HEADER};
pub use subject::{Opaque, Subject};

/// Returns the files of a site. The same subjects give the same bytes.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use crdgen_docs::{Subject, emit};
/// use crdgen_schema::{Source, crds, documents};
///
/// let text = "
/// apiVersion: apiextensions.k8s.io/v1
/// kind: CustomResourceDefinition
/// metadata: {name: boats.example.com}
/// spec:
///   group: example.com
///   names: {kind: Boat, plural: boats}
///   scope: Namespaced
///   versions:
///   - name: v1
///     served: true
///     storage: true
///     schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object}}}}
/// ".to_owned();
/// let source = Arc::new(Source { name: "boats.yaml".to_owned(), text });
/// let found = crds(documents(&source, &mut Vec::new()), &mut Vec::new());
/// let crd = &found.crds[0];
/// let files = emit(&[Subject::new(crd, &crd.versions[0])]);
/// assert!(files["index.html"].contains("Boat"));
/// assert!(files["example.com/boats/v1.html"].contains("kind: Boat"));
/// ```
pub fn emit(subjects: &[Subject<'_>]) -> Files {
    let mut files: Files = subjects.iter().map(|subject| (subject.page(), page::html(subject, subjects))).collect();
    files.insert("index.html".to_owned(), index::html(subjects));
    files.insert("search-index.js".to_owned(), search::index(subjects));
    files.insert("search.js".to_owned(), format!("// {HEADER}\n{}", include_str!("../assets/search.js")));
    files.insert("style.css".to_owned(), format!("/* {HEADER} */\n{}", include_str!("../assets/style.css")));
    files
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
