//! Placeholder that a generated client replaces.
