//! Steps into a value, and paths made of them.

use std::fmt;

/// Step from a value to a value in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Declared property of an object, or key of a map.
    Field(String),
    /// Item of a list.
    Item,
}

/// Path of the value that is being made, kept on the stack.
#[derive(Clone, Copy)]
pub(crate) enum Path<'p> {
    Root,
    Field(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>),
}

impl Path<'_> {
    /// Returns the name of the nearest field: of the list for an item.
    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Root => None,
            Self::Field(_, name) => Some(name),
            Self::Item(list) => list.name(),
        }
    }

    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Root => 0,
            Self::Field(parent, _) | Self::Item(parent) => parent.depth() + 1,
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Path::Root, name) => out.write_str(name),
            Self::Field(parent, name) => write!(out, "{parent}.{name}"),
            Self::Item(list) => write!(out, "{list}[]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_as_in_a_diagnostic() {
        let spec = Path::Field(&Path::Root, "spec");
        let ports = Path::Field(&spec, "ports");
        let item = Path::Item(&ports);
        assert_eq!(Path::Field(&item, "name").to_string(), "spec.ports[].name");
        assert_eq!((item.name(), item.depth()), (Some("ports"), 3));
    }
}
