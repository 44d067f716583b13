//! Matching with a limited effort: every step of the automaton is paid for.

use std::sync::Arc;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{Compiler, Config, WhichCaptures};
use regex_automata::util::pool::Pool;
use regex_automata::{Input, MatchKind};

use crate::effort::Effort;

/// Memory limit of a compiled expression, in bytes: a second safeguard beside the weight.
const MAX_MEMORY: usize = 64 << 20;

/// Memory for the states that texts lead to, in bytes. When it is full, earlier states are forgotten.
const STATES_MEMORY: usize = 256 << 10;

/// Compiled expression for searching texts.
pub(super) struct Engine {
    dfa: Arc<DFA>,
    /// Number of states of the expression. Each state that a text leads to is built from them.
    states: usize,
    caches: Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>>,
}

/// Error: the effort is spent.
pub(super) struct Spent;

impl Engine {
    /// Compiles an expression in the syntax of the `regex` crate.
    pub(super) fn compile(expression: &str) -> Result<Self, String> {
        let nfa = Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(MAX_MEMORY));
        let nfa = Compiler::new().configure(nfa).build(expression).map_err(|error| error.to_string())?;
        let states = nfa.states().len();
        // Only the existence of a match matters, so all matches are searched for at once.
        let config =
            DFA::config().match_kind(MatchKind::All).cache_capacity(STATES_MEMORY).skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).map_err(|error| error.to_string())?;
        let dfa = Arc::new(dfa);
        let shared = Arc::clone(&dfa);
        Ok(Self { dfa, states, caches: Pool::new(Box::new(move || shared.create_cache())) })
    }

    /// Returns whether the text contains a match.
    pub(super) fn finds(&self, text: &str, effort: &Effort) -> Result<bool, Spent> {
        let mut cache = self.caches.get();
        let mut memory = cache.memory_usage();
        let Ok(mut state) = self.dfa.start_state_forward(&mut cache, &Input::new(text)) else { return Err(Spent) };
        for (at, byte) in text.bytes().enumerate() {
            let Ok(next) = self.dfa.next_state(&mut cache, state, byte) else { return Err(Spent) };
            state = next;
            if !effort.spend(self.cost(&cache, &mut memory)) {
                return Err(Spent);
            }
            if state.is_tagged() {
                if is_match(state, text, at) {
                    return Ok(true);
                }
                if state.is_dead() {
                    return Ok(false);
                }
            }
        }
        let Ok(end) = self.dfa.next_eoi_state(&mut cache, state) else { return Err(Spent) };
        Ok(is_match(end, text, text.len()))
    }

    /// Returns the steps for a byte: one for a known state, otherwise as many as building the state takes.
    fn cost(&self, cache: &Cache, memory: &mut usize) -> u64 {
        let before = std::mem::replace(memory, cache.memory_usage());
        match (*memory).cmp(&before) {
            std::cmp::Ordering::Equal => 1,
            // Earlier states were forgotten.
            std::cmp::Ordering::Less => (STATES_MEMORY + self.states) as u64,
            std::cmp::Ordering::Greater => (*memory - before + self.states / 4) as u64,
        }
    }
}

/// Returns whether a match ends before the byte. An empty match within a character does not count.
fn is_match(state: LazyStateID, text: &str, at: usize) -> bool {
    state.is_match() && text.is_char_boundary(at)
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Engine").field("states", &self.states).finish_non_exhaustive()
    }
}
