//! The page of one version of a kind.

use askama::Template;
use crdgen_objects::Objects;
use crdgen_schema::Schema;
use crdgen_schema::crd::{Column, Conversion, Scope};

use crate::changes::Changes;
use crate::fact::{Fact, Part, facts};
use crate::field::fields;
use crate::order::order;
use crate::tree::{Tree, is_of_every_object};
use crate::{HEADER, Subject, anchor, example, markdown};

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    header: &'a str,
    /// Path from the page to the root of the site.
    root: &'a str,
    kind: &'a str,
    group: &'a str,
    version: &'a str,
    description: String,
    deprecated: Option<&'a str>,
    details: Vec<(&'a str, String)>,
    versions: Vec<Link<'a>>,
    /// Facts about the whole object.
    facts: Vec<Fact>,
    top: Vec<&'a str>,
    tree: Tree<'a>,
    minimal: Result<String, String>,
    /// Absent if the full example equals the minimal one.
    full: Option<String>,
    columns: Vec<ColumnRow<'a>>,
    /// Absent if no older version has a page.
    changes: Option<Changes<'a>>,
    /// Number of fields, and of those with an exact type.
    coverage: (usize, usize),
    opaque: Vec<OpaqueRow<'a>>,
    generated: Option<&'a str>,
}

/// Link to the page of another version.
struct Link<'a> {
    name: &'a str,
    is_this: bool,
    note: &'static str,
}

struct ColumnRow<'a> {
    column: &'a Column,
    /// Anchor of the field, if the column is a field of the tree.
    anchor: Option<String>,
}

struct OpaqueRow<'a> {
    path: String,
    anchor: String,
    reason: &'a str,
}

/// Returns the page of a version. `all` has the other versions of its kind.
pub(crate) fn html(subject: &Subject<'_>, all: &[Subject<'_>]) -> String {
    let Subject { crd, version, names, opaque } = subject;
    let objects = Objects::for_version(crd, version);
    let minimal = objects.minimal().map(|object| example::yaml(&object)).map_err(|unmade| unmade.to_string());
    let full = objects.full().ok().map(|object| example::yaml(&object));
    let full = full.filter(|full| minimal.as_ref() != Ok(full));
    let count = count(&version.schema, 0);
    let older =
        all.iter().filter(|other| other.crd.name == crd.name && order(&other.version.name) > order(&version.name));
    let before = older.min_by_key(|other| order(&other.version.name));
    let tree = Tree { kind: &crd.names.kind, schema: &version.schema, names };
    let page = Page {
        header: HEADER,
        root: "../../",
        kind: &crd.names.kind,
        group: &crd.group,
        version: &version.name,
        description: version.schema.description.as_deref().map(markdown::html).unwrap_or_default(),
        deprecated: version.deprecated.as_deref(),
        details: details(subject),
        versions: versions(subject, all),
        facts: facts(&version.schema),
        top: fields(&version.schema).map(|field| field.name).filter(|name| !is_of_every_object(name)).collect(),
        tree,
        minimal,
        full,
        columns: version.columns.iter().map(|column| ColumnRow::of(column, &version.schema)).collect(),
        changes: before.map(|before| Changes::between(crd, before.version, version)),
        coverage: (count, count.saturating_sub(opaque.len())),
        opaque: opaque
            .iter()
            .map(|opaque| OpaqueRow {
                path: opaque.path.split_once('.').map_or("", |(_, below)| below).to_owned(),
                anchor: anchor::of_model_path(&opaque.path),
                reason: &opaque.reason,
            })
            .collect(),
        generated: names.get(&crd.names.kind).map(String::as_str),
    };
    page.render().expect("templates write to a string")
}

fn versions<'a>(subject: &Subject<'a>, all: &[Subject<'a>]) -> Vec<Link<'a>> {
    let of_kind = all.iter().filter(|other| other.crd.name == subject.crd.name);
    let link = |other: &Subject<'a>| Link {
        name: &other.version.name,
        is_this: other.version.name == subject.version.name,
        note: match (other.version.deprecated.is_some(), other.version.storage) {
            (true, _) => "deprecated",
            (false, true) => "stored",
            (false, false) => "",
        },
    };
    let mut links: Vec<Link<'a>> = of_kind.map(link).collect();
    links.sort_by_cached_key(|link| order(link.name));
    links
}

/// Returns the properties of the resource, each with its label.
fn details<'a>(subject: &Subject<'a>) -> Vec<(&'a str, String)> {
    let Subject { crd, version, .. } = subject;
    let mut details = vec![
        ("apiVersion", format!("{}/{}", crd.group, version.name)),
        ("Resource", crd.name.clone()),
        (
            "Scope",
            match crd.scope {
                Scope::Namespaced => "Namespaced".to_owned(),
                Scope::Cluster => "Cluster".to_owned(),
            },
        ),
    ];
    let mut list = |label: &'a str, names: &[String]| {
        if !names.is_empty() {
            details.push((label, names.join(", ")));
        }
    };
    list("Short names", &crd.names.short_names);
    list("Categories", &crd.names.categories);
    list("Selectable fields", &version.selectable_fields);
    let scale = version.scale.as_ref().map(|scale| format!("scale ({})", scale.spec_replicas_path));
    let subresources: Vec<String> = version.status.then(|| "status".to_owned()).into_iter().chain(scale).collect();
    if !subresources.is_empty() {
        details.push(("Subresources", subresources.join(", ")));
    }
    if crd.versions.len() > 1 {
        let conversion = match crd.conversion {
            Conversion::None => "none: undeclared fields are dropped",
            Conversion::Webhook => "webhook",
        };
        details.push(("Conversion", conversion.to_owned()));
    }
    details
}

impl<'a> ColumnRow<'a> {
    fn of(column: &'a Column, schema: &Schema) -> Self {
        let names: Vec<&str> = column.json_path.trim_start_matches('.').split('.').collect();
        let is_declared = names.iter().try_fold(schema, |schema, name| schema.properties.get(*name)).is_some();
        let is_in_tree = is_declared && !names.first().is_none_or(|name| is_of_every_object(name));
        Self { column, anchor: is_in_tree.then(|| anchor::anchor(names)) }
    }
}

/// Returns the number of fields below a schema. Fields that every object has are not counted.
fn count(schema: &Schema, depth: usize) -> usize {
    let counted = fields(schema).filter(|field| depth > 0 || !is_of_every_object(field.name));
    counted.map(|field| 1 + count(field.bottom().0, depth + 1)).sum()
}
