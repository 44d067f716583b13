//! Inclusion of patterns: whether every text that one pattern matches is matched by another.
//!
//! Both patterns become deterministic automata. A search through pairs of their states finds the shortest text that the
//! first matches and the second does not, or shows that there is none.

use std::collections::{HashMap, VecDeque};

use crdgen_cel::re2::translate;
use crdgen_schema::schema::Bounds;
use regex_automata::dfa::dense::{self, DFA};
use regex_automata::dfa::{Automaton, StartKind};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind, util::syntax};

/// Maximum size of an automaton, in bytes.
const MAX_AUTOMATON: usize = 2 << 20;

/// Maximum number of pairs of states that are visited.
const MAX_PAIRS: usize = 50_000;

/// Pattern that matches no text.
pub(crate) const NOTHING: &str = r"[^\x00-\x{10FFFF}]";

/// Relation of the texts of an old schema to a new pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Inclusion {
    /// The new pattern matches every text that the old schema accepts.
    Whole,
    /// The new pattern does not match this text, which the old schema accepts as far as its pattern and lengths go.
    Except(String),
    /// The patterns are too large to compare.
    Unknown,
}

/// Compares the texts that `old` matches (all texts if it is `None`) with those that `new` matches. `bounds` are those
/// of the old schema: only texts of a length within them count.
pub(crate) fn inclusion(old: Option<&str>, new: &str, bounds: &Bounds) -> Inclusion {
    let search = |pattern: &str| automaton(pattern, Anchored::No).ok();
    // Every text is valid UTF-8; automata of the translated patterns may match other bytes.
    let (Some(old), Some(new), Some(utf8)) =
        (search(old.unwrap_or_default()), search(new), automaton("(?s:.)*", Anchored::Yes).ok())
    else {
        return Inclusion::Unknown;
    };
    Search { automata: [&old, &new, &utf8], bounds }.run()
}

fn automaton(pattern: &str, anchored: Anchored) -> Result<DFA<Vec<u32>>, String> {
    let translated = translate(pattern).map_err(|refused| refused.to_string())?;
    dense::Builder::new()
        .configure(
            dense::Config::new()
                .match_kind(MatchKind::All)
                .start_kind(if anchored == Anchored::Yes { StartKind::Anchored } else { StartKind::Unanchored })
                .dfa_size_limit(Some(MAX_AUTOMATON))
                .determinize_size_limit(Some(MAX_AUTOMATON)),
        )
        .thompson(thompson::Config::new().nfa_size_limit(Some(MAX_AUTOMATON)))
        .syntax(syntax::Config::new())
        .build(&translated.text)
        .map_err(|error| error.to_string())
}

/// States of the old pattern, the new pattern and UTF-8.
type States = [StateID; 3];

struct Search<'s> {
    automata: [&'s DFA<Vec<u32>>; 3],
    bounds: &'s Bounds,
}

/// Reached states: with the number of characters so far, counted only up to the minimum length, and whether each pattern
/// has matched.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Reached {
    states: States,
    matched: [bool; 2],
    length: usize,
}

impl Search<'_> {
    fn run(&self) -> Inclusion {
        let least = self.bounds.min_length.and_then(|least| usize::try_from(least).ok()).unwrap_or(0);
        let most = self.bounds.max_length.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        let Some(start) = self.start() else { return Inclusion::Unknown };
        let mut origins: HashMap<Reached, Option<(Reached, u8)>> = HashMap::from([(start, None)]);
        let mut queue = VecDeque::from([start]);
        // Whether a difference was found that is longer than the maximum length. The search is by bytes, so another
        // text with fewer characters may lead to the same states.
        let mut is_too_long = false;
        while let Some(reached) = queue.pop_front() {
            let [old, new, utf8] = self.matches_at_end(&reached);
            if old && !new && utf8 && reached.length >= least {
                let text = text(&origins, reached);
                if text.chars().count() <= most {
                    return Inclusion::Except(text);
                }
                is_too_long = true;
            }
            if origins.len() > MAX_PAIRS {
                return Inclusion::Unknown;
            }
            for byte in bytes() {
                let next = self.step(&reached, byte, least);
                if self.automata[2].is_dead_state(next.states[2]) || origins.contains_key(&next) {
                    continue;
                }
                origins.insert(next, Some((reached, byte)));
                queue.push_back(next);
            }
        }
        if is_too_long { Inclusion::Unknown } else { Inclusion::Whole }
    }

    fn start(&self) -> Option<Reached> {
        let mut states = [StateID::default(); 3];
        let anchored = [Anchored::No, Anchored::No, Anchored::Yes];
        for ((state, automaton), anchored) in states.iter_mut().zip(self.automata).zip(anchored) {
            *state = automaton.start_state(&start::Config::new().anchored(anchored)).ok()?;
        }
        Some(Reached { states, matched: [false; 2], length: 0 })
    }

    fn step(&self, reached: &Reached, byte: u8, least: usize) -> Reached {
        let mut next = *reached;
        for (state, automaton) in next.states.iter_mut().zip(self.automata) {
            *state = automaton.next_state(*state, byte);
        }
        // A match state is entered one byte after the match.
        for index in 0..2 {
            next.matched[index] |= self.automata[index].is_match_state(next.states[index]);
            if next.matched[index] {
                // Once a search has matched, the rest of the text does not matter.
                next.states[index] = StateID::default();
            }
        }
        let starts_character = byte & 0xC0 != 0x80;
        next.length = (next.length + usize::from(starts_character)).min(least);
        next
    }

    fn matches_at_end(&self, reached: &Reached) -> [bool; 3] {
        let mut matches = [reached.matched[0], reached.matched[1], false];
        for (index, matched) in matches.iter_mut().enumerate() {
            let automaton = self.automata[index];
            *matched |= automaton.is_match_state(automaton.next_eoi_state(reached.states[index]));
        }
        matches
    }
}

/// Bytes in the order in which the search tries them, so that the shortest text is readable.
fn bytes() -> impl Iterator<Item = u8> {
    (b'a'..=b'z')
        .chain(b'0'..=b'9')
        .chain(b'A'..=b'Z')
        .chain(b' '..=b'/')
        .chain(b':'..=b'@')
        .chain(b'['..=b'`')
        .chain(b'{'..=b'~')
        .chain(0..b' ')
        .chain(127..=255)
}

fn text(origins: &HashMap<Reached, Option<(Reached, u8)>>, end: Reached) -> String {
    let mut bytes = Vec::new();
    let mut at = end;
    while let Some(Some((before, byte))) = origins.get(&at) {
        bytes.push(*byte);
        at = *before;
    }
    bytes.reverse();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(old: Option<&str>, new: &str) -> Inclusion {
        inclusion(old, new, &Bounds::default())
    }

    #[test]
    fn a_wider_pattern_includes_a_narrower_one() {
        assert_eq!(check(Some("^[a-c]+$"), "^[a-z]+$"), Inclusion::Whole);
        assert_eq!(check(Some("^a$"), "a"), Inclusion::Whole);
        assert_eq!(check(None, ""), Inclusion::Whole);
    }

    #[test]
    fn the_shortest_difference_is_found() {
        assert_eq!(check(Some("^[a-z]*$"), "^[a-c]*$"), Inclusion::Except("d".into()));
        assert_eq!(check(None, "^a+$"), Inclusion::Except(String::new()));
        assert_eq!(check(Some("^.{3}$"), "^a"), Inclusion::Except("baa".into()));
    }

    #[test]
    fn only_texts_within_the_lengths_count() {
        let bounds = Bounds { min_length: Some(2), max_length: Some(3), ..Bounds::default() };
        assert_eq!(inclusion(Some("^a*$"), "^aa", &bounds), Inclusion::Whole);
        assert_eq!(inclusion(Some("^a*$"), "^aaa", &bounds), Inclusion::Except("aa".into()));
    }

    #[test]
    fn characters_beyond_ascii_count() {
        assert_eq!(check(Some("^.$"), r"^[\x00-\x7f\n]$"), Inclusion::Except("\u{80}".into()));
    }
}
