//! Comparison of the names of two runs.

use std::collections::{BTreeMap, BTreeSet};

use super::surface::Surface;

/// Changes of the names of one target.
#[derive(Clone, Default)]
pub struct Comparison {
    /// Number of paths that both runs have.
    pub compared: usize,
    /// Number of paths with a new name, although their type did not have to change its name.
    pub moved: usize,
    /// Number of paths whose type had to part from others: they shared a type, and now their types differ. One side
    /// keeps the name.
    pub parted: usize,
    /// Number of paths that no longer exist.
    pub gone: usize,
    /// First paths that moved or are gone.
    pub examples: Vec<Example>,
}

/// A path with another name.
#[derive(Clone)]
pub struct Example {
    pub path: String,
    pub from: String,
    /// New name; `None` if the path is gone.
    pub to: Option<String>,
}

/// Maximum number of examples.
const EXAMPLES: usize = 3;

type Pair<'a> = (&'a str, &'a str);

/// Named type of a field, if it has one.
type Type<'a> = Option<&'a str>;

/// Names of a target before and after a change. Types are compared once for each pair of names at some path, and
/// counted for every path that leads to the pair.
struct Walk<'a> {
    before: &'a Surface,
    after: &'a Surface,
    /// Names that some path kept.
    kept: BTreeSet<&'a str>,
    known: BTreeMap<Pair<'a>, Comparison>,
}

impl Comparison {
    /// Compares the names of a target before and after a change.
    pub fn new(before: &Surface, after: &Surface) -> Self {
        let mut walk = Walk { before, after, kept: BTreeSet::new(), known: BTreeMap::new() };
        let roots = before.roots.iter().map(|(path, from)| (path, from, after.roots.get(path)));
        let mut met = BTreeSet::new();
        for (_, from, to) in roots.clone() {
            to.into_iter().for_each(|to| walk.meet((from, to), &mut met));
        }
        walk.kept = met.iter().filter(|(from, to)| from == to).map(|(from, _)| *from).collect();
        let words = before.words.iter().map(|(path, from)| (path, from, after.words.get(path)));
        let mut result = Self::default();
        for (path, from, to) in words {
            result.add(path, &walk.name(from, to.map(String::as_str)));
        }
        for (path, from, to) in roots {
            match to {
                Some(to) => result.add(path, &walk.pair((from, to))),
                None => result.add(path, &walk.name(from, None)),
            }
        }
        result
    }

    /// Adds the result at and below a path.
    fn add(&mut self, path: &str, found: &Self) {
        self.compared += found.compared;
        self.moved += found.moved;
        self.parted += found.parted;
        self.gone += found.gone;
        let more = EXAMPLES.saturating_sub(self.examples.len());
        self.examples.extend(
            found
                .examples
                .iter()
                .take(more)
                .map(|example| Example { path: format!("{path}{}", example.path), ..example.clone() }),
        );
    }
}

impl<'a> Walk<'a> {
    /// Collects the pairs of types at equal places, starting from a pair.
    fn meet(&self, pair: Pair<'a>, met: &mut BTreeSet<Pair<'a>>) {
        if met.insert(pair) {
            for (from, to) in self.members(pair).filter_map(|(_, from, to)| from.zip(to.flatten())) {
                self.meet((from, to), met);
            }
        }
    }

    /// Returns the members of a type before the change: step, type, and, if the member still exists, its type after the
    /// change.
    fn members(&self, (from, to): Pair<'a>) -> impl Iterator<Item = (&'a str, Type<'a>, Option<Type<'a>>)> + use<'a> {
        let after = self.after.members(to);
        self.before.members(from).iter().map(move |member| {
            let now = after.iter().find(|now| now.step == member.step);
            (member.step.as_str(), member.ty.as_deref(), now.map(|now| now.ty.as_deref()))
        })
    }

    fn pair(&mut self, pair: Pair<'a>) -> Comparison {
        if let Some(known) = self.known.get(&pair) {
            return known.clone();
        }
        let mut result = self.name(pair.0, Some(pair.1));
        let members: Vec<_> = self.members(pair).collect();
        for (step, from, to) in members {
            let found = match (from, to) {
                (Some(from), Some(Some(to))) => self.pair((from, to)),
                // The field still exists and had no named type before.
                (None, Some(_)) => Comparison { compared: 1, ..Comparison::default() },
                (from, _) => self.name(from.unwrap_or(step), None),
            };
            result.add(&format!(".{step}"), &found);
        }
        self.known.insert(pair, result.clone());
        result
    }

    fn name(&self, from: &str, to: Option<&str>) -> Comparison {
        let one = |path_is: fn(&mut Comparison)| {
            let mut found = Comparison::default();
            path_is(&mut found);
            found
        };
        let mut found = match to {
            Some(to) if to == from => one(|found| found.compared = 1),
            Some(to) if self.has_parted(from, to) => one(|found| (found.compared, found.parted) = (1, 1)),
            Some(_) => one(|found| (found.compared, found.moved) = (1, 1)),
            None => one(|found| found.gone = 1),
        };
        if found.moved + found.gone > 0 {
            let example = Example { path: String::new(), from: from.to_owned(), to: to.map(str::to_owned) };
            found.examples.push(example);
        }
        found
    }

    /// Returns whether the old name stays with other paths, whose type is now a different one. A name without a type
    /// has no reason to change.
    fn has_parted(&self, from: &str, to: &str) -> bool {
        let contents = self.after.content(from).zip(self.after.content(to));
        self.kept.contains(from) && contents.is_some_and(|(kept, new)| kept != new)
    }
}
