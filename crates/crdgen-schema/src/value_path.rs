//! Where a value stands in an object, kept on the stack and only written out when something is wrong.

use std::fmt::Write;

use crate::admission::Cause;

/// The path of a value.
#[derive(Clone, Copy)]
pub(crate) struct ValuePath<'p> {
    parent: Option<&'p ValuePath<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    /// A declared property.
    Field(&'p str),
    /// A key of a map.
    Key(&'p str),
    Index(usize),
}

impl ValuePath<'static> {
    /// The path of the object.
    pub(crate) const ROOT: Self = Self { parent: None, step: Step::Root };
}

impl<'p> ValuePath<'p> {
    /// The path of a declared property of this object.
    pub(crate) fn field(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    /// The path of a value of this map.
    pub(crate) fn key(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Key(name) }
    }

    /// The path of an item of this list.
    pub(crate) fn index(&'p self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }

    /// Whether this is the path of the object itself.
    #[cfg(feature = "cel")]
    pub(crate) fn is_root(&self) -> bool {
        matches!(self.step, Step::Root)
    }

    /// As kube-openapi writes it: `spec.labels.key[0]`, with nothing for the object itself.
    pub(crate) fn dotted(&self) -> String {
        let mut out = self.parent.map_or_else(String::new, ValuePath::dotted);
        match self.step {
            Step::Root => {}
            Step::Field(name) if out.is_empty() => out.push_str(name),
            Step::Field(name) | Step::Key(name) => {
                out.push('.');
                out.push_str(name);
            }
            Step::Index(index) => write!(out, "[{index}]").expect("a string takes everything"),
        }
        out
    }

    /// As `field.Path` of apimachinery writes it: `spec.labels[key][0]`.
    pub(crate) fn bracketed(&self) -> String {
        match self.step {
            Step::Root => Cause::NO_FIELD.to_owned(),
            _ => self.steps(),
        }
    }

    fn steps(&self) -> String {
        let mut out = self.parent.map_or_else(String::new, ValuePath::steps);
        match self.step {
            Step::Root => {}
            Step::Field("") => out.push_str("[]"),
            Step::Field(name) => {
                if !out.is_empty() {
                    out.push('.');
                }
                out.push_str(name);
            }
            Step::Key(name) => write!(out, "[{name}]").expect("a string takes everything"),
            Step::Index(index) => write!(out, "[{index}]").expect("a string takes everything"),
        }
        out
    }
}
