//! Failures of validation, in the API server's words.

use std::fmt::Display;

use indexmap::IndexMap;
use serde_json::Value as Json;

use crate::effort::{self, Effort};
use crate::enumeration::Enumeration;
use crate::truncate;
use crate::value_path::ValuePath;
use crate::verdict::{Cause, CauseReason, Causes, Limited, NotEvaluated, Obstacle};

/// Result of validating a value.
#[derive(Default)]
pub(crate) struct Report {
    pub(crate) causes: Causes,
    pub(crate) not_evaluated: Limited<NotEvaluated>,
}

/// Violation of the schema by a value.
pub(super) struct Failure {
    /// Key of the failure: of equal messages only one is kept.
    message: String,
    cause: Cause,
}

impl Failure {
    /// Creates a failure for a value of another type or format than `wanted`. `found` is the type, or the text itself.
    pub(super) fn type_(path: &ValuePath<'_>, wanted: &str, found: &str) -> Self {
        let at = path.dotted();
        let found = truncate::quoted(found);
        let message = format!("{at} in body must be of type {wanted}: {found}");
        let body = format!("Invalid value: {found}: {message}");
        Self { cause: Cause::new(CauseReason::TypeInvalid, field(&at), body), message }
    }

    pub(super) fn invalid(path: &ValuePath<'_>, value: impl Display, what: impl Display) -> Self {
        Self::worded(path, value, format!("{} in body {what}", path.dotted()))
    }

    /// Creates a failure with a message of its own.
    pub(super) fn worded(path: &ValuePath<'_>, value: impl Display, message: String) -> Self {
        let body = format!("Invalid value: {value}: {message}");
        Self { cause: Cause::new(CauseReason::Invalid, field(&path.dotted()), body), message }
    }

    /// Creates a failure for which the server names no field.
    pub(super) fn without_field(path: &ValuePath<'_>, message: String) -> Self {
        let body = format!("Invalid value: \"\": {message}");
        let cause = Cause::new(CauseReason::Invalid, Cause::NO_FIELD, body);
        let place = path.dotted();
        Self { cause: Cause { place: (!place.is_empty()).then_some(place), ..cause }, message }
    }

    pub(super) fn required(path: &ValuePath<'_>) -> Self {
        let at = path.dotted();
        let body = "Required value".to_owned();
        let message = format!("{at} in body is required");
        Self { cause: Cause::new(CauseReason::Required, field(&at), body), message }
    }

    pub(super) fn not_supported(path: &ValuePath<'_>, value: &Json, allowed: &Enumeration) -> Self {
        let at = path.dotted();
        let (value, allowed) = (truncate::value(value), allowed.shown());
        let body = format!("Unsupported value: {value}: supported values: {allowed}");
        let message = format!("{at} in body should be one of [{allowed}]");
        Self { cause: Cause::new(CauseReason::NotSupported, field(&at), body), message }
    }

    pub(super) fn too_long(path: &ValuePath<'_>, most: i64) -> Self {
        let at = path.dotted();
        let body = format!("Too long: may not be more than {most} bytes");
        let message = format!("{at} in body should be at most {most} chars long");
        Self { cause: Cause::new(CauseReason::TooLong, field(&at), body), message }
    }

    pub(super) fn too_many(path: &ValuePath<'_>, length: i64, most: i64, what: &str) -> Self {
        let at = path.dotted();
        let body = format!("Too many: {length}: must have at most {most} items");
        let message = format!("{at} in body should have at most {most} {what}");
        Self { cause: Cause::new(CauseReason::TooMany, field(&at), body), message }
    }

    /// Creates a failure for a field that is not allowed. The cause names the object, not the field.
    pub(super) fn forbidden_field(path: &ValuePath<'_>, name: &str) -> Self {
        let at = path.dotted();
        let message = format!("{at}.{} in body is a forbidden property", truncate::plain(name));
        let body = format!("Invalid value: {}: {message}", truncate::quoted(name));
        Self { cause: Cause::new(CauseReason::Invalid, field(&at), body), message }
    }
}

/// Converts a path of kube-openapi to the field of a cause.
fn field(path: &str) -> String {
    match path.strip_prefix('.').unwrap_or(path) {
        "" => Cause::NO_FIELD.to_owned(),
        path => path.to_owned(),
    }
}

/// Failures of a validation, collected or only counted. Counting is enough for a branch that may not be shown.
pub(super) struct Findings<'e> {
    /// Causes by message. `None` if failures are only counted.
    causes: Option<IndexMap<String, Cause>>,
    not_evaluated: Limited<NotEvaluated>,
    failures: usize,
    /// Number of checks made, which decides the branch to show.
    matches: usize,
    effort: &'e Effort,
}

/// Point in the course of a validation.
pub(super) struct Mark {
    causes: usize,
    failures: usize,
}

impl<'e> Findings<'e> {
    pub(super) fn collecting(effort: &'e Effort) -> Self {
        Self { causes: Some(IndexMap::new()), ..Self::counting(effort) }
    }

    pub(super) fn counting(effort: &'e Effort) -> Self {
        Self { causes: None, not_evaluated: Limited::default(), failures: 0, matches: 0, effort }
    }

    /// Creates findings that are only counted, with the same effort.
    pub(super) fn trial(&self) -> Findings<'e> {
        Findings::counting(self.effort)
    }

    pub(super) fn effort(&self) -> &'e Effort {
        self.effort
    }

    /// Adds a failure. Once the effort is spent nothing is certain, so no more failures are added.
    pub(super) fn fail(&mut self, failure: impl FnOnce() -> Failure) {
        if self.effort.is_spent() {
            return;
        }
        self.failures += 1;
        if let Some(causes) = &mut self.causes
            && causes.len() < Causes::MOST
            && self.effort.spend(effort::FAILURE)
        {
            let Failure { message, cause } = failure();
            causes.entry(message).or_insert(cause);
        }
    }

    /// Returns whether another failure would change nothing.
    pub(super) fn is_saturated(&self) -> bool {
        self.failures > 0 && self.causes.as_ref().is_none_or(|causes| causes.len() >= Causes::MOST)
    }

    pub(super) fn is_collecting(&self) -> bool {
        self.causes.is_some()
    }

    pub(super) fn not_evaluated(&mut self, path: &ValuePath<'_>, expression: &str, obstacle: Obstacle, reason: &str) {
        self.not_evaluated.push_with(|| NotEvaluated::new(path.dotted(), expression, obstacle, reason));
    }

    pub(super) fn matched(&mut self, checks: usize) {
        self.matches += checks;
    }

    pub(super) fn matches(&self) -> usize {
        self.matches
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { causes: self.causes.as_ref().map_or(0, IndexMap::len), failures: self.failures }
    }

    pub(super) fn has_failed_since(&self, mark: &Mark) -> bool {
        self.failures > mark.failures
    }

    /// Removes the failures since a mark.
    pub(super) fn forgive(&mut self, mark: Mark) {
        self.failures = mark.failures;
        if let Some(causes) = &mut self.causes {
            causes.truncate(mark.causes);
        }
    }

    /// Adopts the parts of a branch that have no verdict.
    pub(super) fn adopt_unknown(&mut self, branch: Self) {
        self.not_evaluated.append(branch.not_evaluated);
    }

    pub(super) fn into_report(self) -> Report {
        let mut causes = Causes::default();
        causes.extend(self.causes.unwrap_or_default().into_values());
        let mut not_evaluated = self.not_evaluated;
        if self.effort.is_spent() {
            let reason = "validating the object takes too long";
            let schema = NotEvaluated::new(Cause::NO_FIELD.to_owned(), "schema", Obstacle::BudgetSpent, reason);
            not_evaluated.push(schema);
        }
        Report { causes, not_evaluated }
    }
}
