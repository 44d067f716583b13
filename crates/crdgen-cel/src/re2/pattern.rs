//! Compiled patterns, and the patterns of one schema: each is compiled once, and their total weight is limited.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use super::engine::{Engine, Spent};
use super::{Refused, Translated, translate};
use crate::Obstacle;
use crate::effort::Effort;

/// Maximum weight of one expression: about 20 MiB of memory. `[\p{L}\p{N}]{1,253}` has half of it.
const MAX_WEIGHT: usize = 500_000;

/// Maximum weight of all expressions of a schema together.
const MAX_TOTAL_WEIGHT: usize = 4 * MAX_WEIGHT;

/// Patterns of a schema, by their text. Each is compiled once, and all of them together have a maximum weight: the
/// patterns that would exceed it are [too heavy](Pattern::is_too_heavy).
#[derive(Debug)]
pub struct Patterns {
    known: HashMap<String, Arc<Pattern>>,
    /// Remaining weight for further patterns.
    left: usize,
}

impl Patterns {
    /// Creates an empty collection.
    pub fn new() -> Self {
        Self { known: HashMap::new(), left: MAX_TOTAL_WEIGHT }
    }

    /// Returns the pattern of an expression. An expression that Go refuses gives a pattern that no text matches, as in
    /// an API server's validator.
    pub fn get(&mut self, source: &str) -> Arc<Pattern> {
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

impl Default for Patterns {
    fn default() -> Self {
        Self::new()
    }
}

/// Regular expression of Go, compiled on first use.
///
/// # Examples
///
/// ```
/// use crdgen_cel::Effort;
/// use crdgen_cel::re2::Pattern;
///
/// let pattern = Pattern::new("^[a-z]([-a-z0-9]*[a-z0-9])?$")?;
/// let effort = Effort::new(1_000_000);
/// assert!(pattern.finds("my-name", &effort).unwrap());
/// assert!(!pattern.finds("My name", &effort).unwrap());
/// # Ok::<(), crdgen_cel::re2::Refused>(())
/// ```
#[derive(Debug)]
pub struct Pattern {
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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Unmatched {
    /// Kind of obstacle.
    pub obstacle: Obstacle,
    /// Description of the obstacle.
    pub reason: String,
}

impl Pattern {
    /// Parses an expression.
    ///
    /// # Errors
    ///
    /// Returns the reason why Go refuses the expression.
    pub fn new(source: &str) -> Result<Self, Refused> {
        let Translated { text, weight } = translate(source)?;
        let form = if weight > MAX_WEIGHT { Form::TooHeavy } else { Form::Expression(text) };
        Ok(Self { source: source.to_owned(), form, compiled: OnceLock::new() })
    }

    /// Returns the expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns whether the expression is too heavy to be compiled here: it would take more than some 20 MiB of memory,
    /// or more than its [`Patterns`] have left.
    pub fn is_too_heavy(&self) -> bool {
        matches!(self.form, Form::TooHeavy)
    }

    /// Returns whether the text contains a match anywhere. Takes the steps of the search from `effort`, at least one per
    /// byte that is read.
    ///
    /// # Errors
    ///
    /// Returns the obstacle when the steps are spent, or when the pattern cannot be compiled here.
    pub fn finds(&self, text: &str, effort: &Effort) -> Result<bool, Unmatched> {
        let unsupported = |reason: &str| Unmatched { obstacle: Obstacle::Unsupported, reason: reason.to_owned() };
        let expression = match &self.form {
            Form::Expression(expression) => expression,
            Form::TooHeavy => return Err(unsupported("the regular expression is too large to be compiled here")),
            // No CRD can have such a pattern. In the server's validator no text matches it.
            Form::RefusedByGo => return Ok(false),
        };
        let compiled = self.compiled.get_or_init(|| Engine::compile(expression));
        let engine = compiled.as_ref().map_err(|reason| unsupported(reason))?;
        engine.finds(text, effort).map_err(|Spent| {
            let reason = "looking for a match takes too long".to_owned();
            Unmatched { obstacle: Obstacle::BudgetSpent, reason }
        })
    }
}
