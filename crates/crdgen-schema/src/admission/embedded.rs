//! Embedded objects (`x-kubernetes-embedded-resource`).

use serde_json::Value as Json;

use crate::name;
use crate::object_meta;
use crate::prepared::Prepared;
use crate::truncate;
use crate::value_path::ValuePath;
use crate::verdict::{Cause, CauseReason, Causes, Limited};

/// Coerces and checks a value if it is an embedded object, and all embedded objects below it.
pub(crate) fn coerce_and_check(value: &mut Json, schema: &Prepared) -> Result<Causes, String> {
    let mut causes = Causes::default();
    coerce(value, schema, &ValuePath::ROOT, &mut Limited::default())?;
    check(value, schema, &ValuePath::ROOT, &mut causes);
    Ok(causes)
}

/// Coerces the metadata of all embedded objects below a value. The error says why the server cannot decode one of them.
pub(super) fn coerce_below(
    value: &mut Json,
    schema: &Prepared,
    path: &ValuePath<'_>,
    unknown: &mut Limited<String>,
) -> Result<(), String> {
    match value {
        Json::Object(fields) => fields.iter_mut().try_for_each(|(name, value)| match below(schema, name, path) {
            Some((schema, path)) => coerce(value, schema, &path, unknown),
            None => Ok(()),
        }),
        Json::Array(items) => {
            let Some(schema) = &schema.items else { return Ok(()) };
            let mut items = items.iter_mut().enumerate();
            items.try_for_each(|(index, item)| coerce(item, schema, &path.index(index), unknown))
        }
        _ => Ok(()),
    }
}

fn coerce(
    value: &mut Json,
    schema: &Prepared,
    path: &ValuePath<'_>,
    unknown: &mut Limited<String>,
) -> Result<(), String> {
    if let Json::Object(fields) = &mut *value
        && schema.embedded_resource
    {
        for name in ["apiVersion", "kind"] {
            if fields.get(name).is_some_and(|value| !value.is_string()) {
                return Err(format!("{}: must be a string", path.field(name).bracketed()));
            }
        }
        if let Some(metadata) = fields.get_mut("metadata") {
            object_meta::coerce::coerce(metadata, &path.field("metadata"), unknown)?;
        }
    }
    coerce_below(value, schema, path, unknown)
}

/// Adds a cause for each violation in the embedded objects below a value.
pub(crate) fn check_below(value: &Json, schema: &Prepared, path: &ValuePath<'_>, causes: &mut Causes) {
    match value {
        Json::Object(fields) => {
            for (name, value) in fields {
                if let Some((schema, path)) = below(schema, name, path) {
                    check(value, schema, &path, causes);
                }
            }
        }
        Json::Array(items) => {
            let Some(schema) = &schema.items else { return };
            for (index, item) in items.iter().enumerate() {
                check(item, schema, &path.index(index), causes);
            }
        }
        _ => {}
    }
}

fn check(value: &Json, schema: &Prepared, path: &ValuePath<'_>, causes: &mut Causes) {
    if schema.embedded_resource && value.is_object() {
        let problems = [("apiVersion", api_version_problem as fn(&str) -> _), ("kind", kind_problem)];
        for (name, problem) in problems {
            check_text(value.get(name), problem, &path.field(name), causes);
        }
        if let Some(metadata) = value.get("metadata") {
            object_meta::check::embedded(metadata, &path.field("metadata"), causes);
        }
    }
    check_below(value, schema, path, causes);
}

fn check_text(
    value: Option<&Json>,
    problem: fn(&str) -> Option<&'static str>,
    path: &ValuePath<'_>,
    causes: &mut Causes,
) {
    let (reason, message) = match value {
        None => (CauseReason::Required, "Required value".to_owned()),
        Some(value) => match value.as_str().map_or(Some("must be a string"), problem) {
            Some(problem) => (CauseReason::Invalid, format!("Invalid value: {}: {problem}", truncate::value(value))),
            None => return,
        },
    };
    causes.push(Cause::new(reason, path.bracketed(), message));
}

fn api_version_problem(version: &str) -> Option<&'static str> {
    match object_meta::check::version_of(version) {
        _ if version.is_empty() => Some("must not be empty"),
        None => Some("unexpected GroupVersion string"),
        Some(_) => None,
    }
}

fn kind_problem(kind: &str) -> Option<&'static str> {
    match kind {
        "" => Some("must not be empty"),
        _ if name::is_label(&kind.to_lowercase()) => None,
        _ => Some("may have mixed case, but should otherwise be a DNS-1035 label"),
    }
}

/// Returns the schema and the path of a field's value, if the field has a schema.
fn below<'s, 'p>(
    schema: &'s Prepared,
    name: &'p str,
    path: &'p ValuePath<'p>,
) -> Option<(&'s Prepared, ValuePath<'p>)> {
    let schema_below = schema.field(name)?;
    let path = if schema.properties.contains_key(name) { path.field(name) } else { path.key(name) };
    Some((schema_below, path))
}
