//! Operations and subresources that the HTTP API offers for each kind.

use std::collections::BTreeSet;

use crate::model::ApiOperation;
use crate::naming::roots::NamedResource;
use crate::settings::{OperationSettings, RejectedSetting, Setting};

/// Returns the operations for a kind: those of the last entry that names the kind, else those of the last entry for all
/// kinds, else [`ApiOperation::DEFAULT`].
pub fn of(settings: &[OperationSettings], kind: &NamedResource) -> BTreeSet<ApiOperation> {
    let names_it = |entry: &&OperationSettings| entry.kind.as_ref().is_some_and(|name| kind.is_called(&name.value));
    let for_all = |entry: &&OperationSettings| entry.kind.is_none();
    let entry = settings.iter().rev().find(names_it).or_else(|| settings.iter().rev().find(for_all));
    entry.map_or_else(|| ApiOperation::DEFAULT.into(), |entry| entry.operations.clone())
}

/// Returns a refusal for each entry whose kind does not exist.
pub fn refusals(settings: &[OperationSettings], kinds: &[NamedResource]) -> Vec<RejectedSetting> {
    let refusal = |entry: &OperationSettings| {
        let kind = entry.kind.as_ref().filter(|kind| !kinds.iter().any(|named| named.is_called(&kind.value)))?;
        let mut choices: Vec<String> = kinds.iter().map(|named| named.kind.clone()).collect();
        choices.dedup();
        let message = format!("no generated CRD has the kind `{}`", kind.value);
        Some(RejectedSetting { choices, ..RejectedSetting::new(Setting::OperationKind, kind, message) })
    };
    settings.iter().filter_map(refusal).collect()
}
