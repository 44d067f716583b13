//! Rules about printer columns.

use crdgen_schema::Schema;
use crdgen_schema::schema::Additional;

use crate::codes::entry::Entry;
use crate::lint::{Check, Hits, Rule, Setting, Subject};

pub(super) const RULES: &[Rule] = &[Rule {
    entry: Entry {
        code: "lint::column-without-field",
        title: "A printer column shows a field that no object has",
        cause: "The JSON path of the column leads to a field that the schema does not declare. An API server drops undeclared \
                fields, so the column is always empty.",
        help: "correct the JSON path",
    },
    default: Setting::Warn,
    covers: &[],
    check: Check::Version(column_without_field),
}];

fn column_without_field(subject: &Subject<'_>, hits: &mut Hits) {
    for (index, column) in subject.version.columns.iter().enumerate() {
        if let Some(missing) = missing(&subject.version.schema, &column.json_path) {
            let message = format!("the column `{}` is always empty: no field `{missing}` is declared", column.name);
            let path = format!("additionalPrinterColumns[{index}].jsonPath");
            hits.of_version(subject, &path, column.span, message);
        }
    }
}

/// Returns the first key of a JSON path that the schema excludes. A path with anything but keys and indices is followed
/// up to there.
fn missing<'p>(mut schema: &Schema, path: &'p str) -> Option<&'p str> {
    let mut rest = path;
    let mut is_root = true;
    while let Some((key, behind)) = key(rest) {
        if is_root && matches!(key, "metadata" | "apiVersion" | "kind") || schema.preserve_unknown_fields {
            return None;
        }
        if let Some(after) = index(key) {
            // An index: the items of a list.
            schema = schema.items.as_deref()?;
            rest = if after.is_empty() { behind } else { return None };
            continue;
        }
        schema = match (schema.properties.get(key), &schema.additional_properties) {
            (Some(property), _) => property,
            (None, Some(Additional::Schema(values))) => values,
            (None, Some(Additional::Allowed(true))) => return None,
            // A list has no keys, and neither has a scalar.
            (None, None | Some(Additional::Allowed(false))) => return Some(key),
        };
        if schema.embedded_resource || schema.int_or_string {
            return None;
        }
        (rest, is_root) = (behind, false);
    }
    None
}

/// Returns the next key or index of a JSON path, and the rest.
fn key(path: &str) -> Option<(&str, &str)> {
    if let Some(inside) = path.strip_prefix('[') {
        let end = inside.find(']')?;
        let (key, behind) = (&inside[..end], &inside[end + 1..]);
        let key = key.strip_prefix('\'').and_then(|key| key.strip_suffix('\'')).unwrap_or(key);
        // Filters, slices and unions are not followed.
        return (!key.contains(['?', '@', ':', ','])).then_some((key, behind));
    }
    let path = path.strip_prefix('.')?;
    // A dot in a key is escaped, and `..` descends.
    if path.starts_with('.') || path.contains('\\') {
        return None;
    }
    let end = path.find(['.', '[']).unwrap_or(path.len());
    (end > 0).then(|| path.split_at(end))
}

/// Returns the rest of an index after its number or `*`; `None` for a key.
fn index(key: &str) -> Option<&str> {
    let digits = key.trim_start_matches('-');
    (key == "*" || (!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))).then_some("")
}
