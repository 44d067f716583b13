//! Recognition of Kubernetes' own types by their schema.
//!
//! A place can hold Kubernetes' type K if its properties are exactly those of K in some version of Kubernetes and each
//! of them agrees with that of K, recursively. That is not enough for a small type: any object may be a `{name}`. So a
//! place is K only if one of these holds as well:
//!
//! - a recognised type holds the place (the `matchExpressions[]` of a `LabelSelector`);
//! - the place is large and only K fits;
//! - the property has a name that Kubernetes uses for K alone (`secretKeyRef`);
//! - the place is described in Kubernetes' words;
//! - the place has no descriptions, and a place with the same property name is described in Kubernetes' words;
//! - the place was K in an earlier run, so that a change above the place does not rename its type.
//!
//! In doubt, a place is not K.

mod definition;
mod lossless;
mod reference;

use std::collections::{BTreeSet, HashMap};

use crate::ids::{PlaceId, Table};
use crate::model::{Kubernetes, Object, Shape, Type};
use crate::places::{Place, Step};
use definition::{Definition, DefinitionId, Form};
use reference::{Reference, Revision, reference};

/// Number of properties, including those of nested types, from which a place that fits only one type is that type.
const LARGE: usize = 5;

/// Kubernetes type that a place holds.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    definition: &'static Definition,
    lossless: bool,
}

impl Known {
    /// Returns the type as the model stores it.
    pub fn kubernetes(self) -> Kubernetes {
        Kubernetes { name: self.name().to_owned(), lossless: self.lossless }
    }

    /// Returns the full name, for example `io.k8s.api.core.v1.EnvVar`.
    pub fn name(self) -> &'static str {
        &self.definition.name
    }

    /// Returns the name without its package, for example `EnvVar`.
    pub fn short_name(self) -> &'static str {
        self.definition.short_name()
    }

    /// Returns the description of the type, which does not depend on the property that holds it.
    pub fn about(self) -> &'static str {
        &self.definition.about
    }
}

/// Returns the Kubernetes type of each place that holds one. Children come before their parents in `places`. `had` has
/// the name of each place in an earlier run.
pub fn recognise(
    places: &Table<PlaceId, Place>,
    had: &Table<PlaceId, Option<String>>,
) -> Table<PlaceId, Option<Known>> {
    let fits = Fits::new(places);
    let mut found: Table<PlaceId, Option<Revision>> = Table::filled(None, places.len());
    // Parents first: the type of a parent determines the types inside it.
    for (id, place) in places.enumerated().rev() {
        found[id] = found[id].or_else(|| fits.alone(id, had[id].as_deref()));
        if let (Some(revision), Shape::Object(object)) = (found[id], &place.shape) {
            for (child, revision) in fits.inside(revision, object) {
                found[child] = Some(revision);
            }
        }
    }
    let reference = fits.reference;
    let found: Table<PlaceId, _> = found.into_iter().map(|found| Some(found?.definition)).collect();
    let lossless = lossless::lossless(places, &found, reference);
    let known = found.into_iter().zip(lossless);
    known.map(|(found, lossless)| Some(Known { definition: reference.get(found?), lossless })).collect()
}

/// Kubernetes type that a place can hold by its properties.
struct Fit {
    revision: Revision,
    /// Number of properties, including those of nested types. Properties that accept any value do not count.
    weight: usize,
}

struct Fits<'a> {
    reference: &'static Reference,
    places: &'a Table<PlaceId, Place>,
    /// Fits of each place.
    of: Table<PlaceId, Vec<Fit>>,
    /// Definitions that descriptions identify, by the last step of the described place and by the definitions that the
    /// place can hold.
    described: HashMap<(Step, Several), Several>,
}

type Several = BTreeSet<DefinitionId>;

impl<'a> Fits<'a> {
    fn new(places: &'a Table<PlaceId, Place>) -> Self {
        let of = Table::default();
        let mut fits = Self { reference: reference(), places, of, described: HashMap::new() };
        for place in places {
            let of = match &place.shape {
                Shape::Object(object) => fits.object(object),
                Shape::Enum(_) => Vec::new(),
            };
            fits.of.push(of);
        }
        fits.note_described();
        fits
    }

    fn note_described(&mut self) {
        for (id, place) in self.places.enumerated() {
            let (Shape::Object(object), Some(last)) = (&place.shape, place.steps.last()) else { continue };
            let several = self.several(id);
            if let Some(told) = self.told_by_words(object, &several) {
                self.described.entry((last.clone(), several)).or_default().insert(told);
            }
        }
    }

    /// Returns the definitions that a place can hold, regardless of the type that holds it. Definitions that occur only
    /// in a status are left out.
    fn several(&self, place: PlaceId) -> Several {
        let definitions = self.of[place].iter().map(|fit| fit.revision.definition);
        definitions.filter(|id| !self.reference.get(*id).only_in_status).collect()
    }

    fn object(&self, object: &Object<PlaceId>) -> Vec<Fit> {
        // Kubernetes' types do not preserve unknown fields.
        if object.unknown_fields {
            return Vec::new();
        }
        let same_properties = self.reference.with_properties(object.fields.iter().map(|field| field.wire.as_str()));
        same_properties.iter().filter_map(|revision| self.fit(object, *revision)).collect()
    }

    fn fit(&self, object: &Object<PlaceId>, revision: Revision) -> Option<Fit> {
        let definition = self.reference.get(revision.definition);
        let mut weight = 0;
        for field in &object.fields {
            let form = definition.form(&field.wire, revision.minor).filter(|form| self.may_be(&field.slot.ty, form))?;
            weight += match (&field.slot.ty, self.child(&field.slot.ty, form)) {
                (Type::Any | Type::AnyObject, _) => 0,
                (_, Some(child)) if definition.general || !self.reference.get(child.revision.definition).general => {
                    1 + child.weight
                }
                _ => 1,
            };
        }
        Some(Fit { revision, weight })
    }

    /// Returns whether a property can have this type in a CRD if it has this form in Kubernetes.
    fn may_be(&self, ty: &Type<PlaceId>, form: &Form) -> bool {
        match (ty, form) {
            (Type::Boolean, Form::Boolean) | (Type::Number { .. }, Form::Double) => true,
            (Type::Integer { .. }, Form::Int32 | Form::Int64) => true,
            (Type::IntOrString, Form::IntOrString | Form::Quantity) => true,
            (Type::String { format: None }, Form::String | Form::Quantity) => true,
            (Type::String { format: Some(format) }, Form::Time) => format == "date-time",
            (Type::String { format: Some(format) }, Form::Bytes) => format == "byte",
            (Type::Named(id), Form::String) => matches!(self.places[*id].shape, Shape::Enum(_)),
            (Type::Named(_), Form::Definition(_)) => self.child(ty, form).is_some(),
            (Type::Named(id), Form::Metadata) => self.is_metadata(*id),
            (Type::List { items, .. }, Form::List(form)) => self.may_be(&items.ty, form),
            (Type::Map(values), Form::Map(form)) => self.may_be(&values.ty, form),
            // A CRD may cut its schema off here, to keep it small or because the type is recursive.
            (Type::Any | Type::AnyObject, Form::Any | Form::Opaque | Form::Metadata | Form::Definition(_)) => true,
            _ => false,
        }
    }

    /// Returns the newest fit of the place at the bottom of a type to the definition at the bottom of a form.
    fn child(&self, ty: &Type<PlaceId>, form: &Form) -> Option<&Fit> {
        let (child, definition) = (ty.named()?, form.definition()?);
        let fits = self.of[child].iter().filter(|fit| fit.revision.definition == definition);
        fits.max_by_key(|fit| fit.revision.minor)
    }

    /// Returns whether a place can be an `ObjectMeta`. A CRD declares only those properties of it that are to be kept.
    fn is_metadata(&self, place: PlaceId) -> bool {
        const KEPT: [&str; 5] = ["annotations", "finalizers", "labels", "name", "namespace"];
        match &self.places[place].shape {
            Shape::Object(object) => object.fields.iter().all(|field| KEPT.contains(&field.wire.as_str())),
            Shape::Enum(_) => false,
        }
    }

    /// Returns the definition that a place holds, regardless of the type that holds it.
    fn alone(&self, id: PlaceId, had: Option<&str>) -> Option<Revision> {
        let place = &self.places[id];
        let Shape::Object(object) = &place.shape else { return None };
        let last = place.steps.last().filter(|_| !is_section(&place.steps))?;
        let several = self.several(id);
        let is_large =
            || self.of[id].iter().any(|fit| several.contains(&fit.revision.definition) && fit.weight >= LARGE);
        let definition = only(&several)
            .filter(|_| is_large())
            .or_else(|| self.reference.told_by(last).filter(|told| several.contains(told)))
            .or_else(|| self.told_by_words(object, &several))
            .or_else(|| had.and_then(|name| self.told_by_name(name, &several)))
            .or_else(|| self.told_by_others(object, last, several))?;
        let revisions = self.of[id].iter().map(|fit| fit.revision).filter(|fit| fit.definition == definition);
        revisions.max_by_key(|fit| fit.minor)
    }

    /// Returns the definition that the descriptions identify: Kubernetes describes some property like this in only one
    /// of the definitions, and no two properties identify different ones.
    fn told_by_words(&self, object: &Object<PlaceId>, several: &Several) -> Option<DefinitionId> {
        let mut told = Several::new();
        for field in &object.fields {
            let Some(docs) = field.docs.as_deref().filter(|_| !several.is_empty()) else { continue };
            let sentence = definition::sentence(docs);
            let mut saying = several.iter().filter(|id| self.reference.get(**id).says(&field.wire, &sentence));
            if let (Some(only), None) = (saying.next(), saying.next()) {
                told.insert(*only);
            }
        }
        only(&told)
    }

    /// Returns the definition of described places with the same last step and the same possible definitions, for an
    /// object without descriptions. Some CRDs are published without them.
    fn told_by_others(&self, object: &Object<PlaceId>, last: &Step, several: Several) -> Option<DefinitionId> {
        let is_bare = object.fields.iter().all(|field| field.docs.is_none());
        self.described.get(&(last.clone(), several)).filter(|_| is_bare).and_then(only)
    }

    /// Returns the only one of some definitions with this short name.
    fn told_by_name(&self, name: &str, several: &Several) -> Option<DefinitionId> {
        let called: Several =
            several.iter().copied().filter(|id| self.reference.get(*id).short_name() == name).collect();
        only(&called)
    }

    /// Returns the places directly inside a known type, with their definitions.
    fn inside(&self, revision: Revision, object: &Object<PlaceId>) -> Vec<(PlaceId, Revision)> {
        let definition = self.reference.get(revision.definition);
        let children = object.fields.iter().filter_map(|field| {
            let form = definition.form(&field.wire, revision.minor)?;
            Some((field.slot.ty.named()?, self.child(&field.slot.ty, form)?.revision))
        });
        children.collect()
    }
}

/// Returns the definition in a set of one.
fn only(several: &Several) -> Option<DefinitionId> {
    several.first().copied().filter(|_| several.len() == 1)
}

/// Returns whether the steps lead to a kind's own `spec` or `status`, which is named after the kind.
fn is_section(steps: &[Step]) -> bool {
    matches!(steps, [only] if only.levels.is_empty() && matches!(only.property.as_str(), "spec" | "status"))
}
