//! Headers that every answer has, unless its handler sets them.

use std::future::ready;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;

/// Adds the headers that an answer lacks. `secured` is the value of `Strict-Transport-Security`, if any.
pub(super) fn around(router: Router, secured: Option<HeaderValue>) -> Router {
    let secured = secured.map(|value| (header::STRICT_TRANSPORT_SECURITY, value));
    let headers: Vec<_> = [
        // Browsers must not guess another media type from the body.
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // Answers depend on the caller, so no cache may keep one.
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]
    .into_iter()
    .chain(secured)
    .collect();
    router.layer(map_response(move |response| ready(completed(response, &headers))))
}

fn completed(mut response: Response, headers: &[(HeaderName, HeaderValue)]) -> Response {
    for (name, value) in headers {
        response.headers_mut().entry(name).or_insert_with(|| value.clone());
    }
    response
}
