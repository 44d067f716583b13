//! Requests for a value: its place, and a value that it has to contain.

use crate::step::{Path, Step};

/// Request for a value.
#[derive(Clone, Copy)]
pub(crate) struct Request<'r> {
    pub(crate) path: Path<'r>,
    /// Number of the wanted value among all possible ones, so that the items of a list differ.
    pub(crate) variant: usize,
    pub(crate) wish: Option<Wish<'r>>,
}

/// Value that has to occur below another value.
#[derive(Clone, Copy)]
pub(crate) struct Wish<'r> {
    /// Steps from the value that is being made.
    pub(crate) steps: &'r [Step],
    /// Wanted value, or `None` for any value.
    pub(crate) value: Option<&'r serde_json::Value>,
}

impl<'r> Request<'r> {
    pub(crate) fn root(wish: Option<Wish<'r>>) -> Self {
        Self { path: Path::Root, variant: 0, wish }
    }

    /// Returns the field that the wish goes through, and the request for its value.
    pub(crate) fn wished_field(&self) -> Option<(&'r str, Wish<'r>)> {
        match self.wish?.steps {
            [Step::Field(name), steps @ ..] => Some((name, Wish { steps, ..self.wish? })),
            _ => None,
        }
    }

    /// Returns the wish for the first item, if the wish goes through the items.
    pub(crate) fn wished_item(&self) -> Option<Wish<'r>> {
        match self.wish?.steps {
            [Step::Item, steps @ ..] => Some(Wish { steps, ..self.wish? }),
            _ => None,
        }
    }
}

impl Wish<'_> {
    /// Returns whether the wish is fulfilled in `value`.
    pub(crate) fn is_fulfilled(&self, value: &serde_json::Value) -> bool {
        let mut at = value;
        for step in self.steps {
            let below = match step {
                Step::Field(name) => at.get(name),
                Step::Item => at.get(0),
            };
            let Some(below) = below else { return false };
            at = below;
        }
        self.value.is_none_or(|wanted| wanted == at)
    }
}
