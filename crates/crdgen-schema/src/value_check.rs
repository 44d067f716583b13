//! Checks of values that are not whole objects.

use crdgen_cel::re2::Patterns;
use serde_json::Value as Json;

use crate::admission::{default, embedded, prepare, unique};
#[cfg(feature = "cel")]
use crate::cel::Rules;
use crate::effort::{self, Effort};
use crate::prepared::Prepared;
#[cfg(feature = "cel")]
use crate::schema::Rule;
use crate::schema::Schema;
use crate::validate;
use crate::value_path::ValuePath;
use crate::verdict::{Cause, Causes, NotEvaluated};

/// Schema of a value, prepared for any number of checks.
///
/// [`Admission`](crate::Admission) checks whole objects. A program that builds an object from its parts can check each
/// part by its own schema before the object exists.
///
/// # Examples
///
/// ```
/// use crdgen_schema::{Patterns, Schema, ValueCheck};
/// use serde_json::json;
///
/// let schema = json!({
///     "type": "object",
///     "properties": {"min": {"type": "integer", "default": 1}, "max": {"type": "integer"}},
///     "x-kubernetes-validations": [{"rule": "self.min <= self.max"}],
/// });
/// let schema = Schema::from_json(&schema).expect("the schema can be read");
/// let check = ValueCheck::new(&schema, &mut Patterns::new());
/// let mut value = json!({"max": 0});
/// check.fill_defaults(&mut value).expect("the default is small");
/// assert_eq!(value["min"], 1);
/// assert_eq!(check.causes(&value)[0].message, "failed rule: self.min <= self.max");
/// ```
#[derive(Debug)]
pub struct ValueCheck {
    schema: Prepared,
    #[cfg(feature = "cel")]
    rules: Rules,
}

impl ValueCheck {
    /// Prepares the schema of a part of an object. Checks that share `patterns` compile each regular expression once.
    pub fn new(schema: &Schema, patterns: &mut Patterns) -> Self {
        Self {
            schema: prepare::value(schema, patterns),
            #[cfg(feature = "cel")]
            rules: Rules::of_value(schema, patterns),
        }
    }

    /// Prepares the schema of whole objects, whose rules may refer to `apiVersion`, `kind` and `metadata`.
    pub fn of_objects(schema: &Schema, patterns: &mut Patterns) -> Self {
        Self {
            #[cfg(feature = "cel")]
            rules: Rules::of(schema),
            ..Self::new(schema, patterns)
        }
    }

    /// Fills in the defaults of absent fields, as a server does before it validates.
    ///
    /// # Errors
    ///
    /// Returns the reason when the defaults make the value too large.
    pub fn fill_defaults(&self, value: &mut Json) -> Result<(), String> {
        default::fill(value, &self.schema)
    }

    /// Returns the reasons for refusing a value, in which defaults are already filled in: those of
    /// [`schema_causes`](Self::schema_causes) or, if there are none, those of [`rule_causes`](Self::rule_causes).
    pub fn causes(&self, value: &Json) -> Vec<Cause> {
        let causes = self.schema_causes(value);
        #[cfg(feature = "cel")]
        if causes.is_empty() {
            return self.rule_causes(value);
        }
        causes
    }

    /// Returns the violations of the schema without its rules: types, bounds, branches, embedded resources, list types.
    /// A pattern that cannot be matched is a violation. Paths begin at the value.
    pub fn schema_causes(&self, value: &Json) -> Vec<Cause> {
        let report = validate::validate(&self.schema, value, None, &Effort::new(effort::PER_OBJECT));
        let mut causes: Causes = report.causes;
        causes.extend(report.not_evaluated.into_vec().iter().map(NotEvaluated::cause));
        embedded::check_below(value, &self.schema, &ValuePath::ROOT, &mut causes);
        unique::check(value, &self.schema, &ValuePath::ROOT, &mut causes);
        causes.into_vec()
    }

    /// Returns the violations of the CEL rules of the schema and of the schemas below. Rules that need an old value are
    /// left out. A rule that cannot be evaluated is violated.
    #[cfg(feature = "cel")]
    pub fn rule_causes(&self, value: &Json) -> Vec<Cause> {
        let findings = self.rules.check(value, None, None);
        let undecided = findings.not_evaluated.iter().map(NotEvaluated::cause);
        findings.causes.into_iter().chain(undecided).collect()
    }

    /// Returns the violated rules of the schema itself, without those of the schemas below.
    #[cfg(feature = "cel")]
    pub fn broken_rules(&self, value: &Json) -> Vec<&Rule> {
        self.rules.broken_at_root(value)
    }
}
