//! A schema node with its position in the CRD and in an object.

use crdgen_schema::Schema;

use super::Subject;

/// Step from a schema node to the node above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The node is the schema of a whole object.
    Root,
    /// The node is a property.
    Property(&'a str),
    /// The node is the schema of a list's items.
    Items,
    /// The node is the schema of a map's values.
    Values,
}

/// A schema node of a version, outside of `allOf`, `anyOf`, `oneOf` and `not`.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Keywords of the node.
    pub schema: &'a Schema,
    /// Step from the node above.
    pub step: Step<'a>,
    /// Node above; `None` for the root.
    pub parent: Option<&'a Place<'a>>,
    /// Version that has the node.
    pub subject: &'a Subject<'a>,
}

impl<'a> Place<'a> {
    /// Returns the nodes from this one up to the root.
    pub fn up(&self) -> impl Iterator<Item = Place<'a>> + use<'a> {
        std::iter::successors(Some(*self), |place| place.parent.copied())
    }

    /// Returns the name of a property; `None` for any other node.
    pub fn name(&self) -> Option<&'a str> {
        match self.step {
            Step::Property(name) => Some(name),
            Step::Root | Step::Items | Step::Values => None,
        }
    }

    /// Returns whether the node is `status` or below it.
    pub fn is_in_status(&self) -> bool {
        self.up().any(|place| place.step == Step::Property("status") && place.is_top_level())
    }

    /// Returns whether the node is a property of the root.
    pub fn is_top_level(&self) -> bool {
        self.parent.is_some_and(|parent| parent.step == Step::Root)
    }

    /// Returns whether the node is a property that the node above requires.
    pub fn is_required(&self) -> bool {
        let parent = self.parent.map(|parent| &parent.schema.required);
        self.name().zip(parent).is_some_and(|(name, required)| required.iter().any(|required| required == name))
    }

    /// Returns the path of the value in an object, for example `spec.ports[].name`. Empty for the root.
    pub fn field(&self) -> String {
        let mut steps: Vec<_> = self.up().map(|place| place.step).collect();
        steps.reverse();
        let mut field = String::new();
        for step in steps {
            match step {
                Step::Root => {}
                Step::Property(name) if field.is_empty() => field.push_str(name),
                Step::Property(name) => field.extend([".", name]),
                Step::Items => field.push_str("[]"),
                Step::Values => field.push_str("{}"),
            }
        }
        field
    }

    /// Returns the path of the node in the CRD.
    pub fn path(&self) -> String {
        let mut steps: Vec<_> = self.up().map(|place| place.step).collect();
        steps.reverse();
        let mut path = format!("spec.versions[{}].schema.openAPIV3Schema", self.subject.index);
        for step in steps {
            match step {
                Step::Root => {}
                Step::Property(name) => path.extend([".properties.", name]),
                Step::Items => path.push_str(".items"),
                Step::Values => path.push_str(".additionalProperties"),
            }
        }
        path
    }
}
