//! The patterns of one schema: each is compiled once, and all of them together within bounds.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::engine::{Engine, Spent};
use super::{Translated, translate};
use crate::admission::Obstacle;
use crate::effort::Effort;

/// The weight of the heaviest expression that is compiled: about 20 MiB of memory. `[\p{L}\p{N}]{1,253}` has half of it.
const MAX_WEIGHT: usize = 500_000;

/// The weight of all expressions of a schema together.
const MAX_TOTAL_WEIGHT: usize = 4 * MAX_WEIGHT;

/// The patterns of a schema, by how they are written.
#[derive(Debug)]
pub(crate) struct Patterns {
    known: HashMap<String, Arc<Pattern>>,
    /// Weight that is left for others.
    left: usize,
}

impl Patterns {
    pub(crate) fn new() -> Self {
        Self { known: HashMap::new(), left: MAX_TOTAL_WEIGHT }
    }

    /// The pattern that is written so.
    pub(crate) fn get(&mut self, source: &str) -> Arc<Pattern> {
        if let Some(known) = self.known.get(source) {
            return Arc::clone(known);
        }
        let form = match translate(source) {
            Ok(Translated { weight, .. }) if weight > self.left.min(MAX_WEIGHT) => Form::TooHeavy,
            Ok(Translated { text, weight }) => {
                self.left -= weight;
                Form::Expression(text)
            }
            Err(_) => Form::RefusedByGo,
        };
        let pattern = Arc::new(Pattern { source: source.to_owned(), form, compiled: OnceLock::new() });
        self.known.insert(source.to_owned(), Arc::clone(&pattern));
        pattern
    }
}

/// A `pattern`, compiled when it is first asked.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    form: Form,
    compiled: OnceLock<Result<Engine, String>>,
}

#[derive(Debug)]
enum Form {
    /// In the syntax of the `regex` crate.
    Expression(String),
    /// Go takes it, and here it would need too much memory.
    TooHeavy,
    RefusedByGo,
}

/// Why nobody knows whether a text holds a match.
#[derive(Debug)]
pub(crate) struct Unmatched {
    pub(crate) obstacle: Obstacle,
    pub(crate) why: String,
}

impl Pattern {
    /// As it stands in the schema.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Whether nobody here can know what it matches.
    pub(crate) fn is_too_heavy(&self) -> bool {
        matches!(self.form, Form::TooHeavy)
    }

    /// Whether the text holds a match.
    pub(crate) fn finds(&self, text: &str, effort: &Effort) -> Result<bool, Unmatched> {
        let unsupported = |why: &str| Unmatched { obstacle: Obstacle::Unsupported, why: why.to_owned() };
        let expression = match &self.form {
            Form::Expression(expression) => expression,
            Form::TooHeavy => return Err(unsupported("the regular expression is too large to be compiled here")),
            // No CRD has such a pattern. The server's validator takes nothing for a match of it.
            Form::RefusedByGo => return Ok(false),
        };
        let compiled = self.compiled.get_or_init(|| Engine::compile(expression));
        let engine = compiled.as_ref().map_err(|why| unsupported(why))?;
        engine.finds(text, effort).map_err(|Spent| {
            let why = "looking for a match takes too long".to_owned();
            Unmatched { obstacle: Obstacle::BudgetSpent, why }
        })
    }
}
