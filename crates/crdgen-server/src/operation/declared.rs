//! Fields of a patch that the kind does not declare.
//!
//! They are found here, whatever the backend is. An API server answers with a warning for each, and with more than a
//! hundred its answer cannot be read: the HTTP client refuses the head, and the outcome of the write would be unknown.

use crdgen_backend::validation::Validation;
use crdgen_backend::{Cause, FieldValidation, Reason, WriteOptions, work};
use crdgen_core::{Resource, json};
use serde_json::Value;

use crate::body::unknown_field;
use crate::problem::Problem;

/// Refuses undeclared fields in a merge patch, or warns of them, as the options of the write ask for. Returns whether it
/// has warned.
pub(crate) async fn warned_of_merge<K: Resource>(patch: Value, options: &WriteOptions) -> Result<bool, Problem> {
    if options.field_validation == Some(FieldValidation::Ignore) {
        return Ok(false);
    }
    let bytes = json::size_up_to(&patch, work::SMALL + 1);
    let unknown = work::run(bytes, move || Validation::unknown_fields::<K>(without_nulls(patch))).await;
    judge(&unknown, options)?;
    Ok(!unknown.is_empty())
}

/// Refuses the undeclared fields of an object, or warns of them, as the options of the write ask for.
pub(crate) fn object<K: Resource>(object: Value, options: &WriteOptions) -> Result<(), Problem> {
    judge(&Validation::unknown_fields::<K>(object), options)
}

fn judge(unknown: &[String], options: &WriteOptions) -> Result<(), Problem> {
    let said: Vec<_> = unknown.iter().map(|field| unknown_field(field)).collect();
    match options.field_validation.unwrap_or(FieldValidation::Warn) {
        FieldValidation::Strict if !said.is_empty() => {
            let cause = Cause::invalid("patch", format!("strict decoding error: {}", said.join(", ")));
            Err(Problem::new(Reason::Invalid, format!("patch: {}", cause.message)).with_cause(cause))
        }
        FieldValidation::Warn => {
            let report = options.report();
            said.iter().for_each(|text| report.warnings().add(text));
            Ok(())
        }
        FieldValidation::Strict | FieldValidation::Ignore => Ok(()),
    }
}

/// Removes the keys with `null`, which a merge patch removes from the object.
fn without_nulls(mut patch: Value) -> Value {
    if let Value::Object(fields) = &mut patch {
        fields.retain(|_, value| !value.is_null());
        fields.values_mut().for_each(|value| *value = without_nulls(value.take()));
    }
    patch
}
