//! Comparison of crdgen's verdict on one case with the server's.

use crdgen_schema::{Admission, Verdict};
use serde_json::Value;

use super::case::{ABSENT, Case, FIELD};
use crate::roundtrip::difference;

/// Result for a case.
pub enum Outcome {
    /// The server did not judge the case.
    Skipped,
    Judged(Vec<Miss>),
}

/// A difference between crdgen's verdict and the server's.
pub struct Miss {
    pub id: String,
    pub what: What,
    pub path: String,
    pub detail: String,
}

/// Part of the verdict that differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Acceptance of the object.
    Ok,
    /// The stored object.
    Stored,
    /// Fields of the causes.
    Fields,
    /// Unknown fields.
    Unknown,
}

impl What {
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Stored => "stored",
            Self::Fields => "fields",
            Self::Unknown => "unknown",
        }
    }
}

pub fn judge(case: &Case, subject: Result<&Admission, &str>) -> Outcome {
    let Some(ok) = case.ok() else { return Outcome::Skipped };
    let miss = |what, path: &str, detail: String| Miss { id: case.id(), what, path: path.to_owned(), detail };
    let place = case.path.as_deref().unwrap_or_default();
    let admission = match subject {
        Ok(admission) => admission,
        Err(why) => return Outcome::Judged(vec![miss(What::Ok, place, why.to_owned())]),
    };
    if let Some(data) = &case.data {
        let causes = admission.check_value(data);
        let differs = causes.is_empty() != ok;
        let detail = format!("the server says {ok}, crdgen {:?}", causes.first().map(ToString::to_string));
        return Outcome::Judged(differs.then(|| miss(What::Ok, place, detail)).into_iter().collect());
    }
    let Some(mut object) = case.sent() else {
        let detail = "it is no JSON here".to_owned();
        return Outcome::Judged(ok.then(|| miss(What::Ok, place, detail)).into_iter().collect());
    };
    let sent_metadata = object["metadata"].clone();
    let old = case.old_object.clone().map(|mut old| {
        admission.read(&mut old);
        old
    });
    let verdict = admission.admit(&mut object, old.as_ref());
    let mut misses = Vec::new();
    if verdict.is_accepted() != ok {
        misses.push(miss(What::Ok, place, disagreement(&verdict)));
    } else if let (true, Some(stored)) = (ok, &case.stored) {
        let (stored, found) = comparable(case, stored, &object, &sent_metadata);
        misses.extend(
            difference::between(&stored, &found)
                .into_iter()
                .take(1)
                .map(|difference| miss(What::Stored, &difference.path, difference.to_string())),
        );
    }
    let mut fields: Vec<_> = verdict.causes.iter().map(|cause| cause.field.as_str()).collect();
    fields.sort_unstable();
    if fields != case.fields() {
        misses.push(miss(What::Fields, place, format!("expected {:?}, found {fields:?}", case.fields())));
    }
    let mut unknown = verdict.unknown_fields.clone();
    unknown.sort_unstable();
    if let Some(mut expected) = case.unknown_fields.clone() {
        expected.sort_unstable();
        if expected != unknown {
            misses.push(miss(What::Unknown, place, format!("expected {expected:?}, found {unknown:?}")));
        }
    }
    Outcome::Judged(misses)
}

fn disagreement(verdict: &Verdict) -> String {
    match (&verdict.malformed, verdict.causes.first(), verdict.not_evaluated.first()) {
        (Some(why), _, _) => format!("the server accepts: {why}"),
        (None, Some(cause), _) => format!("the server accepts: {cause}"),
        (None, None, Some(unknown)) => {
            format!("the server refuses; not evaluated: {}: {}", unknown.expression, unknown.reason)
        }
        (None, None, None) => "the server refuses".to_owned(),
    }
}

/// Returns both stored objects without the fields that only a server sets.
fn comparable(case: &Case, stored: &Value, found: &Value, sent: &Value) -> (Value, Value) {
    if case.is_probe() {
        let found = found.get(FIELD).cloned().unwrap_or_else(|| ABSENT.into());
        return (numbers(stored.clone()), numbers(found));
    }
    let comparable = |object: &Value| {
        let mut object = numbers(object.clone());
        if let Some(Value::Object(metadata)) = object.get_mut("metadata") {
            for name in ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"] {
                metadata.remove(name);
            }
            for name in ["name", "namespace"] {
                if sent.get(name).is_none_or(Value::is_null) {
                    metadata.remove(name);
                }
            }
        }
        object
    };
    (comparable(stored), comparable(found))
}

/// Converts integers beyond int64 to floats, as a server does.
fn numbers(mut value: Value) -> Value {
    match &mut value {
        Value::Number(number) if number.is_u64() && !number.is_i64() => {
            value = number.as_f64().map_or(Value::Null, Value::from);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| *item = numbers(item.take())),
        Value::Object(fields) => fields.values_mut().for_each(|field| *field = numbers(field.take())),
        _ => {}
    }
    value
}
