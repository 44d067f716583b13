//! Service that implements both kinds over one store. Callers name themselves in a header, and guests only read.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::server::prelude::*;

use super::ci_example_com::v1::runner::Runner;
use super::ci_example_com::v1::widget::Widget;

#[derive(Clone, Default)]
pub struct Service {
    pub objects: MemoryBackend,
}

pub struct Caller {
    name: String,
}

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, Problem> {
        let name = parts.headers.get("x-user").and_then(|value| value.to_str().ok());
        let unknown = || Problem::new(Reason::Unauthorized, "say who you are in X-User");
        Ok(Self { name: name.ok_or_else(unknown)?.to_owned() })
    }
}

impl Caller {
    fn may(&self, verb: Verb, target: &Target) -> Result<(), Problem> {
        match verb {
            Verb::Get | Verb::List => Ok(()),
            _ if self.name != "guest" => Ok(()),
            _ => {
                let detail = format!("{} may not {} {}", self.name, verb.as_str(), target.resource);
                Err(Problem::new(Reason::Forbidden, detail))
            }
        }
    }
}

impl Principal for Caller {
    fn id(&self) -> &str {
        &self.name
    }
}

impl Policy for Service {
    type Caller = Caller;

    async fn authorize(&self, caller: &Caller, verb: Verb, target: &Target) -> Result<(), Problem> {
        caller.may(verb, target)
    }
}

impl Serve<Widget> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Widget> {
        self.objects.clone()
    }

    /// Overrides the default with a domain rule: at most one pink widget in a namespace.
    async fn create(&self, request: CreateRequest<'_, Self, Widget>) -> Result<Widget, Problem> {
        if request.object.spec.color == "pink" {
            let fields = "spec.color=pink".parse().map_err(Problem::from)?;
            let query = ListQuery { fields, ..ListQuery::default() };
            let found: List<Widget> = self.objects.list(request.namespace.as_ref(), &query).await?;
            if !found.items.is_empty() {
                return Err(Problem::new(Reason::Conflict, "there is a pink widget already"));
            }
        }
        request.run().await
    }
}

impl Serve<Runner> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Runner> {
        self.objects.clone()
    }
}
