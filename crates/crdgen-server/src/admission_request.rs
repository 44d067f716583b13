//! Write before it reaches the backend, for admission to read, change or refuse.
//!
//! The stored object, and the result of a patch, are read when admission first asks for them. A service that reads
//! neither pays nothing.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use crdgen_backend::{
    self as backend, Apply, Backend, Cause, Effect, Error, Key, Preconditions, Reason, WriteOptions, work,
};
use crdgen_core::{Metadata as _, Resource};
use serde_json::Value;

use super::operation::declared;
use super::visibility::pinned;
use super::{Patch, Subresource, Target, Verb};
use crate::problem::Problem;

type Lookup<'a, K> = Pin<Box<dyn Future<Output = backend::Result<K>> + Send + 'a>>;

/// Write that is being admitted.
pub struct AdmissionRequest<'a, K> {
    verb: Verb,
    target: &'a Target,
    new: New<'a, K>,
    old: Old<'a, K>,
    options: WriteOptions,
    /// Whether admission has read anything that can differ between objects.
    asked: AtomicBool,
}

/// New state of the object.
enum New<'a, K> {
    /// No object: the write is a deletion or a scale.
    Nothing { replicas: Option<i32> },
    /// Object sent by the caller, or made by a patch.
    Object(Box<K>),
    /// Patch that has not been applied yet.
    Patch(Patch),
    /// Server-side apply, and the dry run that returns its result.
    Apply(Apply, Lookup<'a, K>),
    /// Server-side apply whose dry run has returned the object; the JSON is the object before admission.
    Previewed(Apply, Box<K>, Value),
}

/// Stored state of the object.
enum Old<'a, K> {
    /// No object is stored.
    Nothing,
    /// Lookup of the object, which has not run yet.
    Unread(Lookup<'a, K>),
    /// Object that was read.
    Read(Box<K>),
}

impl<'a, K: Resource> AdmissionRequest<'a, K> {
    fn new(verb: Verb, target: &'a Target, new: New<'a, K>, old: Old<'a, K>) -> Self {
        Self { verb, target, new, old, options: WriteOptions::default(), asked: AtomicBool::new(false) }
    }

    /// Creates the write for a new object.
    pub(super) fn create(target: &'a Target, object: K) -> Self {
        Self::new(Verb::Create, target, New::Object(Box::new(object)), Old::Nothing)
    }

    /// Creates the write for replacing an object or its status. `found` is the stored object, if it has already been
    /// read.
    pub(super) fn replace(
        target: &'a Target,
        backend: &'a impl Backend<K>,
        key: &'a Key,
        object: K,
        found: Option<K>,
    ) -> Self {
        Self::new(Verb::Update, target, New::Object(Box::new(object)), Old::of(backend, key, found))
    }

    /// Creates the write for a patch of an object or its status. `options` are the options of the write.
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

    /// Creates the write for replacing or patching the scale of an object.
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

    /// Creates the write for deleting an object.
    pub(super) fn delete(target: &'a Target, backend: &'a impl Backend<K>, key: &'a Key, found: Option<K>) -> Self {
        Self::new(Verb::Delete, target, New::Nothing { replicas: None }, Old::of(backend, key, found))
    }

    /// Creates the write for deleting `object`, which has already been read.
    pub(super) fn delete_found(target: &'a Target, object: K) -> Self {
        Self::new(Verb::Delete, target, New::Nothing { replicas: None }, Old::Read(Box::new(object)))
    }

    /// Creates the write for deleting the objects of a collection, before they are listed.
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

impl<K: Resource> AdmissionRequest<'_, K> {
    /// Returns the verb: create, update, patch or delete. A server-side apply that finds no object is a create. A
    /// collection deletion is a delete.
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// Returns the object or collection that is written to.
    ///
    /// A collection deletion is first admitted once, without a name. If admission reads nothing but the verb, its
    /// decision holds for all objects. Otherwise each object is admitted and deleted separately.
    pub fn target(&self) -> &Target {
        self.asked.store(true, Ordering::Relaxed);
        self.target
    }

    /// Returns the stored object. Returns `None` for a creation, and while a collection deletion is admitted as a
    /// whole.
    ///
    /// # Errors
    ///
    /// Returns the backend's error if the object cannot be read.
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

    /// Returns the object to be stored, or `None` for a deletion and for a scale. Admission may change it. A patch
    /// whose result is read here is stored as a replacement of the version that was read. If another write comes in
    /// between, the request is answered with a conflict (409).
    ///
    /// # Errors
    ///
    /// Returns the backend's error if the stored object cannot be read, and [`Invalid`](Reason::Invalid) if the patch
    /// cannot be applied.
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

    /// Returns the number of replicas that a write of a scale asks for.
    pub fn replicas(&self) -> Option<i32> {
        match self.new {
            New::Nothing { replicas } => replicas,
            _ => None,
        }
    }

    /// Applies a JSON patch in this process if a backend could exceed the limits with it.
    pub(super) async fn bound(&mut self) -> Result<(), Problem> {
        match &self.new {
            New::Patch(Patch::Steps(steps)) if !steps.is_bounded()? => self.make().await,
            _ => Ok(()),
        }
    }

    /// Applies the patch to the stored object, in this process.
    async fn make(&mut self) -> Result<(), Problem> {
        let Some(stored) = self.stored().await? else { return Ok(()) };
        let (name, version) = (stored.metadata().name(), stored.metadata().resource_version());
        let (name, version) = (name.unwrap_or_default().to_owned(), version.map(str::to_owned));
        let json = serde_json::to_value(stored).map_err(Error::internal)?;
        let named_before = named_version(&json);
        let New::Patch(patch) = &self.new else { return Ok(()) };
        let json = take(json, patch.clone()).await?;
        // A patch that sets another resourceVersion applies to that version only.
        if named_version(&json) != named_before {
            return Err(Error::conflict::<K>(&name).into());
        }
        // The type drops undeclared fields, so the backend never sees them.
        declared::object::<K>(json.clone(), &self.options)?;
        let mut object: K = serde_json::from_value(json)
            .map_err(|error| Error::invalid::<K>(&name, vec![Cause::invalid("", error.to_string())]))?;
        crdgen_core::Metadata::set_resource_version(object.metadata_mut(), version);
        self.new = New::Object(Box::new(object));
        Ok(())
    }

    /// Runs the apply as a dry run to get its result.
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

/// Applies a patch outside the threads that answer requests.
async fn take(mut json: Value, patch: Patch) -> Result<Value, Problem> {
    work::run(usize::MAX, move || {
        match patch {
            Patch::Merge(patch) => patch.apply(&mut json)?,
            Patch::Steps(patch) => patch.apply(&mut json)?,
            Patch::Apply(_) => return Err(Error::not_implemented("preview a server-side apply").into()),
        }
        Ok(json)
    })
    .await
}

/// Patch after admission.
#[derive(Clone, Debug)]
pub enum PatchOrObject<K> {
    /// Result of the patch, because admission has read it. Replaces the version that was read.
    Object(Box<K>),
    /// Patch as the caller sent it.
    Patch(Patch),
}

impl<K: Resource> AdmissionRequest<'_, K> {
    /// Returns whether admission has read anything that can differ between objects.
    pub(super) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// Returns the admitted object of a creation or replacement.
    pub(super) fn into_object(self) -> Result<K, Problem> {
        match self.new {
            New::Object(object) => Ok(*object),
            _ => Err(Problem::new(Reason::InternalError, "internal error")),
        }
    }

    /// Adds the uid of the stored object to the preconditions, if the object was read, so that a later object of the
    /// same name is not written.
    pub(super) fn pinned(&self, preconditions: Preconditions) -> Preconditions {
        match &self.old {
            Old::Read(object) => pinned(preconditions, Some(&**object)),
            Old::Nothing | Old::Unread(_) => preconditions,
        }
    }

    /// Returns the admitted patch. Refuses an apply whose result was changed, because that is no longer the apply of
    /// its field manager.
    pub(super) fn into_patch(self) -> backend::Result<PatchOrObject<K>> {
        match self.new {
            New::Object(object) => Ok(PatchOrObject::Object(object)),
            New::Patch(patch) => Ok(PatchOrObject::Patch(patch)),
            New::Apply(apply, _) => Ok(PatchOrObject::Patch(Patch::Apply(apply))),
            New::Previewed(mut apply, object, before) => {
                if serde_json::to_value(&*object).map_err(Error::internal)? != before {
                    return Err(Error::not_implemented("change the object of a server-side apply"));
                }
                apply.expect(&admitted(&*object));
                Ok(PatchOrObject::Patch(Patch::Apply(apply)))
            }
            New::Nothing { .. } => Err(Error::not_implemented("patch nothing")),
        }
    }
}

/// Returns the version that the dry run was made of, as preconditions.
fn admitted<K: Resource>(object: &K) -> Preconditions {
    let resource_version = object.metadata().resource_version().filter(|version| !version.is_empty());
    Preconditions { uid: None, resource_version: resource_version.map(str::to_owned) }
}
