//! Rules about bounds, enums, defaults and required fields.

use std::sync::Arc;

use crdgen_schema::schema::{Bounds, SchemaType};
use crdgen_schema::{Source, Value, documents};
use serde_json::Value as Json;

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting, Step};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::bounds-contradict",
            title: "No value satisfies the bounds of a field",
            cause: "A minimum is greater than the maximum beside it, so an API server refuses every value of the field.",
            help: "correct one of the two bounds",
        },
        default: Setting::Error,
        covers: &[],
        check: Check::Place(bounds_contradict),
    },
    Rule {
        entry: Entry {
            code: "lint::default-below-optional",
            title: "A default stands below an optional field without a default",
            cause: "An API server fills in a default only where the object around it exists. If a user leaves out the field \
                    above, the default does not apply.",
            help: "add `default: {}` to the field above",
        },
        default: Setting::Off,
        covers: &[],
        check: Check::Place(default_below_optional),
    },
    Rule {
        entry: Entry {
            code: "lint::default-never-applies",
            title: "A default can never apply",
            cause: "An API server fills in defaults of absent fields. The items of a list, the values of a map and the whole object \
                    are never absent, and `apiVersion` and `kind` are always set.",
            help: "move the default to the property that has the list or map, or remove it",
        },
        default: Setting::Warn,
        covers: &[],
        check: Check::Place(default_never_applies),
    },
    Rule {
        entry: Entry {
            code: "lint::enum-yaml",
            title: "YAML reads a value of an enum as something else than a string",
            cause: "YAML reads words such as `on`, `yes`, `null` and `1.0` as a boolean, null or a number unless they \
                    are in quotes. If a user writes the value without quotes, as the documentation shows it, an API \
                    server refuses the object.",
            help: "use another word, such as `Enabled`",
        },
        default: Setting::Warn,
        covers: &[],
        check: Check::Place(enum_yaml),
    },
    Rule {
        entry: Entry {
            code: "lint::required-with-default",
            title: "A field with a default is required",
            cause: "An API server fills in the default before it checks `required`, so users may leave the field out. Generated \
                    clients still demand it.",
            help: "remove the field from `required`, or the default",
        },
        default: Setting::Off,
        covers: &["kube-api-linter defaultorrequired"],
        check: Check::Place(required_with_default),
    },
];

fn bounds_contradict(place: &Place<'_>, hits: &mut Hits) {
    let Bounds { minimum, maximum, exclusive_minimum, exclusive_maximum, .. } = *place.schema.bounds;
    let is_empty = minimum.zip(maximum).is_some_and(|(minimum, maximum)| {
        minimum > maximum || (minimum == maximum && (exclusive_minimum || exclusive_maximum))
    });
    if is_empty {
        hits.at(place, "minimum", "`minimum` and `maximum` leave no value");
    }
    let bounds = &place.schema.bounds;
    for (low, least, high, most) in [
        ("minLength", bounds.min_length, "maxLength", bounds.max_length),
        ("minItems", bounds.min_items, "maxItems", bounds.max_items),
        ("minProperties", bounds.min_properties, "maxProperties", bounds.max_properties),
    ] {
        if least.zip(most).is_some_and(|(least, most)| least > most) {
            hits.at(place, low, format!("`{low}` is greater than `{high}`"));
        }
    }
}

fn default_below_optional(place: &Place<'_>, hits: &mut Hits) {
    let Some(parent) = place.parent else { return };
    let is_optional = parent.name().is_some() && !parent.is_required() && parent.schema.default.is_none();
    // `spec` is written in nearly every object, and `status` by a controller.
    if place.schema.default.is_some() && place.name().is_some() && is_optional && !parent.is_top_level() {
        hits.at(place, "default", format!("the default does not apply where `{}` is left out", parent.field()));
    }
}

fn default_never_applies(place: &Place<'_>, hits: &mut Hits) {
    if place.schema.default.is_none() {
        return;
    }
    let why = match place.step {
        Step::Root => "a whole object is never absent",
        // A null item of a list that takes no null becomes the default.
        Step::Items => "the items of a list are never absent",
        Step::Values => "the values of a map are never absent",
        Step::Property("apiVersion" | "kind") if place.is_top_level() => "every object has this field",
        Step::Property(_) => return,
    };
    hits.at(place, "default", format!("the default never applies: {why}"));
}

fn enum_yaml(place: &Place<'_>, hits: &mut Hits) {
    // A controller does not write YAML.
    if place.schema.type_ != Some(SchemaType::String) || place.is_in_status() {
        return;
    }
    for value in place.schema.enum_.iter().filter_map(Json::as_str) {
        if let Some(kind) = unquoted(value) {
            hits.at(place, "enum", format!("YAML reads `{value}` as {kind} unless it is in quotes"));
        }
    }
}

/// Returns the kind of value that YAML reads from a word without quotes; `None` for a string.
fn unquoted(word: &str) -> Option<&'static str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '+' | '-' | '_' | '~');
    // `-` alone begins a list. Other text is a string, or needs quotes to be read at all.
    if word.is_empty() || !word.chars().all(is_plain) || word == "-" {
        return None;
    }
    let source = Arc::new(Source { name: String::new(), text: format!("a: {word}\n") });
    let documents = documents(&source, &mut Vec::new());
    match documents.first()?.root.get("a")?.value {
        Value::Bool(_) => Some("a boolean"),
        Value::Int(_) | Value::Float(_) => Some("a number"),
        Value::Null => Some("null"),
        Value::String(_) | Value::List(_) | Value::Map(_) => None,
    }
}

fn required_with_default(place: &Place<'_>, hits: &mut Hits) {
    if place.schema.default.is_some() && place.is_required() {
        hits.at(place, "default", "the field has a default and is required");
    }
}
