//! Findings of a comparison in the form that reports take.

use crdgen_diff::{Axis, Breach, Finding, Missed, Outcome, Proof, Witness};
use crdgen_docs::yaml;
use crdgen_schema::{Diagnostic, Severity};
use serde_json::{Map, Value as Json, json};

use crate::report::{self, Level};

/// Maximum length of an object that is shown, in bytes.
const MAX_OBJECT: usize = 4096;

/// Converts a finding.
pub(super) fn finding(finding: &Finding, level: Level) -> report::Finding {
    let severity = if level == Level::Error { Severity::Error } else { Severity::Warning };
    let diagnostic = Diagnostic {
        severity,
        code: finding.rule.id,
        message: message(finding),
        place: None,
        path: None,
        help: Some(finding.rule.why.to_owned()),
    };
    let place = finding.places.new.as_ref().or(finding.places.old.as_ref());
    let diagnostic = match place {
        Some((source, span)) => diagnostic.at(source, *span),
        None => diagnostic,
    };
    let subject = match &finding.version {
        Some(version) => format!("{} {version}", finding.crd),
        None => finding.crd.clone(),
    };
    let mut row = report::Finding::new(diagnostic.path(subject.clone()), subject).level(level);
    if !finding.path.is_root() {
        row = row.field(finding.path.to_string());
    }
    row = row.note("verdicts", verdicts(finding));
    if let Some(note) = &finding.note {
        row = row.note("reason", note.clone());
    }
    if finding.rule.id == "unhandled" {
        row = row.note("difference", difference(finding));
    }
    row = match &finding.proof {
        Proof::None => row,
        Proof::Witness(witness) => row.note("witness", shown(witness)),
        Proof::Unproven(reason) => row.note("unproven", reason.clone()),
    };
    row.data = data(finding);
    row
}

/// Converts a random object that breaks without a finding.
pub(super) fn missed(missed: &Missed) -> report::Finding {
    let Missed { crd, version, breach, object } = missed;
    let what = match breach {
        Breach::Refused { message, .. } => message.clone(),
        Breach::Lost(place) => format!("{place} is lost"),
    };
    let diagnostic =
        Diagnostic::error("diff::missed", format!("a random object breaks, and no finding says so: {what}"));
    let finding = report::Finding::new(diagnostic, format!("{crd} {version}")).field(breach.place());
    finding.note("object", yaml(object))
}

fn message(finding: &Finding) -> String {
    match finding.path.is_root() {
        true => finding.message.clone(),
        false => format!("{}: {}", finding.path, finding.message),
    }
}

fn verdicts(finding: &Finding) -> String {
    let verdict = |axis: Axis| format!("{axis} {}", finding.verdicts.on(axis));
    Axis::ALL.map(verdict).join(", ")
}

/// Returns the change as YAML with the old and the new lines.
fn difference(finding: &Finding) -> String {
    let side = |mark: char, value: &Option<Json>| {
        let value = value.as_ref()?;
        let text = yaml(&json!({finding.keyword: value}));
        Some(text.lines().map(|line| format!("{mark} {line}\n")).collect::<String>())
    };
    let sides = [side('-', &finding.values.old), side('+', &finding.values.new)];
    sides.into_iter().flatten().collect()
}

fn shown(witness: &Witness) -> String {
    let Witness { object, before, outcome } = witness;
    let mut text = format!("# {}\n", outcome.summary());
    if let Some(before) = before {
        text.push_str(&format!("# before the update\n{}---\n# after the update\n", yaml(before)));
    }
    text.push_str(&yaml(object));
    if text.len() > MAX_OBJECT {
        let end = (0..=MAX_OBJECT).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push_str("\n...");
    }
    text
}

/// Returns the values of a finding for programs.
fn data(finding: &Finding) -> Map<String, Json> {
    let verdicts: Map<String, Json> =
        Axis::ALL.into_iter().map(|axis| (axis.to_string(), json!(finding.verdicts.on(axis).as_str()))).collect();
    let mut data = Map::from_iter([
        ("crd".to_owned(), json!(finding.crd)),
        ("version".to_owned(), json!(finding.version)),
        ("direction".to_owned(), json!(finding.direction.as_str())),
        ("keyword".to_owned(), json!(finding.keyword)),
        ("old".to_owned(), json!(finding.values.old)),
        ("new".to_owned(), json!(finding.values.new)),
        ("verdicts".to_owned(), Json::Object(verdicts)),
        ("reason".to_owned(), json!(finding.note)),
    ]);
    match &finding.proof {
        Proof::None => {}
        Proof::Witness(witness) => drop(data.insert("witness".to_owned(), witness_json(witness))),
        Proof::Unproven(reason) => drop(data.insert("unproven".to_owned(), json!(reason))),
    }
    data
}

fn witness_json(witness: &Witness) -> Json {
    let Witness { object, before, outcome } = witness;
    let (kind, details) = match outcome {
        Outcome::Refused(causes) => ("refused", causes.clone()),
        Outcome::Loses(fields) => ("loses", fields.clone()),
        Outcome::Gone(reason) => ("gone", vec![reason.clone()]),
    };
    json!({"object": object, "before": before, "outcome": kind, "details": details})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_is_read_by_kubectl_as_it_was_made() {
        let outcome = Outcome::Refused(vec!["spec.mode: Unsupported value".to_owned()]);
        let witness = Witness { object: json!({"spec": {"mode": "yes", "port": "80"}}), before: None, outcome };
        assert!(shown(&witness).ends_with("spec:\n  mode: \"yes\"\n  port: \"80\"\n"), "{}", shown(&witness));
    }
}
