//! Lowering of CRDs to the model: find places, group equal places into classes, name the classes.

mod deprecation;
mod operations;
pub mod paths;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crdgen_schema::crd::Version;
use crdgen_schema::{Crd, Schema};

use crate::ids::{ClassId, PlaceId, RootId, Table};
use crate::known::{self, Known};
use crate::lock::Names;
use crate::model::{Model, Resource, ResourceId, Shape, TypeDef, TypeId, Untyped, View};
use crate::naming::renames;
use crate::naming::roots::{NamedResource, Roots, version_priority};
use crate::naming::{self, NameReason, Named};
use crate::path_pattern::PathPattern;
use crate::places::classes::{self, Class, Classes};
use crate::places::{self, Place, Places, UntypedPlace};
use crate::schemas::skip::Skip;
use crate::schemas::storage;
use crate::settings::{Placed, RejectedSetting, Setting, Settings};
use crate::views::{self, PlannedView};

use paths::PathEntry;

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
    /// Paths of all resources, grouped by resource, each group in the order of its schema. Empty if
    /// [`Settings::no_paths`] is set.
    pub paths: Vec<PathEntry>,
    /// Shorter names that each type could not have, because another type has them or several types proposed them.
    pub rejected_names: BTreeMap<TypeId, Vec<String>>,
    /// Settings that could not be applied.
    pub refusals: Vec<RejectedSetting>,
    /// Entries of [`Settings::skip`] that match no property.
    pub idle_skips: Vec<Placed<PathPattern>>,
}

/// Lowers CRDs to a model. The result does not depend on the order of `crds`. Names found in `locked` are kept unless
/// `settings` change them.
pub fn lower(crds: &[Selected<'_>], locked: &Names, settings: &Settings) -> Lowered {
    let versions = in_order(crds);
    let mut resources: Table<RootId, NamedResource> =
        versions.iter().map(|(crd, version)| named_resource(crd, version)).collect();
    let returned: Vec<_> = versions.iter().map(|(crd, version)| storage::returned(crd, version)).collect();
    let mut skip = Skip::new(&settings.skip);
    let schemas: Vec<Cow<'_, Schema>> =
        returned.iter().zip(&resources).map(|(schema, named)| skip.apply(named, schema)).collect();
    let kinds: Vec<(&NamedResource, &Schema)> = resources.iter().zip(schemas.iter().map(Cow::as_ref)).collect();
    let (planned, mut refusals) = views::plan(&settings.views, &kinds);

    let (Places { all: places, untyped }, metadata) = places_of(&kinds, &planned);
    resources.extend(planned.iter().map(|view| view.named.clone()));
    let mut roots = Roots::new(resources, locked);
    let had = naming::earlier(&places, &roots, locked);
    let known = known::recognise(&places, &had);
    let segments = naming::segments(&places, &known, &roots);
    let renamed = renames::apply(&settings.rename, &places, &known, &segments, &mut roots, had);
    let classes = &renamed.classes;
    let Named { names, mut reason, mut rejected_names, taken } =
        naming::name(&places, &known, classes, &roots, &renamed.names);
    renamed.given.iter().for_each(|&class| reason[class] = NameReason::Renamed);
    refusals.extend(renamed.refusals);
    refusals.extend(operations::refusals(&settings.operations, &roots.resources.as_slice()[..versions.len()]));
    refusals.extend(taken.into_iter().map(|(root, holder)| {
        let holder = holder.map(|class| &places[classes.all[class].places[0]]);
        view_name_taken(&planned[root.0 - versions.len()].settings.name, holder, &roots)
    }));

    let typed = Typed::new(&places, &known, classes, &roots, names);
    let resources = versions.iter().zip(typed.roots.ids()).map(|((crd, version), root)| Resource {
        operations: operations::of(&settings.operations, &roots.resources[root]),
        ..resource(crd, version, typed.roots[root], root, &roots)
    });
    let resources = resources.collect();
    let mut views: Vec<View> = planned
        .iter()
        .zip(&typed.roots.as_slice()[versions.len()..])
        .zip(metadata)
        .map(|((view, root), metadata)| {
            let metadata = metadata.map(|place| typed.of[place]);
            view.view(&typed.types[root.0].name, *root, metadata)
        })
        .collect();
    views.sort_by(|a, b| a.name.cmp(&b.name));
    let names = names_of(&typed, &roots, &places);
    let rejected_names =
        typed.of_class.enumerated().map(|(class, id)| (*id, std::mem::take(&mut rejected_names[class])));
    let rejected_names = rejected_names.filter(|(_, names)| !names.is_empty()).collect();
    let model = Model { resources, types: typed.types, views, permissions: settings.permissions };
    let walk = paths::Walk {
        model: &model,
        roots: &roots,
        places: &places,
        type_of: &|place| typed.of[place],
        reason_of: &|place| reason[classes.of[place]],
        untyped: &untyped.iter().map(|place| ((place.root, place.path.as_str()), place.reason)).collect(),
    };
    let paths = if settings.no_paths { Vec::new() } else { walk.all() };
    let untyped = untyped.into_iter().map(|UntypedPlace { root, path, reason }| {
        let resource = roots.resource(root);
        Untyped { resource, path, reason }
    });
    Lowered { names, untyped: untyped.collect(), paths, rejected_names, refusals, idle_skips: skip.idle(), model }
}

/// Returns the places of the kinds followed by those of the views, and the place of each view's metadata.
fn places_of(kinds: &[(&NamedResource, &Schema)], planned: &[PlannedView<'_>]) -> (Places, Vec<Option<PlaceId>>) {
    let mut places = Places::default();
    for (index, (named, schema)) in kinds.iter().enumerate() {
        places.add(RootId(index), &named.kind, schema);
    }
    let untyped = places.untyped.len();
    let root = |index: usize| RootId(kinds.len() + index);
    let metadata = planned.iter().enumerate().map(|(index, view)| view.place(root(index), &mut places)).collect();
    // A place that a view cannot type cannot be typed in its kind either, and is counted there.
    places.untyped.truncate(untyped);
    (places, metadata)
}

fn view_name_taken(name: &Placed<String>, holder: Option<&Place>, roots: &Roots) -> RejectedSetting {
    let wanted = &name.value;
    let message = match holder {
        Some(place) => {
            let path = places::path(&roots.resources[place.root].kind, &place.steps);
            format!("the name `{wanted}` is taken by the type at `{path}`")
        }
        None => {
            format!("the name `{wanted}` is reserved for a type that crdgen generates, such as an `Input` or a `List`")
        }
    };
    RejectedSetting::new(Setting::View, name, message)
}

fn in_order<'a>(crds: &[Selected<'a>]) -> Vec<(&'a Crd, &'a Version)> {
    let mut versions: Vec<(&Crd, &Version)> =
        crds.iter().flat_map(|selected| selected.versions.iter().map(|version| (selected.crd, *version))).collect();
    versions.sort_by_key(|(crd, version)| {
        (crd.group.clone(), crd.names.kind.clone(), crd.name.clone(), version_priority(&version.name))
    });
    versions
}

fn named_resource(crd: &Crd, version: &Version) -> NamedResource {
    NamedResource {
        group: crd.group.clone(),
        version: version.name.clone(),
        kind: crd.names.kind.clone(),
        plural: crd.names.plural.clone(),
        view_of: None,
    }
}

/// Returns the resource with this root type. Nothing is offered of it yet.
fn resource(crd: &Crd, version: &Version, ty: TypeId, root: RootId, roots: &Roots) -> Resource {
    Resource {
        group: crd.group.clone(),
        version: version.name.clone(),
        kind: crd.names.kind.clone(),
        plural: crd.names.plural.clone(),
        singular: crd.names.singular.clone(),
        list_kind: crd.names.list_kind.clone(),
        tag: roots.tag(root),
        plural_name: roots.plural_name(root),
        short_names: crd.names.short_names.clone(),
        categories: crd.names.categories.clone(),
        scope: crd.scope,
        root: ty,
        metadata: places::restricted_metadata(&version.schema),
        status: version.status,
        scale: version.scale.clone(),
        columns: version.columns.clone(),
        selectable_fields: version.selectable_fields.clone(),
        deprecated: deprecation::warning(crd, version),
        schema: version.schema.clone(),
        operations: BTreeSet::new(),
    }
}

/// Types of the model, with the type of each place.
struct Typed {
    /// Types in the order of their names.
    types: Vec<TypeDef>,
    /// Type of each class.
    of_class: Table<ClassId, TypeId>,
    /// Type of each place.
    of: Table<PlaceId, TypeId>,
    /// Type of each root.
    roots: Table<RootId, TypeId>,
}

impl Typed {
    fn new(
        places: &Table<PlaceId, Place>,
        known: &Table<PlaceId, Option<Known>>,
        classes: &Classes,
        roots: &Roots,
        names: Table<ClassId, String>,
    ) -> Self {
        let mut order: Vec<ClassId> = classes.all.ids().collect();
        order.sort_by(|&a, &b| names[a].cmp(&names[b]));
        let mut by_class: Vec<(ClassId, TypeId)> =
            order.iter().enumerate().map(|(position, &class)| (class, TypeId(position))).collect();
        by_class.sort_unstable();
        let of_class: Table<ClassId, TypeId> = by_class.into_iter().map(|(_, id)| id).collect();
        let of: Table<PlaceId, TypeId> = classes.of.iter().map(|&class| of_class[class]).collect();
        // Places are in the order of their roots.
        let root_places = places.enumerated().filter(|(_, place)| place.steps.is_empty());
        let root_types = root_places.map(|(place, _)| of[place]).collect();
        let def = |class: ClassId| type_def(&classes.all[class], names[class].clone(), places, known, &of, roots);
        Self { types: order.into_iter().map(def).collect(), of_class, of, roots: root_types }
    }
}

fn type_def(
    class: &Class,
    name: String,
    places: &Table<PlaceId, Place>,
    known: &Table<PlaceId, Option<Known>>,
    types: &Table<PlaceId, TypeId>,
    roots: &Roots,
) -> TypeDef {
    let members = || class.places.iter().map(|&id| &places[id]);
    let (first, known) = (&places[class.places[0]], known[class.places[0]]);
    let mut shape = first.shape.clone().map(&|child| types[child]);
    if let Shape::Object(object) = &mut shape {
        object.at_most_one = at_most_one(members().map(|place| &place.shape));
    }
    let mut used_by: Vec<ResourceId> = members().map(|place| roots.resource(place.root)).collect();
    used_by.sort_unstable();
    used_by.dedup();
    let (is_root, resource) = (first.steps.is_empty(), roots.resource(first.root));
    TypeDef {
        name,
        // The description of the property that holds a known type is too specific for the type.
        docs: match known {
            Some(known) => Some(known.about().into()),
            None => members().find_map(|place| place.docs.clone()),
        },
        shape,
        root_of: (is_root && !roots.is_view(first.root)).then_some(resource),
        view_of: (is_root && roots.is_view(first.root)).then_some(resource),
        apply_of: None,
        used_by,
        path: places::path(&roots.resources[first.root].kind, &first.steps),
        kubernetes: known.map(Known::kubernetes),
    }
}

/// Returns the groups of exclusive fields that all places of a type have. They are not part of a shape: places that
/// differ in them may share a type.
fn at_most_one<'a>(shapes: impl Iterator<Item = &'a Shape<PlaceId>>) -> Vec<Vec<Vec<String>>> {
    let of = |shape: &'a Shape<PlaceId>| match shape {
        Shape::Object(object) => object.at_most_one.clone(),
        Shape::Enum(_) => Vec::new(),
    };
    let both = |mut all: Vec<_>, more: Vec<_>| {
        all.retain(|sets| more.contains(sets));
        all
    };
    shapes.map(of).reduce(both).unwrap_or_default()
}

fn names_of(typed: &Typed, roots: &Roots, places: &Table<PlaceId, Place>) -> Names {
    let mut names = Names::default();
    for (named, name) in roots.resources.iter().zip(&roots.names) {
        names.roots.insert(named.lock_key(), name.clone());
    }
    let name_of = |place: PlaceId| &typed.types[typed.of[place].0].name;
    for (id, place) in places.enumerated() {
        // `metadata` is not among the fields of a root, so its name is added here.
        if paths::is_metadata(place) {
            let edges = names.types.entry(roots.names[place.root].clone()).or_default();
            edges.insert("metadata".to_owned(), name_of(id).clone());
        }
        for child in classes::children(&place.shape) {
            let Some(step) = places[child].steps.last() else { continue };
            let edges: &mut BTreeMap<String, String> = names.types.entry(name_of(id).clone()).or_default();
            edges.entry(step.edge()).or_insert_with(|| name_of(child).clone());
        }
    }
    names
}
