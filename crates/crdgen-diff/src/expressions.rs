//! Expressions for which an API server refuses the new CRD as a whole.

use std::collections::HashSet;

use crdgen_schema::cel::check_crd;
use crdgen_schema::crd::Version;
use crdgen_schema::schema::Additional;
use crdgen_schema::{Crd, Diagnostic, Schema, Severity, Span};

use crate::change::{Change, Keyword, Sides};
use crate::finding::Finding;
use crate::path::{FieldPath, Step};
use crate::walk;

/// Returns a finding for each expression that a server refuses in the new CRD and not in the old one. A server accepts
/// an expression that the stored CRD has already.
pub(crate) fn findings(old: &Crd, new: &Crd) -> Vec<Finding> {
    let problems = problems(new);
    if problems.is_empty() {
        return Vec::new();
    }
    let key = |problem: &Diagnostic| (problem.code, problem.path.clone());
    let known: HashSet<_> = self::problems(old).iter().map(key).collect();
    let is_new = |problem: &&Diagnostic| !known.contains(&key(problem));
    problems.iter().filter(is_new).map(|problem| finding(new, problem)).collect()
}

fn problems(crd: &Crd) -> Vec<Diagnostic> {
    let mut problems = check_crd(crd, Severity::Error);
    problems.retain(|problem| problem.severity == Severity::Error);
    problems
}

fn finding(new: &Crd, problem: &Diagnostic) -> Finding {
    let span = problem.place.as_ref().map(|place| place.span);
    let found = span.and_then(|span| new.versions.iter().find_map(|version| Some((version, path(version, span)?))));
    let (version, path) = match found {
        Some((version, path)) => (Some(version), path),
        None => (new.versions.first(), Vec::new()),
    };
    let change = Change {
        versions: Sides { old: None, new: version },
        path: FieldPath::new(path),
        keyword: Keyword::Rule,
        values: Sides::default(),
        ..walk::added(new)
    };
    let id = match problem.code {
        "cel::cost" | "cel::total-cost" => "cost-over-budget",
        _ => "expression-refused",
    };
    let finding = Finding::of(&change).with_rule(id);
    let message = format!("{}: {}", finding.rule.title, problem.message);
    let place = problem.place.as_ref().map(|place| (place.source.clone(), place.span));
    Finding { message, note: problem.help.clone(), places: Sides { old: None, new: place }, ..finding }
}

/// Returns the path of the schema at a position of a version.
fn path(version: &Version, span: Span) -> Option<Vec<Step>> {
    let mut path = Vec::new();
    find(&version.schema, span, &mut path).then_some(path)
}

/// Extends the path to the schema at a position. Returns false and leaves the path as it is if there is none.
fn find(schema: &Schema, span: Span, path: &mut Vec<Step>) -> bool {
    if schema.span == span {
        return true;
    }
    let values = match &schema.additional_properties {
        Some(Additional::Schema(values)) => Some((Step::Values, &**values)),
        Some(Additional::Allowed(_)) | None => None,
    };
    let properties = schema.properties.iter().map(|(name, property)| (Step::Field(name.clone()), property));
    let items = schema.items.as_deref().map(|items| (Step::Items, items));
    for (step, below) in properties.chain(items).chain(values) {
        path.push(step);
        if find(below, span, path) {
            return true;
        }
        path.pop();
    }
    false
}
