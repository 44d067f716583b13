//! A write on its way to the backend: what a service may look at, change and refuse.
//!
//! What a write does not have at hand (the stored object, what a patch makes of it) is read when it is first asked for, and
//! only then: a service that looks at nothing pays nothing.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use super::body::unknown_field;
use super::{Patch, Subresource, Target, Verb};
use crate::backend::{
    self, Apply, Backend, Cause, Effect, Error, FieldValidation, Key, MergePatch, Preconditions, Reason, Scale,
    WriteOptions,
};
use crate::problem::Problem;
use crate::validation::Validation;
use crate::{Metadata as _, Resource};

type Lookup<'a, K> = Pin<Box<dyn Future<Output = backend::Result<K>> + Send + 'a>>;

/// A write that is asked about.
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

    /// Of a new object.
    pub fn create(target: &'a Target, object: K) -> Self {
        Self::new(Verb::Create, target, New::Object(Box::new(object)), Old::Nothing)
    }

    /// Of a whole object, or its status.
    pub fn replace(target: &'a Target, backend: &'a impl Backend<K>, key: &'a Key, object: K) -> Self {
        Self::new(Verb::Update, target, New::Object(Box::new(object)), stored(backend, key))
    }

    /// Of a change of an object, or of its status, that is to be written so.
    pub fn patch<B: Backend<K>>(
        target: &'a Target,
        backend: &'a B,
        key: &'a Key,
        options: &WriteOptions,
        patch: Patch,
    ) -> Self {
        let new = match patch {
            Patch::Apply(apply) => {
                let preview = preview(backend, key, apply.clone(), target.subresource);
                New::Apply(apply, Box::pin(preview))
            }
            patch => New::Patch(patch),
        };
        Self { options: options.clone(), ..Self::new(Verb::Patch, target, new, stored(backend, key)) }
    }

    /// Of the replicas of an object.
    pub fn scale(target: &'a Target, backend: &'a impl Backend<K>, key: &'a Key, scale: &Scale) -> Self {
        let new = New::Nothing { replicas: Some(scale.spec.replicas) };
        Self::new(Verb::Update, target, new, stored(backend, key))
    }

    /// Of the replicas of an object, by a patch of the scale.
    pub fn patch_scale(target: &'a Target, backend: &'a impl Backend<K>, key: &'a Key, patch: &MergePatch) -> Self {
        let replicas = patch.as_value().pointer("/spec/replicas").and_then(Value::as_i64);
        let replicas = replicas.and_then(|replicas| replicas.try_into().ok());
        Self::new(Verb::Patch, target, New::Nothing { replicas }, stored(backend, key))
    }

    /// Of a deletion.
    pub fn delete(target: &'a Target, backend: &'a impl Backend<K>, key: &'a Key) -> Self {
        Self::new(Verb::Delete, target, New::Nothing { replicas: None }, stored(backend, key))
    }

    /// Of the deletion of an object at hand.
    pub fn delete_found(target: &'a Target, object: K) -> Self {
        Self::new(Verb::Delete, target, New::Nothing { replicas: None }, Old::Read(Box::new(object)))
    }

    /// Of a deletion of many objects, before it is known which.
    pub fn delete_many(target: &'a Target) -> Self {
        Self::new(Verb::Delete, target, New::Nothing { replicas: None }, Old::Nothing)
    }
}

fn stored<'a, K: Resource>(backend: &'a impl Backend<K>, key: &'a Key) -> Old<'a, K> {
    Old::Unread(Box::pin(backend.get(key)))
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
    /// What is done: create, update, patch or delete. A deletion of many objects is one of each of them.
    pub fn verb(&self) -> Verb {
        self.verb
    }

    /// What it is done to.
    ///
    /// A deletion of many objects is asked about once with no name. If nothing but its verb is looked at, the answer holds for
    /// all of them; else each is asked about, and deleted, by itself.
    pub fn target(&self) -> &Target {
        self.asked.store(true, Ordering::Relaxed);
        self.target
    }

    /// What is stored; nothing where something is created.
    ///
    /// # Errors
    ///
    /// What keeps it from being read.
    pub async fn stored(&mut self) -> backend::Result<Option<&K>> {
        self.asked.store(true, Ordering::Relaxed);
        if let Old::Unread(lookup) = &mut self.old {
            let creates = matches!(self.new, New::Apply(..) | New::Previewed(..));
            self.old = match lookup.await {
                Ok(object) => Old::Read(Box::new(object)),
                Err(error) if creates && error.reason == Reason::NotFound => Old::Nothing,
                Err(error) => return Err(error),
            };
        }
        Ok(match &self.old {
            Old::Read(object) => Some(object),
            Old::Nothing | Old::Unread(_) => None,
        })
    }

    /// What is to be stored, to look at and to change; nothing for a deletion, and for a scale. A patch that is looked at is
    /// carried out as a replacement of the version that was read: when that changes meanwhile, the write is a conflict.
    ///
    /// # Errors
    ///
    /// What keeps the stored object from being read, or the patch from being carried out.
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

    /// The replicas that a write of a scale asks for.
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
        let mut json = serde_json::to_value(stored).map_err(Error::internal)?;
        let named_before = named_version(&json);
        match &self.new {
            New::Patch(Patch::Merge(patch)) => patch.apply(&mut json)?,
            New::Patch(Patch::Steps(patch)) => patch.apply(&mut json)?,
            _ => return Ok(()),
        }
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

/// What becomes of a write that is admitted.
impl<K: Resource> Write<'_, K> {
    /// Whether the answer may be another one for another object.
    pub fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// The whole object that the caller sent, as it is admitted.
    ///
    /// # Errors
    ///
    /// Never for a write of a whole object.
    pub fn into_object(self) -> Result<K, Problem> {
        match self.new {
            New::Object(object) => Ok(*object),
            _ => Err(Problem::new(Reason::InternalError, "internal error")),
        }
    }

    /// The preconditions of a write of the object that was looked at, if it was: not of another one of its name.
    pub fn pinned(&self, preconditions: Preconditions) -> Preconditions {
        let uid = match &self.old {
            Old::Read(object) => object.metadata().uid().map(str::to_owned),
            Old::Nothing | Old::Unread(_) => None,
        };
        Preconditions { uid: preconditions.uid.or(uid), ..preconditions }
    }

    /// Carries an admitted patch out.
    ///
    /// # Errors
    ///
    /// The backend's; an apply whose outcome was changed, as that is no longer what its manager wants.
    pub async fn change<B: Backend<K>>(
        self,
        backend: &B,
        key: &Key,
        preconditions: &Preconditions,
    ) -> backend::Result<K> {
        let preconditions = self.pinned(preconditions.clone());
        let of_status = self.target.subresource == Some(Subresource::Status);
        let patch = match self.new {
            New::Object(object) if of_status => return backend.replace_status(key, &object, &preconditions).await,
            New::Object(object) => return backend.replace(key, &object, &preconditions).await,
            New::Patch(patch) => patch,
            New::Apply(apply, _) => Patch::Apply(apply),
            New::Previewed(mut apply, object, before) => {
                if serde_json::to_value(&*object).map_err(Error::internal)? != before {
                    return Err(Error::not_implemented("change what is applied"));
                }
                apply.expect(&admitted(&*object));
                Patch::Apply(apply)
            }
            New::Nothing { .. } => return Err(Error::not_implemented("patch nothing")),
        };
        match of_status {
            true => patch.status(backend, key, &preconditions).await,
            false => patch.object(backend, key, &preconditions).await,
        }
    }
}

/// The version that a preview was made of; one that is to be created has none.
fn admitted<K: Resource>(object: &K) -> Preconditions {
    let resource_version = object.metadata().resource_version().filter(|version| !version.is_empty());
    Preconditions { uid: None, resource_version: resource_version.map(str::to_owned) }
}
