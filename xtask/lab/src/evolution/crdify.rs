//! Findings of crdify, each with the finding of crdgen about the same change.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use crdgen_diff::{Finding, Step, rules};
use serde::Deserialize;

use crate::jsonl;

/// Findings of crdify about a CRD in a step.
#[derive(Deserialize)]
struct Line {
    old: String,
    new: String,
    crd: String,
    findings: Vec<Theirs>,
}

#[derive(Deserialize)]
struct Theirs {
    #[serde(default)]
    property: Option<String>,
    check: String,
    errors: Vec<String>,
}

/// A finding of crdify.
pub struct Explained {
    step: String,
    crd: String,
    property: String,
    check: String,
    /// Rule of crdgen and its verdicts.
    ours: Option<String>,
}

impl Explained {
    pub fn is_explained(&self) -> bool {
        self.ours.is_some()
    }
}

/// Looks for crdgen's finding about each change that crdify reports.
pub fn compare(file: &Path, steps: &[(String, Vec<Finding>)]) -> Result<Vec<Explained>> {
    let mut explained = Vec::new();
    for line in jsonl::values::<Line>(jsonl::open(file)?) {
        let line = line?;
        let step = steps.iter().find(|(name, _)| name.ends_with(&format!("{} -> {}", line.old, line.new)));
        let findings: Vec<&Finding> = step
            .map(|(_, findings)| findings.iter().filter(|finding| finding.crd == line.crd).collect())
            .unwrap_or_default();
        for theirs in &line.findings {
            for (property, check) in theirs.changes() {
                explained.push(Explained {
                    step: format!("{} -> {}", line.old, line.new),
                    crd: line.crd.clone(),
                    ours: ours(&findings, &property, &check),
                    property,
                    check,
                });
            }
        }
    }
    Ok(explained)
}

impl Theirs {
    /// Returns the fields and checks. The removal of fields is one finding of crdify with a line for each field.
    fn changes(&self) -> Vec<(String, String)> {
        match &self.property {
            Some(property) => vec![(property.clone(), self.check.clone())],
            None => self
                .errors
                .iter()
                .map(|error| {
                    let field = error.split_once(".^").map_or(error.as_str(), |(_, field)| field);
                    (format!("^{field}"), self.check.clone())
                })
                .collect(),
        }
    }
}

/// Returns crdgen's finding about a field, or about an object around it that changed as a whole.
fn ours(findings: &[&Finding], property: &str, check: &str) -> Option<String> {
    let at = |finding: &&&Finding| {
        let path = written(finding);
        let is_parent = check == "required"
            && path.strip_prefix(property).is_some_and(|rest| rest.starts_with('.') && !rest[1..].contains('.'));
        path == property || is_parent
    };
    let is_meant =
        |finding: &&&Finding| at(finding) && keywords(check).is_none_or(|keywords| keywords.contains(&finding.keyword));
    let whole = ["field-removed", "field-renamed", "type-changed", "map-became-struct", "struct-became-map"];
    let is_above = |finding: &&&Finding| {
        whole.contains(&finding.rule.id)
            && property.strip_prefix(&written(finding)).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    // crdify reports unions as fields, and one change for all that is in the values of a map.
    let union = ["allOf", "anyOf", "oneOf", "not"]
        .iter()
        .filter_map(|name| property.find(&format!(".{name}[")).or_else(|| property.find(&format!(".{name}."))))
        .min();
    let is_of_union = |finding: &&&Finding| {
        union.is_some_and(|end| written(finding) == property[..end])
            && matches!(finding.keyword, "allOf" | "anyOf" | "oneOf" | "not" | "enum")
    };
    let is_in_map = |finding: &&&Finding| {
        check == "unhandled" && written(finding).starts_with(&format!("{property}.additionalProperties"))
    };
    let found = findings
        .iter()
        .find(is_meant)
        .or_else(|| findings.iter().find(is_above))
        .or_else(|| findings.iter().find(is_of_union))
        .or_else(|| findings.iter().find(is_in_map))?;
    let verdicts = found.verdicts;
    Some(format!(
        "{} (writer {}, reader {}, stored {}, source {})",
        found.rule.id, verdicts.writer, verdicts.reader, verdicts.stored, verdicts.source
    ))
}

/// Returns the keywords that a check of crdify is about, or `None` for any.
fn keywords(check: &str) -> Option<&'static [&'static str]> {
    Some(match check {
        "default" => &["default"],
        "type" => &["type", "properties"],
        "enum" => &["enum"],
        "required" => &["required", "properties"],
        "maxLength" => &["maxLength"],
        "minLength" => &["minLength"],
        "pattern" => &["pattern"],
        "existingFieldRemoval" => &["properties", "items", "additionalProperties", "type"],
        _ => return None,
    })
}

/// Returns the path of a finding as crdify writes paths.
fn written(finding: &Finding) -> String {
    finding.path.steps().iter().fold("^".to_owned(), |path, step| match step {
        Step::Field(name) => format!("{path}.{name}"),
        Step::Items => format!("{path}.items"),
        Step::Values => format!("{path}.additionalProperties"),
    })
}

/// Prints crdify's findings by check, with the rules of crdgen.
pub fn print(explained: &[Explained]) {
    let mut by_check: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in explained {
        let rule = finding.ours.as_deref().and_then(|ours| rules::find(ours.split(' ').next().unwrap_or_default()));
        *by_check.entry((finding.check.as_str(), rule.map_or("no finding", |rule| rule.id))).or_default() += 1;
    }
    println!("\n{:<22} {:<28} {:>8}", "check of crdify", "rule of crdgen", "findings");
    for ((check, rule), count) in by_check {
        println!("{check:<22} {rule:<28} {count:>8}");
    }
    for finding in explained.iter().filter(|finding| !finding.is_explained()) {
        println!("not explained: {}: {} {} {}", finding.step, finding.crd, finding.property, finding.check);
    }
    let ours = explained.iter().filter(|finding| finding.is_explained()).count();
    println!("{ours} of {} findings of crdify have a rule and verdicts", explained.len());
}
