//! Repair of values that violate branches or CEL rules.
//!
//! A rule is not solved. It is searched for fields and literals, and changes of these fields are tried: other values,
//! absence, presence. A change is kept if it leaves fewer problems.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::LazyLock;

use crdgen_schema::schema::SchemaType;
use crdgen_schema::{Cause, Schema};
use indexmap::IndexSet;
use serde_json::Value as Json;

use super::{Made, Maker, Mode, size};
use crate::demand::{Demand, field};
use crate::edit::{Edit, Key, Pointer, get, get_mut};
use crate::mentions::{Mentions, Piece};
use crate::request::{Request, Wish};
use crate::step::{Path, Step};
use crate::unmade::Unmade;

/// Maximum number of changes, one after the other.
const MAX_ROUNDS: usize = 6;

/// Number of states that are changed further in each round.
const MAX_STATES: usize = 6;

/// Maximum number of states that are checked.
const MAX_SEEN: usize = 2000;

/// Depth below which the values around a changed one are not settled.
const MAX_NESTED: usize = 16;

/// Maximum number of changes that are tried in a round.
const MAX_EDITS: usize = 400;

/// Maximum number of places that a mentioned path stands for.
const MAX_PLACES: usize = 8;

/// Number of violations of a value.
#[derive(Clone, Debug)]
struct Problems {
    /// Violations of schemas.
    schema: usize,
    /// Violated rules. They are only counted if there are no other violations.
    rules: usize,
    first: Option<Cause>,
}

impl Problems {
    fn count(&self) -> Count {
        (self.schema, self.rules)
    }

    fn unmade(&self, request: &Request<'_>) -> Unmade {
        let Some(cause) = &self.first else {
            return Unmade::new(request.path, "the value matches a schema that it must not match");
        };
        let below = cause.path().filter(|path| !path.is_empty());
        let path = match (request.path, below) {
            (path, None) => path.to_string(),
            (Path::Root, Some(below)) => below.to_owned(),
            (path, Some(below)) => format!("{path}.{below}"),
        };
        Unmade::new(path, cause.message.clone())
    }
}

/// Numbers of violated schemas and of violated rules.
type Count = (usize, usize);

/// States of a search.
struct States {
    /// Hashes of the states that were checked. If two states have one hash, the second is not tried.
    seen: HashSet<u64>,
    /// States that are changed in the next round.
    next: Vec<(Count, Json)>,
}

impl States {
    fn new(count: Count, value: Json) -> Self {
        Self { seen: HashSet::from([hash(&value)]), next: vec![(count, value)] }
    }

    /// Takes the states with the fewest problems.
    fn fewest_problems(&mut self) -> Vec<(Count, Json)> {
        let mut states = std::mem::take(&mut self.next);
        states.sort_by_key(|(count, _)| *count);
        states.truncate(MAX_STATES);
        states
    }
}

fn hash(value: &Json) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// End of a round of changes.
enum Round {
    Solved(Json),
    /// A change left fewer problems.
    Better(Count),
    /// All changes were tried.
    Over,
}

impl<'s> Maker<'_, 's> {
    /// Returns a value that meets all requirements: the given one, or one that is changed until it does.
    pub(super) fn settled(&mut self, demand: &Demand<'s>, request: &Request<'_>, value: Json) -> Made {
        if !demand.is_checked() {
            return Ok(value);
        }
        let problems = self.problems(demand, request, &value)?;
        if problems.count() == (0, 0) {
            return Ok(value);
        }
        self.repaired(demand, request, value, problems)
    }

    fn problems(&mut self, demand: &Demand<'s>, request: &Request<'_>, value: &Json) -> Made<Problems> {
        self.spend(size(value), &request.path)?;
        let structure = self.checks.get(demand.structure());
        let mut complete = value.clone();
        structure.fill_defaults(&mut complete).map_err(|reason| Unmade::new(request.path, reason))?;
        let mut causes = Vec::new();
        for schema in &demand.all {
            causes.extend(self.checks.get(schema).schema_causes(&complete));
        }
        let matching = demand.none.iter().filter(|schema| self.checks.get(schema).causes(&complete).is_empty()).count();
        let schema = causes.len() + matching;
        let broken = if schema == 0 { structure.rule_causes(&complete) } else { Vec::new() };
        Ok(Problems { schema, rules: broken.len(), first: causes.into_iter().chain(broken.iter().cloned()).next() })
    }

    /// Searches for changes that solve the problems. A change that leaves fewer problems is kept at once. If there is
    /// none, the states with the fewest problems are changed further.
    fn repaired(&mut self, demand: &Demand<'s>, request: &Request<'_>, value: Json, problems: Problems) -> Made {
        let unmade = problems.unmade(request);
        let mut fewest = problems.count();
        let mut search = States::new(fewest, value);
        let mut rounds = 0;
        while rounds < MAX_ROUNDS {
            let states = search.fewest_problems();
            match self.round(demand, request, &states, fewest, &mut search).map_err(|_| unmade.clone())? {
                Round::Solved(value) => return Ok(value),
                Round::Better(count) => fewest = count,
                Round::Over => rounds += 1,
            }
        }
        Err(unmade)
    }

    /// Tries all changes of some states, until one leaves fewer problems.
    fn round(
        &mut self,
        demand: &Demand<'s>,
        request: &Request<'_>,
        states: &[(Count, Json)],
        fewest: Count,
        search: &mut States,
    ) -> Made<Round> {
        for (_, value) in states {
            for edit in self.edits(demand, request, value) {
                let Some(edited) = self.edited(demand, value, &edit, request) else { continue };
                if search.seen.len() > MAX_SEEN || !search.seen.insert(hash(&edited)) {
                    continue;
                }
                let left = self.problems(demand, request, &edited)?.count();
                if left == (0, 0) {
                    return Ok(Round::Solved(edited));
                }
                if left < fewest {
                    search.next = vec![(left, edited)];
                    return Ok(Round::Better(left));
                }
                search.next.push((left, edited));
            }
        }
        Ok(Round::Over)
    }

    /// Returns the changed value, or `None` if the change does nothing or undoes a wish.
    fn edited(&mut self, demand: &Demand<'s>, value: &Json, edit: &Edit, request: &Request<'_>) -> Option<Json> {
        let keeps_wish = |edited: &Json| request.wish.is_none_or(|wish| wish.is_fulfilled(edited));
        let mut edited = edit.applied(value).filter(keeps_wish)?;
        self.settle_around(demand.structure(), edit, request, &mut edited);
        Some(edited).filter(keeps_wish)
    }

    /// Settles the values around a changed one: a type that is chosen often asks for a field beside it.
    fn settle_around(&mut self, structure: &'s Schema, edit: &Edit, request: &Request<'_>, edited: &mut Json) {
        let Some((pointer, _)) = &edit.set else { return };
        if request.path.depth() > MAX_NESTED {
            return;
        }
        for end in (1..pointer.len()).rev() {
            let (around, below) = pointer.split_at(end);
            let (Some(schema), Some(steps)) = (schema_at(structure, around), steps_of(below)) else { return };
            let demand = Demand::of(schema);
            if !demand.is_checked() {
                continue;
            }
            let Some(value) = get(edited, around).cloned() else { return };
            let wanted = get(&value, below).cloned();
            let wish = Some(Wish { steps: &steps, value: wanted.as_ref() });
            let name = around.iter().rev().find_map(Key::name).unwrap_or_default();
            let path = Path::Field(&request.path, name);
            if let Ok(settled) = self.settled(&demand, &Request { path, variant: 0, wish }, value)
                && let Some(place) = get_mut(edited, around)
            {
                *place = settled;
            }
        }
    }

    /// Returns changes that may solve the broken rules of a value.
    fn edits(&mut self, demand: &Demand<'s>, request: &Request<'_>, value: &Json) -> Vec<Edit> {
        let structure = demand.structure();
        let check = self.checks.get(structure);
        let mut complete = value.clone();
        if check.fill_defaults(&mut complete).is_err() {
            return Vec::new();
        }
        let mut edits = Edits::default();
        for rule in check.broken_rules(&complete) {
            let mentions = Mentions::of(&rule.rule);
            let places: Vec<Place<'s>> =
                mentions.paths.iter().flat_map(|path| places(structure, value, path)).collect();
            for place in &places {
                self.edits_of_place(place, request, value, &mentions, &mut edits);
            }
            equalities(&places, value, &mut edits);
            exclusions(&places, value, &mut edits);
        }
        edits.into_vec(self.mode)
    }

    fn edits_of_place(
        &mut self,
        place: &Place<'s>,
        request: &Request<'_>,
        value: &Json,
        mentions: &Mentions,
        edits: &mut Edits,
    ) {
        let name = place.pointer.iter().rev().find_map(Key::name).or(request.path.name()).unwrap_or_default();
        let path = Path::Field(&request.path, name);
        let found = place.rest.is_empty().then(|| get(value, &place.pointer)).flatten();
        match found {
            None => {
                let texts = mentions.texts.iter().take(MAX_PLACES).map(|text| Json::from(text.as_str()));
                // Where nothing is declared, any text may do.
                let wished = schema_after(place.schema, &place.rest).map(Demand::of);
                let texts: Vec<Json> =
                    texts.filter(|text| wished.as_ref().is_none_or(|wished| self.fits(wished, text))).collect();
                for value in std::iter::once(None).chain(texts.iter().map(Some)) {
                    let wish = Some(Wish { steps: &place.rest, value });
                    if let Ok(made) = self.minimal(place.schema, &Request { path, variant: 0, wish }) {
                        edits.added.push(Edit::set(&place.pointer, made));
                    }
                }
            }
            Some(Json::Array(items)) => {
                if items.len() > 1 {
                    edits.changed.push(Edit::set(&place.pointer, Json::Array(items[..1].to_vec())));
                }
                // Rules that count items of a kind (`self.filter(...).size() <= 1`) need equal ones.
                if let Some(last) = items.last() {
                    let more = items.iter().chain([last]).cloned().collect();
                    edits.changed.push(Edit::set(&place.pointer, Json::Array(more)));
                }
                if let Some(schema) = place.schema.items.as_deref() {
                    let request = Request { path: Path::Item(&path), variant: items.len(), wish: None };
                    if let Ok(item) = self.minimal(schema, &request) {
                        let more = items.iter().cloned().chain([item]).collect();
                        edits.changed.push(Edit::set(&place.pointer, Json::Array(more)));
                    }
                }
                edits.changed.push(Edit::set(&place.pointer, Json::Array(Vec::new())));
            }
            Some(Json::Object(_)) => {}
            Some(scalar) => {
                let request = Request { path, variant: 0, wish: None };
                let others = self.others(place.schema, &request, mentions, scalar);
                edits.changed.extend(others.into_iter().map(|other| Edit::set(&place.pointer, other)));
            }
        }
        if found.is_some() {
            let ends = (1..=place.pointer.len()).rev().filter(|end| place.pointer[end - 1].name().is_some());
            edits.removed.extend(ends.map(|end| Edit::remove(&place.pointer[..end])));
        }
    }

    /// Returns other values for a scalar.
    fn others(&mut self, schema: &'s Schema, request: &Request<'_>, mentions: &Mentions, scalar: &Json) -> Vec<Json> {
        let mode = std::mem::replace(&mut self.mode, Mode::Minimal);
        let demand = Demand::of(schema);
        // Literals of the rule are the best idea, so they come first even where other values would do.
        let literals = mentions.texts.iter().map(|text| Json::from(text.as_str()));
        let mut others: Vec<Json> = literals.filter(|text| self.fits(&demand, text)).collect();
        others.extend(self.scalars(&demand, request, mentions, 12));
        self.mode = mode;
        others.retain(|other| other != scalar);
        others.dedup();
        others
    }
}

/// Changes by kind.
#[derive(Default)]
struct Edits {
    /// Other values.
    changed: Vec<Edit>,
    /// Fields that were absent.
    added: Vec<Edit>,
    /// Fields that are made absent.
    removed: Vec<Edit>,
}

impl Edits {
    /// Returns the changes in the order in which they are tried.
    fn into_vec(self, mode: Mode) -> Vec<Edit> {
        let Self { changed, added, removed } = self;
        let mut edits: Vec<Edit> = match mode {
            // A full object keeps its fields if it can.
            Mode::Full => changed.into_iter().chain(added).chain(removed).collect(),
            Mode::Minimal | Mode::Random => removed.into_iter().chain(changed).chain(added).collect(),
        };
        edits.truncate(4 * MAX_EDITS);
        let kept: IndexSet<Edit> = edits.into_iter().collect();
        kept.into_iter().take(MAX_EDITS).collect()
    }
}

/// Place in a value that a rule mentions.
struct Place<'s> {
    /// Path of the value, or of the first absent one on the way.
    pointer: Pointer,
    /// Schema of the value at `pointer`.
    schema: &'s Schema,
    /// Steps from the first absent value to the mentioned one.
    rest: Vec<Step>,
}

/// Returns a schema without constraints for a value that nothing declares. Metadata and its name are rarely declared.
fn undeclared(value: &Json) -> Option<&'static Schema> {
    static TEXT: LazyLock<Schema> = LazyLock::new(|| Schema { type_: Some(SchemaType::String), ..Schema::default() });
    static OBJECT: LazyLock<Schema> = LazyLock::new(Schema::default);
    match value {
        Json::String(_) => Some(&TEXT),
        Json::Object(_) => Some(&OBJECT),
        _ => None,
    }
}

/// Returns the schema of the value at a path.
fn schema_at<'s>(schema: &'s Schema, pointer: &[Key]) -> Option<&'s Schema> {
    pointer.iter().try_fold(schema, |schema, key| match key {
        Key::Field(name) => field(schema, name),
        Key::Index(_) => schema.items.as_deref(),
    })
}

/// Returns the steps of a path, if it goes through first items only.
fn steps_of(pointer: &[Key]) -> Option<Vec<Step>> {
    let step = |key: &Key| match key {
        Key::Field(name) => Some(Step::Field(name.clone())),
        Key::Index(0) => Some(Step::Item),
        Key::Index(_) => None,
    };
    pointer.iter().map(step).collect()
}

/// Returns the places that a mentioned path stands for.
fn places<'s>(structure: &'s Schema, value: &Json, path: &[Piece]) -> Vec<Place<'s>> {
    let mut found = vec![Place { pointer: Pointer::new(), schema: structure, rest: Vec::new() }];
    for piece in path {
        found = found.into_iter().flat_map(|place| steps(place, value, piece)).take(MAX_PLACES).collect();
    }
    found
}

/// Returns the places one step further.
fn steps<'s>(place: Place<'s>, value: &Json, piece: &Piece) -> Vec<Place<'s>> {
    let Place { pointer, schema, mut rest } = place;
    let here = if rest.is_empty() { get(value, &pointer) } else { None };
    let Some(here) = here else {
        rest.push(match piece {
            Piece::Field(name) => Step::Field(name.clone()),
            Piece::Each if schema_after(schema, &rest).is_some_and(|schema| schema.items.is_some()) => Step::Item,
            Piece::Each => Step::Field("example".to_owned()),
        });
        return vec![Place { pointer, schema, rest }];
    };
    let keys: Vec<Key> = match (piece, here) {
        (Piece::Field(name), _) => vec![Key::Field(name.clone())],
        (Piece::Each, Json::Array(items)) => (0..items.len()).map(Key::Index).collect(),
        (Piece::Each, Json::Object(fields)) => fields.keys().cloned().map(Key::Field).collect(),
        (Piece::Each, _) => Vec::new(),
    };
    let below = |key: Key| {
        let schema = match &key {
            Key::Field(name) => field(schema, name).or_else(|| undeclared(here.get(name)?))?,
            Key::Index(_) => schema.items.as_deref()?,
        };
        let mut pointer = pointer.clone();
        pointer.push(key);
        Some(Place { pointer, schema, rest: Vec::new() })
    };
    keys.into_iter().take(MAX_PLACES).filter_map(below).collect()
}

fn schema_after<'s>(schema: &'s Schema, steps: &[Step]) -> Option<&'s Schema> {
    // The first absent value is at `schema` itself.
    steps.iter().try_fold(schema, |schema, step| match step {
        Step::Field(name) => field(schema, name),
        Step::Item => schema.items.as_deref(),
    })
}

/// Adds changes that make two mentioned values equal.
fn equalities(places: &[Place<'_>], value: &Json, edits: &mut Edits) {
    let present: Vec<_> = places
        .iter()
        .filter(|place| place.rest.is_empty())
        .filter_map(|place| Some((place, get(value, &place.pointer)?)))
        .collect();
    for (place, here) in &present {
        for (_, there) in &present {
            let are_alike = std::mem::discriminant(*here) == std::mem::discriminant(*there);
            if are_alike && here != there && !here.is_object() && edits.changed.len() < MAX_EDITS {
                edits.changed.push(Edit::set(&place.pointer, (*there).clone()));
            }
        }
    }
}

/// Adds changes that leave one of the mentioned fields of an object, or none.
fn exclusions(places: &[Place<'_>], value: &Json, edits: &mut Edits) {
    let mut parents: Vec<&[Key]> = Vec::new();
    for place in places {
        if let Some((_, parent)) = place.pointer.split_last()
            && !parents.contains(&parent)
        {
            parents.push(parent);
        }
    }
    for parent in parents {
        let siblings: Vec<&Place<'_>> = places
            .iter()
            .filter(|place| place.pointer.split_last().is_some_and(|(_, above)| above == parent))
            .collect();
        let present: Vec<&Pointer> =
            siblings.iter().map(|place| &place.pointer).filter(|pointer| get(value, pointer).is_some()).collect();
        if present.len() < 2 {
            continue;
        }
        for kept in &present {
            edits
                .removed
                .push(Edit::remove_all(present.iter().filter(|other| other != &kept).map(|other| (*other).clone())));
        }
        edits.removed.push(Edit::remove_all(present.into_iter().cloned()));
    }
}
