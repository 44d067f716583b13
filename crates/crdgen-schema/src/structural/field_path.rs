//! Paths to declared fields, as in `fieldPath` of a rule and `selectableFields`: `.spec['a.b'].c`.

use std::collections::BTreeSet;

use super::refusal::refuse;
use crate::crd::Version;
use crate::report::{Path, Report};
use crate::schema::{Additional, Schema, SchemaType};

const CODE: &str = "schema::selectable";
const MAX_SELECTABLE: usize = 8;

/// Returns the schema at a path, or `None` below undeclared values. The error is a predicate of the path, such as "does
/// not lead to a declared field".
pub(super) fn find<'s>(path: &str, schema: &'s Schema) -> Result<Option<&'s Schema>, &'static str> {
    let mut found = Some(schema);
    let mut rest = path;
    while !rest.is_empty() {
        let step;
        (step, rest) = next_step(rest)?;
        // Paths below an undeclared value cannot be checked.
        let Some(here) = found else { return Ok(None) };
        found = child(here, &step)?;
    }
    Ok(found)
}

fn child<'s>(schema: &'s Schema, name: &str) -> Result<Option<&'s Schema>, &'static str> {
    const UNDECLARED: &str = "does not lead to a declared field";
    if !schema.properties.is_empty() {
        return schema.properties.get(name).map(Some).ok_or(UNDECLARED);
    }
    match &schema.additional_properties {
        Some(Additional::Schema(values)) => Ok(Some(values)),
        Some(Additional::Allowed(_)) => Ok(None),
        None => Err(UNDECLARED),
    }
}

fn next_step(path: &str) -> Result<(String, &str), &'static str> {
    if let Some(rest) = path.strip_prefix('.') {
        let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
        return Ok((rest[..end].to_owned(), &rest[end..]));
    }
    let quoted = path.strip_prefix("['").ok_or("must be made of steps such as .name or ['name']")?;
    let mut name = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => name.extend(letters.next().map(|(_, escaped)| escaped)),
            '\'' => {
                let rest = quoted[at + 1..].strip_prefix(']').ok_or("has no `]` after a quoted name")?;
                return Ok((name, rest));
            }
            _ => name.push(letter),
        }
    }
    Err("has a quote that is not closed")
}

/// Checks `selectableFields` of a version.
pub(super) fn check_selectable(version: &Version, path: &Path<'_>, report: &mut Report<'_>) {
    let path = path.field("selectableFields");
    let mut refuse = |path: &Path<'_>, message: String, help: &str| {
        refuse(report, CODE, version.span, path, message, help);
    };
    let mut seen = BTreeSet::new();
    for (index, field) in version.selectable_fields.iter().enumerate() {
        let path = path.index(index);
        let found = match field.contains('[') {
            true => Err("must not contain `[`"),
            false => find(field, &version.schema),
        };
        match found {
            Err(problem) => refuse(&path, format!("`{field}` {problem}"), "name a declared field such as .spec.phase"),
            Ok(_) if field.starts_with(".metadata") => {
                refuse(
                    &path,
                    format!("`{field}` is a field of metadata"),
                    "metadata.name and metadata.namespace are always selectable",
                );
            }
            Ok(schema) if !schema.is_some_and(is_selectable) => {
                let message = format!("`{field}` is not a string, boolean or integer");
                refuse(&path, message, "name a field of one of these types");
            }
            Ok(_) => {}
        }
        if !seen.insert(field) {
            refuse(&path, format!("`{field}` is listed twice"), "list it once");
        }
    }
    if seen.len() > MAX_SELECTABLE {
        refuse(
            &path,
            format!("there are {} selectable fields; the limit is {MAX_SELECTABLE}", seen.len()),
            "remove some of them",
        );
    }
}

fn is_selectable(schema: &Schema) -> bool {
    matches!(schema.type_, Some(SchemaType::String | SchemaType::Boolean | SchemaType::Integer))
}
