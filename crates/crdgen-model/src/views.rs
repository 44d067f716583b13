//! Schemas of the views that a project asks for. A view is lowered like the root of another kind.

pub mod object_meta;
mod pick;

use crdgen_schema::schema::Schema;

use crate::ids::{PlaceId, RootId};
use crate::model::{ResourceId, TypeId, View, ViewMetadata};
use crate::naming::renames::is_type_name;
use crate::naming::roots::{NamedResource, version_priority};
use crate::places::Places;
use crate::settings::{Placed, RejectedSetting, Setting, ViewSettings};
use crate::views::pick::{Nowhere, Pick};
use crate::words;

/// A view to be lowered.
#[derive(Debug)]
pub struct PlannedView<'a> {
    /// Settings of the view.
    pub settings: &'a ViewSettings,
    /// Name and plural of the view, in the group and version of the resource that it reads.
    pub named: NamedResource,
    /// Resource that the view reads.
    pub of: ResourceId,
    /// Schema of the view's root.
    pub schema: Schema,
    /// Part of `metadata` that the view reads.
    pub metadata: Metadata,
}

impl PlannedView<'_> {
    /// Adds the view's places, and returns the place of its metadata if that has a type of its own.
    pub fn place(&self, root: RootId, places: &mut Places) -> Option<PlaceId> {
        places.add(root, &self.named.kind, &self.schema);
        match &self.metadata {
            Metadata::Some(schema) => Some(places.add_metadata(root, &self.named.kind, schema)),
            Metadata::None | Metadata::Whole => None,
        }
    }

    /// Returns the view for the model. `root` is the type of its root, `metadata` the type of its metadata's place.
    pub fn view(&self, name: &str, root: TypeId, metadata: Option<TypeId>) -> View {
        let metadata = match (&self.metadata, metadata) {
            (_, Some(id)) => ViewMetadata::Fields(id),
            (Metadata::Whole, None) => ViewMetadata::Whole,
            (_, None) => ViewMetadata::None,
        };
        let plural = self.named.plural.clone();
        let plural_name = words::plural(name);
        let fields = self.settings.fields.iter().map(|field| field.value.clone()).collect();
        View { name: name.to_owned(), of: self.of, root, plural, plural_name, metadata, fields }
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
pub fn plan<'s>(
    settings: &'s [ViewSettings],
    kinds: &[(&NamedResource, &Schema)],
) -> (Vec<PlannedView<'s>>, Vec<RejectedSetting>) {
    let mut planner = ViewPlanner { kinds, planned: Vec::new(), refusals: Vec::new() };
    settings.iter().for_each(|settings| planner.view(settings));
    (planner.planned, planner.refusals)
}

struct ViewPlanner<'a, 's> {
    kinds: &'a [(&'a NamedResource, &'a Schema)],
    planned: Vec<PlannedView<'s>>,
    refusals: Vec<RejectedSetting>,
}

impl<'s> ViewPlanner<'_, 's> {
    fn view(&mut self, settings: &'s ViewSettings) {
        let name = &settings.name;
        if !is_type_name(&name.value) {
            let refusal =
                RejectedSetting::new(Setting::View, name, format!("`{}` is not a valid name of a type", name.value));
            let help = "use ASCII letters and digits, and begin with a capital letter".to_owned();
            self.refusals.push(RejectedSetting { help: Some(help), ..refusal });
        }
        let Some(of) = self.kind(&settings.kind) else { return };
        let (base, schema) = self.kinds[of];
        let Some((root, metadata)) = self.pick(settings, schema) else { return };
        let plural = self.plural(settings, base);
        let named = NamedResource {
            group: base.group.clone(),
            version: base.version.clone(),
            kind: name.value.clone(),
            plural,
            view_of: Some(ResourceId(of)),
        };
        self.planned.push(PlannedView { settings, named, of: ResourceId(of), schema: root, metadata });
    }

    /// Returns the resource that a view reads: the best version of the kind.
    fn kind(&mut self, kind: &Placed<String>) -> Option<usize> {
        let named = |i: usize| self.kinds[i].0;
        let meant: Vec<usize> = (0..self.kinds.len()).filter(|&i| named(i).is_called(&kind.value)).collect();
        let best = meant.iter().copied().min_by_key(|&i| version_priority(&named(i).version));
        let several = best.is_some_and(|best| meant.iter().any(|&i| named(i).group != named(best).group));
        let qualified = |i: &usize| format!("{}.{}", named(*i).kind, named(*i).group);
        let (message, mut choices, help) = match best {
            Some(best) if !several => return Some(best),
            Some(_) => {
                let message = format!("several groups have the kind `{}`", kind.value);
                (message, meant.iter().map(qualified).collect(), Some("write `Kind.group`".to_owned()))
            }
            None => {
                let choices: Vec<String> = self.kinds.iter().map(|(named, _)| named.kind.clone()).collect();
                (format!("no generated CRD has the kind `{}`", kind.value), choices, None)
            }
        };
        choices.dedup();
        self.refusals.push(RejectedSetting { choices, help, ..RejectedSetting::new(Setting::ViewKind, kind, message) });
        None
    }

    fn pick(&mut self, settings: &ViewSettings, schema: &Schema) -> Option<(Schema, Metadata)> {
        if settings.fields.is_empty() {
            let help = "list the fields that the view reads, for example `fields = [\"metadata.name\"]`".to_owned();
            let message = "the view has no `fields`".to_owned();
            let refusal = RejectedSetting::new(Setting::View, &settings.name, message);
            self.refusals.push(RejectedSetting { help: Some(help), ..refusal });
            return None;
        }
        let whole = with_metadata(schema);
        let mut pick = Pick::default();
        let mut found_all = true;
        for path in &settings.fields {
            if let Err(Nowhere { message, choices }) = pick.add(&whole, &path.value) {
                found_all = false;
                self.refusals
                    .push(RejectedSetting { choices, ..RejectedSetting::new(Setting::ViewField, path, message) });
            }
        }
        let metadata = match pick.take("metadata") {
            None => Metadata::None,
            Some(Pick::Whole) => Metadata::Whole,
            Some(some) => Metadata::Some(Box::new(some.apply(&whole.properties["metadata"]))),
        };
        found_all.then(|| (pick.apply(schema), metadata))
    }

    fn plural(&mut self, settings: &ViewSettings, base: &NamedResource) -> String {
        let plural = match &settings.plural {
            Some(plural) => plural.value.clone(),
            None => words::plural(&settings.name.value).to_ascii_lowercase(),
        };
        let beside = |named: &NamedResource| named.group == base.group && named.plural == plural;
        let is_taken =
            self.kinds.iter().any(|(named, _)| beside(named)) || self.planned.iter().any(|view| beside(&view.named));
        let message = if !is_segment(&plural) {
            format!("`{plural}` is not a valid plural: use lower-case letters, digits and `-`")
        } else if is_taken {
            format!("another kind or view in {} has the plural `{plural}`", base.group)
        } else {
            return plural;
        };
        let value = settings.plural.as_ref().unwrap_or(&settings.name);
        let help = Some("set another `plural` in the view".to_owned());
        self.refusals.push(RejectedSetting { help, ..RejectedSetting::new(Setting::ViewPlural, value, message) });
        plural
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
