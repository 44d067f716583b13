//! A project's changes to what the CRDs say, and the diagnostics about them.
//!
//! Names, skips, views and offered operations are wishes for the model and hold in every target. All other
//! changes are for the Rust emitter, which knows types and fields by id; this module resolves their paths to
//! ids.

use std::collections::{BTreeMap, BTreeSet};

use crdgen_emit::rust;
use crdgen_model::{
    ApiOperation, Level, Lowered, OperationWish, PathEntry, PathPattern, Refusal, Shape, TypeId, ViewWish, WishId,
    Wishes,
};
use crdgen_schema::{Diagnostic, Place, nearest};

/// A project's changes; none by default.
#[derive(Clone, Debug, Default)]
pub struct Custom {
    /// Changes by path. If two change the same thing, the later one wins.
    pub overrides: Vec<Override>,
    /// Types that read only some fields of a kind.
    pub views: Vec<View>,
    /// Operations of kinds in the API. A kind without an entry has all operations.
    pub operations: Vec<Operations>,
}

/// A value with the place where it is written, for diagnostics.
#[derive(Clone, Debug)]
pub struct Placed<T> {
    /// Value as the config file or the builder sets it.
    pub value: T,
    /// Place in the config file; `None` for a value that was not read from a file.
    pub place: Option<Place>,
}

impl<T> From<T> for Placed<T> {
    fn from(value: T) -> Self {
        Self { value, place: None }
    }
}

/// Changes to the types and fields at some paths.
#[derive(Clone, Debug)]
pub struct Override {
    /// Paths that the change applies to.
    pub path: Placed<PathPattern>,
    /// Name of the type, in every target.
    pub name: Option<Placed<String>>,
    /// Identifier of the field in Rust.
    pub field: Option<Placed<String>>,
    /// Path of a Rust type of the project that replaces the generated one.
    pub external: Option<Placed<String>>,
    /// Traits that the Rust type derives in addition to the usual ones.
    pub derives: Option<Placed<Vec<String>>>,
    /// Attributes of the Rust type, or of the field if its type has no name.
    pub attributes: Option<Placed<Vec<String>>>,
    /// Whether the property is left out of every target.
    pub skip: bool,
    /// Form of unions in Rust.
    pub unions: Option<rust::Unions>,
}

impl Override {
    /// Returns an override that changes nothing.
    pub fn new(path: impl Into<Placed<PathPattern>>) -> Self {
        Self {
            path: path.into(),
            name: None,
            field: None,
            external: None,
            derives: None,
            attributes: None,
            skip: false,
            unions: None,
        }
    }
}

/// A type that reads only some fields of a kind.
#[derive(Clone, Debug)]
pub struct View {
    /// Kind that the view reads, as `Kind` or `Kind.group`.
    pub kind: Placed<String>,
    /// Name of the view's type.
    pub name: Placed<String>,
    /// Fields of the view, as paths below the root of the kind.
    pub fields: Vec<Placed<String>>,
    /// Path segment of the view's routes.
    pub plural: Option<Placed<String>>,
}

/// Operations that the API of a kind offers.
#[derive(Clone, Debug)]
pub struct Operations {
    /// Kind, as `Kind` or `Kind.group`. If absent, the entry is for every kind that no other entry names.
    pub kind: Option<Placed<String>>,
    /// Operations that are offered.
    pub operations: BTreeSet<ApiOperation>,
}

impl Custom {
    /// Returns the changes that the model carries out.
    pub(super) fn wishes(&self) -> Wishes {
        let rename = self.renames().map(|(change, name)| (change.path.value.clone(), name.value.clone())).collect();
        let skip = self.skips().map(|change| change.path.value.clone()).collect();
        let view = |view: &View| ViewWish {
            kind: view.kind.value.clone(),
            name: view.name.value.clone(),
            fields: view.fields.iter().map(|field| field.value.clone()).collect(),
            plural: view.plural.as_ref().map(|plural| plural.value.clone()),
        };
        let offer = |operations: &Operations| OperationWish {
            kind: operations.kind.as_ref().map(|kind| kind.value.clone()),
            operations: operations.operations.clone(),
        };
        Wishes {
            rename,
            skip,
            views: self.views.iter().map(view).collect(),
            operations: self.operations.iter().map(offer).collect(),
        }
    }

    fn renames(&self) -> impl Iterator<Item = (&Override, &Placed<String>)> {
        self.overrides.iter().filter_map(|change| Some((change, change.name.as_ref()?)))
    }

    fn skips(&self) -> impl Iterator<Item = &Override> {
        self.overrides.iter().filter(|change| change.skip)
    }

    /// Returns a diagnostic for each change that the model refused.
    pub(super) fn refused(&self, lowered: &Lowered) -> Vec<Diagnostic> {
        lowered.refusals.iter().map(|refusal| self.diagnostic(refusal, lowered)).collect()
    }

    fn diagnostic(&self, refusal: &Refusal, lowered: &Lowered) -> Diagnostic {
        let (code, asked) = match refusal.wish {
            WishId::Skip(index) => {
                let skip = self.skips().nth(index).expect("a skip of these wishes");
                return idle(&skip.path, &lowered.paths);
            }
            WishId::Rename(index) => ("override::name", self.renames().nth(index).map(|(_, name)| name)),
            WishId::Operations(index) => {
                ("api::kind", self.operations.get(index).and_then(|operations| operations.kind.as_ref()))
            }
            WishId::View(index) => ("view::name", self.views.get(index).map(|view| &view.name)),
            WishId::ViewKind(index) => ("view::kind", self.views.get(index).map(|view| &view.kind)),
            WishId::ViewPlural(index) => {
                let view = self.views.get(index);
                ("view::plural", view.map(|view| view.plural.as_ref().unwrap_or(&view.name)))
            }
            WishId::ViewField { view, field } => {
                ("view::field", self.views.get(view).and_then(|v| v.fields.get(field)))
            }
        };
        let asked = asked.expect("a wish of these");
        let near = nearest(&asked.value, refusal.choices.iter().map(String::as_str));
        let help = refusal.help.clone().or_else(|| (!near.is_empty()).then(|| format!("near it: {}", near.join(", "))));
        Diagnostic { place: asked.place.clone(), help, ..Diagnostic::error(code, &refusal.message) }
    }

    /// Resolves the changes of Rust types to types and fields, and returns the problems found on the way.
    pub(super) fn rust(&self, lowered: &Lowered) -> (rust::Overrides, Vec<Diagnostic>) {
        let mut resolution = Resolution { lowered, overrides: rust::Overrides::default(), found: Vec::new() };
        self.overrides.iter().filter(|change| !change.skip).for_each(|change| resolution.add(change));
        resolution.refuse_equal_fields(&self.overrides);
        (resolution.overrides, resolution.found)
    }
}

/// Warns of a path that matches nothing. The cause is mostly a typing mistake, or a field that an update of a
/// CRD removed.
fn idle(path: &Placed<PathPattern>, paths: &[PathEntry]) -> Diagnostic {
    let message = format!("no path matches `{}`", path.value);
    let near = nearest(path.value.path(), paths.iter().map(|entry| entry.path.as_str()));
    let help = match near.is_empty() {
        true => "`crdgen paths` lists what there is".to_owned(),
        false => format!("near it: {}; `crdgen paths` lists all", near.join(", ")),
    };
    Diagnostic { place: path.place.clone(), help: Some(help), ..Diagnostic::warning("override::idle", message) }
}

/// Resolution of paths to type and field ids.
struct Resolution<'a> {
    lowered: &'a Lowered,
    overrides: rust::Overrides,
    found: Vec<Diagnostic>,
}

impl<'a> Resolution<'a> {
    fn add(&mut self, change: &Override) {
        let model = &self.lowered.model;
        let pattern = &change.path.value;
        let is_meant = |entry: &&PathEntry| {
            let resource = model.resource(entry.resource);
            pattern.matches(&resource.group, &resource.version, &entry.with_levels())
        };
        let meant: Vec<&'a PathEntry> = self.lowered.paths.iter().filter(is_meant).collect();
        if meant.is_empty() {
            self.found.push(idle(&change.path, &self.lowered.paths));
            return;
        }
        self.types(change, &meant);
        self.fields(change, &meant);
        if let Some(external) = &change.external {
            self.external(external, pattern.levels(), &meant);
        }
    }

    fn types(&mut self, change: &Override, meant: &[&PathEntry]) {
        let named: Vec<TypeId> = meant.iter().filter_map(|entry| entry.named).collect();
        if named.is_empty() {
            let wanted = [
                change.name.as_ref().map(|name| ("a name", &name.place)),
                change.derives.as_ref().map(|derives| ("derives", &derives.place)),
                change.unions.map(|_| ("unions", &change.path.place)),
            ];
            for (what, place) in wanted.into_iter().flatten() {
                let message = format!("no type that could have {what} stands at `{}`: {}", meant[0].path, meant[0].ty);
                self.found.push(Diagnostic { place: place.clone(), ..Diagnostic::error("override::no-type", message) });
            }
        }
        for id in named {
            let entry = self.overrides.types.entry(id).or_default();
            add_all(&mut entry.derives, change.derives.as_ref());
            add_all(&mut entry.attributes, change.attributes.as_ref());
            entry.unions = change.unions.or(entry.unions);
        }
    }

    fn fields(&mut self, change: &Override, meant: &[&PathEntry]) {
        let any_named = meant.iter().any(|entry| entry.named.is_some());
        for (entry, owner) in meant.iter().filter_map(|entry| Some((entry, entry.owner?))) {
            if let Some(name) = &change.field {
                self.overrides.fields.entry(owner).or_default().name = Some(name.value.clone());
            }
            if entry.named.is_none() && !any_named && change.attributes.is_some() {
                let field = self.overrides.fields.entry(owner).or_default();
                add_all(&mut field.attributes, change.attributes.as_ref());
            }
        }
        if let Some(field) = &change.field
            && meant.iter().all(|entry| entry.owner.is_none())
        {
            self.no_root(field, "`field` renames a property, and this is a kind: write `name`");
        }
    }

    fn external(&mut self, external: &Placed<String>, written: &[Level], meant: &[&PathEntry]) {
        if meant.iter().any(|entry| entry.owner.is_none()) {
            self.no_root(external, "a kind's own type cannot be replaced");
        }
        for (entry, owner) in meant.iter().filter_map(|entry| Some((entry, entry.owner?))) {
            match entry.named.filter(|_| *written == *entry.levels) {
                Some(id) => self.overrides.types.entry(id).or_default().external = Some(external.value.clone()),
                None => {
                    let field = self.overrides.fields.entry(owner).or_default();
                    field.external = Some(external.value.clone());
                    field.levels = written.into();
                }
            }
        }
    }

    fn no_root(&mut self, asked: &Placed<String>, message: &str) {
        let error = Diagnostic::error("override::kind", message);
        self.found.push(Diagnostic { place: asked.place.clone(), ..error });
    }

    /// Reports fields whose new identifier is already the identifier of another field of the same struct.
    fn refuse_equal_fields(&mut self, changes: &[Override]) {
        let mut owners: BTreeMap<TypeId, Vec<&str>> = BTreeMap::new();
        for (&(owner, _), field) in &self.overrides.fields {
            if let Some(name) = &field.name {
                owners.entry(owner).or_default().push(name);
            }
        }
        for (owner, given) in owners {
            let def = self.lowered.model.get(owner);
            let Shape::Object(object) = &def.shape else { continue };
            let is_given =
                |index: usize| self.overrides.of_field(owner, index).is_some_and(|field| field.name.is_some());
            let mut taken: Vec<String> = rust::root_fields(def).iter().map(|name| (*name).to_owned()).collect();
            let plain = rust::field_idents(def, object);
            taken.extend(plain.into_iter().enumerate().filter(|(index, _)| !is_given(*index)).map(|(_, name)| name));
            for name in given {
                if taken.iter().any(|other| other == name) {
                    let place =
                        changes.iter().filter_map(|change| change.field.as_ref()).find(|field| field.value == name);
                    let message = format!("`{}` has another field `{name}`", def.path);
                    let place = place.and_then(|field| field.place.clone());
                    self.found.push(Diagnostic { place, ..Diagnostic::error("override::field", message) });
                }
                taken.push(name.to_owned());
            }
        }
    }
}

/// Appends the texts that `list` does not have yet, in the order of the config.
fn add_all(list: &mut Vec<String>, more: Option<&Placed<Vec<String>>>) {
    for text in more.into_iter().flat_map(|more| &more.value) {
        if !list.contains(text) {
            list.push(text.clone());
        }
    }
}
