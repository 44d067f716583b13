//! Checks that everything restricted in `allOf`, `anyOf`, `oneOf` or `not` of the root is declared outside of them.
//!
//! The API server requires this of the root only. Below the root, an undeclared property in a branch is accepted and
//! then pruned.

use super::refusal::refuse;
use crate::report::{Path, Report};
use crate::schema::Schema;

/// Checks the schema of a whole object.
pub(super) fn check(root: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    check_branches(root, root, path, report);
}

fn check_branches(branching: &Schema, declared: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    for (keyword, branches) in
        [("allOf", &branching.all_of), ("anyOf", &branching.any_of), ("oneOf", &branching.one_of)]
    {
        let path = path.field(keyword);
        for (index, branch) in branches.iter().enumerate() {
            check_branch(branch, declared, &path.index(index), report);
        }
    }
    if let Some(branch) = &branching.not {
        check_branch(branch, declared, &path.field("not"), report);
    }
}

fn check_branch(branch: &Schema, declared: &Schema, path: &Path<'_>, report: &mut Report<'_>) {
    check_branches(branch, declared, path, report);
    let items_path = path.field("items");
    if let Some(items) = &branch.items {
        check_counterpart(items, declared.items.as_deref(), &items_path, report);
    }
    let properties_path = path.field("properties");
    for (name, property) in &branch.properties {
        check_counterpart(property, declared.properties.get(name), &properties_path.field(name), report);
    }
}

fn check_counterpart(branch: &Schema, declared: Option<&Schema>, path: &Path<'_>, report: &mut Report<'_>) {
    match declared {
        Some(declared) => check_branch(branch, declared, path, report),
        None => {
            let message =
                "this is restricted inside `allOf`, `anyOf`, `oneOf` or `not`, but not declared outside of them";
            refuse(
                report,
                "schema::undeclared",
                branch.span,
                path,
                message,
                "declare it, with its type, outside of `allOf`, `anyOf`, `oneOf` and `not`",
            );
        }
    }
}
