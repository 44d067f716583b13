//! kube client that sends every request on behalf of a caller.

use std::sync::Arc;
use std::task::{Context, Poll};

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, Request, Response};
use futures_util::future::BoxFuture;
use kube::client::Body;
use tower_service::Service;

/// Service that replaces the authentication and impersonation headers of each request with its own.
#[derive(Clone)]
pub(super) struct Acting {
    client: kube::Client,
    headers: Arc<HeaderMap>,
}

impl Acting {
    /// Returns a client that adds `headers` to every request.
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
        // `send` waits until the inner client is ready.
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
