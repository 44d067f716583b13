//! Validation of values against schemas.
//!
//! Follows `pkg/validation/validate` of kube-openapi in every detail: whose errors are shown when no branch of `anyOf`
//! matches, that equal messages are reported once, and that a list passes for a string with a format. On an update,
//! errors of unchanged values are forgiven as in `pkg/apiserver/validation/ratcheting.go`.

mod branches;
mod enumeration;
mod finding;
mod number;
mod ratchet;

use std::collections::HashSet;

use crdgen_cel::json::{Identity, Numbers};
use crdgen_cel::re2::Unmatched;
use serde_json::{Map, Value as Json};

use crate::effort::{self, Effort};
use crate::number::{Number, is_json_integer};
use crate::prepared::{Format, Kind, Prepared, Types, Values};
use crate::truncate;
use crate::value_path::ValuePath;
use branches::Subject;
use finding::{Failure, Findings};

pub(crate) use ratchet::{Correlated, Unchanged};
#[cfg(feature = "cel")]
pub(crate) use ratchet::{by_key, key_of};

/// Validates a value. Returns the violations and the parts without a verdict. Parts have no verdict if a pattern cannot
/// be matched or `effort` is spent.
pub(crate) fn validate(
    schema: &Prepared,
    value: &Json,
    old: Option<Correlated<'_>>,
    effort: &Effort,
) -> finding::Report {
    let mut findings = Findings::collecting(effort);
    node(schema, value, old, &ValuePath::ROOT, &mut findings);
    findings.into_report()
}

/// Validates a value. Violations of a value that equals its old value are forgiven.
fn node(schema: &Prepared, value: &Json, old: Option<Correlated<'_>>, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    if !out.effort().spend(effort::NODE) {
        return;
    }
    let mark = out.mark();
    match value {
        Json::Null => null(schema, path, out),
        _ => not_null(schema, value, old.as_ref(), path, out),
    }
    if out.has_failed_since(&mark) && old.is_some_and(|old| old.is_unchanged()) {
        out.forgive(mark);
    }
}

fn null(schema: &Prepared, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    match schema.types == Types::Any || schema.nullable {
        true => out.matched(1),
        false => out.fail(|| Failure::type_(path, schema.types.names(), "null")),
    }
    enumeration::check(schema, &Json::Null, path, out);
}

fn not_null(
    schema: &Prepared,
    value: &Json,
    old: Option<&Correlated<'_>>,
    path: &ValuePath<'_>,
    out: &mut Findings<'_>,
) {
    type_(schema, value, path, out);
    branches::check(schema, Subject { value, path, validate: in_branch }, out);
    match value {
        Json::String(text) => string(schema, text, path, out),
        Json::Number(value) => number::check(schema, Number::of(value), path, out),
        Json::Array(items) => array(schema, items, old, path, out),
        _ => {}
    }
    enumeration::check(schema, value, path, out);
    if let Json::Object(fields) = value {
        object(schema, fields, old, path, out);
    }
    out.matched(1);
}

/// Validates a value against a branch. It has no old value there, so nothing is forgiven.
fn in_branch(branch: &Prepared, value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    node(branch, value, None, path, out);
}

fn type_(schema: &Prepared, value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    if schema.types == Types::Any && schema.format.is_none() {
        return;
    }
    let kind = Kind::of(value);
    let is_text_or_list = matches!(kind, Kind::String | Kind::Array);
    let is_text_format = matches!(schema.format, Some(Format::Text { .. })) && schema.types != Types::IntOrString;
    match &schema.format {
        // With a string format, the server does not check the type of a string or a list.
        Some(_) if is_text_format && is_text_or_list => out.matched(1),
        _ if fits_type(schema.types, kind, value) => out.matched(1),
        Some(format) if !is_text_or_list => {
            out.fail(|| Failure::type_(path, format.name(), format_of(kind)));
        }
        _ => out.fail(|| Failure::type_(path, schema.types.names(), kind.name())),
    }
    out.matched(1);
}

fn fits_type(types: Types, kind: Kind, value: &Json) -> bool {
    types.contains(kind)
        || match kind {
            Kind::Integer => types.contains(Kind::Number),
            Kind::Number => types.contains(Kind::Integer) && value.as_f64().is_some_and(is_json_integer),
            _ => false,
        }
}

/// Returns the server's name for the format of a value.
fn format_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer => "int64",
        Kind::Number => "float64",
        _ => "",
    }
}

fn string(schema: &Prepared, text: &str, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    text_bounds(schema, text, path, out);
    out.matched(1);
    if let Some(Format::Text { name, check }) = &schema.format {
        if !check(text) {
            out.fail(|| Failure::type_(path, name, text));
        }
        out.matched(1);
    }
}

/// Checks `maxLength`, `minLength` and `pattern`, in this order. Only the first violation is reported.
fn text_bounds(schema: &Prepared, text: &str, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    let bounds = &schema.bounds;
    // A text never has more characters than bytes.
    let length = || i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let fits_bytes = |most: i64| i64::try_from(text.len()).is_ok_and(|length| length <= most);
    if let Some(most) = bounds.max_length
        && !fits_bytes(most)
        && length() > most
    {
        return out.fail(|| Failure::too_long(path, most));
    }
    if let Some(least) = bounds.min_length
        && length() < least
    {
        return out
            .fail(|| Failure::invalid(path, truncate::quoted(text), format!("should be at least {least} chars long")));
    }
    let Some(pattern) = &schema.pattern else { return };
    match pattern.finds(text, out.effort()) {
        Ok(true) => {}
        Ok(false) => out.fail(|| {
            let pattern = truncate::plain(pattern.source());
            Failure::invalid(path, truncate::quoted(text), format!("should match '{pattern}'"))
        }),
        Err(Unmatched { obstacle, reason }) => out.not_evaluated(path, pattern.source(), obstacle, &reason),
    }
}

fn array(
    schema: &Prepared,
    items: &[Json],
    old: Option<&Correlated<'_>>,
    path: &ValuePath<'_>,
    out: &mut Findings<'_>,
) {
    if let Some(item_schema) = &schema.items {
        let old_items = old.map(Correlated::items);
        for (index, item) in items.iter().enumerate() {
            let old = old_items.as_ref().and_then(|old| old.get(index));
            node(item_schema, item, old, &path.index(index), out);
        }
    }
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    if let Some(least) = schema.bounds.min_items.filter(|least| length < *least) {
        out.fail(|| Failure::invalid(path, length, format!("should have at least {least} items")));
    }
    if let Some(most) = schema.bounds.max_items.filter(|most| length > *most) {
        out.fail(|| Failure::too_many(path, length, most, "items"));
    }
    let mut seen = HashSet::new();
    if schema.unique_items && !items.iter().all(|item| seen.insert(Identity::of(item, Numbers::Typed))) {
        out.fail(|| Failure::invalid(path, "\"\"", "shouldn't contain duplicates"));
    }
    out.matched(2);
}

fn object(
    schema: &Prepared,
    fields: &Map<String, Json>,
    old: Option<&Correlated<'_>>,
    path: &ValuePath<'_>,
    out: &mut Findings<'_>,
) {
    let length = i64::try_from(fields.len()).unwrap_or(i64::MAX);
    if let Some(least) = schema.bounds.min_properties.filter(|least| length < *least) {
        out.fail(|| Failure::invalid(path, length, format!("should have at least {least} properties")));
    }
    if let Some(most) = schema.bounds.max_properties.filter(|most| length > *most) {
        out.fail(|| Failure::too_many(path, length, most, "properties"));
    }
    for (name, value) in fields {
        let old = || old.and_then(|old| old.field(name));
        match (schema.properties.get(name), &schema.additional) {
            (Some(property), _) => node(property, value, old(), &path.field(name), out),
            (None, Some(Values::Of(values))) => node(values, value, old(), &path.key(name), out),
            (None, Some(Values::Any(false))) => out.fail(|| Failure::forbidden_field(path, name)),
            (None, Some(Values::Any(true)) | None) => {}
        }
    }
    for name in schema.required.iter().filter(|name| !fields.contains_key(*name)) {
        out.fail(|| Failure::required(&path.key(name)));
        if out.is_saturated() {
            break;
        }
    }
    out.matched(1);
}
