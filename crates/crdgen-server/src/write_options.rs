//! Query parameters of a write (`dryRun`, `fieldManager`, `fieldValidation` and others), checked as on an API server.

use std::fmt;

use axum::http::Method;
use axum::http::request::Parts;
use crdgen_backend::{Cause, Effect, FieldValidation, Propagation, Reason, WriteOptions, WriteReport};

use super::query;
use crate::problem::Problem;

/// Longest field manager, in bytes (`ValidateFieldManager`).
const MAX_MANAGER: usize = 128;

/// Reads the options of a write from the query. Any other parameter is refused. A deletion takes `dryRun`,
/// `propagationPolicy` and `gracePeriodSeconds`. [`Patch`](super::Patch) reads `force`.
///
/// The extractor of the body adds warnings to the report of the options, so both share them in the head.
pub(super) fn write_options(head: &mut Parts) -> Result<WriteOptions, Problem> {
    let known = match head.method {
        Method::DELETE => "dryRun, propagationPolicy and gracePeriodSeconds",
        Method::PATCH => "dryRun, fieldManager, fieldValidation and force",
        _ => "dryRun, fieldManager and fieldValidation",
    };
    let mut options = WriteOptions::default();
    query::read(head, "this write", known, |parameter, value| take(&mut options, &head.method, parameter, value))?;
    let report = head.extensions.get_or_insert_default::<WriteReport>();
    options.report = Some(report.clone());
    Ok(options)
}

/// Sets the option of a query parameter. Returns false if the parameter is not an option of this method.
pub(super) fn take(options: &mut WriteOptions, method: &Method, parameter: &str, value: &str) -> Result<bool, Problem> {
    let is_deletion = method == Method::DELETE;
    let taken = match parameter {
        "dryRun" => effect(value).map(|effect| options.effect = effect),
        "fieldManager" if !is_deletion => manager(value).map(|manager| options.field_manager = manager),
        "fieldValidation" if !is_deletion => validation(value).map(|said| options.field_validation = said),
        "force" if method == Method::PATCH => Ok(()),
        "propagationPolicy" if is_deletion => propagation(value).map(|policy| options.propagation = Some(policy)),
        "gracePeriodSeconds" if is_deletion => seconds(value).map(|seconds| options.grace_period_seconds = seconds),
        _ => return Ok(false),
    };
    taken.map(|()| true).map_err(|cause| invalid(method, cause))
}

/// Returns the problem for a refused option, with the API server's message.
pub(super) fn invalid(method: &Method, cause: Cause) -> Problem {
    let options = match *method {
        Method::POST => "CreateOptions",
        Method::PUT => "UpdateOptions",
        Method::DELETE => "DeleteOptions",
        _ => "PatchOptions",
    };
    let detail = format!("{options}.meta.k8s.io \"\" is invalid: {}: {}", cause.field, cause.message);
    Problem::new(Reason::Invalid, detail).with_cause(cause)
}

pub(super) fn effect(value: &str) -> Result<Effect, Cause> {
    match value {
        "All" => Ok(Effect::DryRun),
        _ => Err(not_supported("dryRun", value, &["All"])),
    }
}

/// Parses a propagation policy. The error has the API server's message.
pub(super) fn propagation(value: &str) -> Result<Propagation, Cause> {
    match value {
        "Orphan" => Ok(Propagation::Orphan),
        "Background" => Ok(Propagation::Background),
        "Foreground" => Ok(Propagation::Foreground),
        _ => Err(not_supported("propagationPolicy", value, &["Foreground", "Background", "Orphan", "nil"])),
    }
}

fn seconds(value: &str) -> Result<Option<i64>, Cause> {
    let seconds =
        value.parse().map_err(|_| Cause::invalid("gracePeriodSeconds", "Invalid value: not a number of seconds"));
    seconds.map(Some)
}

fn manager(value: &str) -> Result<Option<String>, Cause> {
    let cause = |reason: &str, message: String| {
        Err(Cause { field: "fieldManager".to_owned(), reason: reason.to_owned(), message })
    };
    if value.len() > MAX_MANAGER {
        return cause("FieldValueTooLong", format!("Too long: may not be more than {MAX_MANAGER} bytes"));
    }
    if value.chars().any(|char| char.is_control() || (char.is_whitespace() && char != ' ')) {
        return cause("FieldValueInvalid", "Invalid value: should only contain printable characters".to_owned());
    }
    Ok(Some(value.to_owned()).filter(|manager| !manager.is_empty()))
}

fn validation(value: &str) -> Result<Option<FieldValidation>, Cause> {
    const KNOWN: [FieldValidation; 3] = [FieldValidation::Ignore, FieldValidation::Strict, FieldValidation::Warn];
    let found = KNOWN.into_iter().find(|known| known.as_str() == value);
    match (found, value) {
        (None, "") => Ok(None),
        (None, _) => Err(not_supported("fieldValidation", value, &KNOWN.map(FieldValidation::as_str))),
        (found, _) => Ok(found),
    }
}

pub(super) fn not_supported(field: &str, value: &str, supported: &[&str]) -> Cause {
    Cause {
        field: field.to_owned(),
        reason: "FieldValueNotSupported".to_owned(),
        message: format!("Unsupported value: {value:?}: supported values: {}", Quoted(supported)),
    }
}

/// Quoted list for a message, for example `"Ignore", "Strict", "Warn"`.
struct Quoted<'a>(&'a [&'a str]);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, text) in self.0.iter().enumerate() {
            write!(f, "{}{text:?}", if index == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}
