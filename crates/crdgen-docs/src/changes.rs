//! Changes of a version since the one before.

use crdgen_diff::{FieldPath, Finding, Step, between};
use crdgen_schema::Schema;
use crdgen_schema::crd::{Crd, Version};

use crate::anchor;
use crate::field::below;
use crate::tree::is_of_every_object;

/// Rules about texts for people.
const TEXTS: [&str; 4] = ["description-changed", "title-changed", "example-changed", "external-docs-changed"];

/// Changes of a version since the one before.
pub(crate) struct Changes<'a> {
    /// Name of the version before.
    pub(crate) since: &'a str,
    pub(crate) rows: Vec<Row>,
    /// Number of rows that are breaking.
    pub(crate) breaking: usize,
    /// Number of changes of texts, which have no row.
    pub(crate) descriptions: usize,
    /// Number of rows up to which the list is open when the page is opened.
    pub(crate) open_up_to: usize,
}

/// One change.
pub(crate) struct Row {
    /// Path of the field, with the levels of lists and maps. Empty for a change outside of the schema.
    pub(crate) path: String,
    /// Anchor of the field, if it is in the tree of the page.
    pub(crate) anchor: Option<String>,
    pub(crate) message: String,
    pub(crate) is_breaking: bool,
}

impl<'a> Changes<'a> {
    pub(crate) fn between(crd: &Crd, old: &'a Version, new: &Version) -> Self {
        let (texts, others): (Vec<Finding>, Vec<Finding>) =
            between(crd, old, new).into_iter().partition(|finding| TEXTS.contains(&finding.rule.id));
        let rows: Vec<Row> = others.iter().map(|finding| Row::of(finding, &new.schema)).collect();
        Self {
            since: &old.name,
            breaking: rows.iter().filter(|row| row.is_breaking).count(),
            rows,
            descriptions: texts.len(),
            open_up_to: 20,
        }
    }
}

impl Row {
    fn of(finding: &Finding, schema: &Schema) -> Self {
        Self {
            path: finding.path.to_string(),
            anchor: is_in_tree(&finding.path, schema).then(|| anchor::anchor(names(&finding.path))),
            message: finding.message.clone(),
            is_breaking: finding.breaks_objects(),
        }
    }
}

fn names(path: &FieldPath) -> impl Iterator<Item = &str> {
    path.steps().iter().filter_map(|step| match step {
        Step::Field(name) => Some(name.as_str()),
        Step::Items | Step::Values => None,
    })
}

fn is_in_tree(path: &FieldPath, schema: &Schema) -> bool {
    names(path).next().is_some_and(|name| !is_of_every_object(name)) && at(path, schema).is_some()
}

/// Returns the schema at a path, if it is there.
fn at<'s>(path: &FieldPath, schema: &'s Schema) -> Option<&'s Schema> {
    path.steps().iter().try_fold(schema, |schema, step| match step {
        Step::Field(name) => schema.properties.get(name),
        Step::Items | Step::Values => below(schema).map(|(_, inner)| inner),
    })
}
