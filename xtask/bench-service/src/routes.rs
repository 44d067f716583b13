//! Generated routes as in a real service: with every layer of `serve`, and without authorization.

use anyhow::Result;
use crdgen_runtime::server::health::Health;
use crdgen_runtime::server::limits::Limits;
use crdgen_runtime::server::prelude::*;
use crdgen_runtime::server::problems;
use crdgen_runtime::server::serve::Server;

use crate::generated::api::router;
use crate::generated::cert_manager_io::v1::certificate::Certificate;

#[derive(Clone)]
struct Service<B>(B);

impl<B: Backend<Certificate> + Clone + 'static> Policy for Service<B> {
    type Caller = ();

    async fn authorize(&self, _: &(), _: Verb, _: &Target) -> Result<(), Problem> {
        Ok(())
    }
}

impl<B: Backend<Certificate> + Clone + 'static> Serve<Certificate> for Service<B> {
    fn backend(&self, _: &()) -> impl Backend<Certificate> {
        self.0.clone()
    }
}

/// Serves the routes on a free port, which is printed, until the program is ended.
pub async fn serve(backend: impl Backend<Certificate> + Clone + 'static) -> Result<()> {
    let routes = problems(router()).with_state(Service(backend));
    // The measuring program makes all requests, so one caller may use all places.
    let limits = Limits { caller_divisor: 1, max_watches: 100_000, ..Limits::default() };
    let server = Server::new(routes).bind(([127, 0, 0, 1], 0).into()).limits(limits).health(Health::new());
    let running = server.start().await?;
    println!("{}", running.addresses()[0]);
    running.serve_until_signal().await;
    Ok(())
}
