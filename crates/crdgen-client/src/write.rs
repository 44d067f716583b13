//! Writes of objects.

use crdgen_backend::{
    Apply, ConflictResolution, Deleted, Effect, JsonPatch, ListQuery, MalformedInput, MergePatch, Name, Preconditions,
    Propagation, WriteOptions,
};
use crdgen_core::Resource;
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::api::Api;
use super::decode_error;
use super::error::Result;
use super::page::Page;
use super::place::Part;
use super::request::{Content, JSON, Query, Request};
use super::retry::Repeat;
use super::transport::OBJECT_LIMIT;

/// Options of a deletion.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeleteOptions {
    /// Preconditions on the stored object.
    pub preconditions: Preconditions,
    /// Effect of the deletion on the objects that the deleted object owns (`propagationPolicy`). `None`: the server's
    /// default.
    pub propagation: Option<Propagation>,
    /// Seconds between the request for the deletion and the removal of the object. `None`: the server's default.
    pub grace_period_seconds: Option<i64>,
}

impl<K: Resource> Api<K> {
    /// Creates an object, and returns the stored object. A create is not repeated if the server may have carried it
    /// out.
    pub async fn create(&self, object: &K) -> Result<K> {
        let body = Content::json(JSON, object)?;
        self.object(&Request::write(Method::POST, self.place.all::<K>(), Some(body)).with(self.write_query())).await
    }

    /// Replaces an object. The object's `resourceVersion` must be that of the stored object.
    pub async fn replace(&self, name: &Name, object: &K) -> Result<K> {
        self.put(name, Part::Main, object).await
    }

    /// Changes the fields that the patch names.
    pub async fn patch(&self, name: &Name, patch: &MergePatch) -> Result<K> {
        self.patch_part(name, Part::Main, Patch::Merge(patch)).await
    }

    /// Applies the steps of the patch.
    pub async fn json_patch(&self, name: &Name, patch: &JsonPatch) -> Result<K> {
        self.patch_part(name, Part::Main, Patch::Json(patch)).await
    }

    /// Applies the field values that a field manager sets (server-side apply). Creates the object if it does not exist.
    pub async fn apply(&self, name: &Name, apply: &Apply) -> Result<K> {
        Ok(self.apply_or_create(name, apply).await?.1)
    }

    /// Deletes an object. An object with finalizers is marked with a `deletionTimestamp` and stays until its finalizers
    /// are removed.
    pub async fn delete(&self, name: &Name, options: &DeleteOptions) -> Result<Deleted<K>> {
        let mut request =
            Request::write(Method::DELETE, self.place.one::<K>(name, Part::Main), options.body(self.options.effect)?);
        request.query.dry_run(&self.options);
        let body = self.transport.fetch(&request, OBJECT_LIMIT).await?.into_body();
        Ok(match TypeMeta::of(&body).is_status() {
            true => Deleted::Removed(decode_error::read(&body).map_err(Box::new)?),
            false => Deleted::Terminating(Box::new(decode_error::read(&body).map_err(Box::new)?)),
        })
    }

    /// Deletes the objects that a query selects. Returns the deleted objects, each in its last state. An object with
    /// finalizers is marked with a `deletionTimestamp` and stays until its finalizers are removed.
    pub async fn delete_collection(&self, query: &ListQuery, options: &DeleteOptions) -> Result<Page<K>> {
        let mut request = Request::write(Method::DELETE, self.place.all::<K>(), options.body(self.options.effect)?)
            .with(query.into());
        request.query.dry_run(&self.options);
        self.page(&request).await
    }

    pub(crate) async fn put<O: DeserializeOwned>(&self, name: &Name, part: Part, object: &impl Serialize) -> Result<O> {
        let path = self.place.one::<K>(name, part);
        let body = Content::json(JSON, object)?;
        self.object(&Request::write(Method::PUT, path, Some(body)).with(self.write_query())).await
    }

    /// Performs an [`apply`](Self::apply). Also returns whether it created the object.
    pub(crate) async fn apply_or_create(&self, name: &Name, apply: &Apply) -> Result<(Applied, K)> {
        let request = self.patch_request(name, Part::Main, Patch::Apply(apply))?;
        let response = self.transport.fetch(&request, OBJECT_LIMIT).await?;
        let applied = match response.status() {
            StatusCode::CREATED => Applied::Created,
            _ => Applied::Changed,
        };
        Ok((applied, decode_error::read(response.body()).map_err(Box::new)?))
    }

    pub(crate) async fn patch_part<O: DeserializeOwned>(&self, name: &Name, part: Part, patch: Patch<'_>) -> Result<O> {
        self.object(&self.patch_request(name, part, patch)?).await
    }

    fn patch_request(&self, name: &Name, part: Part, patch: Patch<'_>) -> Result<Request> {
        let path = self.place.one::<K>(name, part);
        let mut request = Request::write(Method::PATCH, path, Some(patch.content::<K>(name)?));
        request.query = self.write_query();
        if let Patch::Apply(apply) = patch {
            request.repeat = Repeat::Harmless;
            request.query = Query::default();
            request
                .query
                .write(&WriteOptions { field_manager: Some(apply.manager().to_owned()), ..self.options.clone() });
            if apply.conflict_resolution() == ConflictResolution::Force {
                request.query.add("force", "true");
            }
        }
        Ok(request)
    }

    fn write_query(&self) -> Query {
        let mut query = Query::default();
        query.write(&self.options);
        query
    }
}

/// Effect of an apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Applied {
    Created,
    Changed,
}

/// Patch of an object, in one of its forms.
#[derive(Clone, Copy)]
pub(crate) enum Patch<'a> {
    Merge(&'a MergePatch),
    Json(&'a JsonPatch),
    Apply(&'a Apply),
}

impl Patch<'_> {
    fn content<K: Resource>(self, name: &Name) -> Result<Content> {
        match self {
            Self::Merge(patch) => Content::json("application/merge-patch+json", patch.as_value()),
            Self::Json(patch) => Content::json("application/json-patch+json", patch),
            // The media type is YAML, and JSON is valid YAML.
            Self::Apply(apply) => {
                Content::json("application/apply-patch+yaml", &identified::<K>(apply.object(), name)?)
            }
        }
    }
}

/// Adds apiVersion, kind and name, which an apply must have.
fn identified<K: Resource>(object: &Value, name: &Name) -> Result<Value> {
    let mut object = object.clone();
    let fields =
        object.as_object_mut().ok_or_else(|| MalformedInput::new("the value to apply is not a JSON object"))?;
    fields.entry("apiVersion").or_insert_with(|| K::API_VERSION.into());
    fields.entry("kind").or_insert_with(|| K::KIND.into());
    let metadata = fields.entry("metadata").or_insert_with(|| json!({}));
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.entry("name").or_insert_with(|| name.as_str().into());
    }
    Ok(object)
}

impl DeleteOptions {
    fn body(&self, effect: Effect) -> Result<Option<Content>> {
        if *self == Self::default() {
            return Ok(None);
        }
        let Self { preconditions: Preconditions { uid, resource_version }, propagation, grace_period_seconds } = self;
        let mut body = json!({ "apiVersion": "v1", "kind": "DeleteOptions" });
        if effect == Effect::DryRun {
            // A server ignores the query of a deletion with a body, so the query parameter `dryRun` alone would delete
            // the object.
            body["dryRun"] = json!(["All"]);
        }
        if let Some(propagation) = propagation {
            body["propagationPolicy"] = json!(propagation);
        }
        if let Some(seconds) = grace_period_seconds {
            body["gracePeriodSeconds"] = json!(seconds);
        }
        if let Some(uid) = uid {
            body["preconditions"]["uid"] = uid.as_str().into();
        }
        if let Some(version) = resource_version {
            body["preconditions"]["resourceVersion"] = version.as_str().into();
        }
        Content::json(JSON, &body).map(Some)
    }
}

impl Query {
    /// Adds the options of a write.
    fn write(&mut self, options: &WriteOptions) {
        self.dry_run(options);
        if let Some(manager) = &options.field_manager {
            self.add("fieldManager", manager);
        }
        if let Some(validation) = options.field_validation {
            self.add("fieldValidation", validation.as_str());
        }
    }

    fn dry_run(&mut self, options: &WriteOptions) {
        if options.effect == Effect::DryRun {
            self.add("dryRun", "All");
        }
    }
}

/// Type of an answer.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct TypeMeta {
    api_version: String,
    kind: String,
}

impl TypeMeta {
    fn of(json: &[u8]) -> Self {
        serde_json::from_slice(json).unwrap_or_default()
    }

    fn is_status(&self) -> bool {
        self.api_version == "v1" && self.kind == "Status"
    }
}
