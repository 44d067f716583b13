//! Bounds as keywords of JSON Schema. Bounds that JSON Schema cannot express are written as data.

use crdgen_model::Bounds;
use serde_json::{Map, Value as Json};

use crate::openapi::bounds::{count, int64};
use crate::pattern;

/// Adds the bounds of a slot. Each keyword applies to values of its own type only, as on the API server.
pub fn write(bounds: &Bounds, schema: &mut Map<String, Json>) {
    let (minimum, maximum) = match (bounds.exclusive_minimum, bounds.exclusive_maximum) {
        (false, false) => ("minimum", "maximum"),
        (false, true) => ("minimum", "exclusiveMaximum"),
        (true, false) => ("exclusiveMinimum", "maximum"),
        (true, true) => ("exclusiveMinimum", "exclusiveMaximum"),
    };
    // JSON Schema requires a factor above zero. The server accepts no value for another factor. That is a
    // defect of the CRD, which is left to the server.
    let factor = bounds.multiple_of.filter(|factor| *factor > 0.0);
    let (pattern, written) = match bounds.pattern.as_deref().map(|pattern| (pattern, pattern::portable(pattern))) {
        Some((pattern, None)) => ("x-crdgen-pattern", Some(pattern.to_owned())),
        Some((_, portable)) => ("pattern", portable),
        None => ("pattern", None),
    };
    let size = |bound| count(bound).map(Json::from);
    let keywords = [
        (pattern, written.map(Json::from)),
        ("minLength", size(bounds.min_length)),
        ("maxLength", size(bounds.max_length)),
        (minimum, bounds.minimum.map(number)),
        (maximum, bounds.maximum.map(number)),
        ("multipleOf", factor.map(number)),
        ("minItems", size(bounds.min_items)),
        ("maxItems", size(bounds.max_items)),
        ("minProperties", size(bounds.min_properties)),
        ("maxProperties", size(bounds.max_properties)),
    ];
    schema.extend(keywords.into_iter().filter_map(|(keyword, value)| Some((keyword.to_owned(), value?))));
}

/// Returns a bound without a fraction if it is an integer.
fn number(bound: f64) -> Json {
    int64(bound).map_or_else(|| bound.into(), Json::from)
}
