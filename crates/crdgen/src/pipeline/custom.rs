//! A project's changes to what the CRDs say, and the diagnostics about them.
//!
//! Names, skips, views and operations are settings of the model and hold in every target. All other
//! changes are for the Rust emitter, which knows types and fields by id; this module resolves their paths to
//! ids.

use std::collections::BTreeMap;

use crdgen_emit::rust;
use crdgen_model::{
    Level, Lowered, OperationSettings, PathEntry, PathPattern, Placed, RejectedSetting, Rename, Setting, Settings,
    Shape, TypeId, ViewSettings,
};
use crdgen_schema::{Diagnostic, nearest};

/// A project's changes; none by default.
#[derive(Clone, Debug, Default)]
pub struct Custom {
    /// Changes by path. If two change the same thing, the later one wins.
    pub overrides: Vec<Override>,
    /// Types that read only some fields of a kind.
    pub views: Vec<ViewSettings>,
    /// Operations of kinds in the API. A kind without an entry has all operations.
    pub operations: Vec<OperationSettings>,
    /// Whether the API has an operation that tells callers their permissions.
    pub permissions: bool,
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

impl Custom {
    /// Returns the changes that the model carries out.
    pub(super) fn settings(&self) -> Settings {
        let rename = |change: &Override| {
            let name = change.name.clone()?;
            Some(Rename { path: change.path.value.clone(), name })
        };
        Settings {
            rename: self.overrides.iter().filter_map(rename).collect(),
            skip: self.overrides.iter().filter(|change| change.skip).map(|change| change.path.clone()).collect(),
            views: self.views.clone(),
            operations: self.operations.clone(),
            permissions: self.permissions,
            no_paths: false,
        }
    }

    /// Resolves the changes of Rust types to types and fields, and returns the problems found on the way.
    pub(super) fn rust(&self, lowered: &Lowered) -> (rust::Overrides, Vec<Diagnostic>) {
        let mut resolution = Resolution { lowered, overrides: rust::Overrides::default(), found: Vec::new() };
        self.overrides.iter().filter(|change| !change.skip).for_each(|change| resolution.add(change));
        resolution.refuse_equal_fields(&self.overrides);
        (resolution.overrides, resolution.found)
    }
}

/// Returns a diagnostic for each change that the model refused.
pub(super) fn refused(lowered: &Lowered) -> Vec<Diagnostic> {
    let refused = lowered.refusals.iter().map(diagnostic);
    refused.chain(lowered.idle_skips.iter().map(|path| idle(path, &lowered.paths))).collect()
}

fn diagnostic(refusal: &RejectedSetting) -> Diagnostic {
    let code = match refusal.setting {
        Setting::Rename => "override::name",
        Setting::OperationKind => "api::kind",
        Setting::View => "view::name",
        Setting::ViewKind => "view::kind",
        Setting::ViewPlural => "view::plural",
        Setting::ViewField => "view::field",
    };
    let near = nearest(&refusal.value.value, refusal.choices.iter().map(String::as_str));
    let help = refusal.help.clone().or_else(|| (!near.is_empty()).then(|| format!("similar: {}", near.join(", "))));
    Diagnostic { place: refusal.value.place.clone(), help, ..Diagnostic::error(code, &refusal.message) }
}

/// Warns of a path that matches nothing. The cause is mostly a typing mistake, or a field that an update of a
/// CRD removed.
fn idle(path: &Placed<PathPattern>, paths: &[PathEntry]) -> Diagnostic {
    let message = format!("no path matches `{}`", path.value);
    let near = nearest(path.value.path(), paths.iter().map(|entry| entry.path.as_str()));
    let help = match near.is_empty() {
        true => "`crdgen paths` lists all paths".to_owned(),
        false => format!("similar: {}; `crdgen paths` lists all paths", near.join(", ")),
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
                let message = format!("the type at `{}` cannot have {what}: it is {}", meant[0].path, meant[0].ty);
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
            self.no_root(field, "`field` renames a property, but the path selects a kind: use `name`");
        }
    }

    fn external(&mut self, external: &Placed<String>, written: &[Level], meant: &[&PathEntry]) {
        if meant.iter().any(|entry| entry.owner.is_none()) {
            self.no_root(external, "the type of a kind cannot be replaced");
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
