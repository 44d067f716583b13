//! The index of all kinds.

use askama::Template;

use crate::order::order;
use crate::{HEADER, Subject, markdown};

#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    header: &'a str,
    root: &'a str,
    groups: Vec<Group<'a>>,
}

struct Group<'a> {
    name: &'a str,
    kinds: Vec<Kind<'a>>,
}

struct Kind<'a> {
    name: &'a str,
    /// Page of the version that is stored, or of the first one.
    page: String,
    summary: String,
    versions: Vec<(&'a str, String)>,
}

pub(crate) fn html(subjects: &[Subject<'_>]) -> String {
    let mut sorted: Vec<&Subject<'_>> = subjects.iter().collect();
    sorted.sort_by_cached_key(|subject| {
        let Subject { crd, version, .. } = subject;
        (crd.group.clone(), crd.names.kind.clone(), crd.name.clone(), order(&version.name))
    });
    let mut groups: Vec<Group<'_>> = Vec::new();
    for of_group in sorted.chunk_by(|left, right| left.crd.group == right.crd.group) {
        let kinds = of_group.chunk_by(|left, right| left.crd.name == right.crd.name).map(kind).collect();
        groups.push(Group { name: &of_group[0].crd.group, kinds });
    }
    Index { header: HEADER, root: "", groups }.render().expect("templates write to a string")
}

/// Returns the entry of a kind, which has at least one version.
fn kind<'a>(versions: &[&Subject<'a>]) -> Kind<'a> {
    let main = versions.iter().find(|subject| subject.version.storage).unwrap_or(&versions[0]);
    Kind {
        name: &main.crd.names.kind,
        page: main.page(),
        summary: main.version.schema.description.as_deref().map(markdown::summary).unwrap_or_default(),
        versions: versions.iter().map(|subject| (subject.version.name.as_str(), subject.page())).collect(),
    }
}
