//! Naming of types: the kind followed by the shortest unambiguous path suffix, never with an added number.
//!
//! Every unnamed class proposes its best candidate. A name that only one class proposes is given. If several classes
//! propose a name, the class that is strictly nearest to a root gets it, and the others go on to their next candidate.
//! If the nearest are equally near, no class gets the name. Classes that collide like that to their last candidate
//! choose in turn, the most used one first.
//!
//! So the result does not depend on the order of the input, and a type that is added deep in a schema renames no type
//! above it. Names of an earlier run are given first.

mod candidates;
mod plural;
pub mod renames;
pub mod reserved;
pub mod roots;
mod taken;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use crate::ids::{ClassId, PlaceId, RootId, Table};
use crate::known::Known;
use crate::lock::Names;
use crate::model::Shape;
use crate::naming::candidates::{Candidates, Combinations, is_good};
use crate::naming::roots::Roots;
use crate::naming::taken::{Taken, usable};
use crate::places::classes::{Class, Classes};
use crate::places::{Place, Step};
use crate::words;

/// Returns the name that each place had in an earlier run, found by walking down from its root.
pub fn earlier(places: &Table<PlaceId, Place>, roots: &Roots, locked: &Names) -> Table<PlaceId, Option<String>> {
    let mut by_steps: HashMap<(RootId, &[Step]), Option<String>> = HashMap::new();
    let mut order: Vec<PlaceId> = places.ids().collect();
    order.sort_by_key(|&id| places[id].steps.len());
    let mut result = Table::filled(None, places.len());
    for id in order {
        let Place { root, steps, .. } = &places[id];
        let name = match steps.split_last() {
            None => Some(roots.names[*root].clone()),
            Some((last, parents)) => by_steps
                .get(&(*root, parents))
                .and_then(Option::as_ref)
                .and_then(|parent| locked.types.get(parent)?.get(&last.edge()))
                .filter(|name| usable(name))
                .cloned(),
        };
        by_steps.insert((*root, steps), name.clone());
        result[id] = name;
    }
    result
}

/// Returns the segment of each place. Places of one shape share a type only if their segments are equal.
pub fn segments(
    places: &Table<PlaceId, Place>,
    known: &Table<PlaceId, Option<Known>>,
    roots: &Roots,
) -> Table<PlaceId, String> {
    let kinds = roots.resources.iter().filter(|named| !named.is_view());
    let kinds: HashSet<(&str, &str)> = kinds.map(|named| (named.group.as_str(), named.kind.as_str())).collect();
    let mut words: HashMap<&Step, String> = HashMap::new();
    places
        .iter()
        .zip(known)
        .map(|(place, known)| {
            // A known type is one type under any property name. Its name has dots, so it equals no other segment.
            if let Some(known) = known {
                return known.name().to_owned();
            }
            let named = roots.of_kind(place.root);
            match place.steps.as_slice() {
                [] => format!("/{}", roots.resources[place.root].lock_key()),
                // `FooSpec` must not serve an unrelated `Bar` that happens to have the same shape. `ClusterFoo` is
                // related.
                [only] if only.levels.is_empty() && matches!(only.property.as_str(), "spec" | "status") => {
                    let plain = named.kind.strip_prefix("Cluster").filter(|kind| kinds.contains(&(&named.group, kind)));
                    format!("{}/{}/{}", only.property, named.group, plain.unwrap_or(&named.kind))
                }
                [.., last] => words.entry(last).or_insert_with(|| last.word()).clone(),
            }
        })
        .collect()
}

/// Reason for a type's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameReason {
    /// Root of a kind: the kind, behind its version or words of its group if others have the same kind.
    Kind,
    /// Root of a view: the name of the view.
    View,
    /// Name of an earlier run.
    Locked,
    /// Name given by the project's config.
    Renamed,
    /// Name of a Kubernetes type.
    Kubernetes,
    /// Shortest end of the path that no other type claims, behind the kind if the type belongs to one. If other types
    /// claim every end, the shortest end that is left.
    Suffix,
    /// Whole path, because everything shorter is taken; with `Value` behind it, or with its separators spelled out.
    Spelled,
}

/// Names of all classes.
pub struct Named {
    /// Name of each class.
    pub names: Table<ClassId, String>,
    /// Reason for the name of each class.
    pub reason: Table<ClassId, NameReason>,
    /// Shorter names that each class could not have.
    pub rejected_names: Table<ClassId, Vec<String>>,
    /// Roots of views whose name belongs to another type, with the class of that type if there is one.
    pub taken: Vec<(RootId, Option<ClassId>)>,
}

/// Names every class.
pub fn name(
    places: &Table<PlaceId, Place>,
    known: &Table<PlaceId, Option<Known>>,
    classes: &Classes,
    roots: &Roots,
    had: &Table<PlaceId, Option<String>>,
) -> Named {
    let mut naming = Naming::new(places, known, classes, roots);
    naming.keep(had);
    naming.give_known();
    for turn in [Turn::Primary, Turn::Other] {
        naming.propose(turn);
    }
    let taken = naming.new_views();
    naming.propose(Turn::View);
    naming.finish(taken)
}

/// Turn in which classes propose names. A view takes no name from a kind, and an older version takes none from the
/// version that goes by the plain kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Primary,
    Other,
    View,
}

/// Number of candidates per type that may be tried, counted over all types together. A CRD whose types have thousands
/// of candidate names in common would try them all; real types try three.
const ATTEMPTS: usize = 200;

struct Naming<'a> {
    /// Number of candidates that may still be tried.
    attempts: usize,
    candidates: Table<ClassId, Candidates<'a>>,
    objects: Table<ClassId, bool>,
    names: Table<ClassId, Option<String>>,
    reason: Table<ClassId, NameReason>,
    rejected_names: Table<ClassId, Vec<String>>,
    taken: Taken,
    places: &'a Table<PlaceId, Place>,
    classes: &'a Classes,
    roots: &'a Roots,
}

impl<'a> Naming<'a> {
    fn new(
        places: &'a Table<PlaceId, Place>,
        known: &Table<PlaceId, Option<Known>>,
        classes: &'a Classes,
        roots: &'a Roots,
    ) -> Self {
        let mut taken = Taken::new();
        let mut names = Table::filled(None, classes.all.len());
        for (id, class) in classes.all.enumerated() {
            let first = &places[class.places[0]];
            if first.steps.is_empty() {
                let name = roots.names[first.root].clone();
                if !roots.new_views.contains(&first.root) {
                    taken.claim_root(&name);
                }
                names[id] = Some(name);
            }
        }
        let mut combinations = Combinations::default();
        let of = |class: &Class| Candidates::new(&class.places, places, known, roots, &mut combinations);
        let candidates: Table<ClassId, _> = classes.all.iter().map(of).collect();
        let is_object = |class: &Class| matches!(places[class.places[0]].shape, Shape::Object(_));
        let reason = |(class, candidates): (&Class, &Candidates<'_>)| match &places[class.places[0]] {
            Place { steps, .. } if !steps.is_empty() && candidates.known.is_some() => NameReason::Kubernetes,
            Place { steps, .. } if !steps.is_empty() => NameReason::Suffix,
            Place { root, .. } if roots.is_view(*root) => NameReason::View,
            _ => NameReason::Kind,
        };
        let reason = classes.all.iter().zip(&candidates).map(reason).collect();
        Self {
            attempts: (1000 + candidates.len()).saturating_mul(ATTEMPTS),
            candidates,
            objects: classes.all.iter().map(is_object).collect(),
            names,
            reason,
            rejected_names: Table::filled(Vec::new(), classes.all.len()),
            taken,
            places,
            classes,
            roots,
        }
    }

    /// Gives each name of an earlier run to the class that holds most of the places with that name. Places in a version
    /// that goes by the plain kind count first.
    fn keep(&mut self, had: &Table<PlaceId, Option<String>>) {
        let mut claims: BTreeMap<&str, BTreeMap<ClassId, (usize, usize)>> = BTreeMap::new();
        for (place, name) in had.enumerated() {
            if let Some(name) = name {
                let class = self.classes.of[place];
                let (primary, all) = claims.entry(name).or_default().entry(class).or_default();
                *primary += usize::from(self.is_primary(place));
                *all += 1;
            }
        }
        for (name, claimants) in claims {
            let most = claimants
                .iter()
                .filter(|(id, _)| self.names[**id].is_none())
                .max_by_key(|(id, count)| (**count, std::cmp::Reverse(&self.candidates[**id].rank)));
            if let Some((&id, _)) = most
                && self.taken.claim(name, self.objects[id])
            {
                self.names[id] = Some(name.to_owned());
                self.reason[id] = NameReason::Locked;
            }
        }
    }

    /// Returns whether a place is in a version that goes by the plain kind.
    fn is_primary(&self, place: PlaceId) -> bool {
        self.roots.primary[self.places[place].root]
    }

    /// Gives each known type's own name to the class with most places, counted as in `keep`. Several classes hold one
    /// Kubernetes type if the CRDs were made with different versions of Kubernetes.
    fn give_known(&mut self) {
        let mut claims: BTreeMap<&str, Vec<ClassId>> = BTreeMap::new();
        for id in self.names.ids().filter(|&id| self.names[id].is_none() && !self.candidates[id].view) {
            if let Some(known) = self.candidates[id].known {
                claims.entry(known.short_name()).or_default().push(id);
            }
        }
        for (name, claimants) in claims {
            let most = claimants.into_iter().max_by_key(|&id| {
                let of_kinds = |&&place: &&PlaceId| !self.roots.is_view(self.places[place].root);
                let places = self.classes.all[id].places.iter().filter(of_kinds);
                let primary = places.clone().filter(|&&place| self.is_primary(place)).count();
                (primary, places.count(), std::cmp::Reverse(&self.candidates[id].rank))
            });
            if let Some(id) = most
                && is_good(name)
                && self.taken.claim(name, self.objects[id])
            {
                self.names[id] = Some(name.to_owned());
            }
        }
    }

    /// Claims the names of new views, and returns the views whose name another type has.
    fn new_views(&mut self) -> Vec<(RootId, Option<ClassId>)> {
        let mut lost = Vec::new();
        for &view in &self.roots.new_views {
            let name = &self.roots.names[view];
            if !self.taken.claim_root(name) {
                let is_root = |id: ClassId| self.places[self.classes.all[id].places[0]].root == view;
                let has = |id: &ClassId| {
                    let same = self.names[*id].as_ref().is_some_and(|other| other.eq_ignore_ascii_case(name));
                    same && !is_root(*id)
                };
                lost.push((view, self.names.ids().find(has)));
            }
        }
        lost
    }

    fn turn(&self, id: ClassId) -> Turn {
        match &self.candidates[id] {
            Candidates { view: true, .. } => Turn::View,
            Candidates { primary: true, .. } => Turn::Primary,
            _ => Turn::Other,
        }
    }

    fn propose(&mut self, turn: Turn) {
        let mut open: Vec<ClassId> =
            self.names.ids().filter(|&id| self.names[id].is_none() && self.turn(id) == turn).collect();
        let mut burnt: BTreeSet<String> = BTreeSet::new();
        while !open.is_empty() {
            let mut claims: BTreeMap<String, Vec<(ClassId, String)>> = BTreeMap::new();
            for &id in &open {
                let object = self.objects[id];
                let next = loop {
                    match self.candidate(id) {
                        Some(name) if burnt.contains(&name.to_ascii_lowercase()) || !self.taken.free(&name, object) => {
                            self.rejected_names[id].push(name);
                        }
                        other => break other,
                    }
                };
                if let Some(name) = next {
                    claims.entry(name.to_ascii_lowercase()).or_default().push((id, name));
                }
            }
            if claims.is_empty() {
                break;
            }
            for (key, mut claimants) in claims {
                claimants.sort_by_key(|(id, _)| self.candidates[*id].depth);
                let alone = claimants.len() == 1
                    || self.candidates[claimants[0].0].depth < self.candidates[claimants[1].0].depth;
                let (id, name) = &claimants[0];
                if alone && self.taken.claim(name, self.objects[*id]) {
                    self.names[*id] = Some(name.clone());
                } else {
                    burnt.insert(key);
                }
                for (id, name) in claimants.into_iter().filter(|(id, _)| self.names[*id].is_none()) {
                    self.rejected_names[id].push(name);
                }
            }
            open.retain(|&id| self.names[id].is_none() && !self.candidates[id].spent());
        }
        self.settle(turn);
    }

    /// Returns the next candidate of a class, or `None` if there is none or the limit of attempts is reached.
    fn candidate(&mut self, id: ClassId) -> Option<String> {
        self.attempts = self.attempts.checked_sub(1)?;
        self.candidates[id].next()
    }

    /// Names the classes that propose the very same names, the most used class first. An example are declared and given
    /// parameters, both at `spec.params` of several kinds.
    fn settle(&mut self, turn: Turn) {
        let mut equals: Vec<ClassId> =
            self.names.ids().filter(|&id| self.names[id].is_none() && self.turn(id) == turn).collect();
        equals.sort_by_key(|&id| (Reverse(self.classes.all[id].places.len()), self.candidates[id].rank));
        for id in equals {
            self.candidates[id].restart();
            self.rejected_names[id].clear();
            while let Some(name) = self.candidate(id) {
                if self.taken.claim(&name, self.objects[id]) {
                    self.names[id] = Some(name);
                    break;
                }
                self.rejected_names[id].push(name);
            }
        }
    }

    fn finish(mut self, taken: Vec<(RootId, Option<ClassId>)>) -> Named {
        let mut names = Table::default();
        for id in self.classes.all.ids() {
            let name = self.names[id].take();
            names.push(name.unwrap_or_else(|| self.last_resort(id)));
        }
        Named { names, reason: self.reason, rejected_names: self.rejected_names, taken }
    }

    /// Returns a name for a class whose candidates are all taken: all words of the path; if two paths have the same
    /// words (`fooBar` beside `foo.bar`), the path with its separators spelled out; if two paths differ only in case,
    /// the path with its capitals marked.
    fn last_resort(&mut self, id: ClassId) -> String {
        self.reason[id] = NameReason::Spelled;
        let path = self.candidates[id].whole_path();
        let spelled = words::upper_camel(&words::spelled(&path));
        let other = format!("{spelled}Other");
        let exact = words::exact(&path);
        let mut choices = [self.candidates[id].all_words(), spelled, other, exact.clone()].into_iter();
        if let Some(name) = choices.find(|name| self.taken.claim(name, self.objects[id])) {
            return name;
        }
        let mut name = exact;
        while !self.taken.claim(&name, self.objects[id]) {
            name.push_str("Other");
        }
        name
    }
}
