//! Where a value stands in an object, kept on the stack and only written out when something is wrong.

use crate::admission::Cause;
use crate::shown::Shown;

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
        self.written(|step, out| step.write_dotted(out))
    }

    /// As `field.Path` of apimachinery writes it: `spec.labels[key][0]`.
    pub(crate) fn bracketed(&self) -> String {
        match self.step {
            Step::Root => Cause::NO_FIELD.to_owned(),
            _ => self.written(|step, out| step.write_bracketed(out)),
        }
    }

    /// The steps from the object on, as far as a path may be long.
    fn written(&self, write: impl Fn(&Step<'_>, &mut Shown) + Copy) -> String {
        let mut out = Shown::path();
        self.write_to(&mut out, write);
        out.into_text()
    }

    fn write_to(&self, out: &mut Shown, write: impl Fn(&Step<'_>, &mut Shown) + Copy) {
        if let Some(parent) = self.parent {
            parent.write_to(out, write);
        }
        write(&self.step, out);
    }
}

impl Step<'_> {
    fn write_dotted(&self, out: &mut Shown) {
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

    fn write_bracketed(&self, out: &mut Shown) {
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
