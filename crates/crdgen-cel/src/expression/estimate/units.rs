//! Units that steps of an expression cost.

/// Units for reading a variable or a field.
pub(super) const ACCESS: u64 = 1;
/// Units for a list literal.
pub(super) const LIST: u64 = 10;
/// Units for a map literal.
pub(super) const MAP: u64 = 30;
/// Units for reading a character.
pub(super) const PER_CHARACTER: f64 = 0.1;
/// Units for a character of a regular expression, for each unit of the text that is searched.
pub(super) const PER_PATTERN_CHARACTER: f64 = 0.25;
