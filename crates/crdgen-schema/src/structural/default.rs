//! Defaults must fit their own schema and must not hold undeclared fields.
//!
//! Like the API server this does not fill in the defaults of fields within a default, and does not look below
//! `additionalProperties`.

use serde_json::Value as Json;

use super::{is_set, refuse};
use crate::admission::{embedded, prune};
use crate::prepared::Prepared;
use crate::report::{Path, Report};
use crate::schema::Schema;
use crate::validate::validate;

const CODE: &str = "schema::default";

/// Checks all defaults.
pub(super) fn check(root: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    if is_set(root.default.as_ref()) {
        // A default of the whole object holds what embedded objects hold.
        let whole = Schema { embedded_resource: true, ..root.clone() };
        check_own(&whole, path, report);
    }
    check_children(root, path, report);
}

fn check_node(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    check_own(schema, path, report);
    check_children(schema, path, report);
}

fn check_children(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let properties_path = path.field("properties");
    for (name, property) in &schema.properties {
        check_node(property, &properties_path.field(name), report);
    }
    if let Some(items) = &schema.items {
        check_node(items, &path.field("items"), report);
    }
}

fn check_own(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let Some(default) = schema.default.as_ref().filter(|default| is_set(Some(default))) else { return };
    let path = path.field("default");
    let prepared = Prepared::of_default(schema);
    let mut refuse = |message: String, help: &str| refuse(report, CODE, schema.span, &path, message, help);
    if let Some(problem) = problem(default, &prepared) {
        let message = format!("the default {} does not fit its own schema: {problem}", shortened(default));
        let help = "correct it; fields that are required in it must stand in it, whether or not they have defaults";
        refuse(message, help);
    }
    if let Some(unknown) = prune::unknown_fields(&mut default.clone(), &prepared).first() {
        let message = format!("the default holds the undeclared field `{unknown}`");
        refuse(message, "declare it, or remove it from the default");
    }
}

/// The first thing that is wrong with a default.
fn problem(default: &Json, schema: &Prepared) -> Option<String> {
    let mut causes = match embedded::coerce_and_check(&mut default.clone(), schema) {
        Ok(causes) => causes,
        Err(malformed) => return Some(malformed),
    };
    causes.append(&mut validate(schema, default, None).causes);
    causes.first().map(ToString::to_string)
}

fn shortened(default: &Json) -> String {
    const MAX_CHARS: usize = 60;
    let text = default.to_string();
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
