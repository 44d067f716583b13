//! Schemas of the views that a project asks for. A view is lowered like the root of another kind.

use crdgen_schema::schema::Schema;

use crate::ids::{PlaceId, RootId};
use crate::model::{ResourceId, TypeId, View, ViewMetadata};
use crate::object_meta;
use crate::pick::Pick;
use crate::place::Places;
use crate::renames::is_type_name;
use crate::roots::{NamedResource, version_priority};
use crate::wishes::{Refusal, ViewWish, WishId};
use crate::words;

/// A view to be lowered.
#[derive(Debug)]
pub struct PlannedView {
    /// Index of the wish that asks for the view.
    pub wish: usize,
    /// Name and plural of the view, in the group and version of the resource that it reads.
    pub named: NamedResource,
    /// Resource that the view reads.
    pub of: ResourceId,
    /// Schema of the view's root.
    pub schema: Schema,
    /// Part of `metadata` that the view reads.
    pub metadata: Metadata,
}

impl PlannedView {
    /// Adds the view's places, and returns the place of its metadata if that has a type of its own.
    pub fn place(&self, root: RootId, places: &mut Places) -> Option<PlaceId> {
        places.add(root, &self.named.kind, &self.schema);
        match &self.metadata {
            Metadata::Some(schema) => Some(places.add_metadata(root, &self.named.kind, schema)),
            Metadata::None | Metadata::Whole => None,
        }
    }

    /// Returns the view for the model. `root` is the type of its root, `metadata` the type of its metadata's place.
    pub fn view(&self, name: &str, root: TypeId, metadata: Option<TypeId>, fields: &[String]) -> View {
        let metadata = match (&self.metadata, metadata) {
            (_, Some(id)) => ViewMetadata::Fields(id),
            (Metadata::Whole, None) => ViewMetadata::Whole,
            (_, None) => ViewMetadata::None,
        };
        let plural = self.named.plural.clone();
        let plural_name = words::plural(name);
        View { name: name.to_owned(), of: self.of, root, plural, plural_name, metadata, fields: fields.to_vec() }
    }
}

/// Part of `metadata` that a view reads.
#[derive(Debug)]
pub enum Metadata {
    /// Nothing of `metadata`.
    None,
    /// All of `metadata`.
    Whole,
    /// Schema of the fields that the view reads.
    Some(Box<Schema>),
}

/// Returns the views that can be made, and refusals for the others. `kinds` has the resources with their schemas, in
/// the model's order.
pub fn plan(wishes: &[ViewWish], kinds: &[(&NamedResource, &Schema)]) -> (Vec<PlannedView>, Vec<Refusal>) {
    let mut planner = ViewPlanner { kinds, planned: Vec::new(), refusals: Vec::new() };
    for (index, wish) in wishes.iter().enumerate() {
        planner.view(index, wish);
    }
    (planner.planned, planner.refusals)
}

struct ViewPlanner<'a> {
    kinds: &'a [(&'a NamedResource, &'a Schema)],
    planned: Vec<PlannedView>,
    refusals: Vec<Refusal>,
}

impl ViewPlanner<'_> {
    fn view(&mut self, index: usize, wish: &ViewWish) {
        if !is_type_name(&wish.name) {
            let message = format!("`{}` is no name for a type", wish.name);
            let help = "a name is made of ASCII letters and digits and begins with a capital".to_owned();
            self.refuse(WishId::View(index), message, Vec::new(), Some(help));
        }
        let Some(of) = self.kind(index, wish) else { return };
        let (base, schema) = self.kinds[of];
        let Some((root, metadata)) = self.pick(index, wish, schema) else { return };
        let plural = self.plural(index, wish, base);
        let named = NamedResource {
            group: base.group.clone(),
            version: base.version.clone(),
            kind: wish.name.clone(),
            plural,
            view_of: Some(ResourceId(of)),
        };
        self.planned.push(PlannedView { wish: index, named, of: ResourceId(of), schema: root, metadata });
    }

    /// Returns the resource that a wish means: the best version of the kind.
    fn kind(&mut self, index: usize, wish: &ViewWish) -> Option<usize> {
        let named = |i: usize| self.kinds[i].0;
        let meant: Vec<usize> = (0..self.kinds.len()).filter(|&i| named(i).is_called(&wish.kind)).collect();
        let best = meant.iter().copied().min_by_key(|&i| version_priority(&named(i).version));
        let qualified = |i: usize| format!("{}.{}", named(i).kind, named(i).group);
        let several = best.filter(|&best| meant.iter().any(|&i| named(i).group != named(best).group));
        let (message, mut choices, help) = match (best, several) {
            (Some(best), None) => return Some(best),
            (Some(_), Some(_)) => {
                let choices: Vec<String> = meant.iter().map(|&i| qualified(i)).collect();
                (
                    format!("several groups have the kind `{}`", wish.kind),
                    choices,
                    Some("write `Kind.group`".to_owned()),
                )
            }
            (None, _) => {
                let choices = self.kinds.iter().map(|(named, _)| named.kind.clone()).collect();
                (format!("no CRD that is generated has the kind `{}`", wish.kind), choices, None)
            }
        };
        choices.dedup();
        self.refuse(WishId::ViewKind(index), message, choices, help);
        None
    }

    fn pick(&mut self, index: usize, wish: &ViewWish, schema: &Schema) -> Option<(Schema, Metadata)> {
        if wish.fields.is_empty() {
            let help = "`fields` lists what it reads, for example \"metadata.name\"".to_owned();
            self.refuse(WishId::View(index), "a view without fields reads nothing".to_owned(), Vec::new(), Some(help));
            return None;
        }
        let whole = with_metadata(schema);
        let mut pick = Pick::default();
        let mut found_all = true;
        for (field, path) in wish.fields.iter().enumerate() {
            if let Err(nowhere) = pick.add(&whole, path) {
                found_all = false;
                self.refuse(WishId::ViewField { view: index, field }, nowhere.message, nowhere.choices, None);
            }
        }
        let metadata = match pick.take("metadata") {
            None => Metadata::None,
            Some(Pick::Whole) => Metadata::Whole,
            Some(some) => Metadata::Some(Box::new(some.apply(&whole.properties["metadata"]))),
        };
        found_all.then(|| (pick.apply(schema), metadata))
    }

    fn plural(&mut self, index: usize, wish: &ViewWish, base: &NamedResource) -> String {
        let plural = match &wish.plural {
            Some(plural) => plural.clone(),
            None => words::plural(&wish.name).to_ascii_lowercase(),
        };
        let beside = |named: &NamedResource| named.group == base.group && named.plural == plural;
        let is_taken =
            self.kinds.iter().any(|(named, _)| beside(named)) || self.planned.iter().any(|view| beside(&view.named));
        let message = if !is_segment(&plural) {
            format!("`{plural}` is no plural: it is made of lower-case letters, digits and `-`")
        } else if is_taken {
            format!("the plural `{plural}` is taken in {}", base.group)
        } else {
            return plural;
        };
        let help = "give it a `plural` of its own".to_owned();
        self.refuse(WishId::ViewPlural(index), message, Vec::new(), Some(help));
        plural
    }

    fn refuse(&mut self, wish: WishId, message: String, choices: Vec<String>, help: Option<String>) {
        self.refusals.push(Refusal { wish, message, choices, help });
    }
}

/// Returns a root's schema with every property that a view may pick.
fn with_metadata(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    // Every view has these two properties.
    for implied in ["apiVersion", "kind"] {
        schema.properties.entry(implied.to_owned()).or_default();
    }
    schema.properties.insert("metadata".to_owned(), object_meta::schema());
    schema
}

/// Returns whether a text is a path segment like the plural of a resource (RFC 1035 label).
fn is_segment(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
