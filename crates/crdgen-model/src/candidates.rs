//! The names that a class of places may have, best first.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use crate::known::Known;
use crate::place::{Place, Step};
use crate::roots::Roots;
use crate::words;

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

/// What is tried in turn: a longer name is given only when no shorter one is free, and long words are cut before that.
const ATTEMPTS: [(usize, Words); 5] =
    [(60, Words::Whole), (60, Words::Cut), (90, Words::Whole), (90, Words::Cut), (usize::MAX, Words::Cut)];

/// How words enter a name.
#[derive(Clone, Copy)]
enum Words {
    Whole,
    /// `RequiredDuringSchedulingIgnoredDuringExecution` -> `RequiredDuringScheduling`.
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

/// The candidates of one class, best first, made one at a time.
pub struct Candidates<'a> {
    /// Kind and path of the place that gives the name; the order of classes that are otherwise equal.
    pub rank: (usize, &'a str, &'a [Step]),
    /// Steps from the root to the nearest place, then whether its name is a singular that was made: where two classes
    /// propose one name, the lower has it.
    pub depth: (usize, bool),
    /// Some place is in a version that goes by the plain kind.
    pub primary: bool,
    /// The type of Kubernetes' own that they hold.
    pub known: Option<Known>,
    /// Views alone hold it.
    pub view: bool,
    /// The words of the path. Of a type of Kubernetes' own the last is its name there, and the path's own words come second:
    /// two such types that differ may stand side by side.
    words: Vec<Vec<String>>,
    /// What comes before everything else: names that need no kind.
    own: Vec<String>,
    /// What may stand before the words, best first; the empty one only for types of several kinds.
    prefixes: Vec<String>,
    round: usize,
    combinations: Rc<[Vec<usize>]>,
}

/// Which words may make the suffix of a path, by the number of its words and whether the first is a section. Paths of forty
/// words have hundreds of combinations, and there may be thousands of such paths.
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
    /// The candidates for the type of these places. A known type of Kubernetes' goes by its name there, whatever the
    /// properties are called that hold it.
    pub fn new(class: &[usize], places: &'a [Place], roots: &'a Roots, shared: &mut Combinations) -> Self {
        // A view that reads a whole subtree uses the types of its kind, and has no say in their names.
        let (view, class) = match class.iter().copied().filter(|&i| !roots.is_view(places[i].resource)).collect() {
            kinds if Vec::is_empty(&kinds) => (true, class.to_vec()),
            kinds => (false, kinds),
        };
        let class = class.as_slice();
        let rank = |&i: &usize| {
            let place = &places[i];
            let resource = place.resource.0;
            (!roots.primary[resource], place.steps.len(), roots.origins[resource].kind.as_str(), place.steps.as_slice())
        };
        let first = class.iter().min_by_key(|i| rank(i)).copied().unwrap_or(class[0]);
        let place = &places[first];
        let primary = roots.primary[place.resource.0];
        let mut words: Vec<Vec<String>> = vec![place.steps.iter().map(Step::word).collect()];
        let combinations = shared.of(&words[0]);
        let mut own = Vec::new();
        if let (Some(known), Some((_, before))) = (place.known.map(Known::short_name), words[0].split_last()) {
            words.insert(0, [before, &[known.to_owned()]].concat());
            own.push(known.to_owned());
            own.extend(common_holder(class, places).map(|holder| holder + known));
        }
        Self {
            rank: (place.steps.len(), &roots.origins[place.resource.0].kind, &place.steps),
            depth: class.iter().map(|&i| depth(&places[i].steps)).min().unwrap_or_default(),
            primary,
            known: place.known,
            view,
            prefixes: prefixes(class, places, roots, first),
            own,
            combinations,
            words,
            round: 0,
        }
    }

    /// The next good candidate.
    pub fn next(&mut self) -> Option<String> {
        while let Some(name) = self.candidate(self.round) {
            self.round += 1;
            if let Some(name) = name {
                return Some(name);
            }
        }
        None
    }

    /// Begins with the best again.
    pub fn restart(&mut self) {
        self.round = 0;
    }

    /// The candidate of a round: outer `None` when there are no more, inner `None` when it is no good name.
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

    /// No candidates are left.
    pub fn spent(&self) -> bool {
        self.round >= self.rounds()
    }

    /// All words of the path, and one more: names that end in `Input` are not free where another type has such a twin.
    pub fn all_words(&self) -> String {
        let prefix = self.prefixes.last().map_or("", String::as_str);
        let words = self.words.last().map_or(&[][..], Vec::as_slice);
        format!("{prefix}{}Value", words.concat())
    }

    /// The whole path, which no other class has.
    pub fn whole_path(&self) -> String {
        crate::place::path(self.prefixes.last().map_or("", String::as_str), self.rank.2)
    }
}

/// A name that can stand alone: it hides nothing of a target's.
pub fn is_good(name: &str) -> bool {
    name.len() >= 3 && !BUILTIN.contains(&name)
}

/// Which of so many words may make the suffix, best first: the last; the last behind one ancestor, nearest first; behind two;
/// all.
fn combinations(words: usize, has_section: bool) -> Vec<Vec<usize>> {
    let Some(last) = words.checked_sub(1) else { return Vec::new() };
    let mut result = vec![vec![last]];
    result.extend((0..last).rev().map(|a| vec![a, last]));
    for b in (0..last).rev() {
        result.extend((0..b).rev().map(|a| vec![a, b, last]));
    }
    result.push((0..=last).collect());
    // `spec` and `status` say little in the middle; they come before nothing else would do.
    result.sort_by_key(|combination| {
        let says_little = combination[..combination.len() - 1].iter().any(|&i| i == 0 && has_section);
        (combination.len().min(4), says_little)
    });
    result
}

/// The word that every property ends in which holds one of these places: `Container` for those in `containers[]` and in
/// `initContainers[]`.
fn common_holder(class: &[usize], places: &[Place]) -> Option<String> {
    let holder = |&i: &usize| Some(places[i].steps.iter().rev().nth(1)?.word());
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
