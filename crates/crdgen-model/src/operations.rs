//! Operations and subresources that the HTTP API offers for each kind.

use std::collections::BTreeSet;

use crate::model::ApiOperation;
use crate::roots::NamedResource;
use crate::wishes::{OperationWish, Refusal, WishId};

/// Returns the operations for a kind: those of the last wish that names the kind, else those of the last wish for all
/// kinds, else [`ApiOperation::DEFAULT`].
pub fn of(wishes: &[OperationWish], named: &NamedResource) -> BTreeSet<ApiOperation> {
    let of_kind = |wish: &&OperationWish| wish.kind.as_deref().is_some_and(|kind| named.is_called(kind));
    let for_all = |wish: &&OperationWish| wish.kind.is_none();
    let wish = wishes.iter().rev().find(of_kind).or_else(|| wishes.iter().rev().find(for_all));
    wish.map_or_else(|| ApiOperation::DEFAULT.into(), |wish| wish.operations.clone())
}

/// Returns a refusal for each wish whose kind does not exist.
pub fn refusals(wishes: &[OperationWish], resources: &[NamedResource]) -> Vec<Refusal> {
    let refusal = |(index, wish): (usize, &OperationWish)| {
        let kind = wish.kind.as_deref().filter(|kind| !resources.iter().any(|named| named.is_called(kind)))?;
        let mut choices: Vec<String> = resources.iter().map(|named| named.kind.clone()).collect();
        choices.dedup();
        let message = format!("no CRD that is generated has the kind `{kind}`");
        Some(Refusal { wish: WishId::Operations(index), message, choices, help: None })
    };
    wishes.iter().enumerate().filter_map(refusal).collect()
}
