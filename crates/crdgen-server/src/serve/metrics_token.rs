//! Bearer token for `/metrics`.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use crdgen_backend::Reason;
use subtle::ConstantTimeEq as _;

use crate::problem::Problem;

/// Bearer token of the scraper. Its text is never logged.
#[derive(Clone)]
pub(super) struct MetricsToken(Arc<str>);

impl MetricsToken {
    pub(super) fn new(token: &str) -> Self {
        Self(token.into())
    }

    /// Requires the token on every route.
    pub(super) fn around(&self, router: Router) -> Router {
        router.route_layer(from_fn_with_state(self.clone(), pass))
    }

    /// Compares in constant time, so that the time does not tell how much of a guess is right.
    fn is_in(&self, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(header::AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else { return false };
        let Some((scheme, token)) = value.to_str().ok().and_then(|value| value.split_once(' ')) else { return false };
        scheme.eq_ignore_ascii_case("bearer") && token.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for MetricsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MetricsToken(..)")
    }
}

async fn pass(State(token): State<MetricsToken>, request: Request, next: Next) -> Response {
    if token.is_in(request.headers()) {
        return next.run(request).await;
    }
    let problem = Problem::new(Reason::Unauthorized, "the bearer token for metrics is needed");
    ([(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))], problem).into_response()
}
