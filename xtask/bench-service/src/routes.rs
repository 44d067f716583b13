//! The generated routes as a service has them: every layer of `serve` around them, everybody may do everything.

use std::convert::Infallible;

use anyhow::Result;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use crdgen_runtime::server::health::Health;
use crdgen_runtime::server::limits::Limits;
use crdgen_runtime::server::prelude::*;
use crdgen_runtime::server::problems;
use crdgen_runtime::server::serve::Server;

use crate::generated::api::cert_manager_io::v1::certificate::CertificateApi;
use crate::generated::api::router;
use crate::generated::cert_manager_io::v1::certificate::Certificate;

#[derive(Clone)]
struct Service<B>(B);

/// Whoever it is.
pub struct Anybody;

impl<S: Sync> FromRequestParts<S> for Anybody {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self)
    }
}

impl<B: Backend<Certificate> + Clone + 'static> CertificateApi for Service<B> {
    type Caller = Anybody;

    fn backend(&self, _: &Anybody) -> impl Backend<Certificate> {
        self.0.clone()
    }

    async fn authorize(&self, _: &Anybody, _: Verb, _: &Target) -> Result<(), Problem> {
        Ok(())
    }
}

/// Serves them on a free port, which is printed, until the program is ended.
pub async fn serve(backend: impl Backend<Certificate> + Clone + 'static) -> Result<()> {
    let routes = problems(router::<Service<_>, Service<_>>()).with_state(Service(backend));
    // The program that measures is all callers at once.
    let limits = Limits { share: 1, watches: 100_000, ..Limits::default() };
    let server = Server::new(routes).bind(([127, 0, 0, 1], 0).into()).limits(limits).health(Health::new());
    let running = server.start().await?;
    println!("{}", running.addresses()[0]);
    running.until_asked().await;
    Ok(())
}
