//! What an API server does with a custom resource's object on a write.
//!
//! Undeclared fields go, null goes where it may not stand, metadata is coerced, defaults are filled in; then the object is
//! judged. Follows `customresource_handler.go` and `pkg/registry/customresource` of apiextensions-apiserver 1.36. What a
//! store does (names, versions, times, finalizers that hold an object) is not part of it.

mod default;
pub(crate) mod embedded;
mod options;
pub(crate) mod prune;
mod scale;
mod unique;
mod verdict;

use serde_json::Value as Json;

#[cfg(feature = "cel")]
use crate::cel::Rules;
use crate::crd::{Conversion, Crd, Version};
use crate::effort::Effort;
use crate::number::store_whole_floats;
use crate::object_meta;
use crate::prepared::Prepared;
use crate::schema::Schema;
use crate::validate::{self, Correlated, Unchanged};
use crate::value_path::ValuePath;
use crate::{Diagnostic, schema, shown};

pub use options::{Options, Status, TypeMeta};
pub use verdict::{Cause, CauseReason, NotEvaluated, Obstacle, Verdict};
pub(crate) use verdict::{Causes, Listed};

/// One version's schema, prepared once for any number of writes.
#[derive(Debug)]
pub struct Admission {
    schema: Prepared,
    options: Options,
    /// What objects are stored as, if as another version.
    storage: Option<Prepared>,
    /// With rules the server says so when it does not run them.
    has_rules: bool,
    #[cfg(feature = "cel")]
    rules: Rules,
}

impl Admission {
    /// Prepares a schema. Regular expressions are compiled when they are first needed.
    pub fn new(schema: &Schema, options: Options) -> Self {
        Self {
            schema: Prepared::of_objects(schema),
            options,
            storage: None,
            has_rules: schema.has_rules(),
            #[cfg(feature = "cel")]
            rules: Rules::of(schema),
        }
    }

    /// Prepares a version of a CRD. What the version that is stored does not declare is lost, as it is in a server when
    /// versions are converted by their name alone.
    pub fn of(crd: &Crd, version: &Version) -> Self {
        let is_other = |stored: &&Version| stored.storage && stored.name != version.name;
        let stored = crd.versions.iter().find(is_other).filter(|_| crd.conversion == Conversion::None);
        let storage = stored.map(|stored| Prepared::of_objects(&stored.schema));
        Self { storage, ..Self::new(&version.schema, Options::of(crd, version)) }
    }

    /// The same, holding objects to other options.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// Prepares an `openAPIV3Schema`.
    ///
    /// # Errors
    ///
    /// Says what an API server could not read of it.
    pub fn from_json(schema: &Json) -> Result<Self, Vec<Diagnostic>> {
        Ok(Self::new(&schema::Schema::from_json(schema)?, Options::default()))
    }

    /// What a server does with a new object, or with the new state of an old one. The object becomes what is stored, as
    /// far as it is not refused.
    ///
    /// The work grows with the size of the object and not faster, whatever stands in it: what could cost more has a budget.
    /// When a budget is spent the verdict is not [decided](Verdict::is_decided).
    pub fn admit(&self, object: &mut Json, old: Option<&Json>) -> Verdict {
        let mut verdict = Verdict::default();
        let mut unknown = Listed::default();
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

    /// What [`Admission::admit`] would answer; the object stays as it is.
    pub fn validate(&self, object: &Json, old: Option<&Json>) -> Verdict {
        self.admit(&mut object.clone(), old)
    }

    /// The paths of fields that are not declared, which a server drops, or refuses when it is told to be strict; of
    /// thousands the first ones.
    ///
    /// # Errors
    ///
    /// Why the object cannot be decoded at all: what the server answers with 400.
    pub fn undeclared_fields(&self, object: &Json) -> Result<Vec<String>, String> {
        let mut unknown = Listed::default();
        self.decode(&mut object.clone(), &mut unknown).map(|()| unknown.into_vec())
    }

    /// As [`undeclared_fields`](Self::undeclared_fields); an object that cannot be decoded has none.
    pub fn unknown_fields(&self, object: &Json) -> Vec<String> {
        self.undeclared_fields(object).unwrap_or_default()
    }

    /// What a server makes of an object that it stored some time ago, when the schema may have been another: fields that
    /// are not declared any more go, defaults that are new come. An object that it cannot decode stays as it is.
    pub fn read(&self, object: &mut Json) {
        let stored = object.clone();
        if self.decode(object, &mut Listed::default()).is_err() {
            *object = stored;
        }
    }

    /// What is wrong with any value according to the schema alone, taken as it is: nothing is removed or filled in, and
    /// what only whole objects have is not asked for.
    pub fn check_value(&self, value: &Json) -> Vec<Cause> {
        validate::validate(&self.schema, value, None, &Effort::new(Effort::PER_OBJECT)).causes.into_vec()
    }

    /// Everything before the judgement. The error is the reason of a 400.
    fn decode(&self, object: &mut Json, unknown: &mut Listed<String>) -> Result<(), String> {
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
        let mut unknown_embedded = Listed::default();
        embedded::coerce_below(object, &self.schema, &ValuePath::ROOT, &mut unknown_embedded)?;
        unknown_embedded.sort();
        unknown.append(unknown_embedded);
        default::fill(object, &self.schema)
    }

    /// With the subresource, a write of the object has no say in its status.
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

    /// Writing an object to the store and reading it again. Reading fills in what writing took away. The error is the reason
    /// of a 400.
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
            let effort = Effort::new(Effort::PER_OBJECT);
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
        let (field, what) = (Cause::NO_FIELD.to_owned(), "x-kubernetes-validations");
        let why = "rules are not part of this build";
        verdict.not_evaluated.push(NotEvaluated::new(field, what, Obstacle::Unsupported, why));
    }

    fn check_type(&self, object: &Json, causes: &mut Causes) {
        let Some(type_) = &self.options.type_ else { return };
        for (name, wanted) in [("kind", &type_.kind), ("apiVersion", &type_.api_version)] {
            let found = object.get(name).and_then(Json::as_str).unwrap_or_default();
            if found != wanted {
                let message = format!("Invalid value: {}: must be {wanted}", shown::quoted(found));
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

    /// What was wrong before may stay wrong.
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
