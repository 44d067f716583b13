//! Operations and subresources that the HTTP API offers for each kind.

use std::collections::BTreeSet;

use crate::model::Offer;
use crate::roots::Origin;
use crate::wishes::{OfferWish, Refusal, WishId};

/// Returns the offers for a kind: those of the last wish that names the kind, else those of the last wish for all
/// kinds, else [`Offer::DEFAULT`].
pub fn of(wishes: &[OfferWish], origin: &Origin) -> BTreeSet<Offer> {
    let named = |wish: &&OfferWish| wish.kind.as_deref().is_some_and(|kind| origin.is_called(kind));
    let for_all = |wish: &&OfferWish| wish.kind.is_none();
    let wish = wishes.iter().rev().find(named).or_else(|| wishes.iter().rev().find(for_all));
    wish.map_or_else(|| Offer::DEFAULT.into(), |wish| wish.offers.clone())
}

/// Returns a refusal for each wish whose kind does not exist.
pub fn refusals(wishes: &[OfferWish], origins: &[Origin]) -> Vec<Refusal> {
    let refusal = |(index, wish): (usize, &OfferWish)| {
        let kind = wish.kind.as_deref().filter(|kind| !origins.iter().any(|origin| origin.is_called(kind)))?;
        let mut choices: Vec<String> = origins.iter().map(|origin| origin.kind.clone()).collect();
        choices.dedup();
        let message = format!("no CRD that is generated has the kind `{kind}`");
        Some(Refusal { wish: WishId::Offers(index), message, choices, help: None })
    };
    wishes.iter().enumerate().filter_map(refusal).collect()
}
