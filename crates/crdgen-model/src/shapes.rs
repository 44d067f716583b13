//! Grouping of places that hold the same type.
//!
//! Two places share a type if their shapes agree in everything that a target prints (documentation aside) *and* their
//! last path segments agree. Sharing by shape alone would name a `{key, name}` after an unrelated type. Places that an
//! earlier run gave different names stay apart, so that no name changes because another type came to have the same
//! shape.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use crate::model::{Bounds, Null, Shape, Slot, Type, TypeId};
use crate::place::Place;

/// A set of places that hold one type.
#[derive(Debug)]
pub struct Class {
    /// Indexes of the places, ascending.
    pub places: Vec<usize>,
}

/// The classes of a set of places.
#[derive(Debug)]
pub struct Classes {
    /// All classes.
    pub all: Vec<Class>,
    /// Class of each place.
    pub of: Vec<usize>,
}

/// Groups `places`. Places of one class agree in shape and in `segments`. `wishes` has the names of an earlier run.
pub fn classes(places: &[Place], segments: &[String], wishes: &[Option<String>]) -> Classes {
    let mut result = Classes { all: Vec::new(), of: vec![usize::MAX; places.len()] };
    for level in by_height(places) {
        // Equal shapes have equal height, and the classes of their children are known by now.
        let mut groups: HashMap<(String, &str), Vec<usize>> = HashMap::new();
        for &index in &level {
            let key = (key(&places[index].shape, &result.of), segments[index].as_str());
            groups.entry(key).or_default().push(index);
        }
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        groups.sort();
        for group in groups.into_iter().flat_map(|group| apart(group, wishes)) {
            let id = result.all.len();
            for &place in &group {
                result.of[place] = id;
            }
            result.all.push(Class { places: group });
        }
    }
    result
}

/// Splits a group by the names that its places had. Places without a name join the largest part.
fn apart(group: Vec<usize>, wishes: &[Option<String>]) -> Vec<Vec<usize>> {
    let mut parts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut new = Vec::new();
    for place in group {
        match &wishes[place] {
            Some(name) => parts.entry(name).or_default().push(place),
            None => new.push(place),
        }
    }
    let mut parts: Vec<Vec<usize>> = parts.into_values().collect();
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

fn by_height(places: &[Place]) -> Vec<Vec<usize>> {
    let mut heights = vec![0; places.len()];
    let mut levels: Vec<Vec<usize>> = Vec::new();
    for (index, place) in places.iter().enumerate() {
        children(&place.shape, &mut |child| heights[index] = heights[index].max(heights[child] + 1));
        if levels.len() <= heights[index] {
            levels.resize(heights[index] + 1, Vec::new());
        }
        levels[heights[index]].push(index);
    }
    levels
}

/// Calls `visit` with every place directly below a shape.
pub fn children(shape: &Shape, visit: &mut impl FnMut(usize)) {
    if let Shape::Object(object) = shape {
        for field in &object.fields {
            if let Some(TypeId(child)) = field.slot.ty.named() {
                visit(child);
            }
        }
    }
}

/// Returns a text that is equal for two shapes exactly if they agree in everything that a target prints, documentation
/// aside.
fn key(shape: &Shape, of: &[usize]) -> String {
    let mut out = String::new();
    match shape {
        Shape::Enum(variants) => {
            for variant in variants {
                let _ = write!(out, "{:?}|", variant.wire);
            }
        }
        Shape::Object(object) => {
            let mut fields: Vec<_> = object.fields.iter().collect();
            fields.sort_by(|a, b| a.wire.cmp(&b.wire));
            let _ = write!(out, "{{{}{:?}{:?}", u8::from(object.unknown_fields), object.rules, object.unions);
            if let Some(validation) = &object.validation {
                let _ = write!(out, "{validation:?}");
            }
            for field in fields {
                let _ = write!(out, ";{:?}{}", field.wire, u8::from(field.required));
                if let Some(default) = &field.default {
                    let _ = write!(out, "={default}");
                }
                slot_key(&mut out, &field.slot, of);
            }
        }
    }
    out
}

fn slot_key(out: &mut String, slot: &Slot, of: &[usize]) {
    out.push(':');
    match &slot.ty {
        Type::Named(id) => {
            let _ = write!(out, "#{}", of[id.0]);
        }
        Type::List { items, list_type, keys } => {
            let _ = write!(out, "[{list_type:?}{keys:?}");
            slot_key(out, items, of);
        }
        Type::Map(values) => {
            out.push('m');
            slot_key(out, values, of);
        }
        scalar => {
            let _ = write!(out, "{scalar:?}");
        }
    }
    match (slot.nullable, slot.null) {
        (true, _) => out.push('?'),
        (false, Null::Dropped) => {}
        (false, Null::Filled) => out.push('='),
        (false, Null::Stored) => out.push('~'),
        (false, Null::Refused) => out.push('!'),
    }
    if slot.bounds != Bounds::default() {
        let _ = write!(out, "{:?}", slot.bounds);
    }
    if !slot.allowed.is_empty() || !slot.rules.is_empty() {
        let _ = write!(out, "{:?}{:?}", slot.allowed, slot.rules);
    }
    if let Some(validation) = &slot.validation {
        let _ = write!(out, "{validation:?}");
    }
}
