//! Rules about strings and their patterns.

use crdgen_emit::portable_pattern;
use crdgen_schema::schema::SchemaType;

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Place, Rule, Setting};

pub(super) const RULES: &[Rule] = &[
    Rule {
        entry: Entry {
            code: "lint::pattern-dialect",
            title: "A pattern differs between RE2 and ECMAScript",
            cause: "An API server reads patterns as Go does (RE2). Editors, browsers and most generators read them as \
                    ECMAScript, which refuses this pattern or gives it another meaning. crdgen leaves such a pattern out of \
                    OpenAPI documents and JSON Schemas.",
            help: "write the pattern without flags, named groups, look-arounds and classes such as `[[:alpha:]]`",
        },
        default: Setting::Warn,
        covers: &[],
        check: Check::Place(pattern_dialect),
    },
    Rule {
        entry: Entry {
            code: "lint::pattern-unanchored",
            title: "A pattern is not anchored at both ends",
            cause: "A pattern matches anywhere in the string, so `[a-z]+` accepts `!a!`.",
            help: "begin the pattern with `^` and end it with `$`",
        },
        default: Setting::Off,
        covers: &[],
        check: Check::Place(pattern_unanchored),
    },
    Rule {
        entry: Entry {
            code: "lint::string-limit",
            title: "A string has no maximum length",
            cause: "An object is stored as a whole, and etcd refuses more than 1.5 MiB. The cost of CEL rules is estimated by \
                    the longest possible string.",
            help: "add `maxLength`, or an `enum`",
        },
        default: Setting::Off,
        covers: &["kube-api-linter maxlength"],
        check: Check::Place(string_limit),
    },
    Rule {
        entry: Entry {
            code: "lint::string-minimum",
            title: "A required string may be empty",
            cause: "A client in Go sends an empty string for a required field that nobody has set, so that `required` has no \
                    effect.",
            help: "add `minLength: 1`, or a pattern",
        },
        default: Setting::Off,
        covers: &["kube-api-linter minlength", "kube-api-linter requiredfields"],
        check: Check::Place(string_minimum),
    },
];

fn pattern_dialect(place: &Place<'_>, hits: &mut Hits) {
    if let Some(pattern) = &place.schema.bounds.pattern
        && portable_pattern(pattern).is_none()
    {
        hits.at(place, "pattern", format!("the pattern `{pattern}` has no equal in ECMAScript"));
    }
}

fn pattern_unanchored(place: &Place<'_>, hits: &mut Hits) {
    let Some(pattern) = &place.schema.bounds.pattern else { return };
    let starts = pattern.starts_with('^') || pattern.starts_with(r"\A");
    let ends = (pattern.ends_with('$') && !pattern.ends_with(r"\$")) || pattern.ends_with(r"\z");
    if !starts || !ends {
        hits.at(place, "pattern", format!("the pattern `{pattern}` matches a part of a string"));
    }
}

/// Returns whether the values are strings that nothing but a length limits.
fn is_free_text(place: &Place<'_>) -> bool {
    let schema = place.schema;
    schema.type_ == Some(SchemaType::String) && schema.enum_.is_empty() && schema.format.is_none()
}

fn string_limit(place: &Place<'_>, hits: &mut Hits) {
    let is_implied = place.is_top_level() && matches!(place.name(), Some("apiVersion" | "kind"));
    if is_free_text(place) && place.schema.bounds.max_length.is_none() && !is_implied {
        hits.at(place, "", "the string has no maximum length");
    }
}

fn string_minimum(place: &Place<'_>, hits: &mut Hits) {
    let bounds = &place.schema.bounds;
    if is_free_text(place) && place.is_required() && bounds.min_length.unwrap_or(0) < 1 && bounds.pattern.is_none() {
        hits.at(place, "", "the required string may be empty");
    }
}
