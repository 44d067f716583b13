//! Names that people would have chosen: `Kind` plus the shortest path suffix that is unambiguous, never a number of ours.
//!
//! Every unnamed class proposes its best candidate. A name that only one class proposes is given; if several do, the one
//! that stands strictly nearest to a root has it and the others go on to their next candidate; among equals nobody has it.
//! So the result does not depend on the order of the input, and what is added deep down renames nothing above it. Names of
//! an earlier run are given first.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::lock::Names;
use crate::model::Shape;
use crate::place::{Place, Step};
use crate::shapes::Classes;
use crate::words;

/// What naming needs to know of a resource.
#[derive(Clone, Debug)]
pub struct Origin {
    /// API group.
    pub group: String,
    /// Version.
    pub version: String,
    /// Kind, verbatim.
    pub kind: String,
}

/// The resources of a run, in the model's order, with what follows from them alone.
#[derive(Debug)]
pub struct Roots {
    /// The resources.
    pub origins: Vec<Origin>,
    /// Name of each root type.
    pub names: Vec<String>,
    /// Whether this version's types go by the plain kind; one version of each kind does.
    pub primary: Vec<bool>,
}

/// Words that say nothing without their parent.
const WEAK: [&str; 12] =
    ["Type", "Kind", "Name", "Value", "Spec", "Status", "Key", "Item", "Data", "Mode", "Operator", "N"];

/// Names that would hide a builtin of a target. A kind may have them, a shared type need not.
const BUILTIN: [&str; 42] = [
    "Any",
    "Array",
    "Box",
    "Clone",
    "Copy",
    "Date",
    "Debug",
    "Default",
    "Display",
    "Drop",
    "Err",
    "Error",
    "From",
    "Function",
    "Into",
    "IntOrString",
    "Iterator",
    "Json",
    "List",
    "Map",
    "Metadata",
    "None",
    "Number",
    "Object",
    "ObjectMeta",
    "Ok",
    "Option",
    "Partial",
    "Problem",
    "Promise",
    "Record",
    "Request",
    "Resource",
    "Response",
    "Result",
    "Send",
    "Set",
    "Some",
    "String",
    "Symbol",
    "Sync",
    "Vec",
];

/// Lengths that are tried in turn: a longer name is given only when no shorter one is free.
const LENGTHS: [usize; 3] = [60, 90, usize::MAX];

impl Roots {
    /// Names the root types: the kind for one version of it, the version before the kind for the others, and words of the
    /// group before both where two groups have the same kind.
    pub fn new(origins: Vec<Origin>, locked: &Names) -> Self {
        let lock_of = |origin: &Origin| locked.roots.get(&origin.lock_key()).filter(|name| usable(name));
        let primary = primaries(&origins, &lock_of);
        let mut names: Vec<Option<String>> = origins.iter().map(|origin| lock_of(origin).cloned()).collect();
        let mut taken = Taken::default();
        for name in &mut names {
            // A lock edited by hand may give one name twice; the first keeps it.
            if name.as_ref().is_some_and(|name| !taken.claim_root(name)) {
                *name = None;
            }
        }
        for rank in [true, false] {
            let unnamed = |names: &[Option<String>], i: usize| primary[i] == rank && names[i].is_none();
            let most_words = origins.iter().map(|origin| origin.group_words().len()).max().unwrap_or(0);
            for group_words in 0..=most_words + 1 {
                let mut claims: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
                for i in (0..origins.len()).filter(|&i| unnamed(&names, i)) {
                    let name = origins[i].root_name(rank, group_words);
                    claims.entry(name.to_ascii_lowercase()).or_default().push((i, name));
                }
                for claimants in claims.into_values() {
                    if let [(i, name)] = claimants.as_slice()
                        && taken.claim_root(name)
                    {
                        names[*i] = Some(name.clone());
                    }
                }
            }
        }
        let names = names
            .into_iter()
            .zip(&origins)
            .map(|(name, origin)| name.unwrap_or_else(|| words::upper_camel(&words::spelled(&origin.lock_key()))))
            .collect();
        Self { origins, names, primary }
    }

    fn kind_word(&self, resource: usize) -> String {
        words::upper_camel(&self.origins[resource].kind)
    }
}

impl Origin {
    /// `group/version/Kind`.
    pub fn lock_key(&self) -> String {
        format!("{}/{}/{}", self.group, self.version, self.kind)
    }

    fn group_words(&self) -> Vec<&str> {
        self.group.split('.').collect()
    }

    fn root_name(&self, primary: bool, group_words: usize) -> String {
        let group: String = self.group_words().into_iter().take(group_words).map(words::upper_camel).collect();
        let version = if primary { String::new() } else { words::upper_camel(&self.version) };
        // A kind may end in the last group word's place only once all words are used up; then the group is spelled whole.
        let group = if group_words > self.group_words().len() { words::spelled(&self.group) } else { group };
        format!("{group}{version}{}", words::upper_camel(&self.kind))
    }
}

fn primaries<'a>(origins: &[Origin], lock_of: &impl Fn(&Origin) -> Option<&'a String>) -> Vec<bool> {
    let mut best: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let rank = |i: usize| {
        let locked = lock_of(&origins[i]).map(String::len);
        (locked.is_none(), locked, version_priority(&origins[i].version))
    };
    for (i, origin) in origins.iter().enumerate() {
        let key = (origin.group.as_str(), origin.kind.as_str());
        let current = best.entry(key).or_insert(i);
        if rank(i) < rank(*current) {
            *current = i;
        }
    }
    (0..origins.len()).map(|i| best[&(origins[i].group.as_str(), origins[i].kind.as_str())] == i).collect()
}

/// Kubernetes' order of versions, best first: GA, beta, alpha, each newest first, then all others by name
/// (`k8s.io/apimachinery/pkg/version`).
pub fn version_priority(version: &str) -> (u8, i64, i64, String) {
    let number = |text: &str| text.parse::<i64>().ok();
    let parts = version.strip_prefix('v').and_then(|rest| {
        for (rank, word) in [(1, "beta"), (2, "alpha")] {
            if let Some((major, minor)) = rest.split_once(word) {
                return Some((rank, number(major)?, number(minor)?));
            }
        }
        Some((0, number(rest)?, 0))
    });
    match parts {
        Some((rank, major, minor)) => (rank, -major, -minor, String::new()),
        None => (3, 0, 0, version.to_owned()),
    }
}

/// The name that each place had in an earlier run, found by walking down from its root.
pub fn wishes(places: &[Place], roots: &Roots, locked: &Names) -> Vec<Option<String>> {
    let mut by_steps: HashMap<(usize, &[Step]), Option<String>> = HashMap::new();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by_key(|&i| places[i].steps.len());
    let mut result = vec![None; places.len()];
    for i in order {
        let place = &places[i];
        let wish = match place.steps.split_last() {
            None => Some(roots.names[place.resource.0].clone()),
            Some((last, parents)) => by_steps
                .get(&(place.resource.0, parents))
                .and_then(Option::as_ref)
                .and_then(|parent| locked.types.get(parent)?.get(&last.edge()))
                .filter(|name| usable(name))
                .cloned(),
        };
        by_steps.insert((place.resource.0, &place.steps), wish.clone());
        result[i] = wish;
    }
    result
}

/// What must agree beside the shape for two places to share a type.
pub fn segments(places: &[Place], roots: &Roots) -> Vec<String> {
    let kinds: HashSet<(&str, &str)> =
        roots.origins.iter().map(|origin| (origin.group.as_str(), origin.kind.as_str())).collect();
    places
        .iter()
        .map(|place| {
            let origin = &roots.origins[place.resource.0];
            match place.steps.as_slice() {
                [] => format!("/{}", origin.lock_key()),
                // `FooSpec` must not serve an unrelated `Bar` that happens to look the same; `ClusterFoo` is related.
                [only] if only.levels.is_empty() && matches!(only.property.as_str(), "spec" | "status") => {
                    let plain =
                        origin.kind.strip_prefix("Cluster").filter(|kind| kinds.contains(&(&origin.group, kind)));
                    format!("{}/{}/{}", only.property, origin.group, plain.unwrap_or(&origin.kind))
                }
                [.., last] => last.word(),
            }
        })
        .collect()
}

/// A name for each class.
pub fn name(places: &[Place], classes: &Classes, roots: &Roots, wishes: &[Option<String>]) -> Vec<String> {
    let mut naming = Naming::new(places, classes, roots);
    naming.keep(wishes);
    for primary in [true, false] {
        naming.propose(primary);
    }
    naming.finish()
}

struct Naming<'a> {
    candidates: Vec<Candidates<'a>>,
    objects: Vec<bool>,
    names: Vec<Option<String>>,
    taken: Taken,
    classes: &'a Classes,
}

impl<'a> Naming<'a> {
    fn new(places: &'a [Place], classes: &'a Classes, roots: &'a Roots) -> Self {
        let mut taken = Taken::default();
        let mut names = vec![None; classes.all.len()];
        for (id, class) in classes.all.iter().enumerate() {
            let first = &places[class.places[0]];
            if first.steps.is_empty() {
                let name = roots.names[first.resource.0].clone();
                taken.claim_root(&name);
                names[id] = Some(name);
            }
        }
        let candidates = classes.all.iter().map(|class| Candidates::new(&class.places, places, roots)).collect();
        let is_object = |class: &crate::shapes::Class| matches!(places[class.places[0]].shape, Shape::Object(_));
        Self { candidates, objects: classes.all.iter().map(is_object).collect(), names, taken, classes }
    }

    /// Gives the names of an earlier run to the class that holds most of their places.
    fn keep(&mut self, wishes: &[Option<String>]) {
        let mut claims: BTreeMap<&str, BTreeMap<usize, usize>> = BTreeMap::new();
        for (place, wish) in wishes.iter().enumerate() {
            if let Some(wish) = wish {
                *claims.entry(wish).or_default().entry(self.classes.of[place]).or_default() += 1;
            }
        }
        for (wish, claimants) in claims {
            let most = claimants
                .iter()
                .filter(|(id, _)| self.names[**id].is_none())
                .max_by_key(|(id, count)| (**count, std::cmp::Reverse(&self.candidates[**id].rank)));
            if let Some((&id, _)) = most
                && self.taken.claim(wish, self.objects[id])
            {
                self.names[id] = Some(wish.to_owned());
            }
        }
    }

    fn propose(&mut self, primary: bool) {
        let mut open: Vec<usize> = (0..self.names.len())
            .filter(|&id| self.names[id].is_none() && self.candidates[id].primary == primary)
            .collect();
        let mut burnt: BTreeSet<String> = BTreeSet::new();
        while !open.is_empty() {
            let mut claims: BTreeMap<String, Vec<(usize, String)>> = BTreeMap::new();
            for &id in &open {
                let object = self.objects[id];
                let next = loop {
                    match self.candidates[id].next() {
                        Some(name) if burnt.contains(&name.to_ascii_lowercase()) || !self.taken.free(&name, object) => {
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
                let (id, name) = claimants.swap_remove(0);
                if alone && self.taken.claim(&name, self.objects[id]) {
                    self.names[id] = Some(name);
                } else {
                    burnt.insert(key);
                }
            }
            open.retain(|&id| self.names[id].is_none() && !self.candidates[id].spent());
        }
    }

    fn finish(mut self) -> Vec<String> {
        let mut result = Vec::with_capacity(self.names.len());
        for id in 0..self.names.len() {
            let name = match self.names[id].take() {
                Some(name) => name,
                None => self.last_resort(id),
            };
            result.push(name);
        }
        result
    }

    /// Two paths that read the same word for word (`fooBar` beside `foo.bar`): the separators are spelled out.
    fn last_resort(&mut self, id: usize) -> String {
        let mut name = words::upper_camel(&words::spelled(&self.candidates[id].whole_path()));
        while !self.taken.claim(&name, self.objects[id]) {
            name.push_str("Other");
        }
        name
    }
}

/// Names given so far, lower-cased: generators downstream write a file a type, on file systems that ignore case.
#[derive(Default)]
struct Taken(HashSet<String>);

impl Taken {
    fn free(&self, name: &str, object: bool) -> bool {
        let name = name.to_ascii_lowercase();
        let input = object.then(|| format!("{name}input"));
        [Some(name), input].iter().flatten().all(|name| !self.0.contains(name))
    }

    fn claim(&mut self, name: &str, object: bool) -> bool {
        if !self.free(name, object) {
            return false;
        }
        let name = name.to_ascii_lowercase();
        if object {
            self.0.insert(format!("{name}input"));
        }
        self.0.insert(name)
    }

    fn claim_root(&mut self, name: &str) -> bool {
        let list = format!("{}list", name.to_ascii_lowercase());
        !self.0.contains(&list) && self.claim(name, true) && self.0.insert(list)
    }
}

/// The candidates of one class, best first, made one at a time.
struct Candidates<'a> {
    /// Kind and path of the place that gives the name; the order of classes that are otherwise equal.
    rank: (usize, &'a str, &'a [Step]),
    /// Steps from the root to the nearest place, then whether its name is a singular that was made: where two classes
    /// propose one name, the lower has it.
    depth: (usize, bool),
    /// Some place is in a version that goes by the plain kind.
    primary: bool,
    words: Vec<String>,
    /// What may stand before the words, best first; the empty one only for types of several kinds.
    prefixes: Vec<String>,
    round: usize,
    combinations: Vec<Vec<usize>>,
}

impl<'a> Candidates<'a> {
    fn new(class: &[usize], places: &'a [Place], roots: &'a Roots) -> Self {
        let rank = |&i: &usize| {
            let place = &places[i];
            let resource = place.resource.0;
            (!roots.primary[resource], place.steps.len(), roots.origins[resource].kind.as_str(), place.steps.as_slice())
        };
        let first = class.iter().min_by_key(|i| rank(i)).copied().unwrap_or(class[0]);
        let place = &places[first];
        let primary = roots.primary[place.resource.0];
        let words: Vec<String> = place.steps.iter().map(Step::word).collect();
        Self {
            rank: (place.steps.len(), &roots.origins[place.resource.0].kind, &place.steps),
            depth: class.iter().map(|&i| depth(&places[i].steps)).min().unwrap_or_default(),
            primary,
            prefixes: prefixes(class, places, roots, first),
            combinations: combinations(&words),
            words,
            round: 0,
        }
    }

    fn next(&mut self) -> Option<String> {
        while let Some(name) = self.candidate(self.round) {
            self.round += 1;
            if let Some(name) = name {
                return Some(name);
            }
        }
        None
    }

    /// The candidate of a round: outer `None` when there are no more, inner `None` when it is no good name.
    fn candidate(&self, round: usize) -> Option<Option<String>> {
        let (suffixes, prefixes) = (self.combinations.len(), self.prefixes.len());
        if round >= self.rounds() {
            return None;
        }
        let longest = LENGTHS[round / (suffixes * prefixes)];
        let combination = &self.combinations[round / prefixes % suffixes];
        let prefix = &self.prefixes[round % prefixes];
        let suffix: String = combination.iter().map(|&i| self.words[i].as_str()).collect();
        let top = self.words.len() == 1;
        let weak = combination.len() == 1 && WEAK.contains(&suffix.as_str()) && (!top || prefix.is_empty());
        let hides = prefix.is_empty() && (BUILTIN.contains(&suffix.as_str()) || suffix.len() < 3);
        let name = format!("{prefix}{suffix}");
        Some((!weak && !hides && name.len() <= longest).then_some(name))
    }

    fn rounds(&self) -> usize {
        self.combinations.len() * self.prefixes.len() * LENGTHS.len()
    }

    fn spent(&self) -> bool {
        self.round >= self.rounds()
    }

    fn whole_path(&self) -> String {
        crate::place::path(self.prefixes.last().map_or("", String::as_str), self.rank.2)
    }
}

/// Which words may make the suffix, best first: the last; the last behind one ancestor, nearest first; behind two; all.
fn combinations(words: &[String]) -> Vec<Vec<usize>> {
    let Some(last) = words.len().checked_sub(1) else { return Vec::new() };
    let mut result = vec![vec![last]];
    result.extend((0..last).rev().map(|a| vec![a, last]));
    for b in (0..last).rev() {
        result.extend((0..b).rev().map(|a| vec![a, b, last]));
    }
    result.push((0..=last).collect());
    // `spec` and `status` say little in the middle; they come before nothing else would do.
    result.sort_by_key(|combination| {
        let says_little = combination[..combination.len() - 1].iter().any(|&i| i == 0 && is_section(&words[0]));
        (combination.len().min(4), says_little)
    });
    result
}

fn depth(steps: &[Step]) -> (usize, bool) {
    (steps.len(), steps.iter().any(|step| step.word() != words::upper_camel(&step.property)))
}

fn is_section(word: &str) -> bool {
    matches!(word, "Spec" | "Status")
}

/// What may stand before the words of a class. One kind: its root's name. Several: nothing, then the kind they share by
/// name, then the shortest of the kinds.
fn prefixes(class: &[usize], places: &[Place], roots: &Roots, first: usize) -> Vec<String> {
    let resource = places[first].resource.0;
    let kinds: BTreeSet<(&str, &str)> = class
        .iter()
        .map(|&i| &roots.origins[places[i].resource.0])
        .map(|origin| (origin.group.as_str(), origin.kind.as_str()))
        .collect();
    if kinds.len() == 1 {
        return vec![roots.names[resource].clone()];
    }
    let versions: BTreeSet<&str> =
        class.iter().map(|&i| roots.origins[places[i].resource.0].version.as_str()).collect();
    let primary = roots.primary[resource];
    let version = if primary || versions.len() > 1 {
        String::new()
    } else {
        words::upper_camel(&roots.origins[resource].version)
    };
    let one_name = kinds.iter().map(|(_, kind)| kind).collect::<BTreeSet<_>>().len() == 1;
    let shortest = class
        .iter()
        .map(|&i| places[i].resource.0)
        .filter(|&i| roots.primary[i] == primary)
        .map(|i| roots.names[i].clone())
        .min_by_key(|name| (name.len(), name.clone()));
    let mut result = if one_name { vec![version + &roots.kind_word(resource)] } else { vec![version] };
    result.extend(shortest);
    result
}

/// A name that every target can print; a lock may have been edited.
fn usable(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}
