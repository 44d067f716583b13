//! `enum`: values are equal if Go considers them equal.

use serde_json::Value as Json;

use super::finding::{Failure, Findings};
use crate::prepared::Prepared;
use crate::value_path::ValuePath;

pub(super) fn check(schema: &Prepared, value: &Json, path: &ValuePath<'_>, out: &mut Findings<'_>) {
    if let Some(allowed) = &schema.enum_
        && !allowed.contains(value)
    {
        out.fail(|| Failure::not_supported(path, value, allowed));
    }
}
