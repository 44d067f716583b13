//! Path of a value in an object, kept on the stack and formatted only for a violation.

use crate::truncate::Truncated;
use crate::verdict::Cause;

/// Path of a value in an object.
#[derive(Clone, Copy)]
pub(crate) struct ValuePath<'p> {
    parent: Option<&'p ValuePath<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy)]
enum Step<'p> {
    Root,
    /// Declared property.
    Field(&'p str),
    /// Key of a map.
    Key(&'p str),
    Index(usize),
}

impl ValuePath<'static> {
    /// Path of the object itself.
    pub(crate) const ROOT: Self = Self { parent: None, step: Step::Root };
}

impl<'p> ValuePath<'p> {
    /// Returns the path of a declared property of this object.
    pub(crate) fn field(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Field(name) }
    }

    /// Returns the path of a value of this map.
    pub(crate) fn key(&'p self, name: &'p str) -> Self {
        Self { parent: Some(self), step: Step::Key(name) }
    }

    /// Returns the path of an item of this list.
    pub(crate) fn index(&'p self, index: usize) -> Self {
        Self { parent: Some(self), step: Step::Index(index) }
    }

    /// Returns whether the path is that of the object itself.
    #[cfg(feature = "cel")]
    pub(crate) fn is_root(&self) -> bool {
        matches!(self.step, Step::Root)
    }

    /// Formats the path as kube-openapi does: `spec.labels.key[0]`, and an empty text for the object itself.
    pub(crate) fn dotted(&self) -> String {
        self.written(|step, out| step.write_dotted(out))
    }

    /// Formats the path as `field.Path` of apimachinery does: `spec.labels[key][0]`.
    pub(crate) fn bracketed(&self) -> String {
        match self.step {
            Step::Root => Cause::NO_FIELD.to_owned(),
            _ => self.written(|step, out| step.write_bracketed(out)),
        }
    }

    /// Formats the steps from the object on, up to the maximum length of a path.
    fn written(&self, write: impl Fn(&Step<'_>, &mut Truncated) + Copy) -> String {
        let mut out = Truncated::path();
        self.write_to(&mut out, write);
        out.into_text()
    }

    fn write_to(&self, out: &mut Truncated, write: impl Fn(&Step<'_>, &mut Truncated) + Copy) {
        if let Some(parent) = self.parent {
            parent.write_to(out, write);
        }
        write(&self.step, out);
    }
}

impl Step<'_> {
    fn write_dotted(&self, out: &mut Truncated) {
        match self {
            Self::Root => {}
            Self::Field(name) if out.is_empty() => out.push(name),
            Self::Field(name) | Self::Key(name) => {
                out.push(".");
                out.push(name);
            }
            Self::Index(index) => out.push(&format!("[{index}]")),
        }
    }

    fn write_bracketed(&self, out: &mut Truncated) {
        match self {
            Self::Root => {}
            Self::Field("") => out.push("[]"),
            Self::Field(name) => {
                if !out.is_empty() {
                    out.push(".");
                }
                out.push(name);
            }
            Self::Key(name) => {
                out.push("[");
                out.push(name);
                out.push("]");
            }
            Self::Index(index) => out.push(&format!("[{index}]")),
        }
    }
}
