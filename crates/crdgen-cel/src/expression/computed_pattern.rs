//! Regular expressions that a rule computes.

use std::sync::{Arc, OnceLock};

use regex::{Regex, RegexBuilder};

use super::failure::{Failure, Result};
use crate::re2::Pattern;

/// Memory limit of a compiled `Regex`, in bytes: a second safeguard beside the weight.
const MAX_MEMORY: usize = 16 << 20;

/// Compiled regular expression that is a value.
#[derive(Clone, Debug)]
pub(super) struct ComputedPattern {
    pub(super) translated: String,
    pub(super) weight: usize,
    pub(super) pattern: Arc<Pattern>,
    /// Expression that returns matches; `pattern` only detects them. Compiled on first use.
    pub(super) regex: Arc<OnceLock<Regex>>,
}

impl ComputedPattern {
    pub(super) fn regex(&self) -> Result<&Regex> {
        if self.regex.get().is_none() {
            let built = RegexBuilder::new(&self.translated).size_limit(MAX_MEMORY).build();
            let Ok(regex) = built else { return Failure::unknown("a regular expression cannot be compiled") };
            _ = self.regex.set(regex);
        }
        self.regex.get().ok_or(Failure::Exhausted)
    }
}
