//! Ordered objects of one version.

use std::sync::Arc;

use super::object::CachedObject;

/// Objects ordered by namespace and name. A clone is cheap: the first change after it copies the list of references,
/// not the objects.
#[derive(Clone, Debug, Default)]
pub(super) struct Snapshot(Arc<Vec<CachedObject>>);

impl Snapshot {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn get(&self, namespace: Option<&str>, name: &str) -> Option<CachedObject> {
        self.find(namespace, name).ok().map(|index| self.0[index].clone())
    }

    pub(super) fn at(&self, index: usize) -> Option<&CachedObject> {
        self.0.get(index)
    }

    /// Returns the indices at which the objects of a namespace begin and end.
    pub(super) fn bounds(&self, namespace: Option<&str>) -> (usize, usize) {
        match namespace {
            None => (0, self.0.len()),
            Some(_) => (
                self.0.partition_point(|object| object.namespace() < namespace),
                self.0.partition_point(|object| object.namespace() <= namespace),
            ),
        }
    }

    /// Adds an object, or replaces the one with the same name. Returns the replaced object.
    pub(super) fn put(&mut self, object: CachedObject) -> Option<CachedObject> {
        let place = self.find(object.namespace(), object.name());
        let objects = Arc::make_mut(&mut self.0);
        match place {
            Ok(index) => Some(std::mem::replace(&mut objects[index], object)),
            Err(index) => {
                objects.insert(index, object);
                None
            }
        }
    }

    pub(super) fn remove(&mut self, namespace: Option<&str>, name: &str) -> Option<CachedObject> {
        let index = self.find(namespace, name).ok()?;
        Some(Arc::make_mut(&mut self.0).remove(index))
    }

    fn find(&self, namespace: Option<&str>, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|object| object.cmp_key(namespace, name))
    }
}
