//! The tree of a version's fields, written while it is walked.

use std::collections::HashMap;
use std::fmt;

use askama::Template;
use crdgen_schema::Schema;

use crate::fact::{Fact, Part, facts};
use crate::field::{Field, fields, type_in_words};
use crate::{anchor, markdown};

/// Depth down to which fields are open when the page is opened.
const OPEN: usize = 2;

/// Fields of an object, as nested lists.
pub(crate) struct Tree<'a> {
    pub(crate) kind: &'a str,
    pub(crate) schema: &'a Schema,
    /// Names of generated types by path.
    pub(crate) names: &'a HashMap<String, String>,
}

/// A field without the fields below.
#[derive(Template)]
#[template(path = "field.html")]
struct Head<'a> {
    anchor: &'a str,
    name: &'a str,
    type_: String,
    generated: Option<&'a str>,
    is_required: bool,
    description: String,
    facts: Vec<Fact>,
}

impl fmt::Display for Tree<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let root = fields(self.schema).filter(|field| !is_of_every_object(field.name));
        self.list(root, &mut Place { anchor: String::new(), path: self.kind.to_owned(), depth: 0 }, out)
    }
}

/// Returns whether a field of the root is one that every object has.
pub(crate) fn is_of_every_object(name: &str) -> bool {
    matches!(name, "apiVersion" | "kind" | "metadata")
}

/// Place of an object. Both paths are extended for a field and cut off behind it.
struct Place {
    anchor: String,
    /// Path with the levels of lists and maps.
    path: String,
    depth: usize,
}

impl Tree<'_> {
    fn list<'s>(
        &self,
        fields: impl Iterator<Item = Field<'s>>,
        place: &mut Place,
        out: &mut fmt::Formatter<'_>,
    ) -> fmt::Result {
        out.write_str("<ul class=tree>\n")?;
        for field in fields {
            self.field(&field, place, out)?;
        }
        out.write_str("</ul>\n")
    }

    fn field(&self, field: &Field<'_>, place: &mut Place, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (anchor_end, path_end) = (place.anchor.len(), place.path.len());
        anchor::push(&mut place.anchor, field.name);
        place.path.push('.');
        place.path.push_str(field.name);
        let head = Head {
            anchor: &place.anchor,
            name: field.name,
            type_: type_in_words(field.schema),
            generated: self.names.get(&place.path).map(String::as_str),
            is_required: field.is_required && field.schema.default.is_none(),
            description: field.schema.description.as_deref().map(markdown::html).unwrap_or_default(),
            facts: facts(field.schema),
        };
        head.render_into(out).map_err(|_| fmt::Error)?;
        let (bottom, levels) = field.bottom();
        if !bottom.properties.is_empty() {
            place.path.push_str(&levels);
            self.below(bottom, place, out)?;
        }
        place.anchor.truncate(anchor_end);
        place.path.truncate(path_end);
        out.write_str("</li>\n")
    }

    fn below(&self, schema: &Schema, place: &mut Place, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = if place.depth + 1 < OPEN { " open" } else { "" };
        let count = schema.properties.len();
        let unit = if count == 1 { "field" } else { "fields" };
        writeln!(out, "<details{open}><summary>{count} {unit}</summary>")?;
        place.depth += 1;
        self.list(fields(schema), place, out)?;
        place.depth -= 1;
        out.write_str("</details>\n")
    }
}
