//! Handlers for requests outside of the operations.

use axum::Router;
use axum::http::{HeaderValue, Method, Uri, header};
use axum::response::IntoResponse;
use axum::routing::get;
use crdgen_backend::Reason;

use crate::problem::Problem;

/// Answers unknown routes and methods with problems. Use it on the outermost router: a router can have only one
/// fallback.
pub fn problems<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.fallback(not_found).method_not_allowed_fallback(method_not_allowed)
}

/// Returns the 404 problem for an unknown route.
pub async fn not_found(uri: Uri) -> Problem {
    Problem::new(Reason::NotFound, format!("this service has no resource at {}", uri.path()))
}

/// Returns the 405 problem for a method that the route does not support. axum adds the `Allow` header.
pub async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    Problem::new(Reason::MethodNotAllowed, format!("{} does not support the method {method}", uri.path()))
}

/// Returns a route that serves a JSON document at `path`.
pub fn document<S: Clone + Send + Sync + 'static>(path: &str, json: &'static str) -> Router<S> {
    let media_type = HeaderValue::from_static("application/json");
    let reply = async move || ([(header::CONTENT_TYPE, media_type)], json).into_response();
    Router::new().route(path, get(reply)).method_not_allowed_fallback(method_not_allowed)
}
