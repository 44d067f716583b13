//! The objects of one kind, as JSON: what every operation does.
//!
//! The order of checks is the API server's (`registry/generic/registry/store.go`, `handlers/patch.go`), since it decides
//! which of several refusals a caller sees. As there, writes are optimistic: an object is read, its successor is made while
//! nothing is locked, and it is stored if nobody else wrote meanwhile.

use std::sync::Arc;

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
use crate::ListMeta;
use crate::backend::{
    Effect, Error, JsonPatch, Key, ListQuery, MergePatch, Namespace, Preconditions, Reason, Remarks, Result, Scale,
    Status, StatusDetails, WriteOptions,
};

/// The objects of one kind in memory, without a type. What is not said here is as in [`Backend`](crate::backend::Backend).
///
/// The methods do their work at once, on the thread that calls them. Objects with keys that begin with
/// `$serde_json::private::`, and such that are nested deeper than 125, are refused with [`Reason::BadRequest`].
#[derive(Clone, Debug)]
pub struct Objects {
    pub(super) store: SharedStore,
    pub(super) kind: Arc<Kind>,
    pub(super) options: WriteOptions,
}

/// State that a deletion leaves.
#[derive(Clone, Debug, PartialEq)]
pub enum Remains {
    /// Nothing: the object is gone.
    Gone(Status),
    /// The object, marked: it goes when its finalizers are gone.
    Marked(Value),
}

/// Length of the largest request that etcd takes by default, in bytes.
const MAX_SIZE: usize = 1_536 << 10;

/// Room that a write may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    /// As much as the limits leave.
    Quota,
    /// Any.
    Any,
}

/// Number of times that a write is tried when others change its object meanwhile. Each time, one of the others succeeded.
const ATTEMPTS: usize = 32;

impl Objects {
    /// Returns the same objects; they are written with these options.
    #[must_use]
    pub fn with_options(mut self, options: WriteOptions) -> Self {
        self.options = options;
        self
    }

    /// A page of objects.
    ///
    /// # Errors
    ///
    /// For a field that cannot be selected by, and a token that is not one of this list or too old.
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

    /// One object.
    ///
    /// # Errors
    ///
    /// [`Reason::NotFound`].
    pub fn get(&self, key: &Key) -> Result<Value> {
        self.stored(key)?.decode(&self.kind)
    }

    /// Stores a new object.
    ///
    /// # Errors
    ///
    /// When it is there already, names a version, or the kind's rules refuse it. [`Reason::Forbidden`] when there is no room
    /// for it ([`Limits`](super::Limits)).
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
    /// When it is not there, not at the version that the new one names, or the kind's rules refuse the new one.
    pub fn replace(&self, key: &Key, object: Value, preconditions: &Preconditions) -> Result<Value> {
        self.renew(Part::of_main(&self.kind), key, object, preconditions)
    }

    /// As [`replace`](Self::replace), but nothing except the status changes.
    ///
    /// # Errors
    ///
    /// As there, and when the kind has no status apart.
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
            // It is of the version that was there before, and not of what somebody else made of that.
            let next = next.take().ok_or_else(|| self.kind.conflict(&key.name))?;
            write::check_uid(current, &next, &self.kind, key)?;
            attempt.succeed(part, current, next, key)
        });
        written.map(Object::into_value).map_err(|error| missed(error, preconditions))
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

    /// Deletes an object, or marks it if finalizers hold it. There is always room for the mark.
    ///
    /// # Errors
    ///
    /// When it is not there, or not as the preconditions say.
    pub fn delete(&self, key: &Key, preconditions: &Preconditions) -> Result<Remains> {
        for _ in 0..ATTEMPTS {
            if let Some(remains) = self.try_delete(key, preconditions)? {
                return Ok(remains);
            }
        }
        Err(self.kind.conflict(&key.name))
    }

    fn try_delete(&self, key: &Key, preconditions: &Preconditions) -> Result<Option<Remains>> {
        let stored = self.stored(key)?;
        let current = stored.object(&self.kind)?;
        let checked = write::check_preconditions(current.as_value(), &self.kind, preconditions, key);
        checked.map_err(|error| missed(error, preconditions))?;
        if current.finalizers().is_empty() {
            let is_gone = self.remove(key, &stored);
            return Ok(is_gone.then(|| Remains::Gone(self.gone(key, &current))));
        }
        let marked = write::marked(&current);
        if marked == current {
            return Ok(Some(Remains::Marked(current.into_value())));
        }
        let place = Place::of(&self.kind, key);
        let marked = self.put_within(place, Some(&stored), marked, Room::Any)?;
        Ok(marked.map(|marked| Remains::Marked(marked.into_value())))
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
        self.delete_page(self.page(&self.selection(namespace, query)?, query)?)
    }

    /// Deletes the objects of a page; what they were.
    pub(super) fn delete_page(&self, page: Page) -> Result<(Vec<Value>, ListMeta)> {
        let Page { objects, metadata, .. } = page;
        for object in &objects {
            let namespace = Some(&*object.id.namespace).filter(|namespace| !namespace.is_empty());
            let key = Key {
                namespace: namespace.and_then(|namespace| namespace.parse().ok()),
                name: object.id.name.parse().map_err(Error::internal)?,
            };
            match self.delete(&key, &Preconditions::default()) {
                // Somebody else was faster.
                Err(error) if error.reason != Reason::NotFound => return Err(error),
                _ => {}
            }
        }
        let values: Result<_> = objects.iter().map(|object| object.decode(&self.kind)).collect();
        Ok((values?, metadata))
    }

    /// The scale subresource.
    ///
    /// # Errors
    ///
    /// When the object is not there, has none, or does not say how many replicas there are to be.
    pub fn get_scale(&self, key: &Key) -> Result<Scale> {
        scale::of(&self.kind, &self.stored(key)?.object(&self.kind)?)
    }

    /// Sets the replicas that are asked for.
    ///
    /// # Errors
    ///
    /// As [`replace`](Self::replace), and when the object has no scale.
    pub fn replace_scale(&self, key: &Key, scale: &Scale, preconditions: &Preconditions) -> Result<Scale> {
        self.rescale(key, preconditions, |_| serde_json::to_value(scale).map_err(Error::internal))
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

    /// Reads an object, has `change` make its successor from it, and stores that; all again when somebody else stored one
    /// meanwhile. What an attempt in vain warned of is not said.
    fn update(&self, key: &Key, mut change: impl FnMut(&Self, &Object) -> Result<Object>) -> Result<Object> {
        for _ in 0..ATTEMPTS {
            let remarks = Remarks::default();
            let options = WriteOptions { remarks: Some(remarks.clone()), ..self.options.clone() };
            let written = self.clone().with_options(options).try_update(key, &mut change).transpose();
            if let Some(written) = written {
                remarks.warnings().take().iter().for_each(|text| self.options.warn(text));
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
            // It is taken away only when an object is stored.
            next.remove_meta("selfLink");
        }
        if next == current {
            return Ok(Some(current));
        }
        if !next.is_finished() {
            return self.put(Place::of(&self.kind, key), Some(&stored), next);
        }
        // The answer has the version of what was there: the object went, and nothing was written.
        Ok(self.remove(key, &stored).then_some(next))
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

    /// Makes of an object what the kind's schema stores of it.
    fn admitted(&self, object: Object, current: Option<&Object>) -> Result<Object> {
        let mut value = object.into_value();
        let mut verdict = self.kind.admit(&mut value, current.map(Object::as_value));
        let warnings = std::mem::take(&mut verdict.warnings);
        self.kind.refused(name_of(&value), verdict)?;
        warnings.iter().for_each(|text| self.options.warn(text));
        Object::of_value(self.kind.typed(value)?, &self.kind)
    }

    /// Stores an object that is ready, unless something else than `before` is there by now.
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

    /// Returns whether nothing else than `before` is there by now.
    ///
    /// # Errors
    ///
    /// When there is no room.
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
