//! Answers of the operations.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use crdgen_backend::{Deleted, ListResponse, Reason, Scale, Status};
use crdgen_core::{List, Metadata, Resource, View};
use serde::Serialize;

use crate::problem::Problem;

/// Answer with an object and its `ETag`, or 304 with the `ETag` alone when the caller already has the object.
#[derive(Clone, Debug)]
pub struct ObjectResponse<K> {
    object: K,
    known: bool,
}

impl<K: Resource> ObjectResponse<K> {
    /// Creates an answer with the object.
    pub fn new(object: K) -> Self {
        Self { object, known: false }
    }

    /// Creates an answer with the object, or 304 if `known` holds for its resourceVersion.
    pub(super) fn unless(object: K, known: impl Fn(&str) -> bool) -> Self {
        let known = object.metadata().resource_version().is_some_and(known);
        Self { object, known }
    }
}

impl<K: Resource> IntoResponse for ObjectResponse<K> {
    fn into_response(self) -> Response {
        let version = self.object.metadata().resource_version();
        if self.known {
            return tagged(StatusCode::NOT_MODIFIED.into_response(), version);
        }
        tagged(json(StatusCode::OK, &self.object), version)
    }
}

/// Answer 201 with a new object and its `ETag`.
#[derive(Clone, Debug)]
pub struct Created<K>(pub K);

impl<K: Resource> IntoResponse for Created<K> {
    fn into_response(mut self) -> Response {
        let version = self.0.metadata().resource_version().map(str::to_owned);
        if version.is_none() {
            // A dry run stores no version. The field is set to an empty string, so that clients find it when they
            // decode the answer by its type.
            self.0.metadata_mut().set_resource_version(Some(String::new()));
        }
        tagged(json(StatusCode::CREATED, &self.0), version.as_deref())
    }
}

/// Streams the list. If the body fails on the way, the connection is cut, so that the reader sees an error and not a
/// short list.
pub(super) fn list_response(listing: ListResponse<impl Serialize>) -> Response {
    match listing {
        ListResponse::Decoded(list) => json(StatusCode::OK, &list),
        ListResponse::Body(body) => {
            let media_type = HeaderValue::from_static("application/json");
            ([(header::CONTENT_TYPE, media_type)], Body::from_stream(body)).into_response()
        }
    }
}

/// Returns the answer with a list.
pub(super) fn list<K: Resource>(list: List<K>) -> Response {
    json(StatusCode::OK, &list)
}

/// Answer with a view of an object. It has no `ETag`, because a view need not read the version.
#[derive(Clone, Debug)]
pub struct ViewResponse<V>(pub V);

impl<V: View> IntoResponse for ViewResponse<V> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.0)
    }
}

/// Answers with a `Status` in both cases: 200 when the object is gone, 202 while finalizers hold it.
pub(super) fn deleted<K: Resource>(deleted: Deleted<K>) -> Response {
    match deleted {
        Deleted::Removed(status) => json(StatusCode::OK, &status),
        Deleted::Terminating(object) => {
            let metadata = object.metadata();
            let (name, uid) = (metadata.name().unwrap_or_default(), metadata.uid().unwrap_or_default());
            json(StatusCode::ACCEPTED, &Status::success::<K>(name, uid))
        }
    }
}

/// Returns the answer with a scale and its `ETag`.
pub(super) fn scale(scale: Scale) -> Response {
    tagged(json(StatusCode::OK, &scale), scale.metadata.resource_version())
}

fn json(status: StatusCode, value: &impl Serialize) -> Response {
    match serde_json::to_vec(value) {
        Ok(body) => {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = status;
            let media_type = HeaderValue::from_static("application/json");
            response.headers_mut().insert(header::CONTENT_TYPE, media_type);
            response
        }
        Err(_) => Problem::new(Reason::InternalError, "the answer cannot be written as JSON").into_response(),
    }
}

/// Returns the entity tag of a resourceVersion.
fn entity_tag(resource_version: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("\"{resource_version}\"")).ok()
}

fn tagged(mut response: Response, resource_version: Option<&str>) -> Response {
    if let Some(tag) = resource_version.and_then(entity_tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
