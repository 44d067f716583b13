//! A write on its way to the backend, for admission to look at, to change and to refuse.
//!
//! The stored object, and the object that a patch makes of it, are read when admission first asks for them: a service that
//! looks at nothing pays nothing.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::body::unknown_field;
use super::visibility::pinned;
use super::{Patch, Subresource, Target, Verb};
use crate::backend::{
    self, Apply, Backend, Cause, Effect, Error, FieldValidation, Key, Preconditions, Reason, WriteOptions,
};
use crate::problem::Problem;
use crate::validation::Validation;
use crate::{Metadata as _, Resource, work};

type Lookup<'a, K> = Pin<Box<dyn Future<Output = backend::Result<K>> + Send + 'a>>;

/// A write that is to be admitted.
pub struct Write<'a, K> {
    verb: Verb,
    target: &'a Target,
    new: New<'a, K>,
    old: Old<'a, K>,
    options: WriteOptions,
    /// Whether anything was looked at that could differ from object to object.
    asked: AtomicBool,
}

/// What is to be stored.
enum New<'a, K> {
    /// Nothing: it is a deletion, or a scale.
    Nothing { replicas: Option<i32> },
    /// This, as the caller sent it or as a patch makes it.
    Object(Box<K>),
    /// What the patch makes of what is stored.
    Patch(Patch),
    /// What the apply makes of what is stored, as the backend says beforehand.
    Apply(Apply, Lookup<'a, K>),
    /// The same, looked at.
    Previewed(Apply, Box<K>, Value),
}

/// What is stored.
enum Old<'a, K> {
    /// Nothing.
    Nothing,
    /// Whatever this finds.
    Unread(Lookup<'a, K>),
    /// This.
    Read(Box<K>),
}

impl<'a, K: Resource> Write<'a, K> {
    fn new(verb: Verb, target: &'a Target, new: New<'a, K>, old: Old<'a, K>) -> Self {
        Self { verb, target, new, old, options: WriteOptions::default(), asked: AtomicBool::new(false) }
    }

    /// Makes the write of a new object.
    pub(super) fn create(target: &'a Target, object: K) -> Self {
        Self::new(Verb::Create, target, New::Object(Box::new(object)), Old::Nothing)
    }

    /// Makes the write of a whole object or its status; `found` is the stored object, if it was read already.
    pub(super) fn replace(
        target: &'a Target,
        backend: &'a impl Backend<K>,
        key: &'a Key,
        object: K,
        found: Option<K>,
    ) -> Self {
        Self::new(Verb::Update, target, New::Object(Box::new(object)), Old::of(backend, key, found))
    }

    /// Makes the write of a patch of an object or its status, which is to be written with `options`.
    pub(super) fn patch<B: Backend<K>>(
        target: &'a Target,
        backend: &'a B,
        key: &'a Key,
        options: &WriteOptions,
        patch: Patch,
        found: Option<K>,
    ) -> Self {
        let new = match patch {
            Patch::Apply(apply) => {
                let preview = preview(backend, key, apply.clone(), target.subresource);
                New::Apply(apply, Box::pin(preview))
            }
            patch => New::Patch(patch),
        };
        Self { options: options.clone(), ..Self::new(Verb::Patch, target, new, Old::of(backend, key, found)) }
    }

    /// Makes the write of the replicas of an object, by a whole scale or by a patch of it.
    pub(super) fn scale(
        verb: Verb,
        target: &'a Target,
        backend: &'a impl Backend<K>,
        key: &'a Key,
        replicas: Option<i32>,
        found: Option<K>,
    ) -> Self {
        Self::new(verb, target, New::Nothing { replicas }, Old::of(backend, key, found))
    }

    /// Makes the deletion of an object.
    pub(super) fn delete(target: &'a Target, backend: &'a impl Backend<K>, key: &'a Key, found: Option<K>) -> Self {
        Self::new(Verb::Delete, target, New::Nothing { replicas: None }, Old::of(backend, key, found))
    }

    /// Makes the deletion of an object that was read already.
    pub(super) fn delete_found(target: &'a Target, object: K) -> Self {
        Self::new(Verb::Delete, target, New::Nothing { replicas: None }, Old::Read(Box::new(object)))
    }

    /// Makes a deletion of many objects, before it is known which.
    pub(super) fn delete_many(target: &'a Target) -> Self {
        Self::new(Verb::Delete, target, New::Nothing { replicas: None }, Old::Nothing)
    }
}

impl<'a, K: Resource> Old<'a, K> {
    fn of(backend: &'a impl Backend<K>, key: &'a Key, found: Option<K>) -> Self {
        match found {
            Some(object) => Self::Read(Box::new(object)),
            None => Self::Unread(Box::pin(backend.get(key))),
        }
    }
}

async fn preview<K: Resource, B: Backend<K>>(
    backend: &B,
    key: &Key,
    apply: Apply,
    part: Option<Subresource>,
) -> backend::Result<K> {
    let dry = backend.with_options(&WriteOptions { effect: Effect::DryRun, ..WriteOptions::default() })?;
    match part {
        None => dry.apply(key, &apply).await,
        Some(_) => dry.apply_status(key, &apply).await,
    }
}

impl<K: Resource> Write<'_, K> {
    /// Returns the verb: create, update, patch or delete. A server-side apply that finds no object is a create. A deletion of
    /// many objects is a delete of each.
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// Returns the object or collection that is written to.
    ///
    /// A deletion of many objects is admitted once with no name. If admission looks at nothing but its verb, the answer holds
    /// for all of them; otherwise each is admitted, and deleted, by itself.
    pub fn target(&self) -> &Target {
        self.asked.store(true, Ordering::Relaxed);
        self.target
    }

    /// Returns the stored object; `None` for a creation.
    ///
    /// # Errors
    ///
    /// The backend's, when the object cannot be read.
    pub async fn stored(&mut self) -> backend::Result<Option<&K>> {
        self.asked.store(true, Ordering::Relaxed);
        if let Old::Unread(lookup) = &mut self.old {
            self.old = Old::Read(Box::new(lookup.await?));
        }
        Ok(match &self.old {
            Old::Read(object) => Some(object),
            Old::Nothing | Old::Unread(_) => None,
        })
    }

    /// Returns the object that is to be stored, to look at and to change; `None` for a deletion and for a scale. A patch that
    /// is looked at is carried out as a replacement of the version that was read: if another write comes in between, the
    /// caller gets a conflict (409).
    ///
    /// # Errors
    ///
    /// The backend's, when the stored object cannot be read; [`Invalid`](Reason::Invalid) when the patch cannot be applied.
    pub async fn object(&mut self) -> Result<Option<&mut K>, Problem> {
        if matches!(self.new, New::Patch(_)) {
            self.make().await?;
        }
        if matches!(self.new, New::Apply(..)) {
            self.preview().await?;
        }
        Ok(match &mut self.new {
            New::Object(object) | New::Previewed(_, object, _) => Some(object),
            New::Nothing { .. } | New::Patch(_) | New::Apply(..) => None,
        })
    }

    /// Returns the replicas that a write of a scale asks for.
    pub fn replicas(&self) -> Option<i32> {
        match self.new {
            New::Nothing { replicas } => replicas,
            _ => None,
        }
    }

    /// Carries the patch out here.
    async fn make(&mut self) -> Result<(), Problem> {
        let Some(stored) = self.stored().await? else { return Ok(()) };
        let (name, version) = (stored.metadata().name(), stored.metadata().resource_version());
        let (name, version) = (name.unwrap_or_default().to_owned(), version.map(str::to_owned));
        let json = serde_json::to_value(stored).map_err(Error::internal)?;
        let named_before = named_version(&json);
        let New::Patch(patch) = &self.new else { return Ok(()) };
        let json = take(json, patch.clone()).await?;
        // A patch that names another version is for that one only.
        if named_version(&json) != named_before {
            return Err(Error::conflict::<K>(&name).into());
        }
        self.check_declared(&json)?;
        let mut object: K = serde_json::from_value(json)
            .map_err(|error| Error::invalid::<K>(&name, vec![Cause::invalid("", error.to_string())]))?;
        crate::Metadata::set_resource_version(object.metadata_mut(), version);
        self.new = New::Object(Box::new(object));
        Ok(())
    }

    /// Looks for fields that the type is about to drop: the backend will not see them.
    fn check_declared(&self, json: &Value) -> Result<(), Problem> {
        let unknown = Validation::unknown_fields::<K>(json.clone());
        let said: Vec<_> = unknown.iter().map(|field| unknown_field(field)).collect();
        match self.options.field_validation.unwrap_or(FieldValidation::Warn) {
            FieldValidation::Strict if !said.is_empty() => {
                let cause = Cause::invalid("patch", format!("strict decoding error: {}", said.join(", ")));
                Err(Problem::new(Reason::Invalid, format!("patch: {}", cause.message)).with_cause(cause))
            }
            FieldValidation::Warn => {
                let remarks = self.options.remarks();
                said.iter().for_each(|text| remarks.warnings().add(text));
                Ok(())
            }
            FieldValidation::Strict | FieldValidation::Ignore => Ok(()),
        }
    }

    /// Has the backend say what it would make of the apply.
    async fn preview(&mut self) -> Result<(), Problem> {
        let New::Apply(apply, preview) = &mut self.new else { return Ok(()) };
        let object = preview.await?;
        let json = serde_json::to_value(&object).map_err(Error::internal)?;
        self.new = New::Previewed(apply.clone(), Box::new(object), json);
        Ok(())
    }
}

fn named_version(json: &Value) -> Option<Value> {
    json.pointer("/metadata/resourceVersion").cloned()
}

/// Applies a patch, away from the threads that answer requests.
async fn take(mut json: Value, patch: Patch) -> Result<Value, Problem> {
    work::run(usize::MAX, move || {
        match patch {
            Patch::Merge(patch) => patch.apply(&mut json)?,
            Patch::Steps(patch) => patch.apply(&mut json)?,
            Patch::Apply(_) => return Err(Error::not_implemented("apply here").into()),
        }
        Ok(json)
    })
    .await
}

/// A patch after admission.
#[derive(Clone, Debug)]
pub enum Patched<K> {
    /// The object that the patch makes, since admission has looked at it. It replaces the version that was read.
    Object(Box<K>),
    /// The patch as the caller sent it.
    Patch(Patch),
}

impl<K: Resource> Write<'_, K> {
    /// Returns whether the service has looked at anything that could differ from object to object.
    pub(super) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// The whole object that the caller sent, as it was admitted.
    pub(super) fn into_object(self) -> Result<K, Problem> {
        match self.new {
            New::Object(object) => Ok(*object),
            _ => Err(Problem::new(Reason::InternalError, "internal error")),
        }
    }

    /// The preconditions of a write of the object that was looked at, if one was: no other object of its name is written.
    pub(super) fn pinned(&self, preconditions: Preconditions) -> Preconditions {
        match &self.old {
            Old::Read(object) => pinned(preconditions, Some(&**object)),
            Old::Nothing | Old::Unread(_) => preconditions,
        }
    }

    /// The patch as it was admitted. An apply whose outcome was changed is refused: it is no longer what its manager wants.
    pub(super) fn into_patched(self) -> backend::Result<Patched<K>> {
        match self.new {
            New::Object(object) => Ok(Patched::Object(object)),
            New::Patch(patch) => Ok(Patched::Patch(patch)),
            New::Apply(apply, _) => Ok(Patched::Patch(Patch::Apply(apply))),
            New::Previewed(mut apply, object, before) => {
                if serde_json::to_value(&*object).map_err(Error::internal)? != before {
                    return Err(Error::not_implemented("change what is applied"));
                }
                apply.expect(&admitted(&*object));
                Ok(Patched::Patch(Patch::Apply(apply)))
            }
            New::Nothing { .. } => Err(Error::not_implemented("patch nothing")),
        }
    }
}

/// The version that a preview was made of.
fn admitted<K: Resource>(object: &K) -> Preconditions {
    let resource_version = object.metadata().resource_version().filter(|version| !version.is_empty());
    Preconditions { uid: None, resource_version: resource_version.map(str::to_owned) }
}
