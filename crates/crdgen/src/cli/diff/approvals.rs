//! Approvals of changes: entries of `[[diff.allow]]`, annotations of CRDs, and reports of earlier runs.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use crdgen_diff::rules;
use crdgen_schema::{Crd, Diagnostic, Place};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value as Json;

use crate::config::Allow;
use crate::report::{Finding, Level, Note};

/// Annotation of a CRD with approvals, one a line: `RULE PATH [until DATE]: REASON`.
pub(super) const ANNOTATION: &str = "crdgen/allow-changes";

/// Approval of the findings of a rule at a path.
struct Approval {
    rule: String,
    /// Name of the CRD; `None` for every CRD.
    crd: Option<String>,
    /// Path of the field; empty for changes outside of the schema. `None` for every path.
    path: Option<String>,
    reason: String,
    expires: Option<Date>,
    place: Option<Place>,
    is_used: bool,
}

/// Approvals that apply to a comparison.
pub(super) struct Approvals {
    list: Vec<Approval>,
    /// Fingerprints of an earlier report, and those that are found again.
    baseline: BTreeSet<String>,
    found: BTreeSet<String>,
    baseline_file: Option<String>,
    diagnostics: Vec<Diagnostic>,
}

impl Approvals {
    /// Collects the approvals of the config, of the annotations of CRDs, and of a report in JSON.
    pub(super) fn collect(config: &[Allow], crds: &[Crd], baseline: Option<&Path>) -> Result<Self, Box<Diagnostic>> {
        let mut approvals = Self {
            list: Vec::new(),
            baseline: BTreeSet::new(),
            found: BTreeSet::new(),
            baseline_file: baseline.map(|file| file.display().to_string()),
            diagnostics: Vec::new(),
        };
        config.iter().for_each(|allow| approvals.entry(allow));
        crds.iter().for_each(|crd| approvals.annotation(crd));
        if let Some(file) = baseline {
            approvals.baseline = fingerprints(file)?;
        }
        Ok(approvals)
    }

    fn entry(&mut self, allow: &Allow) {
        let expires = allow.expires.as_deref().map(str::parse::<Date>).transpose();
        let approval = Approval {
            rule: allow.rule.clone(),
            crd: allow.crd.clone(),
            path: allow.path.clone(),
            reason: allow.reason.clone(),
            expires: expires.clone().ok().flatten(),
            place: allow.place(),
            is_used: false,
        };
        if expires.is_err() {
            self.malformed(&approval, "`expires` must be a date such as 2027-01-31");
        }
        self.push(approval);
    }

    fn annotation(&mut self, crd: &Crd) {
        let Some(text) = crd.annotations.get(ANNOTATION) else { return };
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            match of_line(line, crd) {
                Some(approval) => self.push(approval),
                None => self.diagnostics.push(
                    Diagnostic::error("diff::approval", format!("`{line}` is not an approval"))
                        .at(&crd.source, crd.span)
                        .path(crd.name.clone())
                        .help(format!(
                            "write each line of the annotation {ANNOTATION} as `RULE PATH [until DATE]: REASON`"
                        )),
                ),
            }
        }
    }

    fn push(&mut self, approval: Approval) {
        if rules::find(&approval.rule).is_none() {
            self.malformed(&approval, "there is no such rule; `crdgen diff --list-rules` lists them");
        }
        self.list.push(approval);
    }

    fn malformed(&mut self, approval: &Approval, help: &str) {
        let message = format!("the approval of `{}` is not valid", approval.rule);
        self.diagnostics.push(
            Diagnostic { place: approval.place.clone(), ..Diagnostic::error("diff::approval", message) }.help(help),
        );
    }

    /// Turns approved findings into notes.
    pub(super) fn apply(&mut self, findings: &mut [Finding]) {
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for finding in findings {
            let before = seen.entry(finding.fingerprint(0)).or_default();
            let fingerprint = finding.fingerprint(*before);
            *before += 1;
            if finding.level == Level::Note {
                self.found.insert(fingerprint);
                continue;
            }
            if self.baseline.contains(&fingerprint) {
                self.found.insert(fingerprint);
                finding.level = Level::Note;
                finding.notes.push(Note { title: "approved".to_owned(), text: "it is in the baseline".to_owned() });
                continue;
            }
            let approval = self.list.iter_mut().find(|approval| approval.covers(finding));
            let Some(approval) = approval else { continue };
            approval.is_used = true;
            if approval.expires.is_none_or(|date| today <= date) {
                finding.level = Level::Note;
                finding.notes.push(Note { title: "approved".to_owned(), text: approval.reason.clone() });
            }
        }
    }

    /// Returns the findings about approvals that are malformed, expired or not used.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let mut found: Vec<Finding> = self.diagnostics.into_iter().map(Finding::from).collect();
        for approval in &self.list {
            let what = format!("{} {}", approval.rule, approval.path.as_deref().unwrap_or_default());
            let diagnostic = match approval.expires.filter(|date| *date < today) {
                Some(date) => {
                    Diagnostic::error("diff::expired", format!("the approval of `{}` expired on {date}", what.trim()))
                        .help("undo the change, or approve it again with a later date")
                }
                None if !approval.is_used => {
                    Diagnostic::warning("diff::unused", format!("the approval of `{}` approves nothing", what.trim()))
                        .help("remove it")
                }
                None => continue,
            };
            found.push(Finding::from(Diagnostic { place: approval.place.clone(), ..diagnostic }));
        }
        let unused = self.baseline.difference(&self.found).count();
        if let (Some(file), true) = (self.baseline_file, unused > 0) {
            let message = format!("{unused} entries of the baseline `{file}` are no longer found");
            found.push(Finding::from(Diagnostic::warning("diff::unused", message).help("write the baseline again")));
        }
        found
    }
}

impl Approval {
    fn covers(&self, finding: &Finding) -> bool {
        let crd = finding.data.get("crd").and_then(Json::as_str).unwrap_or_default();
        let is_path = |path: &String| *path == finding.field.clone().unwrap_or_default();
        self.rule == finding.diagnostic.code
            && self.crd.as_deref().is_none_or(|name| name == crd)
            && self.path.as_ref().is_none_or(is_path)
    }
}

fn of_line(line: &str, crd: &Crd) -> Option<Approval> {
    let (head, reason) = line.split_once(": ")?;
    let mut words = head.split_whitespace();
    let rule = words.next()?.to_owned();
    let rest: Vec<&str> = words.collect();
    let (path, expires) = match rest.as_slice() {
        [] => (None, None),
        [path] => (Some((*path).to_owned()), None),
        ["until", date] => (None, Some(date.parse().ok()?)),
        [path, "until", date] => (Some((*path).to_owned()), Some(date.parse().ok()?)),
        _ => return None,
    };
    let place = Some(Place { source: crd.source.clone(), span: crd.span });
    Some(Approval {
        rule,
        crd: Some(crd.name.clone()),
        path,
        reason: reason.trim().to_owned(),
        expires,
        place,
        is_used: false,
    })
}

/// Returns the fingerprints of the findings of a JSON report.
fn fingerprints(file: &Path) -> Result<BTreeSet<String>, Box<Diagnostic>> {
    let failed = |error: String| {
        let message = format!("cannot read the baseline `{}`: {error}", file.display());
        Box::new(
            Diagnostic::error("diff::baseline", message)
                .help("a baseline is the output of `crdgen diff --format json`"),
        )
    };
    let text = fs::read_to_string(file).map_err(|error| failed(error.to_string()))?;
    let rows: Vec<Json> = serde_json::from_str(&text).map_err(|error| failed(error.to_string()))?;
    // Findings about approvals say nothing about the CRDs.
    let is_change = |row: &&Json| !matches!(row["code"].as_str(), Some("diff::expired" | "diff::unused"));
    Ok(rows.iter().filter(is_change).filter_map(|row| row["fingerprint"].as_str()).map(str::to_owned).collect())
}
