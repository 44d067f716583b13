//! Patches in the formats that the API server accepts for a custom resource.

use std::borrow::Cow;

use axum::extract::{FromRequest, Request};
use axum::http::Method;
use crdgen_backend::{
    self as backend, Apply, Backend, Cause, ConflictResolution, Error, JsonPatch, Key, MergePatch, Preconditions,
    Reason, work,
};
use crdgen_core::Resource;

use super::body::{self, decode};
use super::query::{self, bad};
use super::write_options::invalid;
use crate::problem::Problem;

const MERGE: &str = "application/merge-patch+json";
const STEPS: &str = "application/json-patch+json";
const APPLY: &str = "application/apply-patch+yaml";
/// Accepted as a merge patch, for clients that can send no other media type.
const JSON: &str = "application/json";

/// Largest number of operations in a JSON patch, as on an API server (`maxJSONPatchOperations`).
const MAX_STEPS: usize = 10_000;

/// Patch in any format. One type for all formats, so that a service that checks patches sees each of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Patch {
    /// JSON merge patch (RFC 7396): an absent key stays unchanged, `null` removes a key.
    Merge(MergePatch),
    /// JSON patch (RFC 6902): its operations are applied together or not at all.
    Steps(JsonPatch),
    /// Server-side apply of a field manager. Creates an object that does not exist.
    Apply(Apply),
}

/// Reads the patch in the format of `Content-Type`:
///
/// - `application/merge-patch+json`, or `application/json` from clients that can send no other media type.
/// - `application/json-patch+json`.
/// - `application/apply-patch+yaml` with JSON inside, as `kubectl` sends it. Requires `?fieldManager=`. `?force=true`
///   takes over fields that other managers own.
impl<S: Send + Sync> FromRequest<S> for Patch {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = body::form(&request, &[MERGE, STEPS, APPLY, JSON])?;
        let conflict_resolution = conflict_resolution(&request)?;
        let manager = query::one(request.uri(), "fieldManager").filter(|manager| !manager.is_empty());
        let manager = manager.map(Cow::into_owned);
        if media_type == APPLY && manager.is_none() {
            return Err(refused("fieldManager", "FieldValueRequired", "Required value: is required for apply patch"));
        }
        if media_type != APPLY && conflict_resolution.is_some() {
            return Err(refused("force", "FieldValueForbidden", "Forbidden: may not be specified for non-apply patch"));
        }
        let bytes = body::read(request, state).await?;
        let length = bytes.len();
        let patch = move || match (media_type, manager) {
            (APPLY, Some(manager)) => {
                let apply = Apply::of(manager, decode(&bytes)?);
                Ok(Self::Apply(if conflict_resolution == Some(ConflictResolution::Force) {
                    apply.force()
                } else {
                    apply
                }))
            }
            (STEPS, _) => steps(&bytes).map(Self::Steps),
            _ => decode(&bytes).map(MergePatch::new).map(Self::Merge),
        };
        work::run(length, patch).await
    }
}

fn conflict_resolution(request: &Request) -> Result<Option<ConflictResolution>, Problem> {
    match query::one(request.uri(), "force").as_deref() {
        None => Ok(None),
        Some("true" | "1" | "") => Ok(Some(ConflictResolution::Force)),
        Some("false" | "0") => Ok(Some(ConflictResolution::Fail)),
        Some(_) => Err(bad("force", "must be true or false")),
    }
}

fn steps(bytes: &[u8]) -> Result<JsonPatch, Problem> {
    // The API server answers 400, not 422, to a body that is not a list of operations.
    let malformed = |problem: Problem| {
        let refusal = Problem::new(Reason::BadRequest, problem.to_string());
        problem.causes.into_iter().fold(refusal, Problem::with_cause)
    };
    let patch: JsonPatch = decode(bytes).map_err(malformed)?;
    match patch.steps().len() {
        0..=MAX_STEPS => Ok(patch),
        many => {
            let detail = format!("the allowed maximum operations in a JSON patch is {MAX_STEPS}, got {many}");
            Err(Problem::new(Reason::RequestEntityTooLarge, detail))
        }
    }
}

fn refused(field: &str, reason: &str, message: &str) -> Problem {
    let cause = Cause { field: field.to_owned(), reason: reason.to_owned(), message: message.to_owned() };
    invalid(&Method::PATCH, cause)
}

impl Patch {
    /// Returns whether the patch may create the object.
    pub fn may_create(&self) -> bool {
        matches!(self, Self::Apply(_))
    }

    /// Applies the patch to an object of `backend`.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn object<K: Resource>(
        &self,
        backend: &impl Backend<K>,
        key: &Key,
        preconditions: &Preconditions,
    ) -> backend::Result<K> {
        match self {
            Self::Merge(patch) => backend.patch(key, patch, preconditions).await,
            Self::Steps(patch) => backend.json_patch(key, patch, preconditions).await,
            Self::Apply(apply) => {
                let applied = backend.apply(key, &expecting(apply, preconditions)).await;
                applied.map_err(|error| missed(error, preconditions))
            }
        }
    }

    /// Applies the patch to the status of an object of `backend`.
    ///
    /// # Errors
    ///
    /// Returns the backend's error.
    pub async fn status<K: Resource>(
        &self,
        backend: &impl Backend<K>,
        key: &Key,
        preconditions: &Preconditions,
    ) -> backend::Result<K> {
        match self {
            Self::Merge(patch) => backend.patch_status(key, patch, preconditions).await,
            Self::Steps(patch) => backend.json_patch_status(key, patch, preconditions).await,
            Self::Apply(apply) => {
                let applied = backend.apply_status(key, &expecting(apply, preconditions)).await;
                applied.map_err(|error| missed(error, preconditions))
            }
        }
    }
}

fn expecting(apply: &Apply, preconditions: &Preconditions) -> Apply {
    let mut apply = apply.clone();
    apply.expect(preconditions);
    apply
}

/// Turns a conflict of versions into a failed precondition if the caller sent preconditions. A conflict with another
/// field manager stays a conflict.
fn missed(mut error: Error, preconditions: &Preconditions) -> Error {
    let asked = *preconditions != Preconditions::default();
    let of_managers = error.causes.iter().any(|cause| cause.reason == "FieldManagerConflict");
    if asked && error.reason == Reason::Conflict && !of_managers {
        error.reason = Reason::PreconditionFailed;
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_bounded_and_well_formed() {
        let many = |count: usize| format!("[{}]", vec![r#"{"op":"remove","path":"/a"}"#; count].join(","));
        assert_eq!(steps(many(MAX_STEPS).as_bytes()).unwrap().steps().len(), MAX_STEPS);
        assert_eq!(steps(many(MAX_STEPS + 1).as_bytes()).unwrap_err().status, 413);
        for bad in ["{}", "[{}]", r#"[{"op":"grow","path":"/a"}]"#, r#"[{"op":"add","path":"/a"}]"#, "[1]", "["] {
            assert_eq!(steps(bad.as_bytes()).unwrap_err().status, 400, "{bad}");
        }
    }

    #[test]
    fn only_a_conflict_of_versions_is_a_missed_precondition() {
        let asked = Preconditions { resource_version: Some("1".to_owned()), uid: None };
        let conflict = || Error::new(Reason::Conflict, "no");
        assert_eq!(missed(conflict(), &asked).reason, Reason::PreconditionFailed);
        assert_eq!(missed(conflict(), &Preconditions::default()).reason, Reason::Conflict);
        let cause = Cause { reason: "FieldManagerConflict".to_owned(), ..Cause::invalid(".spec.a", "no") };
        assert_eq!(missed(conflict().with_cause(cause), &asked).reason, Reason::Conflict);
        assert_eq!(missed(Error::new(Reason::Invalid, "no"), &asked).reason, Reason::Invalid);
    }
}
