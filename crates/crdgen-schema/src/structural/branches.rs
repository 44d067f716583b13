//! Checks of `allOf`, `anyOf`, `oneOf` and `not`, which may only restrict values.

use super::default::is_set;
use super::pattern;
use super::refusal::refuse;
use crate::report::{Path, Report};
use crate::schema::{Additional, Schema, SchemaType};

const HELP: &str = "inside `allOf`, `anyOf`, `oneOf` and `not` use only `properties`, `items`, `required`, `enum`, `format`, \
                    `pattern` and bounds; declare everything else outside of them";

/// Whether the branches of an `anyOf` may have types. They may in the form of int-or-string: a bare integer and a bare
/// string, in this order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Types {
    Allowed,
    Forbidden,
}

impl Types {
    fn of(branches: &[Schema]) -> Self {
        let is_bare =
            |branch: &Schema, type_| *branch == Schema { span: branch.span, type_: Some(type_), ..Schema::default() };
        match branches {
            [first, second] if is_bare(first, SchemaType::Integer) && is_bare(second, SchemaType::String) => {
                Self::Allowed
            }
            _ => Self::Forbidden,
        }
    }
}

/// Checks all branches of a node.
pub(super) fn check(schema: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    let first_all_of = schema.all_of.first().map_or(Types::Forbidden, |first| Types::of(&first.any_of));
    check_branches(schema, Types::of(&schema.any_of), first_all_of, path, report);
}

fn check_branches(schema: &Schema, any_of: Types, first_all_of: Types, path: &Path<'_>, report: &mut Report<'_>) {
    let all_of_path = path.field("allOf");
    for (index, branch) in schema.all_of.iter().enumerate() {
        let types = if index == 0 { first_all_of } else { Types::Forbidden };
        check_branch(branch, types, &all_of_path.index(index), report);
    }
    let any_of = if any_of == Types::Allowed { &[] } else { schema.any_of.as_slice() };
    for (keyword, branches) in [("anyOf", any_of), ("oneOf", &schema.one_of)] {
        let path = path.field(keyword);
        for (index, branch) in branches.iter().enumerate() {
            check_branch(branch, Types::Forbidden, &path.index(index), report);
        }
    }
    if let Some(branch) = &schema.not {
        check_branch(branch, Types::Forbidden, &path.field("not"), report);
    }
}

fn check_branch(branch: &Schema, any_of: Types, path: &Path<'_>, report: &mut Report<'_>) {
    check_branches(branch, any_of, Types::Forbidden, path, report);
    pattern::check(branch, path, report);
    for (keyword, _) in used(branch).into_iter().filter(|(_, is_used)| *is_used) {
        let message = format!("`{keyword}` is not allowed inside `allOf`, `anyOf`, `oneOf` or `not`");
        refuse(report, "schema::branch", branch.span, &path.field(keyword), message, HELP);
    }
    let properties_path = path.field("properties");
    for (name, property) in &branch.properties {
        let path = properties_path.field(name);
        if name == "metadata" {
            let message = "`metadata` cannot be restricted inside `allOf`, `anyOf`, `oneOf` or `not`";
            refuse(report, "schema::branch", property.span, &path, message, "remove it");
        }
        check_branch(property, Types::Forbidden, &path, report);
    }
    if let Some(items) = &branch.items {
        check_branch(items, Types::Forbidden, &path.field("items"), report);
    }
}

fn used(branch: &Schema) -> [(&'static str, bool); 13] {
    let is_filled = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.is_empty());
    [
        ("type", branch.type_.is_some()),
        ("default", is_set(branch.default.as_deref())),
        ("title", is_filled(&branch.title)),
        ("description", branch.description.as_deref().is_some_and(|text| !text.is_empty())),
        ("nullable", branch.nullable),
        ("additionalProperties", !matches!(branch.additional_properties, None | Some(Additional::Allowed(false)))),
        ("x-kubernetes-preserve-unknown-fields", branch.preserve_unknown_fields),
        ("x-kubernetes-embedded-resource", branch.embedded_resource),
        ("x-kubernetes-int-or-string", branch.int_or_string),
        ("x-kubernetes-list-type", branch.list_type.is_some()),
        ("x-kubernetes-list-map-keys", !branch.list_map_keys.is_empty()),
        ("x-kubernetes-map-type", branch.map_type.is_some()),
        ("x-kubernetes-validations", !branch.validations.is_empty()),
    ]
}
