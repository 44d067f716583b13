//! A connection on which every request says on whose behalf it is.

use std::sync::Arc;
use std::task::{Context, Poll};

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, Request, Response};
use futures_util::future::BoxFuture;
use kube::client::Body;
use tower_service::Service;

/// Sends requests with headers of its own in the place of any that say who calls.
#[derive(Clone)]
pub(super) struct Acting {
    client: kube::Client,
    headers: Arc<HeaderMap>,
}

impl Acting {
    /// A client whose every request has these headers.
    pub(super) fn client(client: &kube::Client, headers: HeaderMap) -> kube::Client {
        let namespace = client.default_namespace().to_owned();
        kube::Client::new(Self { client: client.clone(), headers: Arc::new(headers) }, namespace)
    }
}

impl Service<Request<Body>> for Acting {
    type Response = Response<Body>;
    type Error = kube::Error;
    type Future = BoxFuture<'static, kube::Result<Response<Body>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<kube::Result<()>> {
        // The client waits for its turn in `send`.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let headers = request.headers_mut();
        let said: Vec<_> = headers.keys().filter(|name| says_who_calls(name)).cloned().collect();
        for name in said {
            headers.remove(name);
        }
        for (name, value) in self.headers.iter() {
            headers.append(name, value.clone());
        }
        let client = self.client.clone();
        Box::pin(async move { client.send(request).await })
    }
}

pub(super) fn says_who_calls(name: &HeaderName) -> bool {
    name == AUTHORIZATION || name.as_str().starts_with("impersonate-")
}
