//! Set of the names given so far.

use std::collections::HashSet;

use crate::naming::reserved::RESERVED;

/// Names given so far, in lower case. Generators downstream write one file for each type, on file systems that may
/// ignore case.
pub struct Taken(HashSet<String>);

impl Taken {
    /// Returns a set that holds only the names that no type gets.
    pub fn new() -> Self {
        Self(RESERVED.iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    /// Keeps a name for the type that had it in an earlier run, with the names derived from it for an object.
    pub fn keep(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.0.extend(taken_along(&name));
        self.0.insert(name);
    }

    /// Returns whether a type can have this name and, for an object, also the names derived from it.
    pub fn free(&self, name: &str, object: bool) -> bool {
        let name = name.to_ascii_lowercase();
        let along = taken_along(&name).into_iter().filter(|_| object);
        std::iter::once(name.clone()).chain(along).all(|name| !self.0.contains(&name))
    }

    /// Takes a name and returns `true` if it is free.
    pub fn claim(&mut self, name: &str, object: bool) -> bool {
        if !self.free(name, object) {
            return false;
        }
        let name = name.to_ascii_lowercase();
        if object {
            self.0.extend(taken_along(&name));
        }
        self.0.insert(name)
    }

    /// Takes the name of a root with those of its list and of its watch events, and returns `true` if all are free.
    pub fn claim_root(&mut self, name: &str) -> bool {
        let along = ["list", "watchevent"].map(|suffix| name.to_ascii_lowercase() + suffix);
        let free = along.iter().all(|name| !self.0.contains(name)) && self.claim(name, true);
        if free {
            self.0.extend(along);
        }
        free
    }
}

/// Returns the names derived from that of an object: its write form and its apply configuration.
fn taken_along(name: &str) -> [String; 2] {
    [format!("{name}input"), format!("{name}apply")]
}

/// Returns whether every target can print a name. A name in a lock may have been edited.
pub fn usable(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}
