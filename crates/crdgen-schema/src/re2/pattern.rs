//! Patterns of one schema. Each is compiled once, and their total weight is limited.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::engine::{Engine, Spent};
use super::{Translated, translate};
use crate::admission::Obstacle;
use crate::effort::Effort;

/// Maximum weight of one expression: about 20 MiB of memory. `[\p{L}\p{N}]{1,253}` has half of it.
const MAX_WEIGHT: usize = 500_000;

/// Maximum weight of all expressions of a schema together.
const MAX_TOTAL_WEIGHT: usize = 4 * MAX_WEIGHT;

/// Patterns of a schema, by their text.
#[derive(Debug)]
pub(crate) struct Patterns {
    known: HashMap<String, Arc<Pattern>>,
    /// Remaining weight for further patterns.
    left: usize,
}

impl Patterns {
    pub(crate) fn new() -> Self {
        Self { known: HashMap::new(), left: MAX_TOTAL_WEIGHT }
    }

    /// Returns the pattern of an expression.
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

/// `pattern` of a schema, compiled on first use.
#[derive(Debug)]
pub(crate) struct Pattern {
    source: String,
    form: Form,
    compiled: OnceLock<Result<Engine, String>>,
}

#[derive(Debug)]
enum Form {
    /// Expression in the syntax of the `regex` crate.
    Expression(String),
    /// Expression that Go accepts, but that needs too much memory here.
    TooHeavy,
    RefusedByGo,
}

/// Reason why it is unknown whether a text contains a match.
#[derive(Debug)]
pub(crate) struct Unmatched {
    pub(crate) obstacle: Obstacle,
    pub(crate) why: String,
}

impl Pattern {
    /// Returns the expression as the schema has it.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// Returns whether the expression is too heavy to be compiled here.
    pub(crate) fn is_too_heavy(&self) -> bool {
        matches!(self.form, Form::TooHeavy)
    }

    /// Returns whether the text contains a match.
    pub(crate) fn finds(&self, text: &str, effort: &Effort) -> Result<bool, Unmatched> {
        let unsupported = |why: &str| Unmatched { obstacle: Obstacle::Unsupported, why: why.to_owned() };
        let expression = match &self.form {
            Form::Expression(expression) => expression,
            Form::TooHeavy => return Err(unsupported("the regular expression is too large to be compiled here")),
            // No CRD can have such a pattern. In the server's validator no text matches it.
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
