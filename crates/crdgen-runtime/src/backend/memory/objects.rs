//! The objects of one kind, as JSON: what every operation does.
//!
//! The order of checks is the API server's (`registry/generic/registry/store.go`, `handlers/patch.go`), since it decides
//! which of several refusals a caller sees.

use std::sync::Arc;

use serde_json::Value;

use super::kind::{Kind, name_of};
use super::object::{Object, to_value};
use super::owners::{self, Moment};
use super::page::{self, Page};
use super::store::{Place, SharedStore, Store};
use super::write::{self, Part};
use super::{patch, scale};
use crate::ListMeta;
use crate::backend::{
    Effect, Error, JsonPatch, Key, ListQuery, MergePatch, Namespace, Preconditions, Reason, Result, Scale, Status,
    StatusDetails, WriteOptions,
};

/// The objects of one kind in memory, without a type. What is not said here is as in [`Backend`](crate::backend::Backend).
#[derive(Clone, Debug)]
pub struct Objects {
    pub(super) store: SharedStore,
    pub(super) kind: Arc<Kind>,
    pub(super) options: WriteOptions,
}

/// What deleting leaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Remains {
    /// Nothing: the object is gone.
    Gone(Status),
    /// The object, marked: it goes when its finalizers are gone.
    Marked(Value),
}

/// What etcd takes in one request, in bytes.
const MAX_SIZE: usize = 1_536 << 10;

impl Objects {
    /// The same objects, written so.
    #[must_use]
    pub fn with_options(mut self, options: WriteOptions) -> Self {
        self.options = options;
        self
    }

    /// A page of objects.
    ///
    /// # Errors
    ///
    /// For a field that cannot be selected by, and a token that is not one of this store or too old.
    pub fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<(Vec<Value>, ListMeta)> {
        let Page { objects, metadata } = page::select(&self.store.read(), &self.kind, namespace, query)?;
        let values = objects.iter().map(|object| object.to_value(&self.kind)).collect();
        Ok((values, metadata))
    }

    /// One object.
    ///
    /// # Errors
    ///
    /// [`Reason::NotFound`].
    pub fn get(&self, key: &Key) -> Result<Value> {
        Ok(self.object(key)?.to_value(&self.kind))
    }

    /// Stores a new object.
    ///
    /// # Errors
    ///
    /// When it is there already, or the kind's rules refuse it.
    pub fn create(&self, namespace: Option<&Namespace>, object: Value) -> Result<Value> {
        self.kind.check_form(&object, &self.options)?;
        let mut object = Object::of_value(object)?;
        self.dedup_owners(&mut object, Moment::Sent);
        let mut store = self.store.write();
        let taken = |name: &str| store.get(&self.place_of(namespace, name)).is_some();
        write::prepare(&mut object, &self.kind, namespace, taken)?;
        let object = self.admitted(object, None)?;
        let name = object.meta("name").unwrap_or_default().to_owned();
        let place = self.place_of(namespace, &name);
        if store.get(&place).is_some() {
            return Err(self.kind.already_exists(name));
        }
        if object.meta("resourceVersion").is_some() {
            return Err(Error::internal("resourceVersion should not be set on objects to be created"));
        }
        Ok(self.stored(&mut store, place, object)?.to_value(&self.kind))
    }

    /// Replaces an object.
    ///
    /// # Errors
    ///
    /// When it is not there, not at the version that the new one names, or the kind's rules refuse the new one.
    pub fn replace(&self, key: &Key, object: Value, preconditions: &Preconditions) -> Result<Value> {
        self.put(Part::of_main(&self.kind), key, object, preconditions)
    }

    /// As [`replace`](Self::replace), but nothing except the status changes.
    ///
    /// # Errors
    ///
    /// As there, and when the kind has no status apart.
    pub fn replace_status(&self, key: &Key, object: Value, preconditions: &Preconditions) -> Result<Value> {
        self.put(Part::of_status(&self.kind, &key.name)?, key, object, preconditions)
    }

    fn put(&self, part: Part, key: &Key, object: Value, preconditions: &Preconditions) -> Result<Value> {
        self.kind.check_form(&object, &self.options)?;
        let mut object = object;
        write::demand(&mut object, preconditions);
        let mut next = Object::of_value(object)?;
        write::adopt(&mut next, key)?;
        self.dedup_owners(&mut next, Moment::Sent);
        let written = self.update(key, |current| {
            write::check_uid(current, &next, &self.kind, key)?;
            self.succeed(part, current, next, key)
        });
        written.map(|object| object.to_value(&self.kind)).map_err(|error| missed(error, preconditions))
    }

    /// Changes what a merge patch names.
    ///
    /// # Errors
    ///
    /// When the object is not there, or the kind's rules refuse what the patch makes of it.
    pub fn patch(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Value> {
        self.merge(Part::of_main(&self.kind), key, patch, preconditions)
    }

    /// As [`patch`](Self::patch), but nothing except the status changes.
    ///
    /// # Errors
    ///
    /// As there, and when the kind has no status apart.
    pub fn patch_status(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Value> {
        self.merge(Part::of_status(&self.kind, &key.name)?, key, patch, preconditions)
    }

    fn merge(&self, part: Part, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Value> {
        self.change(part, key, preconditions, |object| {
            patch.apply(object)?;
            write::demand(object, preconditions);
            Ok(())
        })
    }

    /// Takes the steps of a JSON patch.
    ///
    /// # Errors
    ///
    /// As [`patch`](Self::patch), and [`Reason::Invalid`] when a step cannot be taken.
    pub fn json_patch(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<Value> {
        self.step(Part::of_main(&self.kind), key, patch, preconditions)
    }

    /// As [`json_patch`](Self::json_patch), but nothing except the status changes.
    ///
    /// # Errors
    ///
    /// As there, and when the kind has no status apart.
    pub fn json_patch_status(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<Value> {
        self.step(Part::of_status(&self.kind, &key.name)?, key, patch, preconditions)
    }

    fn step(&self, part: Part, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<Value> {
        self.change(part, key, preconditions, |object| {
            write::check_preconditions(object, &self.kind, preconditions, key)?;
            patch.apply(object)
        })
    }

    fn change(
        &self,
        part: Part,
        key: &Key,
        preconditions: &Preconditions,
        change: impl FnOnce(&mut Value) -> Result<()>,
    ) -> Result<Value> {
        let written = self.update(key, |current| {
            let mut value = current.to_value(&self.kind);
            change(&mut value)?;
            patch::check_type(&value)?;
            self.kind.check_form(&value, &self.options).map_err(patch::blamed)?;
            let mut next = patch::outcome(value, &self.kind, key)?;
            self.dedup_owners(&mut next, Moment::Patched);
            self.succeed(part, current, next, key)
        });
        written.map(|object| object.to_value(&self.kind)).map_err(|error| missed(error, preconditions))
    }

    /// Deletes an object, or marks it if finalizers hold it.
    ///
    /// # Errors
    ///
    /// When it is not there, or not as the preconditions say.
    pub fn delete(&self, key: &Key, preconditions: &Preconditions) -> Result<Remains> {
        let mut store = self.store.write();
        let place = self.place(key);
        let current = store.get(&place).cloned().ok_or_else(|| self.kind.not_found(&key.name))?;
        let checked = write::check_preconditions(&current.to_value(&self.kind), &self.kind, preconditions, key);
        checked.map_err(|error| missed(error, preconditions))?;
        if current.finalizers().is_empty() {
            if self.options.effect == Effect::Store {
                store.remove(place);
            }
            return Ok(Remains::Gone(self.gone(key, &current)));
        }
        let marked = write::marked(&current);
        let marked = if marked == *current { current } else { self.stored(&mut store, place, marked)? };
        Ok(Remains::Marked(marked.to_value(&self.kind)))
    }

    /// Deletes the objects that a query selects; what they were.
    ///
    /// # Errors
    ///
    /// As [`list`](Self::list).
    pub fn delete_collection(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<(Vec<Value>, ListMeta)> {
        let Page { objects, metadata } = page::select(&self.store.read(), &self.kind, namespace, query)?;
        for object in &objects {
            let name = object.meta("name").unwrap_or_default();
            let key = Key {
                namespace: object.meta("namespace").and_then(|namespace| namespace.parse().ok()),
                name: name.parse().map_err(Error::internal)?,
            };
            match self.delete(&key, &Preconditions::default()) {
                // Somebody else was faster.
                Err(error) if error.reason != Reason::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok((objects.iter().map(|object| object.to_value(&self.kind)).collect(), metadata))
    }

    /// The scale subresource.
    ///
    /// # Errors
    ///
    /// When the object is not there, has none, or does not say how many replicas there are to be.
    pub fn get_scale(&self, key: &Key) -> Result<Scale> {
        scale::of(&self.kind, self.object(key)?.as_ref())
    }

    /// Sets the replicas that are asked for.
    ///
    /// # Errors
    ///
    /// As [`replace`](Self::replace), and when the object has no scale.
    pub fn replace_scale(&self, key: &Key, scale: &Scale, preconditions: &Preconditions) -> Result<Scale> {
        self.rescale(key, preconditions, |_| to_value(scale))
    }

    /// Sets the replicas that are asked for, by a patch of the scale.
    ///
    /// # Errors
    ///
    /// As [`patch`](Self::patch), and when the object has no scale.
    pub fn patch_scale(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Scale> {
        self.rescale(key, preconditions, |current| scale::patched(&self.kind, current, patch))
    }

    fn rescale(
        &self,
        key: &Key,
        preconditions: &Preconditions,
        scale: impl FnOnce(&Object) -> Result<Value>,
    ) -> Result<Scale> {
        let written = self.update(key, |current| {
            let mut scale = scale(current)?;
            write::demand(&mut scale, preconditions);
            let next = scale::scaled(&self.kind, current, key, scale)?;
            self.succeed(Part::of_main(&self.kind), current, next, key)
        });
        scale::of(&self.kind, written.map_err(|error| missed(error, preconditions))?.as_ref())
    }

    /// Reads an object, lets `change` make its successor from it, and stores that. The lock is held throughout.
    fn update(&self, key: &Key, change: impl FnOnce(&Object) -> Result<Object>) -> Result<Arc<Object>> {
        let mut store = self.store.write();
        let place = self.place(key);
        let current = store.get(&place).cloned().ok_or_else(|| self.kind.not_found(&key.name))?;
        let mut next = change(&current)?;
        if self.options.effect == Effect::Store && !next.is_finished() {
            // It is taken away only when an object is stored.
            next.remove_meta("selfLink");
        }
        if next == *current {
            return Ok(current);
        }
        if !next.is_finished() {
            return self.stored(&mut store, place, next);
        }
        // The answer has the version of what was there: the object went, and nothing was written.
        if self.options.effect == Effect::Store {
            store.remove(place);
        }
        Ok(Arc::new(next))
    }

    /// The successor of an object, as a server stores it.
    fn succeed(&self, part: Part, current: &Object, next: Object, key: &Key) -> Result<Object> {
        write::check_version(current, &next, &self.kind, key)?;
        let next = write::successor(part, current, next);
        let is_anew = part != Part::Status && write::writes_floats_anew(current, &next);
        let mut next = self.admitted(next, Some(current))?;
        write::count(part, current, is_anew, &mut next);
        Ok(next)
    }

    fn dedup_owners(&self, object: &mut Object, moment: Moment) {
        if let Some(warning) = owners::dedup(object, moment) {
            self.options.warn(&warning);
        }
    }

    /// What the kind's schema makes of an object that is to be stored.
    fn admitted(&self, object: Object, current: Option<&Object>) -> Result<Object> {
        let mut value = object.into_value(&self.kind);
        let current = current.map(|current| current.to_value(&self.kind));
        let mut verdict = self.kind.admit(&mut value, current.as_ref());
        let warnings = std::mem::take(&mut verdict.warnings);
        self.kind.refused(name_of(&value), verdict)?;
        warnings.iter().for_each(|text| self.options.warn(text));
        Object::of_value(self.kind.typed(value)?)
    }

    fn stored(&self, store: &mut Store, place: Place, object: Object) -> Result<Arc<Object>> {
        match self.options.effect {
            Effect::DryRun => Ok(Arc::new(object)),
            Effect::Store if object.size() > MAX_SIZE => Err(Error::internal("etcdserver: request is too large")),
            Effect::Store => Ok(store.put(place, object)),
        }
    }

    fn gone(&self, key: &Key, object: &Object) -> Status {
        let (plural, group) = self.kind.resource.split_once('.').unwrap_or((&self.kind.resource, ""));
        Status::about(StatusDetails {
            name: key.name.to_string(),
            group: group.to_owned(),
            kind: plural.to_owned(),
            uid: object.meta("uid").unwrap_or_default().to_owned(),
        })
    }

    fn object(&self, key: &Key) -> Result<Arc<Object>> {
        let found = self.store.read().get(&self.place(key)).cloned();
        found.ok_or_else(|| self.kind.not_found(&key.name))
    }

    fn place(&self, key: &Key) -> Place {
        self.place_of(key.namespace.as_ref(), key.name.as_str())
    }

    fn place_of(&self, namespace: Option<&Namespace>, name: &str) -> Place {
        Place::new(&self.kind, namespace, name)
    }
}

/// A conflict that the caller asked to be told of is a missed precondition.
fn missed(mut error: Error, preconditions: &Preconditions) -> Error {
    let is_stale = match error.reason {
        Reason::Conflict => true,
        // A patch that names another uid would change it.
        Reason::Invalid => error.causes.iter().any(|cause| cause.field == "metadata.uid"),
        _ => false,
    };
    if is_stale && *preconditions != Preconditions::default() {
        error.reason = Reason::PreconditionFailed;
    }
    error
}
