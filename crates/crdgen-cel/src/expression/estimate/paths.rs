//! Paths from a variable to a declared value.
//!
//! Paths share memory as slices of Go do: appending a step to a path may replace a step of another path that was made
//! from the same beginning. cel-go estimates the size of the other path then. Such estimates are part of the server's
//! verdicts.

use crate::expression::tree::ACCUMULATOR;

/// Step of a path. The first step is a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'e> {
    /// Variable, or field by its CEL identifier.
    Field(&'e str),
    Items,
    Values,
    Keys,
    Indices,
}

/// Beginning of an array of steps.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    array: usize,
    length: usize,
}

/// Arrays of steps.
#[derive(Debug, Default)]
pub(super) struct Paths<'e> {
    arrays: Vec<Array<'e>>,
}

#[derive(Debug)]
struct Array<'e> {
    steps: Vec<Step<'e>>,
    capacity: usize,
}

impl<'e> Paths<'e> {
    /// Returns the path of a variable.
    pub(super) fn starting_with(&mut self, variable: &'e str) -> Path {
        self.append(None, Step::Field(variable))
    }

    /// Returns a path with one more step.
    pub(super) fn append(&mut self, path: Option<Path>, step: Step<'e>) -> Path {
        let Some(Path { array, length }) = path else {
            self.arrays.push(Array { steps: vec![step], capacity: 1 });
            return Path { array: self.arrays.len() - 1, length: 1 };
        };
        let old = &mut self.arrays[array];
        if length < old.capacity {
            match old.steps.get_mut(length) {
                Some(known) => *known = step,
                None => old.steps.push(step),
            }
            return Path { array, length: length + 1 };
        }
        let mut steps = old.steps[..length].to_vec();
        steps.push(step);
        self.arrays.push(Array { steps, capacity: 2 * length });
        Path { array: self.arrays.len() - 1, length: length + 1 }
    }

    /// Returns a path with one more step that shares no memory with the other.
    pub(super) fn copied(&mut self, path: Path, step: Step<'e>) -> Path {
        let mut steps = self.steps(path).to_vec();
        steps.push(step);
        let capacity = steps.len();
        self.arrays.push(Array { steps, capacity });
        Path { array: self.arrays.len() - 1, length: capacity }
    }

    pub(super) fn steps(&self, path: Path) -> &[Step<'e>] {
        &self.arrays[path.array].steps[..path.length]
    }

    /// Returns a path for messages, for example `self.items[].name`.
    pub(super) fn text(&self, path: Path) -> String {
        let mut text = String::new();
        for step in self.steps(path) {
            match step {
                Step::Field(name) if text.is_empty() => text.push_str(name),
                Step::Field(name) => text.extend([".", name]),
                Step::Items | Step::Values => text.push_str("[]"),
                Step::Keys | Step::Indices => {}
            }
        }
        text
    }

    /// Returns whether a path starts at the accumulator of a macro.
    pub(super) fn starts_with_accumulator(&self, path: Path) -> bool {
        matches!(self.steps(path), [Step::Field(ACCUMULATOR | "__result__"), ..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_change_when_another_is_made_from_its_beginning() {
        let mut paths = Paths::default();
        let self_ = paths.starting_with("self");
        let list = paths.append(Some(self_), Step::Field("list"));
        let item = paths.append(Some(list), Step::Items);
        let name = paths.append(Some(item), Step::Field("name"));
        assert_eq!(paths.steps(name).last(), Some(&Step::Field("name")));
        paths.append(Some(item), Step::Field("port"));
        assert_eq!(paths.steps(name).last(), Some(&Step::Field("port")));
        assert_eq!(paths.steps(item), [Step::Field("self"), Step::Field("list"), Step::Items]);
    }
}
