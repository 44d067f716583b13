//! Lowering of CRDs to the model: find places, group equal places into classes, name the classes.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crdgen_schema::crd::Version;
use crdgen_schema::{Crd, Schema};

use crate::deprecation;
use crate::known::{self, Known};
use crate::lock::Names;
use crate::model::{Model, Resource, ResourceId, Shape, TypeDef, TypeId, Untyped, View};
use crate::names::{self, Named};
use crate::offers;
use crate::paths::{self, PathEntry, Why};
use crate::place::{self, Place, Places};
use crate::renames;
use crate::roots::{Origin, Roots, version_priority};
use crate::shapes::{self, Classes};
use crate::skip::Skip;
use crate::storage;
use crate::views::{self, Sketch};
use crate::wishes::{Refusal, WishId, Wishes};

/// A CRD with the versions to generate.
#[derive(Clone, Debug)]
pub struct Selected<'a> {
    /// The CRD, with all of its versions.
    pub crd: &'a Crd,
    /// Versions to generate.
    pub versions: Vec<&'a Version>,
}

/// Result of [`lower`].
#[derive(Clone, Debug, Default)]
pub struct Lowered {
    /// Resources, types and views.
    pub model: Model,
    /// Names of the model, to be written to the lock.
    pub names: Names,
    /// Places that are typed only as any value or any object, with the reason.
    pub untyped: Vec<Untyped>,
    /// Paths of all resources, grouped by resource, each group in the order of its schema.
    pub paths: Vec<PathEntry>,
    /// Shorter names that each type could not have, because another type has them or several types proposed them.
    pub passed: BTreeMap<TypeId, Vec<String>>,
    /// Wishes that could not be granted.
    pub refusals: Vec<Refusal>,
}

/// Lowers CRDs to a model. The result does not depend on the order of `crds`. Names found in `locked` are kept unless
/// `wishes` change them.
pub fn lower(crds: &[Selected<'_>], locked: &Names, wishes: &Wishes) -> Lowered {
    let versions = in_order(crds);
    let mut origins: Vec<Origin> = versions.iter().map(|(crd, version)| origin(crd, version)).collect();
    let returned: Vec<_> = versions.iter().map(|(crd, version)| storage::returned(crd, version)).collect();
    let mut skip = Skip::new(&wishes.skip);
    let schemas: Vec<Cow<'_, Schema>> =
        returned.iter().zip(&origins).map(|(schema, origin)| skip.apply(origin, schema)).collect();
    let kinds: Vec<(&Origin, &Schema)> = origins.iter().zip(schemas.iter().map(Cow::as_ref)).collect();
    let (sketches, mut refusals) = views::sketches(&wishes.views, &kinds);

    let (Places { all: mut places, untyped }, metadata) = places_of(&kinds, &sketches);
    origins.extend(sketches.iter().map(|sketch| sketch.origin.clone()));

    let mut roots = Roots::new(origins, locked);
    let had = names::wishes(&places, &roots, locked);
    known::recognise(&mut places, &had);
    let segments = names::segments(&places, &roots);
    let renamed = renames::apply(&wishes.rename, &places, &segments, &mut roots, had);
    let classes = &renamed.classes;
    let Named { names, mut why, mut passed, taken } = names::name(&places, classes, &roots, &renamed.wishes);
    renamed.given.iter().for_each(|&class| why[class] = Why::Renamed);
    refusals.extend(renamed.refusals);
    refusals.extend(offers::refusals(&wishes.offers, &roots.origins[..versions.len()]));
    refusals.extend(skip.idle().map(nothing_to_skip));
    refusals.extend(taken.into_iter().map(|(root, holder)| {
        let holder = holder.map(|class| &places[classes.all[class].places[0]]);
        view_name_taken(sketches[root.0 - versions.len()].wish, &roots.names[root.0], holder, &roots)
    }));

    let (types, type_of) = types(&places, classes, &roots, names);
    let type_at = |place: usize| type_of[classes.of[place]];
    let mut root_types = vec![TypeId(usize::MAX); roots.origins.len()];
    for (index, place) in places.iter().enumerate().filter(|(_, place)| place.steps.is_empty()) {
        root_types[place.resource.0] = type_at(index);
    }
    let (kind_types, view_types) = root_types.split_at(versions.len());
    let resources = versions.iter().zip(kind_types).enumerate().map(|(index, ((crd, version), root))| Resource {
        root: *root,
        offers: offers::of(&wishes.offers, &roots.origins[index]),
        ..resource(crd, version, roots.tag(index), roots.many(index))
    });
    let resources = resources.collect();
    let mut views: Vec<View> = sketches
        .iter()
        .zip(view_types)
        .zip(metadata)
        .map(|((sketch, root), place)| {
            let metadata = place.map(|TypeId(place)| type_at(place));
            sketch.view(&types[root.0].name, *root, metadata, &wishes.views[sketch.wish].fields)
        })
        .collect();
    views.sort_by(|a, b| a.name.cmp(&b.name));
    let names = names_of(&types, &roots, &places, classes, &type_of);
    let model = Model { resources, types, views };
    let walk = paths::Walk {
        model: &model,
        roots: &roots,
        places: &places,
        type_of: &type_at,
        why_of: &|place| why[classes.of[place]],
        untyped: &untyped.iter().map(|place| ((place.resource, place.path.as_str()), place.reason)).collect(),
    };
    let paths = walk.all();
    let passed = type_of.iter().enumerate().map(|(class, id)| (*id, std::mem::take(&mut passed[class])));
    let passed = passed.filter(|(_, passed)| !passed.is_empty()).collect();
    Lowered { names, untyped, paths, passed, refusals, model }
}

/// Returns the places of the kinds followed by those of the views, and the place of each view's metadata.
fn places_of(kinds: &[(&Origin, &Schema)], sketches: &[Sketch]) -> (Places, Vec<Option<TypeId>>) {
    let mut places = Places::default();
    for (index, (origin, schema)) in kinds.iter().enumerate() {
        places.add(ResourceId(index), &origin.kind, schema);
    }
    let untyped = places.untyped.len();
    let root = |index: usize| ResourceId(kinds.len() + index);
    let metadata = sketches.iter().enumerate().map(|(index, sketch)| sketch.place(root(index), &mut places)).collect();
    // A place that a view cannot type cannot be typed in its kind either, and is counted there.
    places.untyped.truncate(untyped);
    (places, metadata)
}

fn view_name_taken(view: usize, name: &str, holder: Option<&Place>, roots: &Roots) -> Refusal {
    let message = match holder {
        Some(place) => {
            let path = place::path(&roots.origins[place.resource.0].kind, &place.steps);
            format!("the name `{name}` is taken by the type at `{path}`")
        }
        None => format!(
            "the name `{name}` is not free: every type takes names along, such as that of its `Input` or `List`"
        ),
    };
    Refusal { wish: WishId::View(view), message, choices: Vec::new(), help: None }
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
        view_of: None,
    }
}

fn resource(crd: &Crd, version: &Version, tag: String, many: String) -> Resource {
    Resource {
        group: crd.group.clone(),
        version: version.name.clone(),
        kind: crd.names.kind.clone(),
        plural: crd.names.plural.clone(),
        singular: crd.names.singular.clone(),
        list_kind: crd.names.list_kind.clone(),
        tag,
        many,
        short_names: crd.names.short_names.clone(),
        categories: crd.names.categories.clone(),
        scope: crd.scope,
        root: TypeId(usize::MAX),
        status: version.status,
        scale: version.scale.clone(),
        columns: version.columns.clone(),
        selectable_fields: version.selectable_fields.clone(),
        deprecated: deprecation::warning(crd, version),
        schema: version.schema.to_json(),
        offers: BTreeSet::new(),
    }
}

/// Returns the types in the order of their names, and the type of each class.
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
            let mut shape = resolved(&first.shape, classes, &type_of);
            if let Shape::Object(object) = &mut shape {
                object.at_most_one = at_most_one(members.iter().map(|&i| &places[i].shape));
            }
            let mut used_by: Vec<ResourceId> = members.iter().map(|&i| roots.resource(places[i].resource)).collect();
            used_by.sort_unstable();
            used_by.dedup();
            TypeDef {
                name: names[class].clone(),
                // The description of the property that holds a known type is too specific for the type.
                docs: match known {
                    Some(known) => Some(known.about().to_owned()),
                    None => members.iter().find_map(|&i| places[i].docs.clone()),
                },
                shape,
                root_of: first.steps.is_empty().then_some(first.resource).filter(|root| !roots.is_view(*root)),
                view_of: roots.origins[first.resource.0].view_of.filter(|_| first.steps.is_empty()),
                apply_of: None,
                used_by,
                path: place::path(&roots.origins[first.resource.0].kind, &first.steps),
                kubernetes: known.map(Known::kubernetes),
            }
        })
        .collect();
    (types, type_of)
}

/// Returns the groups of exclusive fields that all places of a type have. They are not part of a shape: places that
/// differ in them may share a type.
fn at_most_one<'a>(shapes: impl Iterator<Item = &'a Shape>) -> Vec<Vec<Vec<String>>> {
    let of = |shape: &'a Shape| match shape {
        Shape::Object(object) => object.at_most_one.clone(),
        Shape::Enum(_) => Vec::new(),
    };
    let both = |mut all: Vec<_>, more: Vec<_>| {
        all.retain(|sets| more.contains(sets));
        all
    };
    shapes.map(of).reduce(both).unwrap_or_default()
}

/// Returns a shape that refers to types instead of places.
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
        let own = &types[type_of[classes.of[index]].0].name;
        // `metadata` is not among the fields of a root, so its name is added here.
        if paths::is_metadata(place) {
            let edges = names.types.entry(roots.names[place.resource.0].clone()).or_default();
            edges.insert("metadata".to_owned(), own.clone());
        }
        let parent = own;
        shapes::children(&place.shape, &mut |child| {
            let Some(step) = places[child].steps.last() else { return };
            let name = &types[type_of[classes.of[child]].0].name;
            let edges: &mut BTreeMap<String, String> = names.types.entry(parent.clone()).or_default();
            edges.entry(step.edge()).or_insert_with(|| name.clone());
        });
    }
    names
}
