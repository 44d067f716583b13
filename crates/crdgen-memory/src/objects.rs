//! Operations on the objects of one kind, as JSON.
//!
//! The order of checks is that of the API server (`registry/generic/registry/store.go`, `handlers/patch.go`), since the
//! order decides which of several errors a caller gets. Writes are optimistic, as on a server: the new state is made
//! without a lock, and is stored only if no other write changed the object meanwhile.

use std::sync::Arc;

use crdgen_backend::{
    Effect, Error, JsonPatch, Key, ListQuery, MergePatch, Namespace, Preconditions, Reason, Result, Scale, Status,
    StatusDetails, WriteOptions, WriteReport,
};
use crdgen_core::ListMeta;
use serde_json::Value;

use super::kind::{Kind, name_of};
use super::object::Object;
use super::owners::{self, Moment};
use super::page::{self, Page};
use super::place::Place;
use super::selection::Selection;
use super::store::{SharedStore, Store};
use super::stored::Stored;
use super::write::{self, Part};
use super::{patch, scale};

/// Objects of one kind in memory, as JSON. Unless stated otherwise, methods behave as those of
/// [`Backend`](crdgen_backend::Backend).
///
/// The methods run on the calling thread. They refuse objects that are nested deeper than 125 levels, or have a key
/// that begins with `$serde_json::private::`, with [`Reason::BadRequest`].
#[derive(Clone, Debug)]
pub struct Objects {
    pub(super) store: SharedStore,
    pub(super) kind: Arc<Kind>,
    pub(super) options: WriteOptions,
}

/// Outcome of a deletion.
#[derive(Clone, Debug, PartialEq)]
pub enum DeleteOutcome {
    /// The object was removed.
    Removed(Status),
    /// The object is marked as being deleted. It is removed when its finalizers are removed.
    Terminating(Value),
}

/// Maximum size of a request that etcd accepts by default, in bytes.
const MAX_SIZE: usize = 1_536 << 10;

/// Space that a write may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// Up to the limits of the store.
    Quota,
    /// Without limit.
    Any,
}

/// Maximum number of attempts of a write that fails because other writes change the object. In each failed attempt
/// another write succeeded.
const ATTEMPTS: usize = 32;

impl Objects {
    /// Returns the objects with the given options for writes.
    #[must_use]
    pub fn with_options(mut self, options: WriteOptions) -> Self {
        self.options = options;
        self
    }

    /// Returns a page of objects.
    ///
    /// # Errors
    ///
    /// Fails for a field selector with a field that is not selectable, and for a continue token that is too old or
    /// belongs to another list.
    pub fn list(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<(Vec<Value>, ListMeta)> {
        let Page { objects, metadata, .. } = self.page(&self.selection(namespace, query)?, query)?;
        let values: Result<_> = objects.iter().map(|object| object.decode(&self.kind)).collect();
        Ok((values?, metadata))
    }

    pub(super) fn selection(&self, namespace: Option<&Namespace>, query: &ListQuery) -> Result<Selection> {
        Selection::new(&self.kind, namespace, &query.labels, &query.fields)
    }

    pub(super) fn page(&self, selection: &Selection, query: &ListQuery) -> Result<Page> {
        page::select(&self.store, selection, query)
    }

    /// Returns an object.
    ///
    /// # Errors
    ///
    /// Returns [`Reason::NotFound`] when the object does not exist.
    pub fn get(&self, key: &Key) -> Result<Value> {
        self.stored(key)?.decode(&self.kind)
    }

    /// Stores a new object.
    ///
    /// # Errors
    ///
    /// Fails when the object exists, when `object` has a resourceVersion, or when it breaks the rules of the kind.
    /// Returns [`Reason::Forbidden`] when the store has no space for the object ([`Limits`](super::Limits)).
    pub fn create(&self, namespace: Option<&Namespace>, object: Value) -> Result<Value> {
        self.kind.check_form(&object, &self.options)?;
        let mut object = Object::of_value(object, &self.kind)?;
        self.dedup_owners(&mut object, Moment::Sent);
        let taken = |name: &str| self.store.read().get(&Place::new(&self.kind, namespace, name)).is_some();
        write::prepare(&mut object, &self.kind, namespace, taken)?;
        let object = self.admitted(object, None)?;
        let place = Place::new(&self.kind, namespace, object.meta("name").unwrap_or_default());
        let already_exists = self.kind.already_exists(&place.id.name);
        Ok(self.put(place, None, object)?.ok_or(already_exists)?.into_value())
    }

    /// Replaces an object.
    ///
    /// # Errors
    ///
    /// Fails when the object does not exist, when its version is not the one that the new object names, or when the new
    /// object breaks the rules of the kind.
    pub fn replace(&self, key: &Key, object: Value, preconditions: &Preconditions) -> Result<Value> {
        self.renew(Part::of_main(&self.kind), key, object, preconditions)
    }

    /// Replaces the status of an object and changes nothing else. See [`replace`](Self::replace).
    ///
    /// # Errors
    ///
    /// Fails as [`replace`](Self::replace), and when the kind has no status subresource.
    pub fn replace_status(&self, key: &Key, object: Value, preconditions: &Preconditions) -> Result<Value> {
        self.renew(Part::of_status(&self.kind, &key.name)?, key, object, preconditions)
    }

    fn renew(&self, part: Part, key: &Key, object: Value, preconditions: &Preconditions) -> Result<Value> {
        self.kind.check_form(&object, &self.options)?;
        let mut object = object;
        write::demand(&mut object, preconditions);
        let mut next = Object::of_value(object, &self.kind)?;
        write::adopt(&mut next, key)?;
        self.dedup_owners(&mut next, Moment::Sent);
        let mut next = Some(next);
        let written = self.update(key, |attempt, current| {
            // The replacement was meant for the version that was read first, so it is not applied to a later one.
            let next = next.take().ok_or_else(|| self.kind.conflict(&key.name))?;
            write::check_uid(current, &next, &self.kind, key)?;
            attempt.succeed(part, current, next, key)
        });
        written.map(Object::into_value).map_err(|error| missed(error, preconditions))
    }

    /// Applies a merge patch to an object.
    ///
    /// # Errors
    ///
    /// Fails when the object does not exist, or when the patched object breaks the rules of the kind.
    pub fn patch(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Value> {
        self.merge(Part::of_main(&self.kind), key, patch, preconditions)
    }

    /// Applies a merge patch to the status of an object and changes nothing else. See [`patch`](Self::patch).
    ///
    /// # Errors
    ///
    /// Fails as [`patch`](Self::patch), and when the kind has no status subresource.
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

    /// Applies the steps of a JSON patch to an object.
    ///
    /// # Errors
    ///
    /// Fails as [`patch`](Self::patch). Returns [`Reason::Invalid`] when a step cannot be applied.
    pub fn json_patch(&self, key: &Key, patch: &JsonPatch, preconditions: &Preconditions) -> Result<Value> {
        self.step(Part::of_main(&self.kind), key, patch, preconditions)
    }

    /// Applies the steps of a JSON patch to the status of an object and changes nothing else. See
    /// [`json_patch`](Self::json_patch).
    ///
    /// # Errors
    ///
    /// Fails as [`json_patch`](Self::json_patch), and when the kind has no status subresource.
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
        change: impl Fn(&mut Value) -> Result<()>,
    ) -> Result<Value> {
        let written = self.update(key, |attempt, current| {
            let mut value = current.as_value().clone();
            change(&mut value)?;
            patch::check_type(&value)?;
            attempt.kind.check_form(&value, &attempt.options).map_err(patch::blamed)?;
            let mut next = patch::outcome(value, &attempt.kind, key)?;
            attempt.dedup_owners(&mut next, Moment::Patched);
            attempt.succeed(part, current, next, key)
        });
        written.map(Object::into_value).map_err(|error| missed(error, preconditions))
    }

    /// Deletes an object. An object with finalizers is only marked as being deleted; the mark may exceed the limits of
    /// the store.
    ///
    /// # Errors
    ///
    /// Fails when the object does not exist or does not meet the preconditions.
    pub fn delete(&self, key: &Key, preconditions: &Preconditions) -> Result<DeleteOutcome> {
        for _ in 0..ATTEMPTS {
            if let Some(remains) = self.try_delete(key, preconditions)? {
                return Ok(remains);
            }
        }
        Err(self.kind.conflict(&key.name))
    }

    fn try_delete(&self, key: &Key, preconditions: &Preconditions) -> Result<Option<DeleteOutcome>> {
        let stored = self.stored(key)?;
        let current = stored.object(&self.kind)?;
        let checked = write::check_preconditions(current.as_value(), &self.kind, preconditions, key);
        checked.map_err(|error| missed(error, preconditions))?;
        if current.finalizers().is_empty() {
            let is_gone = self.remove(key, &stored);
            return Ok(is_gone.then(|| DeleteOutcome::Removed(self.gone(key, &current))));
        }
        let marked = write::marked(&current);
        if marked == current {
            return Ok(Some(DeleteOutcome::Terminating(current.into_value())));
        }
        let place = Place::of(&self.kind, key);
        let marked = self.put_within(place, Some(&stored), marked, Room::Any)?;
        Ok(marked.map(|marked| DeleteOutcome::Terminating(marked.into_value())))
    }

    /// Deletes the objects that a query selects. Returns their last state.
    ///
    /// # Errors
    ///
    /// Fails as [`list`](Self::list).
    pub fn delete_collection(
        &self,
        namespace: Option<&Namespace>,
        query: &ListQuery,
    ) -> Result<(Vec<Value>, ListMeta)> {
        self.delete_page(self.page(&self.selection(namespace, query)?, query)?)
    }

    /// Deletes the objects of a page. Returns their state in the page.
    pub(super) fn delete_page(&self, page: Page) -> Result<(Vec<Value>, ListMeta)> {
        let Page { objects, metadata, .. } = page;
        for object in &objects {
            let namespace = Some(&*object.id.namespace).filter(|namespace| !namespace.is_empty());
            let key = Key {
                namespace: namespace.and_then(|namespace| namespace.parse().ok()),
                name: object.id.name.parse().map_err(Error::internal)?,
            };
            match self.delete(&key, &Preconditions::default()) {
                // Another request deleted the object first.
                Err(error) if error.reason != Reason::NotFound => return Err(error),
                _ => {}
            }
        }
        let values: Result<_> = objects.iter().map(|object| object.decode(&self.kind)).collect();
        Ok((values?, metadata))
    }

    /// Returns the scale subresource of an object.
    ///
    /// # Errors
    ///
    /// Fails when the object does not exist, when its kind has no scale subresource, or when it has no value at
    /// `specReplicasPath`.
    pub fn get_scale(&self, key: &Key) -> Result<Scale> {
        scale::of(&self.kind, &self.stored(key)?.object(&self.kind)?)
    }

    /// Sets the desired number of replicas.
    ///
    /// # Errors
    ///
    /// Fails as [`replace`](Self::replace), and when the kind has no scale subresource.
    pub fn replace_scale(&self, key: &Key, scale: &Scale, preconditions: &Preconditions) -> Result<Scale> {
        self.rescale(key, preconditions, |_| serde_json::to_value(scale).map_err(Error::internal))
    }

    /// Sets the desired number of replicas with a patch of the scale subresource.
    ///
    /// # Errors
    ///
    /// Fails as [`patch`](Self::patch), and when the kind has no scale subresource.
    pub fn patch_scale(&self, key: &Key, patch: &MergePatch, preconditions: &Preconditions) -> Result<Scale> {
        self.rescale(key, preconditions, |current| scale::patched(&self.kind, current, patch))
    }

    fn rescale(
        &self,
        key: &Key,
        preconditions: &Preconditions,
        scale: impl Fn(&Object) -> Result<Value>,
    ) -> Result<Scale> {
        let written = self.update(key, |attempt, current| {
            let mut scale = scale(current)?;
            write::demand(&mut scale, preconditions);
            let next = scale::scaled(&attempt.kind, current, key, scale)?;
            attempt.succeed(Part::of_main(&attempt.kind), current, next, key)
        });
        scale::of(&self.kind, &written.map_err(|error| missed(error, preconditions))?)
    }

    /// Reads an object, makes its new state with `change` and stores it. Tries again when another write changed the
    /// object meanwhile. Warnings of a failed attempt are dropped.
    fn update(&self, key: &Key, mut change: impl FnMut(&Self, &Object) -> Result<Object>) -> Result<Object> {
        for _ in 0..ATTEMPTS {
            let report = WriteReport::default();
            let options = WriteOptions { report: Some(report.clone()), ..self.options.clone() };
            let written = self.clone().with_options(options).try_update(key, &mut change).transpose();
            if let Some(written) = written {
                report.warnings().take().iter().for_each(|text| self.options.warn(text));
                return written;
            }
        }
        Err(self.kind.conflict(&key.name))
    }

    fn try_update(&self, key: &Key, change: impl FnOnce(&Self, &Object) -> Result<Object>) -> Result<Option<Object>> {
        let stored = self.stored(key)?;
        let current = stored.object(&self.kind)?;
        let mut next = change(self, &current)?;
        if self.options.effect == Effect::Store && !next.is_finished() {
            // The field is removed only when an object is stored.
            next.remove_meta("selfLink");
        }
        if next == current {
            return Ok(Some(current));
        }
        if !next.is_finished() {
            return self.put(Place::of(&self.kind, key), Some(&stored), next);
        }
        // The answer keeps the version of the removed object, since no new version was written.
        Ok(self.remove(key, &stored).then_some(next))
    }

    /// Returns the new state of an object, as a server stores it.
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

    /// Admits an object: prunes, defaults and validates it by the schema of the kind.
    fn admitted(&self, object: Object, current: Option<&Object>) -> Result<Object> {
        let mut value = object.into_value();
        let mut verdict = self.kind.admit(&mut value, current.map(Object::as_value));
        let warnings = std::mem::take(&mut verdict.warnings);
        self.kind.refused(name_of(&value), verdict)?;
        warnings.iter().for_each(|text| self.options.warn(text));
        Object::of_value(self.kind.typed(value)?, &self.kind)
    }

    /// Stores an object. Returns `None` when the stored object is no longer `before`.
    fn put(&self, place: Place, before: Option<&Arc<Stored>>, object: Object) -> Result<Option<Object>> {
        self.put_within(place, before, object, Room::Quota)
    }

    fn put_within(
        &self,
        place: Place,
        before: Option<&Arc<Stored>>,
        mut object: Object,
        room: Room,
    ) -> Result<Option<Object>> {
        let after = Stored::new(place.id.clone(), &object, &self.kind)?;
        if after.len() > MAX_SIZE && self.options.effect == Effect::Store {
            return Err(Error::new(Reason::RequestEntityTooLarge, "etcdserver: request is too large"));
        }
        if self.options.effect == Effect::DryRun {
            let is_possible = self.is_possible(&self.store.read(), &place, before, &after, room)?;
            return Ok(is_possible.then_some(object));
        }
        let mut store = self.store.write();
        if !self.is_possible(&store, &place, before, &after, room)? {
            return Ok(None);
        }
        let version = store.put(place, before, after);
        drop(store);
        Ok(version.map(|version| {
            object.set_meta("resourceVersion", version.to_string());
            object
        }))
    }

    /// Returns whether the stored object is still `before`.
    ///
    /// # Errors
    ///
    /// Fails when the object would exceed the limits of the store.
    fn is_possible(
        &self,
        store: &Store,
        place: &Place,
        before: Option<&Arc<Stored>>,
        after: &Stored,
        room: Room,
    ) -> Result<bool> {
        let is_there = store.is_there(place, before);
        if is_there && room == Room::Quota {
            let checked = store.check_quota(place, before.map(|before| &**before), after);
            checked.map_err(|exceeded| exceeded.error(place))?;
        }
        Ok(is_there)
    }

    fn remove(&self, key: &Key, before: &Arc<Stored>) -> bool {
        match self.options.effect {
            Effect::DryRun => true,
            Effect::Store => self.store.write().remove(&Place::of(&self.kind, key), before),
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

    pub(super) fn stored(&self, key: &Key) -> Result<Arc<Stored>> {
        let found = self.store.read().get(&Place::of(&self.kind, key)).cloned();
        found.ok_or_else(|| self.kind.not_found(&key.name))
    }
}

/// Converts a conflict to a missed precondition when the caller named preconditions.
fn missed(mut error: Error, preconditions: &Preconditions) -> Error {
    let is_stale = match error.reason {
        Reason::Conflict => true,
        // A patch that names another uid would change the uid.
        Reason::Invalid => error.causes.iter().any(|cause| cause.field == "metadata.uid"),
        _ => false,
    };
    if is_stale && *preconditions != Preconditions::default() {
        error.reason = Reason::PreconditionFailed;
    }
    error
}
