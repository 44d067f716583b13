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
    problems.iter().filter(is_new).map(|problem| finding(old, new, problem)).collect()
}

fn problems(crd: &Crd) -> Vec<Diagnostic> {
    let mut problems = check_crd(crd, Severity::Error);
    problems.retain(|problem| problem.severity == Severity::Error);
    problems
}

fn finding(old: &Crd, new: &Crd, problem: &Diagnostic) -> Finding {
    let span = problem.place.as_ref().map(|place| place.span);
    let found = span.and_then(|span| new.versions.iter().find_map(|version| Some((version, place(version, span)?))));
    let (version, path, schema) = match found {
        Some((version, (path, schema))) => (Some(version), path, Some(schema)),
        None => (new.versions.first(), Vec::new(), None),
    };
    let change = Change {
        crds: Sides { old, new },
        versions: Sides { old: None, new: version },
        path: FieldPath::new(path),
        schemas: Sides { old: None, new: schema },
        ..walk::added(new)
    };
    let id = match problem.code {
        "cel::cost" | "cel::total-cost" => "cost-over-budget",
        _ => "expression-refused",
    };
    let change = Change { keyword: Keyword::Rule, values: Sides::default(), ..change };
    let finding = Finding::of(&change).with_rule(id);
    let message = format!("{}: {}", finding.rule.title, problem.message);
    Finding { message, note: problem.help.clone(), ..finding }
}

/// Returns the schema at a position of a version, with its path.
fn place(version: &Version, span: Span) -> Option<(Vec<Step>, &Schema)> {
    let mut path = Vec::new();
    find(&version.schema, span, &mut path).map(|schema| (path, schema))
}

fn find<'s>(schema: &'s Schema, span: Span, path: &mut Vec<Step>) -> Option<&'s Schema> {
    if schema.span == span {
        return Some(schema);
    }
    let values = match &schema.additional_properties {
        Some(Additional::Schema(values)) => Some((Step::Values, &**values)),
        Some(Additional::Allowed(_)) | None => None,
    };
    let properties = schema.properties.iter().map(|(name, property)| (Step::Field(name.clone()), property));
    let items = schema.items.as_deref().map(|items| (Step::Items, items));
    for (step, below) in properties.chain(items).chain(values) {
        path.push(step);
        if let Some(found) = find(below, span, path) {
            return Some(found);
        }
        path.pop();
    }
    None
}
