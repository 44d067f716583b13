//! What answers outside of the operations.

use axum::Router;
use axum::http::{HeaderValue, Method, Uri, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::backend::Reason;
use crate::problem::Problem;

/// Makes problems of unknown routes and methods. A router can have one fallback only, so this is for the outermost.
pub fn problems<S: Clone + Send + Sync + 'static>(router: Router<S>) -> Router<S> {
    router.fallback(not_found).method_not_allowed_fallback(method_not_allowed)
}

/// The problem of a route that is not there.
pub async fn not_found(uri: Uri) -> Problem {
    Problem::new(Reason::NotFound, format!("there is nothing at {}", uri.path()))
}

/// The problem of a method that a route does not take. axum adds the `Allow` header.
pub async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    Problem::new(Reason::MethodNotAllowed, format!("{} does not take {method}", uri.path()))
}

/// Serves a JSON document.
pub fn document<S: Clone + Send + Sync + 'static>(path: &str, json: &'static str) -> Router<S> {
    let media_type = HeaderValue::from_static("application/json");
    let reply = async move || ([(header::CONTENT_TYPE, media_type)], json).into_response();
    Router::new().route(path, get(reply)).method_not_allowed_fallback(method_not_allowed)
}
