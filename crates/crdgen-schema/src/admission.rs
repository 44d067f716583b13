//! Admission of custom resources: the checks and changes that an API server makes when an object is written.
//!
//! Undeclared fields and misplaced nulls are removed, metadata is coerced, defaults are filled in, and the result is
//! validated. Follows `customresource_handler.go` and `pkg/registry/customresource` of apiextensions-apiserver 1.36.
//! The work of a store (names, resource versions, timestamps, finalizers that hold an object) is not part of admission.

pub(crate) mod default;
pub(crate) mod embedded;
mod options;
pub(crate) mod prepare;
pub(crate) mod prune;
mod scale;
pub(crate) mod unique;

use serde_json::Value as Json;

#[cfg(feature = "cel")]
use crate::cel::Rules;
use crate::crd::{Conversion, Crd, Version};
use crate::effort::{self, Effort};
use crate::number::store_whole_floats;
use crate::object_meta;
use crate::prepared::Prepared;
use crate::schema::Schema;
use crate::validate::{self, Correlated, Unchanged};
use crate::value_path::ValuePath;
use crate::verdict::{Causes, Limited};
use crate::{Diagnostic, schema, truncate};

pub use crate::verdict::{Cause, CauseReason, NotEvaluated, Obstacle, Verdict};
pub use options::{Options, Status, TypeMeta};

/// Schema of one version of a CRD, prepared for any number of writes.
///
/// # Examples
///
/// ```
/// use crdgen_schema::Admission;
/// use serde_json::json;
///
/// let schema = json!({"type": "object", "properties": {
///     "spec": {"type": "object", "properties": {"replicas": {"type": "integer", "minimum": 0}}},
/// }});
/// let admission = Admission::from_json(&schema).expect("the schema can be read");
/// let object = json!({
///     "apiVersion": "example.com/v1",
///     "kind": "Boat",
///     "metadata": {"name": "one"},
///     "spec": {"replicas": -1},
/// });
/// let verdict = admission.validate(&object, None);
/// assert!(!verdict.is_accepted());
/// assert_eq!(verdict.causes[0].field, "spec.replicas");
/// ```
#[derive(Debug)]
pub struct Admission {
    schema: Prepared,
    options: Options,
    /// Schema of the storage version, if objects are stored as another version.
    storage: Option<Prepared>,
    /// Whether the schema has CEL rules. With rules, the server reports when other errors keep it from running them.
    has_rules: bool,
    #[cfg(feature = "cel")]
    rules: Rules,
}

impl Admission {
    /// Prepares a schema. Regular expressions are compiled on first use.
    pub fn new(schema: &Schema, options: Options) -> Self {
        Self {
            schema: prepare::objects(schema),
            options,
            storage: None,
            has_rules: schema.has_rules(),
            #[cfg(feature = "cel")]
            rules: Rules::of(schema),
        }
    }

    /// Prepares a version of a CRD.
    ///
    /// With `conversion.strategy: None`, fields that the storage version does not declare are lost, as they are on a
    /// server.
    pub fn for_version(crd: &Crd, version: &Version) -> Self {
        let is_other = |stored: &&Version| stored.storage && stored.name != version.name;
        let stored = crd.versions.iter().find(is_other).filter(|_| crd.conversion == Conversion::None);
        let storage = stored.map(|stored| prepare::objects(&stored.schema));
        Self { storage, ..Self::new(&version.schema, Options::of(crd, version)) }
    }

    /// Replaces the options.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Prepares an `openAPIV3Schema`.
    ///
    /// # Errors
    ///
    /// Returns a diagnostic for each part of the schema that an API server cannot read.
    pub fn from_json(schema: &Json) -> Result<Self, Vec<Diagnostic>> {
        Ok(Self::new(&schema::Schema::from_json(schema)?, Options::default()))
    }

    /// Applies a server's admission to a new object, or to an update of `old`. `object` is rewritten to the form that a
    /// server stores. After a refusal its content has no meaning.
    ///
    /// The work is linear in the size of the object, whatever its content: checks that could cost more have a budget.
    /// When a budget is spent, the verdict is not [decided](Verdict::is_decided).
    pub fn admit(&self, object: &mut Json, old: Option<&Json>) -> Verdict {
        let mut verdict = Verdict::default();
        let mut unknown = Limited::default();
        let decoded = self.decode(object, &mut unknown);
        verdict.unknown_fields = unknown.into_vec();
        if let Err(why) = decoded {
            verdict.malformed = Some(why);
            return verdict;
        }
        self.leave_status(object, old);
        self.judge(object, old, &mut verdict);
        if let Err(why) = self.store(object) {
            verdict.malformed = Some(why);
        }
        verdict
    }

    /// Returns the verdict of [`Admission::admit`] and leaves the object unchanged.
    pub fn validate(&self, object: &Json, old: Option<&Json>) -> Verdict {
        self.admit(&mut object.clone(), old)
    }

    /// Returns the paths of the undeclared fields, at most 1000. A server drops such fields, or refuses the object
    /// under strict field validation.
    ///
    /// # Errors
    ///
    /// Returns the reason why the object cannot be decoded. A server answers 400.
    pub fn undeclared_fields(&self, object: &Json) -> Result<Vec<String>, String> {
        let mut unknown = Limited::default();
        self.decode(&mut object.clone(), &mut unknown).map(|()| unknown.into_vec())
    }

    /// Returns the paths of [`undeclared_fields`](Self::undeclared_fields), or none when the object cannot be decoded.
    pub fn unknown_fields(&self, object: &Json) -> Vec<String> {
        self.undeclared_fields(object).unwrap_or_default()
    }

    /// Converts a stored object to the form in which a server returns it, when the schema may have changed since the
    /// object was stored. Fields that are no longer declared are removed, and new defaults are filled in. An object
    /// that cannot be decoded is left unchanged.
    pub fn read(&self, object: &mut Json) {
        let stored = object.clone();
        if self.decode(object, &mut Limited::default()).is_err() {
            *object = stored;
        }
    }

    /// Validates any value against the schema and returns the violations. The value is taken as it is: nothing is
    /// pruned or defaulted. Metadata, list types and CEL rules are not checked.
    pub fn check_value(&self, value: &Json) -> Vec<Cause> {
        validate::validate(&self.schema, value, None, &Effort::new(effort::PER_OBJECT)).causes.into_vec()
    }

    /// Runs every step before validation. The error is the reason for a 400.
    fn decode(&self, object: &mut Json, unknown: &mut Limited<String>) -> Result<(), String> {
        let Json::Object(fields) = object else { return Err("the object is not a JSON object".to_owned()) };
        for name in ["apiVersion", "kind"] {
            match fields.get(name) {
                Some(Json::String(text)) if !text.is_empty() => {}
                Some(Json::String(_) | Json::Null) | None => return Err(format!("Object '{name}' is missing")),
                Some(_) => return Err(format!("{name}: must be a string")),
            }
        }
        if let Some(metadata) = fields.get_mut("metadata") {
            object_meta::coerce::coerce(metadata, &ValuePath::ROOT.field("metadata"), unknown)?;
        }
        unknown.append(prune::unknown_fields(object, &self.schema));
        prune::nulls(object, &self.schema);
        let mut unknown_embedded = Limited::default();
        embedded::coerce_below(object, &self.schema, &ValuePath::ROOT, &mut unknown_embedded)?;
        unknown_embedded.sort();
        unknown.append(unknown_embedded);
        default::fill(object, &self.schema)
    }

    /// Keeps the old status when the status subresource is enabled: a write of the object cannot change its status.
    fn leave_status(&self, object: &mut Json, old: Option<&Json>) {
        if self.options.status == Status::Ordinary {
            return;
        }
        let Json::Object(fields) = object else { return };
        match old.and_then(|old| old.get("status")) {
            Some(status) => fields.insert("status".to_owned(), status.clone()),
            None => fields.shift_remove("status"),
        };
    }

    /// Applies the changes of writing the object to the store and reading it back. Reading fills in what writing
    /// removed. The error is the reason for a 400.
    fn store(&self, object: &mut Json) -> Result<(), String> {
        if let Some(storage) = &self.storage {
            prune::unknown_fields(object, storage);
            prune::nulls(object, storage);
            default::fill(object, storage)?;
            prune::unknown_fields(object, &self.schema);
            prune::nulls(object, &self.schema);
        } else {
            prune::nulls(object, &self.schema);
            default::fill(object, &self.schema)?;
        }
        store_whole_floats(object);
        Ok(())
    }

    fn judge(&self, object: &Json, old: Option<&Json>, verdict: &mut Verdict) {
        let mut causes = Causes::default();
        let unchanged = Unchanged::default();
        let correlated = old.map(|old| Correlated::objects(&self.schema, object, old, &unchanged));
        self.check_type(object, &mut causes);
        if causes.is_empty() {
            self.check_metadata(object, old, &mut causes);
            let effort = Effort::new(effort::PER_OBJECT);
            let report = validate::validate(&self.schema, object, correlated, &effort);
            causes.append(report.causes);
            verdict.not_evaluated = report.not_evaluated.into_vec();
            if let Some(scale) = &self.options.scale {
                scale::check(object, scale, &mut causes);
            }
        }
        embedded::check_below(object, &self.schema, &ValuePath::ROOT, &mut causes);
        self.check_lists(object, old, &mut causes);
        verdict.causes = causes.into_vec();
        verdict.warnings = object_meta::check::warnings(metadata(object), old.map(metadata)).into_vec();
        let causes = &mut verdict.causes;
        if self.has_rules && causes.iter().any(|cause| cause.reason.keeps_rules_from_running()) {
            causes.push(rules_not_run());
        } else if self.has_rules {
            self.run_rules(object, old, correlated, verdict);
        }
    }

    #[cfg(feature = "cel")]
    fn run_rules(&self, object: &Json, old: Option<&Json>, pair: Option<Correlated<'_>>, verdict: &mut Verdict) {
        let mut findings = self.rules.check(object, old, pair);
        verdict.causes.append(&mut findings.causes);
        verdict.warnings.append(&mut findings.warnings);
        verdict.not_evaluated.append(&mut findings.not_evaluated);
    }

    #[cfg(not(feature = "cel"))]
    fn run_rules(&self, _: &Json, _: Option<&Json>, _: Option<Correlated<'_>>, verdict: &mut Verdict) {
        let (field, expression) = (Cause::NO_FIELD.to_owned(), "x-kubernetes-validations");
        let reason = "rules are not part of this build";
        verdict.not_evaluated.push(NotEvaluated::new(field, expression, Obstacle::Unsupported, reason));
    }

    fn check_type(&self, object: &Json, causes: &mut Causes) {
        let Some(type_) = &self.options.type_ else { return };
        for (name, wanted) in [("kind", &type_.kind), ("apiVersion", &type_.api_version)] {
            let found = object.get(name).and_then(Json::as_str).unwrap_or_default();
            if found != wanted {
                let message = format!("Invalid value: {}: must be {wanted}", truncate::quoted(found));
                causes.push(Cause::new(CauseReason::Invalid, name, message));
            }
        }
    }

    fn check_metadata(&self, object: &Json, old: Option<&Json>, causes: &mut Causes) {
        let path = ValuePath::ROOT.field("metadata");
        match old {
            Some(old) => object_meta::check::updated(metadata(object), metadata(old), &path, causes),
            None => object_meta::check::created(metadata(object), &path, causes),
        }
    }

    /// Checks list types. An update is not checked when the old object already had violations.
    fn check_lists(&self, object: &Json, old: Option<&Json>, causes: &mut Causes) {
        let mut causes_before = Causes::default();
        if let Some(old) = old {
            unique::check(old, &self.schema, &ValuePath::ROOT, &mut causes_before);
        }
        if causes_before.is_empty() {
            unique::check(object, &self.schema, &ValuePath::ROOT, causes);
        }
    }
}

fn metadata(object: &Json) -> &Json {
    object.get("metadata").unwrap_or(&Json::Null)
}

fn rules_not_run() -> Cause {
    let message = "Invalid value: null: some validation rules were not checked because the object was invalid; correct \
                   the existing errors to complete validation";
    Cause::new(CauseReason::Invalid, Cause::NO_FIELD, message)
}
