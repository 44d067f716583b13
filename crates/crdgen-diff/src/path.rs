//! Paths of fields in a schema.

use std::fmt;

/// Step from a schema to one of the schemas below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Declared property.
    Field(String),
    /// Items of a list.
    Items,
    /// Values of a map.
    Values,
}

/// Path of a field in a schema, for example `spec.ports[].name` or `spec.labels{}`. The path of the object itself is
/// empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath {
    steps: Vec<Step>,
}

impl FieldPath {
    /// Creates a path of steps.
    pub fn new(steps: Vec<Step>) -> Self {
        Self { steps }
    }

    /// Returns the steps from the object to the field.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Returns whether this is the path of the object itself.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }

    /// Returns whether `other` is this path or a path below it.
    pub fn contains(&self, other: &Self) -> bool {
        other.steps.starts_with(&self.steps)
    }

    /// Returns whether the field belongs to `status`.
    pub fn is_in_status(&self) -> bool {
        matches!(self.steps.first(), Some(Step::Field(name)) if name == "status")
    }

    pub(crate) fn push(&mut self, step: Step) {
        self.steps.push(step);
    }

    pub(crate) fn pop(&mut self) {
        self.steps.pop();
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            match step {
                Step::Field(name) if index == 0 => out.write_str(name)?,
                Step::Field(name) => write!(out, ".{name}")?,
                Step::Items => out.write_str("[]")?,
                Step::Values => out.write_str("{}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_written_like_those_of_crdgen_paths() {
        let field = |name: &str| Step::Field(name.to_owned());
        let path = FieldPath::new(vec![field("spec"), field("ports"), Step::Items, field("labels"), Step::Values]);
        assert_eq!(path.to_string(), "spec.ports[].labels{}");
        assert!(FieldPath::new(vec![field("spec")]).contains(&path));
        assert!(!path.is_in_status());
    }
}
