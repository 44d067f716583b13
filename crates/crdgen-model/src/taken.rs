//! The names given so far.

use std::collections::HashSet;

use crate::reserved::RESERVED;

/// Names given so far, lower-cased: generators downstream write a file a type, on file systems that ignore case.
pub struct Taken(HashSet<String>);

impl Taken {
    /// Nothing is taken but what no type gets.
    pub fn new() -> Self {
        Self(RESERVED.iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    /// Keeps a name, and what an object takes along, for the type that had it in an earlier run.
    pub fn keep(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.0.extend(taken_along(&name));
        self.0.insert(name);
    }

    /// Whether a type can still have this name, and an object what it takes along.
    pub fn free(&self, name: &str, object: bool) -> bool {
        let name = name.to_ascii_lowercase();
        let along = taken_along(&name).into_iter().filter(|_| object);
        std::iter::once(name.clone()).chain(along).all(|name| !self.0.contains(&name))
    }

    /// Takes a name if it is free.
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

    /// Takes a name, that of its list and that of what a watch tells of it.
    pub fn claim_root(&mut self, name: &str) -> bool {
        let along = ["list", "watchevent"].map(|suffix| name.to_ascii_lowercase() + suffix);
        let free = along.iter().all(|name| !self.0.contains(name)) && self.claim(name, true);
        if free {
            self.0.extend(along);
        }
        free
    }
}

/// What an object with this name takes along: its write form, and its apply configuration.
fn taken_along(name: &str) -> [String; 2] {
    [format!("{name}input"), format!("{name}apply")]
}

/// A name that every target can print; a lock may have been edited.
pub fn usable(name: &str) -> bool {
    name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}
