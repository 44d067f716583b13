//! `Crd -> Model`: places, then classes of equal places, then names.

use std::collections::BTreeMap;

use crdgen_schema::Crd;
use crdgen_schema::crd::Version;

use crate::known::{self, Known};
use crate::lock::Names;
use crate::model::{Model, Resource, ResourceId, Shape, TypeDef, TypeId, Untyped};
use crate::names;
use crate::paths::{self, PathEntry, Why};
use crate::place::{self, Place, Places};
use crate::renames;
use crate::roots::{Origin, Roots, version_priority};
use crate::shapes::{self, Classes};
use crate::skip::Skip;
use crate::wishes::{Refusal, WishId, Wishes};

/// A CRD with the versions to generate.
#[derive(Clone, Debug)]
pub struct Selected<'a> {
    /// The CRD.
    pub crd: &'a Crd,
    /// Some of its versions.
    pub versions: Vec<&'a Version>,
}

/// What [`lower`] makes.
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// The model.
    pub model: Model,
    /// Every name in it, to be locked.
    pub names: Names,
    /// Places that could not be typed.
    pub untyped: Vec<Untyped>,
    /// Every path of every resource: by resource, each one's in the order of its schema.
    pub paths: Vec<PathEntry>,
    /// Wishes that were not granted.
    pub refusals: Vec<Refusal>,
}

/// Lowers CRDs to a model. The result does not depend on the order of `crds`; names found in `locked` are kept unless
/// `wishes` change them.
pub fn lower(crds: &[Selected<'_>], locked: &Names, wishes: &Wishes) -> Lowered {
    let versions = in_order(crds);
    let origins: Vec<Origin> = versions.iter().map(|(crd, version)| origin(crd, version)).collect();
    let mut skip = Skip::new(&wishes.skip);
    let mut places = Places::default();
    for (index, ((_, version), origin)) in versions.iter().zip(&origins).enumerate() {
        places.add(ResourceId(index), &origin.kind, &skip.apply(origin, &version.schema));
    }
    let Places { all: mut places, untyped } = places;
    known::recognise(&mut places);

    let mut roots = Roots::new(origins, locked);
    let segments = names::segments(&places, &roots);
    let had = names::wishes(&places, &roots, locked);
    let renamed = renames::apply(&wishes.rename, &places, &segments, &mut roots, had);
    let classes = &renamed.classes;
    let (type_names, mut why) = names::name(&places, classes, &roots, &renamed.wishes);
    renamed.given.iter().for_each(|&class| why[class] = Why::Renamed);

    let (types, type_of) = types(&places, classes, &roots, type_names);
    let mut resources: Vec<Resource> = versions
        .iter()
        .enumerate()
        .map(|(index, (crd, version))| resource(crd, version, roots.title(index), roots.many(index)))
        .collect();
    for (index, place) in places.iter().enumerate().filter(|(_, place)| place.steps.is_empty()) {
        resources[place.resource.0].root = type_of[classes.of[index]];
    }
    let names = names_of(&types, &roots, &places, classes, &type_of);
    let model = Model { resources, types, views: Vec::new() };
    let walk = paths::Walk {
        model: &model,
        places: &places,
        type_of: &|place| type_of[classes.of[place]],
        why_of: &|place| why[classes.of[place]],
    };
    let mut refusals = renamed.refusals;
    refusals.extend(skip.idle().map(nothing_to_skip));
    Lowered { names, untyped, paths: walk.all(), refusals, model }
}

fn nothing_to_skip(skip: usize) -> Refusal {
    let message = "no property has this path".to_owned();
    Refusal { wish: WishId::Skip(skip), message, choices: Vec::new(), help: None }
}

fn in_order<'a>(crds: &[Selected<'a>]) -> Vec<(&'a Crd, &'a Version)> {
    let mut versions: Vec<(&Crd, &Version)> =
        crds.iter().flat_map(|selected| selected.versions.iter().map(|version| (selected.crd, *version))).collect();
    versions.sort_by_key(|(crd, version)| {
        (crd.group.clone(), crd.names.kind.clone(), crd.name.clone(), version_priority(&version.name))
    });
    versions
}

fn origin(crd: &Crd, version: &Version) -> Origin {
    Origin {
        group: crd.group.clone(),
        version: version.name.clone(),
        kind: crd.names.kind.clone(),
        plural: crd.names.plural.clone(),
    }
}

fn resource(crd: &Crd, version: &Version, title: String, many: String) -> Resource {
    Resource {
        group: crd.group.clone(),
        version: version.name.clone(),
        kind: crd.names.kind.clone(),
        plural: crd.names.plural.clone(),
        singular: crd.names.singular.clone(),
        list_kind: crd.names.list_kind.clone(),
        title,
        many,
        short_names: crd.names.short_names.clone(),
        categories: crd.names.categories.clone(),
        scope: crd.scope,
        root: TypeId(usize::MAX),
        status: version.status,
        scale: version.scale.clone(),
        columns: version.columns.clone(),
        selectable_fields: version.selectable_fields.clone(),
        deprecated: version.deprecated.clone(),
        schema: version.schema.to_json(),
    }
}

/// The types in the order of their names, and for each class its type.
fn types(places: &[Place], classes: &Classes, roots: &Roots, names: Vec<String>) -> (Vec<TypeDef>, Vec<TypeId>) {
    let mut order: Vec<usize> = (0..classes.all.len()).collect();
    order.sort_by(|&a, &b| names[a].cmp(&names[b]));
    let mut type_of = vec![TypeId(usize::MAX); classes.all.len()];
    for (position, &class) in order.iter().enumerate() {
        type_of[class] = TypeId(position);
    }
    let types = order
        .into_iter()
        .map(|class| {
            let members = &classes.all[class].places;
            let first = &places[members[0]];
            let known = first.known;
            let mut used_by: Vec<ResourceId> = members.iter().map(|&i| places[i].resource).collect();
            used_by.sort_unstable();
            used_by.dedup();
            TypeDef {
                name: names[class].clone(),
                // A property that holds a known type says more than the type is.
                docs: match known {
                    Some(known) => Some(known.about().to_owned()),
                    None => members.iter().find_map(|&i| places[i].docs.clone()),
                },
                shape: resolved(&first.shape, classes, &type_of),
                root_of: first.steps.is_empty().then_some(first.resource),
                view_of: None,
                used_by,
                path: place::path(&roots.origins[first.resource.0].kind, &first.steps),
                kubernetes: known.map(Known::kubernetes),
            }
        })
        .collect();
    (types, type_of)
}

/// A shape that refers to types instead of places.
fn resolved(shape: &Shape, classes: &Classes, type_of: &[TypeId]) -> Shape {
    let mut shape = shape.clone();
    if let Shape::Object(object) = &mut shape {
        for id in object.fields.iter_mut().filter_map(|field| field.slot.ty.named_mut()) {
            *id = type_of[classes.of[id.0]];
        }
    }
    shape
}

fn names_of(types: &[TypeDef], roots: &Roots, places: &[Place], classes: &Classes, type_of: &[TypeId]) -> Names {
    let mut names = Names::default();
    for (origin, name) in roots.origins.iter().zip(&roots.names) {
        names.roots.insert(origin.lock_key(), name.clone());
    }
    for (index, place) in places.iter().enumerate() {
        let parent = &types[type_of[classes.of[index]].0].name;
        shapes::children(&place.shape, &mut |child| {
            let Some(step) = places[child].steps.last() else { return };
            let name = &types[type_of[classes.of[child]].0].name;
            let edges: &mut BTreeMap<String, String> = names.types.entry(parent.clone()).or_default();
            edges.entry(step.edge()).or_insert_with(|| name.clone());
        });
    }
    names
}
