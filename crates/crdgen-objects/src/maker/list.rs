//! Lists, made item by item.

use crdgen_schema::schema::ListType;
use serde_json::Value as Json;

use super::{Made, Maker, Mode, count};
use crate::demand::Plan;
use crate::maker::MAX_DEPTH;
use crate::request::Request;
use crate::step::Path;
use crate::unmade::Unmade;

/// Number of values that are tried for an item that has to differ from others.
const MAX_VARIANTS: usize = 24;

impl<'s> Maker<'_, 's> {
    /// Makes a list by a plan.
    pub(super) fn list(&mut self, plan: &Plan<'s>, request: &Request<'_>) -> Made {
        let bounds = || plan.all.iter().map(|schema| &schema.bounds);
        let least = bounds().filter_map(|bounds| bounds.min_items).map(count).max().unwrap_or(0);
        let most = bounds().filter_map(|bounds| bounds.max_items).map(count).min().unwrap_or(usize::MAX);
        let is_wished = request.wished_item().is_some();
        let wanted = match self.mode {
            _ if is_wished => 1,
            Mode::Minimal => 0,
            Mode::Full => usize::from(request.path.depth() < MAX_DEPTH),
            Mode::Random => self.rng.usize(..3),
        };
        self.items(plan, request, least, wanted.max(least).min(most))
    }

    /// Makes a list of `count` items. Fewer items are made if at least `least` are found.
    fn items(&mut self, plan: &Plan<'s>, request: &Request<'_>, least: usize, count: usize) -> Made {
        let path = Path::Item(&request.path);
        let mut items: Vec<Json> = Vec::new();
        for index in 0..count {
            let wish = request.wished_item().filter(|_| index == 0);
            match self.item(plan, &Request { path, wish, ..*request }, &items) {
                Ok(item) => items.push(item),
                Err(unmade) if index < least || wish.is_some() => return Err(unmade),
                Err(_) => break,
            }
        }
        Ok(Json::Array(items))
    }

    /// Makes an item that may stand beside others.
    fn item(&mut self, plan: &Plan<'s>, request: &Request<'_>, others: &[Json]) -> Made {
        let Some(demand) = plan.items() else { return Err(Unmade::new(request.path, "the list declares no items")) };
        let first = request.variant + others.len();
        for variant in first..first + MAX_VARIANTS {
            let item = self.make(&demand, &Request { variant, ..*request })?;
            if others.iter().all(|other| !self.collides(plan, other, &item)) {
                return Ok(item);
            }
        }
        Err(Unmade::new(request.path, "too few different items were found"))
    }

    /// Returns whether two items may not be in one list.
    fn collides(&self, plan: &Plan<'s>, left: &Json, right: &Json) -> bool {
        let structure = plan.structure();
        match structure.list_type {
            Some(ListType::Map) => {
                let items = structure.items.as_deref();
                let key = |item: &Json, name: &str| {
                    let default = || items?.properties.get(name)?.default.as_deref().cloned();
                    item.get(name).cloned().or_else(default)
                };
                structure.list_map_keys.iter().all(|name| key(left, name) == key(right, name))
            }
            Some(ListType::Set) => left == right,
            Some(ListType::Atomic) | None => plan.all.iter().any(|schema| schema.unique_items) && left == right,
        }
    }
}
