//! [`Bounds`] in the size of a pointer.

use std::fmt;
use std::ops::{Deref, DerefMut};

use super::Bounds;

/// [`Bounds`] that take memory only if there are any. Most nodes of a schema have none.
///
/// # Examples
///
/// ```
/// use crdgen_schema::schema::{Bounds, SparseBounds};
///
/// let mut bounds = SparseBounds::default();
/// assert_eq!(bounds.max_items, None);
/// bounds.max_items = Some(8);
/// assert_eq!(bounds, SparseBounds::from(Bounds { max_items: Some(8), ..Bounds::default() }));
/// ```
#[derive(Clone, Default)]
pub struct SparseBounds(Option<Box<Bounds>>);

static NONE: Bounds = Bounds {
    pattern: None,
    min_length: None,
    max_length: None,
    minimum: None,
    maximum: None,
    exclusive_minimum: false,
    exclusive_maximum: false,
    multiple_of: None,
    min_items: None,
    max_items: None,
    min_properties: None,
    max_properties: None,
};

impl Deref for SparseBounds {
    type Target = Bounds;

    fn deref(&self) -> &Bounds {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for SparseBounds {
    fn deref_mut(&mut self) -> &mut Bounds {
        self.0.get_or_insert_default()
    }
}

impl From<Bounds> for SparseBounds {
    fn from(bounds: Bounds) -> Self {
        Self((bounds != NONE).then(|| Box::new(bounds)))
    }
}

impl PartialEq for SparseBounds {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            _ => **self == **other,
        }
    }
}

impl fmt::Debug for SparseBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
