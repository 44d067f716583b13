//! Candidate names for a class of places, best first.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::ids::{PlaceId, RootId, Table};
use crate::known::Known;
use crate::naming::roots::Roots;
use crate::places::{Place, Step};
use crate::words;

/// Words that are too general for a type name without a word of their parent.
const WEAK: [&str; 12] =
    ["Type", "Kind", "Name", "Value", "Spec", "Status", "Key", "Item", "Data", "Mode", "Operator", "N"];

/// Names that would shadow a built-in type of a target language. A kind's root may have such a name; a type that
/// several kinds share may not.
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

/// Maximum name lengths and word forms, in the order in which they are tried. A longer name is allowed only when no
/// shorter one is free, and long words are cut before the limit is raised.
const ATTEMPTS: [(usize, Words); 5] =
    [(60, Words::Whole), (60, Words::Cut), (90, Words::Whole), (90, Words::Cut), (usize::MAX, Words::Cut)];

/// Form of the words in a name.
#[derive(Clone, Copy)]
enum Words {
    Whole,
    /// Long words are cut: `RequiredDuringSchedulingIgnoredDuringExecution` -> `RequiredDuringScheduling`.
    Cut,
}

impl Words {
    fn of(self, word: &str) -> &str {
        match self {
            Self::Whole => word,
            Self::Cut => words::cut(word),
        }
    }
}

/// Candidate names of one class, best first, each made on demand.
pub struct Candidates<'a> {
    /// Number of steps, kind and steps of the place that gives the name. Orders classes that are otherwise equal.
    pub rank: (usize, &'a str, &'a [Step]),
    /// Least pair, over all places, of the number of steps from the root and whether a step's word is a derived
    /// singular. When two classes propose one name, the class with the lower pair gets it.
    pub depth: (usize, bool),
    /// Whether some place is in a version that goes by the plain kind.
    pub primary: bool,
    /// Kubernetes type that the places hold, if it was recognised.
    pub known: Option<Known>,
    /// Whether only views use the class.
    pub view: bool,
    /// Words of the path. A Kubernetes type has two lists: the path with the type's short name as its last word, then
    /// the path's own words, because two Kubernetes types that differ may stand side by side.
    words: Vec<Vec<String>>,
    /// Names that need no kind, tried before all others: the short name of a Kubernetes type, alone and then behind the
    /// common word of the properties that hold it.
    own: Vec<String>,
    /// Prefixes of the words, best first. The empty prefix is only for types of several kinds.
    prefixes: Vec<String>,
    round: usize,
    combinations: Rc<[Vec<usize>]>,
}

/// Combinations of words that may form the suffix of a path, cached by the number of words and by whether the first
/// word is `Spec` or `Status`. A path of forty words has hundreds of combinations, and there may be thousands of such
/// paths.
#[derive(Default)]
pub struct Combinations(HashMap<(usize, bool), Rc<[Vec<usize>]>>);

impl Combinations {
    fn of(&mut self, words: &[String]) -> Rc<[Vec<usize>]> {
        let has_section = words.first().is_some_and(|word| is_section(word));
        let known = self.0.entry((words.len(), has_section));
        Rc::clone(known.or_insert_with(|| combinations(words.len(), has_section).into()))
    }
}

impl<'a> Candidates<'a> {
    /// Creates the candidates for the type of these places. A Kubernetes type goes by its own short name, whatever the
    /// properties that hold it are called.
    pub fn new(
        class: &[PlaceId],
        places: &'a Table<PlaceId, Place>,
        known: &Table<PlaceId, Option<Known>>,
        roots: &'a Roots,
        shared: &mut Combinations,
    ) -> Self {
        // A view that reads a whole subtree uses the types of its kind and does not influence their names.
        let (view, class) = match class.iter().copied().filter(|&id| !roots.is_view(places[id].root)).collect() {
            kinds if Vec::is_empty(&kinds) => (true, class.to_vec()),
            kinds => (false, kinds),
        };
        let class = class.as_slice();
        let rank = |&id: &PlaceId| {
            let Place { root, steps, .. } = &places[id];
            (!roots.primary[*root], steps.len(), roots.resources[*root].kind.as_str(), steps.as_slice())
        };
        let first = class.iter().min_by_key(|id| rank(id)).copied().unwrap_or(class[0]);
        let (place, known) = (&places[first], known[first]);
        let mut words: Vec<Vec<String>> = vec![place.steps.iter().map(Step::word).collect()];
        let combinations = shared.of(&words[0]);
        let mut own = Vec::new();
        if let (Some(known), Some((_, before))) = (known.map(Known::short_name), words[0].split_last()) {
            words.insert(0, [before, &[known.to_owned()]].concat());
            own.push(known.to_owned());
            own.extend(common_holder(class, places).map(|holder| holder + known));
        }
        Self {
            rank: (place.steps.len(), &roots.resources[place.root].kind, &place.steps),
            depth: class.iter().map(|&id| depth(&places[id].steps)).min().unwrap_or_default(),
            primary: roots.primary[place.root],
            known,
            view,
            prefixes: prefixes(class, places, roots, place.root),
            own,
            combinations,
            words,
            round: 0,
        }
    }

    /// Returns the next acceptable candidate.
    pub fn next(&mut self) -> Option<String> {
        while let Some(name) = self.candidate(self.round) {
            self.round += 1;
            if let Some(name) = name {
                return Some(name);
            }
        }
        None
    }

    /// Starts again with the best candidate.
    pub fn restart(&mut self) {
        self.round = 0;
    }

    /// Returns the candidate of a round: outer `None` if there are no more rounds, inner `None` if the candidate is not
    /// acceptable.
    fn candidate(&self, round: usize) -> Option<Option<String>> {
        if round >= self.rounds() {
            return None;
        }
        if let Some(name) = self.own.get(round) {
            return Some(is_good(name).then(|| name.clone()));
        }
        let round = round - self.own.len();
        let (suffixes, prefixes) = (self.combinations.len(), self.prefixes.len());
        let attempt = round / (suffixes * prefixes);
        let (longest, length) = ATTEMPTS[attempt % ATTEMPTS.len()];
        let words = &self.words[attempt / ATTEMPTS.len()];
        let combination = &self.combinations[round / prefixes % suffixes];
        let prefix = &self.prefixes[round % prefixes];
        let suffix: String = combination.iter().map(|&i| length.of(&words[i])).collect();
        let top = words.len() == 1;
        let weak = combination.len() == 1 && WEAK.contains(&suffix.as_str()) && (!top || prefix.is_empty());
        let hides = prefix.is_empty() && !is_good(&suffix);
        let name = format!("{prefix}{suffix}");
        Some((!weak && !hides && name.len() <= longest).then_some(name))
    }

    fn rounds(&self) -> usize {
        self.own.len() + self.combinations.len() * self.prefixes.len() * ATTEMPTS.len() * self.words.len()
    }

    /// Returns whether no candidates are left.
    pub fn spent(&self) -> bool {
        self.round >= self.rounds()
    }

    /// Returns all words of the path followed by `Value`. Without `Value`, a name that ends in `Input` could equal the
    /// write form of another type.
    pub fn all_words(&self) -> String {
        let prefix = self.prefixes.last().map_or("", String::as_str);
        let words = self.words.last().map_or(&[][..], Vec::as_slice);
        format!("{prefix}{}Value", words.concat())
    }

    /// Returns the whole path, which no other class has.
    pub fn whole_path(&self) -> String {
        crate::places::path(self.prefixes.last().map_or("", String::as_str), self.rank.2)
    }
}

/// Returns whether a name can stand without a prefix: it has at least three characters and is not in [`BUILTIN`].
pub fn is_good(name: &str) -> bool {
    name.len() >= 3 && !BUILTIN.contains(&name)
}

/// Returns the word combinations for the suffix of a path, best first: the last word; the last word behind one
/// ancestor, nearest first; the last word behind two ancestors; all words.
fn combinations(words: usize, has_section: bool) -> Vec<Vec<usize>> {
    let Some(last) = words.checked_sub(1) else { return Vec::new() };
    let mut result = vec![vec![last]];
    result.extend((0..last).rev().map(|a| vec![a, last]));
    for b in (0..last).rev() {
        result.extend((0..b).rev().map(|a| vec![a, b, last]));
    }
    result.push((0..=last).collect());
    // `Spec` and `Status` say little in the middle of a name, so such combinations come last among those of their
    // length.
    result.sort_by_key(|combination| {
        let says_little = combination[..combination.len() - 1].iter().any(|&i| i == 0 && has_section);
        (combination.len().min(4), says_little)
    });
    result
}

/// Returns the longest common end, in whole words, of the properties that hold these places: `Container` for places in
/// `containers[]` and `initContainers[]`.
fn common_holder(class: &[PlaceId], places: &Table<PlaceId, Place>) -> Option<String> {
    let holder = |&id: &PlaceId| Some(places[id].steps.iter().rev().nth(1)?.word());
    let mut holders = class.iter().map(holder);
    let first = holders.next()??;
    let common = holders.try_fold(first, |common, holder| words::common_end(&common, &holder?).map(str::to_owned))?;
    (!WEAK.contains(&common.as_str())).then_some(common)
}

fn depth(steps: &[Step]) -> (usize, bool) {
    (steps.len(), steps.iter().any(|step| step.word() != words::upper_camel(&step.property)))
}

fn is_section(word: &str) -> bool {
    matches!(word, "Spec" | "Status")
}

/// Returns the prefixes for the words of a class, best first. A class of one kind has the name of its root. A class of
/// several kinds has the empty prefix, or their kind if it is the same in several groups, and then the shortest of
/// their root names. The first prefix begins with the version if all places are in one version that does not go by the
/// plain kind.
fn prefixes(class: &[PlaceId], places: &Table<PlaceId, Place>, roots: &Roots, first: RootId) -> Vec<String> {
    let of_class = || class.iter().map(|&id| places[id].root);
    let resources = || of_class().map(|root| &roots.resources[root]);
    let kinds: BTreeSet<(&str, &str)> = resources().map(|named| (named.group.as_str(), named.kind.as_str())).collect();
    if kinds.len() == 1 {
        return vec![roots.names[first].clone()];
    }
    let versions: BTreeSet<&str> = resources().map(|named| named.version.as_str()).collect();
    let primary = roots.primary[first];
    let version =
        if primary || versions.len() > 1 { String::new() } else { words::upper_camel(&roots.resources[first].version) };
    let one_name = kinds.iter().map(|(_, kind)| kind).collect::<BTreeSet<_>>().len() == 1;
    let shortest = of_class()
        .filter(|&root| roots.primary[root] == primary)
        .map(|root| roots.names[root].clone())
        .min_by_key(|name| (name.len(), name.clone()));
    let mut result = if one_name { vec![version + &roots.kind_word(first)] } else { vec![version] };
    result.extend(shortest);
    result
}
