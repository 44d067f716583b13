//! Values in the size of a pointer that take more memory only if there is something in them.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use indexmap::IndexMap;

use super::{Bounds, Schema};

/// Part of a schema that takes memory only if it is not empty. Most nodes of a schema have few of the possible parts.
///
/// # Examples
///
/// ```
/// use crdgen_schema::schema::{Bounds, Sparse};
///
/// let mut bounds = Sparse::<Bounds>::default();
/// assert_eq!(bounds.max_items, None);
/// bounds.max_items = Some(8);
/// assert_eq!(bounds, Sparse::from(Bounds { max_items: Some(8), ..Bounds::default() }));
/// ```
#[derive(Clone)]
pub struct Sparse<T>(Option<Box<T>>);

/// [`Bounds`] in the size of a pointer.
pub type SparseBounds = Sparse<Bounds>;

/// Type with an empty value that all empty [`Sparse`]s share.
pub trait Vacant: Default + 'static {
    /// Returns the empty value.
    fn vacant() -> &'static Self;

    /// Returns whether the value is empty.
    fn is_vacant(&self) -> bool;
}

impl<T: 'static> Vacant for Vec<T> {
    fn vacant() -> &'static Self {
        const { &Vec::new() }
    }

    fn is_vacant(&self) -> bool {
        self.is_empty()
    }
}

impl Vacant for IndexMap<String, Schema> {
    fn vacant() -> &'static Self {
        static NONE: LazyLock<IndexMap<String, Schema>> = LazyLock::new(IndexMap::new);
        &NONE
    }

    fn is_vacant(&self) -> bool {
        self.is_empty()
    }
}

impl Vacant for Bounds {
    fn vacant() -> &'static Self {
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
        &NONE
    }

    fn is_vacant(&self) -> bool {
        self == Self::vacant()
    }
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Vacant> Sparse<T> {
    /// Returns the value itself.
    pub fn into_inner(self) -> T {
        self.0.map_or_else(T::default, |value| *value)
    }
}

impl<T: Vacant> Deref for Sparse<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_deref().unwrap_or_else(|| T::vacant())
    }
}

impl<T: Vacant> DerefMut for Sparse<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.get_or_insert_default()
    }
}

impl<T: Vacant> From<T> for Sparse<T> {
    fn from(value: T) -> Self {
        Self((!value.is_vacant()).then(|| Box::new(value)))
    }
}

impl<T: Vacant + FromIterator<Item>, Item> FromIterator<Item> for Sparse<T> {
    fn from_iter<I: IntoIterator<Item = Item>>(items: I) -> Self {
        Self::from(T::from_iter(items))
    }
}

impl<'s, T: Vacant> IntoIterator for &'s Sparse<T>
where
    &'s T: IntoIterator,
{
    type Item = <&'s T as IntoIterator>::Item;
    type IntoIter = <&'s T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&**self).into_iter()
    }
}

impl<'s, T: Vacant> IntoIterator for &'s mut Sparse<T>
where
    &'s mut T: IntoIterator,
{
    type Item = <&'s mut T as IntoIterator>::Item;
    type IntoIter = <&'s mut T as IntoIterator>::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        (&mut **self).into_iter()
    }
}

impl<T: Vacant + PartialEq> PartialEq for Sparse<T> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            _ => **self == **other,
        }
    }
}

impl<T: Vacant + fmt::Debug> fmt::Debug for Sparse<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
