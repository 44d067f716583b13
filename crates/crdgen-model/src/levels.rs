//! Lists and maps around a value.

use std::fmt;
use std::ops::Deref;

/// A list or a map around a value. In paths, a list is written `[]` and a map `{}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A list: `[]`.
    List,
    /// A map: `{}`.
    Map,
}

/// All lists and maps around a value, outermost first.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Levels(Vec<Level>);

impl Level {
    const ALL: [Self; 2] = [Self::List, Self::Map];

    fn as_str(self) -> &'static str {
        match self {
            Self::List => "[]",
            Self::Map => "{}",
        }
    }
}

impl Levels {
    /// Adds an innermost level.
    pub fn push(&mut self, level: Level) {
        self.0.push(level);
    }

    /// Removes the innermost level.
    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }

    /// Splits a text into the levels at its start and the rest.
    pub(crate) fn split_start(mut text: &str) -> (Self, &str) {
        let mut levels = Self::default();
        while let Some((level, rest)) = Level::ALL.iter().find_map(|&l| Some((l, text.strip_prefix(l.as_str())?))) {
            levels.push(level);
            text = rest;
        }
        (levels, text)
    }

    /// Splits a text into what stands before the levels at its end, and these levels.
    pub(crate) fn split_end(mut text: &str) -> (&str, Self) {
        let mut levels = Self::default();
        while let Some((level, rest)) = Level::ALL.iter().find_map(|&l| Some((l, text.strip_suffix(l.as_str())?))) {
            levels.push(level);
            text = rest;
        }
        levels.0.reverse();
        (text, levels)
    }
}

impl Deref for Levels {
    type Target = [Level];

    fn deref(&self) -> &[Level] {
        &self.0
    }
}

impl From<&[Level]> for Levels {
    fn from(levels: &[Level]) -> Self {
        Self(levels.to_vec())
    }
}

impl FromIterator<Level> for Levels {
    fn from_iter<Iter: IntoIterator<Item = Level>>(levels: Iter) -> Self {
        Self(Vec::from_iter(levels))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|level| level.fmt(f))
    }
}
