//! Comparison of two verdicts on a write.

use crdgen_harness::oracle::Answer;
use crdgen_schema::admission::{Admission, Options, Status};
use crdgen_schema::schema::Schema;
use serde_json::Value;

use super::write::Write;

/// Verdict on a write.
#[derive(Debug, Default)]
pub struct Judgement {
    pub malformed: Option<String>,
    /// Reasons and fields of the causes, sorted.
    pub causes: Vec<(String, String)>,
    unknown: Vec<String>,
    /// Fields of the warnings, sorted.
    warnings: Vec<String>,
    stored: Option<Value>,
    /// Whether something was not evaluated.
    undecided: bool,
}

/// Result of a comparison.
pub enum Comparison {
    Same,
    /// Something was not evaluated, so the server's verdict may contain more.
    Undecided,
    /// Descriptions of the differences.
    Different(Vec<String>),
}

impl Judgement {
    /// Returns crdgen's verdict.
    pub fn ours(write: &Write) -> Self {
        let admission = match admission(write) {
            Ok(admission) => admission,
            Err(why) => return Self { malformed: Some(why), ..Self::default() },
        };
        let mut object = write.object.clone();
        let verdict = admission.admit(&mut object, write.old.as_ref());
        let mut causes: Vec<_> =
            verdict.causes.iter().map(|cause| (cause.reason.to_string(), cause.field.clone())).collect();
        causes.sort();
        let accepted = verdict.is_accepted();
        Self {
            malformed: verdict.malformed,
            causes,
            unknown: sorted(verdict.unknown_fields),
            warnings: fields_of(verdict.warnings),
            stored: accepted.then_some(object),
            undecided: !verdict.not_evaluated.is_empty(),
        }
    }

    /// Returns the server's verdict.
    pub fn theirs(answer: Answer) -> Self {
        let mut causes: Vec<_> = answer.causes.into_iter().map(|cause| (cause.reason, cause.field)).collect();
        causes.sort();
        Self {
            malformed: answer.malformed,
            causes,
            unknown: sorted(answer.unknown_fields),
            warnings: fields_of(answer.warnings),
            stored: answer.stored,
            undecided: false,
        }
    }
}

fn admission(write: &Write) -> Result<Admission, String> {
    let schema = Schema::from_json(&write.schema).map_err(|problems| format!("{problems:?}"))?;
    let status = if write.status { Status::Subresource } else { Status::Ordinary };
    Ok(Admission::new(&schema, Options { status, ..Options::default() }))
}

/// Changes the old object to the form in which a server would have stored it. Removes it if a server would not store
/// it.
pub fn store_old(write: &mut Write) {
    let Some(mut old) = write.old.take() else { return };
    let with_status = Write { status: false, ..write.clone() };
    if let Ok(admission) = admission(&with_status)
        && admission.admit(&mut old, None).malformed.is_none()
    {
        write.old = Some(old);
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

/// Returns the fields that warnings are about.
fn fields_of(warnings: Vec<String>) -> Vec<String> {
    sorted(warnings.into_iter().map(|warning| warning.split(": ").next().unwrap_or_default().to_owned()).collect())
}

/// Compares crdgen's verdict with the server's.
pub fn compare(ours: &Judgement, theirs: &Judgement) -> Comparison {
    let mut differences = Vec::new();
    if ours.malformed.is_some() != theirs.malformed.is_some() {
        differences.push(format!("malformed: ours {:?}, theirs {:?}", ours.malformed, theirs.malformed));
    } else if ours.malformed.is_none() {
        let mut note = |what: &str, differs: bool, ours: String, theirs: String| {
            if differs {
                differences.push(format!("{what}: ours {ours}, theirs {theirs}"));
            }
        };
        let text = |value: &dyn std::fmt::Debug| format!("{value:?}");
        note("causes", ours.causes != theirs.causes, text(&ours.causes), text(&theirs.causes));
        note("unknown", ours.unknown != theirs.unknown, text(&ours.unknown), text(&theirs.unknown));
        note("warnings", ours.warnings != theirs.warnings, text(&ours.warnings), text(&theirs.warnings));
        if let (Some(our), Some(their)) = (&ours.stored, &theirs.stored) {
            note("stored", our != their, our.to_string(), their.to_string());
        }
    }
    match (differences.is_empty(), ours.undecided) {
        (true, false) => Comparison::Same,
        (_, true) => Comparison::Undecided,
        (false, false) => Comparison::Different(differences),
    }
}
