//! The index of the search, as a script: a page that is opened from a folder cannot read other files.

use crdgen_schema::Schema;
use serde_json::json;

use crate::field::{Field, fields};
use crate::tree::is_of_every_object;
use crate::{HEADER, Subject, anchor};

/// Maximum number of fields in the index. With more fields the index has only kinds, and a page finds its own fields.
const MAX_FIELDS: usize = 30_000;

/// Returns a script that sets the kinds and, if they are not too many, the fields of all pages.
pub(crate) fn index(subjects: &[Subject<'_>]) -> String {
    let paths: Vec<Vec<String>> = subjects.iter().map(|subject| paths(&subject.version.schema)).collect();
    let has_fields = paths.iter().map(Vec::len).sum::<usize>() <= MAX_FIELDS;
    let entries = subjects.iter().zip(paths).map(|(subject, paths)| {
        let fields = if has_fields { paths } else { Vec::new() };
        json!([subject.crd.names.kind, subject.crd.group, subject.version.name, subject.page(), fields])
    });
    let entries: Vec<String> = entries.map(|entry| entry.to_string()).collect();
    format!("// {HEADER}\nwindow.crdgenIndex = [\n{}\n];\n", entries.join(",\n"))
}

/// Returns the anchors of all fields.
fn paths(schema: &Schema) -> Vec<String> {
    let mut paths = Vec::new();
    let root = fields(schema).filter(|field| !is_of_every_object(field.name));
    collect(root, &mut String::new(), &mut paths);
    paths
}

fn collect<'s>(fields_here: impl Iterator<Item = Field<'s>>, path: &mut String, paths: &mut Vec<String>) {
    for field in fields_here {
        let end = path.len();
        anchor::push(path, field.name);
        if paths.len() <= MAX_FIELDS {
            paths.push(path.clone());
            collect(fields(field.bottom().0), path, paths);
        }
        path.truncate(end);
    }
}
