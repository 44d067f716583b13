//! Checks that defaults match their own schema and have no undeclared fields.
//!
//! As in the API server, nested defaults are not filled in before the check, and nothing below `additionalProperties`
//! is checked.

use crdgen_cel::re2::Patterns;
use serde_json::Value as Json;

use super::refusal::refuse;
use crate::Diagnostic;
use crate::admission::{embedded, prepare, prune};
use crate::effort::{self, Effort};
use crate::prepared::Prepared;
use crate::report::{Path, Report};
use crate::schema::Schema;
use crate::validate::validate;

const CODE: &str = "schema::default";

/// Returns whether a default is set. `default: null` is not a default.
pub(super) fn is_set(default: Option<&serde_json::Value>) -> bool {
    default.is_some_and(|default| !default.is_null())
}

/// Checks all defaults of a schema.
pub(super) fn check(root: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let mut checker = Checker { effort: Effort::new(effort::PER_OBJECT), patterns: Patterns::new() };
    // A default of the root may have the fields of an embedded object.
    let prepared = root.default.is_some().then(|| Prepared { embedded_resource: true, ..checker.prepared(root) });
    checker.node(root, prepared.as_ref(), path, report);
    if checker.effort.is_spent() {
        let warning = Diagnostic::warning(
            "schema::default-unchecked",
            "some defaults were not checked, because the check takes too long",
        );
        let help = "an API server checks them all when the CRD is created";
        report.add(warning.help(help), root.span, path);
    }
}

struct Checker {
    /// Effort for all defaults together.
    effort: Effort,
    /// Patterns of the nodes that were prepared.
    patterns: Patterns,
}

impl Checker {
    fn prepared(&mut self, schema: &Schema) -> Prepared {
        prepare::default(schema, &mut self.patterns)
    }

    /// Checks a node and those below. `prepared` is the prepared node if one above it has a default. Most nodes have none above
    /// or below, and are never prepared.
    fn node(&mut self, schema: &Schema, prepared: Option<&Prepared>, path: &Path<'_>, report: &mut Report<'_>) {
        let first = (prepared.is_none() && schema.default.is_some()).then(|| self.prepared(schema));
        let prepared = prepared.or(first.as_ref());
        if let Some(prepared) = prepared {
            self.own(schema, prepared, path, report);
        }
        let properties_path = path.field("properties");
        for (name, property) in &schema.properties {
            let prepared = prepared.and_then(|prepared| prepared.properties.get(name));
            self.node(property, prepared, &properties_path.field(name), report);
        }
        if let Some(items) = &schema.items {
            let prepared = prepared.and_then(|prepared| prepared.items.as_deref());
            self.node(items, prepared, &path.field("items"), report);
        }
    }

    fn own(&self, schema: &Schema, prepared: &Prepared, path: &Path<'_>, report: &mut Report<'_>) {
        let Some(default) = schema.default.as_deref().filter(|default| is_set(Some(default))) else { return };
        let path = path.field("default");
        let mut refuse = |message: String, help: &str| refuse(report, CODE, schema.span, &path, message, help);
        if let Some(problem) = self.problem(default, prepared) {
            let message = format!("the default {} does not match its own schema: {problem}", shortened(default));
            let help = "correct the default; it must contain every required field, even a field that has a default";
            refuse(message, help);
        }
        if let Some(unknown) = prune::unknown_fields(&mut default.clone(), prepared).into_vec().first() {
            let message = format!("the default contains the undeclared field `{unknown}`");
            refuse(message, "declare it, or remove it from the default");
        }
    }

    /// Returns the first violation of a default.
    fn problem(&self, default: &Json, schema: &Prepared) -> Option<String> {
        let mut causes = match embedded::coerce_and_check(&mut default.clone(), schema) {
            Ok(causes) => causes,
            Err(malformed) => return Some(malformed),
        };
        causes.append(validate(schema, default, None, &self.effort).causes);
        causes.into_vec().first().map(ToString::to_string)
    }
}

fn shortened(default: &Json) -> String {
    const MAX_CHARS: usize = 60;
    let text = default.to_string();
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
