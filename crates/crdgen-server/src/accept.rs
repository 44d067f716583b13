//! Content negotiation by the `Accept` header. Objects are served as `application/json` only.

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use crdgen_backend::Reason;

use crate::problem::Problem;

/// Answers 406 on the routes of kinds when `Accept` excludes JSON, before the handler runs. Watch routes are left to
/// [`WatchForm`](super::WatchForm), which reads `Accept` itself.
pub(super) fn around(router: Router) -> Router {
    router.layer(from_fn(async |request: Request, next: Next| -> Response {
        if is_of_objects(request.uri().path()) && !takes_json(request.headers()) {
            return Problem::new(Reason::NotAcceptable, "this service answers only with application/json")
                .into_response();
        }
        next.run(request).await
    }))
}

/// Returns whether the path is `/apis/{group}/{version}/...`, but not `/apis/{group}/{version}/watch/...`.
fn is_of_objects(path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    segments.next() == Some("apis") && segments.nth(2) != Some("watch")
}

/// Returns whether `Accept` allows JSON. The most specific range that matches decides (RFC 9110, 12.5.1).
fn takes_json(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let ranges: Vec<_> =
        values.flat_map(|value| value.split(',')).map(str::trim).filter(|range| !range.is_empty()).collect();
    let fits = |range: &&str| -> Option<(u8, bool)> {
        let mut parts = range.split(';').map(str::trim);
        let specificity = match parts.next()?.to_ascii_lowercase().as_str() {
            "application/json" => 2,
            "application/*" => 1,
            "*/*" => 0,
            _ => return None,
        };
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((specificity, quality.is_none_or(|quality| quality.parse::<f32>().is_ok_and(|quality| quality > 0.0))))
    };
    match ranges.iter().filter_map(fits).max() {
        Some((_, is_wanted)) => is_wanted,
        None => ranges.is_empty() && headers.get_all(header::ACCEPT).iter().all(|value| value.to_str().is_ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_range_decides() {
        let takes = |accept: &str| {
            let value = axum::http::HeaderValue::from_bytes(accept.as_bytes()).unwrap();
            takes_json(&HeaderMap::from_iter([(header::ACCEPT, value)]))
        };
        for yes in [
            "",
            "*/*",
            "application/json",
            "Application/JSON; charset=utf-8",
            "text/html, application/*;q=0.5",
            "*/*;q=0, application/json",
            "application/json;as=Table;g=meta.k8s.io;v=v1, application/json",
        ] {
            assert!(takes(yes), "{yes}");
        }
        for no in ["text/html", "application/json;q=0", "application/json; q=0.0, */*", "application/yaml", "json", "ü"]
        {
            assert!(!takes(no), "{no}");
        }
        assert!(takes_json(&HeaderMap::new()));
    }

    #[test]
    fn watches_look_for_themselves() {
        assert!(is_of_objects("/apis/g/v1/namespaces/watch/widgets"));
        assert!(!is_of_objects("/apis/g/v1/watch/widgets"));
        assert!(!is_of_objects("/openapi.json"));
    }
}
