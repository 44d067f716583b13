//! What operations answer with.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::etag;
use crate::backend::{Deleted, Listing, Reason, Scale, Status};
use crate::problem::Problem;
use crate::{List, Metadata, Resource, View, ViewList};

/// An object and its `ETag`, or only the tag when the caller has the object already.
#[derive(Clone, Debug)]
pub struct Stored<K> {
    object: K,
    known: bool,
}

impl<K: Resource> Stored<K> {
    /// The object.
    pub fn new(object: K) -> Self {
        Self { object, known: false }
    }

    /// The object, unless its version is known.
    pub(super) fn unless(object: K, known: impl Fn(&str) -> bool) -> Self {
        let known = object.metadata().resource_version().is_some_and(known);
        Self { object, known }
    }
}

impl<K: Resource> IntoResponse for Stored<K> {
    fn into_response(self) -> Response {
        let version = self.object.metadata().resource_version();
        if self.known {
            return tagged(StatusCode::NOT_MODIFIED.into_response(), version);
        }
        tagged(json(StatusCode::OK, &self.object), version)
    }
}

/// A new object and its `ETag`, with status 201.
#[derive(Clone, Debug)]
pub struct Created<K>(pub K);

impl<K: Resource> IntoResponse for Created<K> {
    fn into_response(mut self) -> Response {
        let version = self.0.metadata().resource_version().map(str::to_owned);
        if version.is_none() {
            // A dry run stores no version. Who reads the answer by its type finds the field all the same.
            self.0.metadata_mut().set_resource_version(Some(String::new()));
        }
        tagged(json(StatusCode::CREATED, &self.0), version.as_deref())
    }
}

/// A list that breaks on its way ends without its end: who reads it sees a connection that was cut, not a short list.
impl<L: Serialize> IntoResponse for Listing<L> {
    fn into_response(self) -> Response {
        match self {
            Self::Decoded(list) => json(StatusCode::OK, &list),
            Self::Body(body) => {
                let media_type = HeaderValue::from_static("application/json");
                ([(header::CONTENT_TYPE, media_type)], Body::from_stream(body)).into_response()
            }
        }
    }
}

impl<K: Resource> IntoResponse for List<K> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

/// What a view reads of an object. Without an `ETag`: the view need not read the version.
#[derive(Clone, Debug)]
pub struct Seen<V>(pub V);

impl<V: View> IntoResponse for Seen<V> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self.0)
    }
}

impl<V: View> IntoResponse for ViewList<V> {
    fn into_response(self) -> Response {
        json(StatusCode::OK, &self)
    }
}

/// A status either way, so that the answer has one form: 200 when the object is gone, 202 while finalizers hold it.
impl<K: Resource> IntoResponse for Deleted<K> {
    fn into_response(self) -> Response {
        match self {
            Self::Gone(status) => json(StatusCode::OK, &status),
            Self::Marked(object) => {
                let metadata = object.metadata();
                let (name, uid) = (metadata.name().unwrap_or_default(), metadata.uid().unwrap_or_default());
                json(StatusCode::ACCEPTED, &Status::success::<K>(name, uid))
            }
        }
    }
}

impl IntoResponse for Scale {
    fn into_response(self) -> Response {
        tagged(json(StatusCode::OK, &self), self.metadata.resource_version())
    }
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

fn tagged(mut response: Response, resource_version: Option<&str>) -> Response {
    if let Some(tag) = resource_version.and_then(etag::tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
