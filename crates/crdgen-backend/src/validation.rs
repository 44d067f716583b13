//! Optional validation of objects against the CRD, before the request reaches the backend.
//!
//! Validation refuses an object that an API server would refuse, with the same causes. A rule that cannot be evaluated
//! here, such as a CEL rule for a newer server, is skipped here and left to the backend. A service can change the mode
//! while it runs.

mod admissions;

use std::fmt;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crdgen_core::{Metadata, Resource};
use crdgen_schema::admission::Verdict;
use serde_json::Value;

use admissions::Admissions;
#[doc(hidden)]
pub use admissions::prepare;

use crate::{Cause, Error, Reason, Result, resource};

/// Choice of the objects to validate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Validates nothing. Only the backend validates.
    #[default]
    Off,
    /// Validates whole objects that callers send: creations and replacements.
    Requests,
    /// Validates what [`Requests`](Mode::Requests) validates, and the objects that the backend returns. An invalid
    /// object of the backend does not fail the request: it is counted, logged and reported.
    All,
}

/// Validator with a mode and counters, and a cache of the schemas of the kinds that were validated. Clones share all of
/// them.
#[derive(Clone, Debug, Default)]
pub struct Validation(Arc<State>);

struct State {
    mode: AtomicU8,
    invalid_objects: AtomicU64,
    not_evaluated: AtomicU64,
    admissions: Admissions,
    report: Option<Report>,
}

type Report = Box<dyn Fn(&InvalidObject) + Send + Sync>;

impl Default for State {
    fn default() -> Self {
        Self {
            mode: AtomicU8::new(Mode::Off as u8),
            invalid_objects: AtomicU64::new(0),
            not_evaluated: AtomicU64::new(0),
            admissions: Admissions::default(),
            report: None,
        }
    }
}

/// Report on an invalid object that the backend returned. Contains no values of the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidObject {
    /// `apiVersion` of the kind: `group/version`.
    pub api_version: &'static str,
    /// Kind of the object.
    pub kind: &'static str,
    /// Namespace of the object. `None` for a cluster-scoped kind.
    pub namespace: Option<String>,
    /// Name of the object.
    pub name: String,
    /// Path and reason of each cause, for example `spec.color` and `FieldValueNotSupported`.
    pub causes: Vec<(String, &'static str)>,
}

impl Validation {
    /// Creates a validation with the given mode.
    pub fn new(mode: Mode) -> Self {
        let validation = Self::default();
        validation.set(mode);
        validation
    }

    /// Creates a validation with the given mode. `report` is called for every invalid object that the backend returns.
    pub fn with_report(mode: Mode, report: impl Fn(&InvalidObject) + Send + Sync + 'static) -> Self {
        let state = State { report: Some(Box::new(report)), ..State::default() };
        let validation = Self(Arc::new(state));
        validation.set(mode);
        validation
    }

    /// Returns a validation with [`Mode::Off`], for a service that does not validate.
    pub fn off() -> &'static Self {
        static OFF: OnceLock<Validation> = OnceLock::new();
        OFF.get_or_init(Self::default)
    }

    /// Sets the mode. Requests in progress may still be validated in the previous mode.
    pub fn set(&self, mode: Mode) {
        self.0.mode.store(mode as u8, Ordering::Relaxed);
    }

    /// Returns the mode.
    pub fn mode(&self) -> Mode {
        match self.0.mode.load(Ordering::Relaxed) {
            0 => Mode::Off,
            1 => Mode::Requests,
            _ => Mode::All,
        }
    }

    /// Returns the number of invalid objects that the backend has returned.
    pub fn invalid_objects(&self) -> u64 {
        self.0.invalid_objects.load(Ordering::Relaxed)
    }

    /// Returns the number of times that a rule could not be evaluated and was skipped.
    pub fn not_evaluated(&self) -> u64 {
        self.0.not_evaluated.load(Ordering::Relaxed)
    }

    /// Validates a new object before its creation.
    ///
    /// # Errors
    ///
    /// Returns the error that the API server would return.
    pub fn creation<K: Resource>(&self, object: &K) -> Result<()> {
        match self.mode() {
            Mode::Off => Ok(()),
            Mode::Requests | Mode::All => refusal::<K>(object, self.verdict(object, None)?),
        }
    }

    /// Validates an object before it replaces the stored object.
    ///
    /// `read` returns the stored object. It is awaited only if `object` alone is invalid, because a value that is
    /// invalid in the stored object too may stay unchanged. If `object` alone is valid, rules that use `oldSelf` are
    /// not evaluated here; the backend evaluates them.
    ///
    /// # Errors
    ///
    /// Returns the error that the API server would return. Ignores an error of `read`, because the write fails with the
    /// same error.
    pub async fn replacement<K: Resource>(&self, object: &K, read: impl Future<Output = Result<K>>) -> Result<()> {
        if self.takes(object)? {
            return Ok(());
        }
        let Ok(old) = read.await else { return Ok(()) };
        self.change(object, &old)
    }

    /// Returns true if `object` is valid by itself, without a comparison with the stored object, or if validation is
    /// off.
    #[doc(hidden)]
    pub fn takes<K: Resource>(&self, object: &K) -> Result<bool> {
        Ok(self.mode() == Mode::Off || self.verdict(object, None)?.is_accepted())
    }

    /// Validates an object before it replaces `old`.
    #[doc(hidden)]
    pub fn change<K: Resource>(&self, object: &K, old: &K) -> Result<()> {
        let old = serde_json::to_value(old).map_err(Error::internal)?;
        refusal::<K>(object, self.verdict(object, Some(&old))?)
    }

    /// Returns the paths of the fields of `object` that its kind does not declare. Independent of the mode.
    #[doc(hidden)]
    pub fn unknown_fields<K: Resource>(mut object: Value) -> Vec<String> {
        if let Value::Object(fields) = &mut object {
            // The route implies apiVersion and kind.
            fields.entry("apiVersion").or_insert_with(|| K::API_VERSION.into());
            fields.entry("kind").or_insert_with(|| K::KIND.into());
        }
        Self::off().0.admissions.get::<K>().unknown_fields(&object)
    }

    /// Returns whether lists are validated ([`Mode::All`]). A list must be decoded before it is validated.
    pub fn reads_lists(&self) -> bool {
        self.mode() == Mode::All
    }

    /// Validates objects that the backend returned, if the mode is [`Mode::All`].
    pub fn answered<'a, K: Resource>(&self, objects: impl IntoIterator<Item = &'a K>) {
        if self.mode() == Mode::All {
            objects.into_iter().for_each(|object| self.observe(object));
        }
    }

    fn observe<K: Resource>(&self, object: &K) {
        let Ok(verdict) = self.verdict(object, None) else { return };
        if verdict.is_accepted() {
            return;
        }
        self.0.invalid_objects.fetch_add(1, Ordering::Relaxed);
        let metadata = object.metadata();
        let invalid = InvalidObject {
            api_version: K::API_VERSION,
            kind: K::KIND,
            namespace: metadata.namespace().map(str::to_owned),
            name: metadata.name().unwrap_or_default().to_owned(),
            causes: verdict.causes.into_iter().map(|cause| (cause.field, cause.reason.as_str())).collect(),
        };
        tracing::warn!(
            kind = invalid.kind,
            namespace = invalid.namespace.as_deref(),
            name = %invalid.name,
            causes = ?invalid.causes,
            "a stored object breaks the rules of its kind"
        );
        if let Some(report) = &self.0.report {
            report(&invalid);
        }
    }

    fn verdict<K: Resource>(&self, object: &K, old: Option<&Value>) -> Result<Verdict> {
        let mut object = serde_json::to_value(object).map_err(Error::internal)?;
        let verdict = self.0.admissions.get::<K>().admit(&mut object, old);
        self.0.not_evaluated.fetch_add(verdict.not_evaluated.len() as u64, Ordering::Relaxed);
        Ok(verdict)
    }
}

/// Converts a verdict to the error of a refused object. Returns `Ok` when the verdict accepts the object.
fn refusal<K: Resource>(object: &K, verdict: Verdict) -> Result<()> {
    refused(&resource::<K>(), object.metadata().name().unwrap_or_default(), verdict)
}

/// Converts a verdict on the object `name` of `plural.group` to an error. Returns `Ok` when the verdict accepts the
/// object.
#[doc(hidden)]
pub fn refused(resource: &str, name: &str, verdict: Verdict) -> Result<()> {
    if let Some(why) = verdict.malformed {
        return Err(Error::new(Reason::BadRequest, why));
    }
    let cause = |cause: crdgen_schema::admission::Cause| Cause {
        field: cause.field,
        reason: cause.reason.as_str().to_owned(),
        message: cause.message,
    };
    let causes: Vec<Cause> = verdict.causes.into_iter().map(cause).collect();
    if causes.is_empty() { Ok(()) } else { Err(Error::bad(resource, name, causes)) }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("mode", &self.mode)
            .field("invalid_objects", &self.invalid_objects)
            .finish_non_exhaustive()
    }
}
