//! Whether objects are judged here, by the rules of the API server, before it is asked.
//!
//! The verdicts are those of the API server: what it would refuse is refused before the hop, with the same causes. What
//! cannot be judged here (a CEL rule of a newer server) is left to it. The switch can be turned while the service runs.

mod admissions;

use std::fmt;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crdgen_schema::admission::Verdict;
use serde_json::Value;

pub(crate) use admissions::Admissions;
#[cfg(feature = "memory")]
pub(crate) use admissions::prepare;

use crate::backend::{Cause, Error, Reason, Result, resource};
use crate::{Metadata, Resource};

/// What is judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Nothing: the backend is the judge.
    #[default]
    Off,
    /// Whole objects that callers send: creations and replacements.
    Requests,
    /// What the backend answers too. Nothing fails for that: it is counted, logged and reported.
    All,
}

/// The switch, with the schemas of the kinds that were judged. A clone is another handle on the same switch.
#[derive(Clone, Debug, Default)]
pub struct Validation(Arc<State>);

struct State {
    mode: AtomicU8,
    findings: AtomicU64,
    not_evaluated: AtomicU64,
    admissions: Admissions,
    report: Option<Report>,
}

type Report = Box<dyn Fn(&Finding) + Send + Sync>;

impl Default for State {
    fn default() -> Self {
        Self {
            mode: AtomicU8::new(Mode::Off as u8),
            findings: AtomicU64::new(0),
            not_evaluated: AtomicU64::new(0),
            admissions: Admissions::default(),
            report: None,
        }
    }
}

/// An object of the backend that breaks the rules of its kind. It says where, and nothing of what the object holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `group/version`.
    pub api_version: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// Namespace, if it has one.
    pub namespace: Option<String>,
    /// Name.
    pub name: String,
    /// Path and reason of each cause, for example `spec.color` and `FieldValueNotSupported`.
    pub causes: Vec<(String, &'static str)>,
}

impl Validation {
    /// A switch in this position.
    pub fn new(mode: Mode) -> Self {
        let validation = Self::default();
        validation.set(mode);
        validation
    }

    /// A switch in this position that calls `report` with every finding.
    pub fn with_report(mode: Mode, report: impl Fn(&Finding) + Send + Sync + 'static) -> Self {
        let state = State { report: Some(Box::new(report)), ..State::default() };
        let validation = Self(Arc::new(state));
        validation.set(mode);
        validation
    }

    /// The switch of a service that has none: always off.
    pub fn off() -> &'static Self {
        static OFF: OnceLock<Validation> = OnceLock::new();
        OFF.get_or_init(Self::default)
    }

    /// Turns the switch. Requests under way may still be judged as before.
    pub fn set(&self, mode: Mode) {
        self.0.mode.store(mode as u8, Ordering::Relaxed);
    }

    /// The position of the switch.
    pub fn mode(&self) -> Mode {
        match self.0.mode.load(Ordering::Relaxed) {
            0 => Mode::Off,
            1 => Mode::Requests,
            _ => Mode::All,
        }
    }

    /// How many objects of the backend broke the rules of their kind.
    pub fn findings(&self) -> u64 {
        self.0.findings.load(Ordering::Relaxed)
    }

    /// How many rules were left to the API server because they could not be evaluated here.
    pub fn not_evaluated(&self) -> u64 {
        self.0.not_evaluated.load(Ordering::Relaxed)
    }

    /// Judges an object that is to be created.
    ///
    /// # Errors
    ///
    /// What the API server would answer.
    pub fn creation<K: Resource>(&self, object: &K) -> Result<()> {
        match self.mode() {
            Mode::Off => Ok(()),
            Mode::Requests | Mode::All => refusal::<K>(object, self.verdict(object, None)?),
        }
    }

    /// Judges an object that is to replace another. `read` is asked for the other one only when something is wrong: what was
    /// wrong before may stay so, and rules of transition need both.
    ///
    /// # Errors
    ///
    /// What the API server would answer. A failure of `read` is none: the write will tell.
    pub async fn replacement<K: Resource>(&self, object: &K, read: impl Future<Output = Result<K>>) -> Result<()> {
        if self.takes(object)? {
            return Ok(());
        }
        let Ok(old) = read.await else { return Ok(()) };
        self.change(object, &old)
    }

    /// Whether a replacement is accepted whatever it replaces, or is not judged at all.
    pub(crate) fn takes<K: Resource>(&self, object: &K) -> Result<bool> {
        Ok(self.mode() == Mode::Off || self.verdict(object, None)?.is_accepted())
    }

    /// Judges an object that is to replace `old`.
    pub(crate) fn change<K: Resource>(&self, object: &K, old: &K) -> Result<()> {
        let old = serde_json::to_value(old).map_err(Error::internal)?;
        refusal::<K>(object, self.verdict(object, Some(&old))?)
    }

    /// The paths of what an object says that its kind does not declare, whatever the switch says.
    #[cfg(feature = "server")]
    pub(crate) fn unknown_fields<K: Resource>(mut object: Value) -> Vec<String> {
        if let Value::Object(fields) = &mut object {
            // The route says these too.
            fields.entry("apiVersion").or_insert_with(|| K::API_VERSION.into());
            fields.entry("kind").or_insert_with(|| K::KIND.into());
        }
        Self::off().0.admissions.get::<K>().unknown_fields(&object)
    }

    /// Whether lists are judged, and so have to be decoded.
    pub fn reads_lists(&self) -> bool {
        self.mode() == Mode::All
    }

    /// Judges what the backend answered, when the switch says so.
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
        self.0.findings.fetch_add(1, Ordering::Relaxed);
        let metadata = object.metadata();
        let finding = Finding {
            api_version: K::API_VERSION,
            kind: K::KIND,
            namespace: metadata.namespace().map(str::to_owned),
            name: metadata.name().unwrap_or_default().to_owned(),
            causes: verdict.causes.into_iter().map(|cause| (cause.field, cause.reason.as_str())).collect(),
        };
        tracing::warn!(
            kind = finding.kind,
            namespace = finding.namespace.as_deref(),
            name = %finding.name,
            causes = ?finding.causes,
            "a stored object breaks the rules of its kind"
        );
        if let Some(report) = &self.0.report {
            report(&finding);
        }
    }

    fn verdict<K: Resource>(&self, object: &K, old: Option<&Value>) -> Result<Verdict> {
        let mut object = serde_json::to_value(object).map_err(Error::internal)?;
        let verdict = self.0.admissions.get::<K>().admit(&mut object, old);
        self.0.not_evaluated.fetch_add(verdict.not_evaluated.len() as u64, Ordering::Relaxed);
        Ok(verdict)
    }
}

/// The error of a verdict, if it is one.
fn refusal<K: Resource>(object: &K, verdict: Verdict) -> Result<()> {
    refused(&resource::<K>(), object.metadata().name().unwrap_or_default(), verdict)
}

/// The error of a verdict on the object of a `plural.group` with this name, if it is one.
pub(crate) fn refused(resource: &str, name: &str, verdict: Verdict) -> Result<()> {
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
        f.debug_struct("State").field("mode", &self.mode).field("findings", &self.findings).finish_non_exhaustive()
    }
}
