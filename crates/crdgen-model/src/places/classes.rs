//! Grouping of places that hold the same type.
//!
//! Two places share a type if their shapes agree in everything that a target prints (documentation aside) *and* their
//! last path segments agree. Sharing by shape alone would name a `{key, name}` after an unrelated type. Places that an
//! earlier run gave different names stay apart, so that no name changes because another type came to have the same
//! shape.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

use crate::ids::{ClassId, PlaceId, Table};
use crate::model::Shape;
use crate::places::Place;

/// A set of places that hold one type.
#[derive(Debug)]
pub struct Class {
    /// Places, ascending.
    pub places: Vec<PlaceId>,
}

/// The classes of a set of places.
#[derive(Debug)]
pub struct Classes {
    /// All classes.
    pub all: Table<ClassId, Class>,
    /// Class of each place.
    pub of: Table<PlaceId, ClassId>,
}

/// Groups `places`. Places of one class agree in shape and in `segments`. `had` has the names of an earlier run.
pub fn group(
    places: &Table<PlaceId, Place>,
    segments: &Table<PlaceId, String>,
    had: &Table<PlaceId, Option<String>>,
) -> Classes {
    let mut all: Table<ClassId, Class> = Table::default();
    let mut of: Table<PlaceId, Option<ClassId>> = Table::filled(None, places.len());
    for level in by_height(places) {
        let mut groups: HashMap<(Key, &str), Vec<PlaceId>> = HashMap::new();
        for &place in &level {
            let key = (Key::new(&places[place].shape, &of), segments[place].as_str());
            groups.entry(key).or_default().push(place);
        }
        let mut groups: Vec<Vec<PlaceId>> = groups.into_values().collect();
        groups.sort();
        for places in groups.into_iter().flat_map(|group| apart(group, had)) {
            let id = all.next_id();
            places.iter().for_each(|&place| of[place] = Some(id));
            all.push(Class { places });
        }
    }
    let of = of.into_iter().map(|class| class.expect("every place is on one level")).collect();
    Classes { all, of }
}

/// Splits a group by the names that its places had. Places without a name join the largest part.
fn apart(group: Vec<PlaceId>, had: &Table<PlaceId, Option<String>>) -> Vec<Vec<PlaceId>> {
    let mut parts: BTreeMap<&str, Vec<PlaceId>> = BTreeMap::new();
    let mut new = Vec::new();
    for place in group {
        match &had[place] {
            Some(name) => parts.entry(name).or_default().push(place),
            None => new.push(place),
        }
    }
    let mut parts: Vec<Vec<PlaceId>> = parts.into_values().collect();
    // Takes the first of the largest parts. `max_by_key` without `rev` would take the last.
    match parts.iter_mut().rev().max_by_key(|part| part.len()) {
        Some(largest) => {
            largest.extend(new);
            largest.sort_unstable();
        }
        None => parts.push(new),
    }
    parts
}

/// Returns the places by height, lowest first. A place without children has height 0. Places with equal shapes have
/// equal height.
fn by_height(places: &Table<PlaceId, Place>) -> Vec<Vec<PlaceId>> {
    let mut heights: Table<PlaceId, usize> = Table::filled(0, places.len());
    let mut levels: Vec<Vec<PlaceId>> = Vec::new();
    for (id, place) in places.enumerated() {
        let height = children(&place.shape).map(|child| heights[child] + 1).max().unwrap_or(0);
        heights[id] = height;
        if levels.len() <= height {
            levels.resize(height + 1, Vec::new());
        }
        levels[height].push(id);
    }
    levels
}

/// Returns every place directly below a shape.
pub fn children(shape: &Shape<PlaceId>) -> impl Iterator<Item = PlaceId> {
    let fields = match shape {
        Shape::Object(object) => object.fields.as_slice(),
        Shape::Enum(_) => &[],
    };
    fields.iter().filter_map(|field| field.slot.ty.named())
}

/// A shape reduced to what decides whether two places share a type: everything that a target prints, documentation
/// aside.
#[derive(PartialEq)]
struct Key(Shape<Option<ClassId>>);

impl Key {
    /// Creates the key of a shape. `of` has the classes of its children.
    fn new(shape: &Shape<PlaceId>, of: &Table<PlaceId, Option<ClassId>>) -> Self {
        let mut shape = shape.clone().map(&|child| of[child]);
        if let Shape::Object(object) = &mut shape {
            object.fields.sort_by(|a, b| a.wire.cmp(&b.wire));
            object.fields.iter_mut().for_each(|field| field.docs = None);
            object.at_most_one.clear();
        }
        Self(shape)
    }
}

/// Bounds are floats, which have no `Eq`. JSON has no NaN, so every key equals itself.
impl Eq for Key {}

impl Hash for Key {
    /// Hashes the names and named types of fields, which differ in most shapes that differ.
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Shape::Enum(variants) => variants.hash(state),
            Shape::Object(object) => {
                for field in &object.fields {
                    (&field.wire, field.required, field.slot.ty.named()).hash(state);
                }
            }
        }
    }
}
