//! Matching in time that is counted: every step of the automaton is paid for.

use std::sync::Arc;

use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::{Compiler, Config, WhichCaptures};
use regex_automata::util::pool::Pool;
use regex_automata::{Input, MatchKind};

use crate::effort::Effort;

/// Memory of a compiled expression: a safeguard behind the weight of the expression.
const MAX_MEMORY: usize = 64 << 20;

/// Memory for the states that texts lead to. When there are more, the first ones are forgotten.
const STATES_MEMORY: usize = 256 << 10;

/// A compiled expression that texts are searched with.
pub(super) struct Engine {
    dfa: Arc<DFA>,
    /// States of the expression, of which each state that a text leads to is made.
    states: usize,
    caches: Pool<Cache, Box<dyn Fn() -> Cache + Send + Sync + std::panic::UnwindSafe + std::panic::RefUnwindSafe>>,
}

/// The effort is spent.
pub(super) struct Spent;

impl Engine {
    /// Compiles an expression in the syntax of the `regex` crate.
    pub(super) fn compile(expression: &str) -> Result<Self, String> {
        let nfa = Config::new().which_captures(WhichCaptures::None).nfa_size_limit(Some(MAX_MEMORY));
        let nfa = Compiler::new().configure(nfa).build(expression).map_err(|error| error.to_string())?;
        let states = nfa.states().len();
        // Whether there is a match is all that is asked, so that all of them may be looked for at once.
        let config =
            DFA::config().match_kind(MatchKind::All).cache_capacity(STATES_MEMORY).skip_cache_capacity_check(true);
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).map_err(|error| error.to_string())?;
        let dfa = Arc::new(dfa);
        let shared = Arc::clone(&dfa);
        Ok(Self { dfa, states, caches: Pool::new(Box::new(move || shared.create_cache())) })
    }

    /// Whether the text holds a match.
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

    /// Steps for a byte: one for a state that is known, else as many as it takes to make it.
    fn cost(&self, cache: &Cache, memory: &mut usize) -> u64 {
        let before = std::mem::replace(memory, cache.memory_usage());
        match (*memory).cmp(&before) {
            std::cmp::Ordering::Equal => 1,
            // Others had to be forgotten.
            std::cmp::Ordering::Less => (STATES_MEMORY + self.states) as u64,
            std::cmp::Ordering::Greater => (*memory - before + self.states / 4) as u64,
        }
    }
}

/// Whether a match ends before the byte. An empty one within a character is none.
fn is_match(state: LazyStateID, text: &str, at: usize) -> bool {
    state.is_match() && text.is_char_boundary(at)
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Engine").field("states", &self.states).finish_non_exhaustive()
    }
}
