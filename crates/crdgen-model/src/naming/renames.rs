//! Names that a project's config gives to types.
//!
//! A rename applies to a type, so it holds at every place of the type and overrides the name of an earlier run. It
//! takes no name from another type: a name belongs to the type that would have it without any rename.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::{ClassId, PlaceId, Table};
use crate::known::Known;
use crate::model::Shape;
use crate::naming;
use crate::naming::roots::Roots;
use crate::naming::taken::{Taken, usable};
use crate::path_pattern::PathPattern;
use crate::places::classes::{self, Classes};
use crate::places::{self, Place};
use crate::settings::{Placed, RejectedSetting, Rename, Setting};
use crate::words;

/// Result of applying the renames to a set of places.
pub struct Renamed {
    /// Name of each place, from an earlier run or from a rename.
    pub names: Table<PlaceId, Option<String>>,
    /// Classes that follow from these names.
    pub classes: Classes,
    /// Classes that a rename named.
    pub given: BTreeSet<ClassId>,
    /// Renames that could not be applied.
    pub refusals: Vec<RejectedSetting>,
}

/// Applies renames. Renames of kinds change `roots`.
pub fn apply(
    renames: &[Rename],
    places: &Table<PlaceId, Place>,
    known: &Table<PlaceId, Option<Known>>,
    segments: &Table<PlaceId, String>,
    roots: &mut Roots,
    mut had: Table<PlaceId, Option<String>>,
) -> Renamed {
    let classes = classes::group(places, segments, &had);
    if renames.is_empty() {
        return Renamed { names: had, classes, given: BTreeSet::new(), refusals: Vec::new() };
    }
    let names = naming::name(places, known, &classes, roots, &had).names;
    let mut requested =
        RequestedRenames { places, roots, classes: &classes, of: BTreeMap::new(), refusals: Vec::new() };
    renames.iter().for_each(|rename| requested.add(rename));
    let left_behind = requested.left_behind(&names, &had);
    requested.refuse_taken(&names, &left_behind);
    let RequestedRenames { of: requested, mut refusals, .. } = requested;

    let mut given: BTreeMap<PlaceId, &Rename> = BTreeMap::new();
    for class in left_behind {
        classes.all[class].places.iter().for_each(|&place| had[place] = None);
    }
    for (class, (rename, name)) in requested {
        for &place in &classes.all[class].places {
            if places[place].steps.is_empty() {
                roots.names[places[place].root].clone_from(&name);
            }
            had[place] = Some(name.clone());
            given.insert(place, rename);
        }
    }
    // An earlier run may have kept places of one shape apart. With one name they are one type.
    let classes = classes::group(places, segments, &had);
    refusals.extend(split(&given, &had, &classes, places, roots));
    let given = given.keys().map(|&place| classes.of[place]).collect();
    Renamed { names: had, classes, given, refusals }
}

/// Renames by the class that they select.
struct RequestedRenames<'a, 'r> {
    places: &'a Table<PlaceId, Place>,
    roots: &'a Roots,
    classes: &'a Classes,
    /// Rename and new name, by class.
    of: BTreeMap<ClassId, (&'r Rename, String)>,
    refusals: Vec<RejectedSetting>,
}

impl<'r> RequestedRenames<'_, 'r> {
    fn add(&mut self, rename: &'r Rename) {
        let Rename { path: pattern, name: Placed { value: name, .. } } = rename;
        if !is_type_name(name) {
            let refusal = refusal(rename, format!("`{name}` is not a valid name of a type"));
            let help = "use ASCII letters and digits, and begin with a capital letter".to_owned();
            self.refusals.push(RejectedSetting { help: Some(help), ..refusal });
            return;
        }
        // The selected place of each class, in the version that goes by the plain kind if that has one.
        let mut meant: BTreeMap<ClassId, PlaceId> = BTreeMap::new();
        for place in self.places.ids().filter(|&place| self.is_meant(place, pattern)) {
            let best = meant.entry(self.classes.of[place]).or_insert(place);
            if !self.is_primary(*best) {
                *best = place;
            }
        }
        let several = meant.len() > 1;
        for (class, place) in meant {
            // A path may select different types in several versions. Their names then begin with the version, as
            // elsewhere.
            let plain = pattern.has_version() || self.is_primary(place) || !several;
            let named = &self.roots.resources[self.places[place].root];
            let name = if plain { name.to_owned() } else { words::upper_camel(&named.version) + name };
            match self.of.get(&class) {
                Some((_, other)) if *other != name => {
                    let message = format!("another override renames the type at `{}` to `{other}`", self.path(place));
                    self.refusals.push(refusal(rename, message));
                }
                _ => {
                    self.of.insert(class, (rename, name));
                }
            }
        }
    }

    fn is_meant(&self, place: PlaceId, pattern: &PathPattern) -> bool {
        let named = &self.roots.resources[self.places[place].root];
        // The type of a view differs from that of its kind, so a pattern for a kind does not select both.
        let may_be = !named.is_view() || pattern.kind() == Some(&named.kind);
        may_be && pattern.matches(&named.group, &named.version, &self.path(place))
    }

    fn is_primary(&self, place: PlaceId) -> bool {
        self.roots.primary[self.places[place].root]
    }

    fn path(&self, place: PlaceId) -> String {
        path(self.places, self.roots, place)
    }

    /// Returns the classes whose name a rename gives to another class, if both classes had that name in an earlier run.
    /// They had one shape then.
    fn left_behind(&self, names: &Table<ClassId, String>, had: &Table<PlaceId, Option<String>>) -> Vec<ClassId> {
        let had = |class: ClassId, name: &str| {
            self.classes.all[class].places.iter().any(|&place| had[place].as_deref() == Some(name))
        };
        let is_left = |class: &ClassId| {
            let name = &names[*class];
            !self.of.contains_key(class) && self.of.iter().any(|(&other, (_, new))| new == name && had(other, name))
        };
        self.classes.all.ids().filter(is_left).collect()
    }

    /// Refuses names that belong to types without a rename.
    fn refuse_taken(&mut self, names: &Table<ClassId, String>, left_behind: &[ClassId]) {
        let mut taken = Taken::new();
        let stays = |class: &ClassId| !self.of.contains_key(class) && !left_behind.contains(class);
        for class in self.classes.all.ids().filter(stays) {
            self.claim(&mut taken, class, &names[class]);
        }
        let mut claimed: BTreeSet<&str> = BTreeSet::new();
        let mut refusals = Vec::new();
        for (&class, (rename, name)) in &self.of {
            if claimed.insert(name) && !self.claim(&mut taken, class, name) {
                let holder = names.ids().filter(stays).find(|&other| names[other].eq_ignore_ascii_case(name));
                refusals.push(refusal(rename, match holder {
                    Some(other) => {
                        let place = self.classes.all[other].places[0];
                        format!("the name `{name}` is taken by the type at `{}`", self.path(place))
                    }
                    None => format!(
                        "the name `{name}` is reserved for the `Input` of an object, the `List` of a kind, or one of \
                         Kubernetes' own types"
                    ),
                }));
            }
        }
        self.refusals.extend(refusals);
    }

    fn claim(&self, taken: &mut Taken, class: ClassId, name: &str) -> bool {
        let first = &self.places[self.classes.all[class].places[0]];
        match first.steps.is_empty() {
            true => taken.claim_root(name),
            false => taken.claim(name, matches!(first.shape, Shape::Object(_))),
        }
    }
}

/// Refuses a name that several types would have.
fn split(
    given: &BTreeMap<PlaceId, &Rename>,
    had: &Table<PlaceId, Option<String>>,
    classes: &Classes,
    places: &Table<PlaceId, Place>,
    roots: &Roots,
) -> Vec<RejectedSetting> {
    let mut first: BTreeMap<String, PlaceId> = BTreeMap::new();
    let mut refused: Vec<&Rename> = Vec::new();
    let mut refusals = Vec::new();
    for (&place, &rename) in given {
        let Some(name) = &had[place] else { continue };
        let other = *first.entry(name.to_ascii_lowercase()).or_insert(place);
        let is_refused = refused.iter().any(|other| std::ptr::eq(*other, rename));
        if classes.of[other] != classes.of[place] && !is_refused {
            refused.push(rename);
            let (one, two) = (path(places, roots, other), path(places, roots, place));
            let message = format!("the types at `{one}` and `{two}` differ, and both would be called `{name}`");
            let help =
                "write a longer path, or begin the path with `group/version/Kind` to select one version".to_owned();
            refusals.push(RejectedSetting { help: Some(help), ..refusal(rename, message) });
        }
    }
    refusals
}

fn path(places: &Table<PlaceId, Place>, roots: &Roots, place: PlaceId) -> String {
    let place = &places[place];
    places::path(&roots.resources[place.root].kind, &place.steps)
}

fn refusal(rename: &Rename, message: String) -> RejectedSetting {
    RejectedSetting::new(Setting::Rename, &rename.name, message)
}

/// Returns whether a config may give a name: every target can print it, and it begins with a capital, as types do.
pub fn is_type_name(name: &str) -> bool {
    usable(name) && name.starts_with(|c: char| c.is_ascii_uppercase())
}
