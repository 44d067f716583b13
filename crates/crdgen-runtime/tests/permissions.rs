//! `GET /permissions` answers with what the policy allows to the caller, and with nothing else.

mod sample;

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::FromRequestParts;
use axum::http::Request;
use axum::http::request::Parts;
use crdgen_runtime::backend::memory::MemoryBackend;
use crdgen_runtime::server::prelude::*;
use crdgen_runtime::server::{Permissions, problems};
use sample::api::ci_example_com::v1::widget::operations;
use sample::api::router;
use sample::ci_example_com::v1::runner::Runner;
use sample::ci_example_com::v1::widget::Widget;
use serde_json::{Value, json};
use tower::ServiceExt;

/// Service that records every question to its policy.
#[derive(Clone, Default)]
struct Service {
    objects: MemoryBackend,
    asked: Arc<Mutex<Vec<(Verb, Target)>>>,
}

/// `ada` may do everything, `bob` writes in the namespace `team` only, `eve` reads, and the policy fails for `mallory`.
struct Caller(String);

impl FromRequestParts<Service> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Service) -> Result<Self, Problem> {
        let name = parts.headers.get("x-user").and_then(|name| name.to_str().ok());
        name.map(|name| Self(name.to_owned())).ok_or_else(|| Problem::new(Reason::Unauthorized, "who?"))
    }
}

impl Principal for Caller {
    fn id(&self) -> &str {
        &self.0
    }
}

impl Policy for Service {
    type Caller = Caller;

    async fn authorize(&self, caller: &Caller, verb: Verb, target: &Target) -> Result<(), Problem> {
        self.asked.lock().unwrap().push((verb, target.clone()));
        let reads = matches!(verb, Verb::Get | Verb::List | Verb::Watch);
        let in_team = target.namespace.as_ref().is_some_and(|namespace| namespace.as_str() == "team");
        match caller.0.as_str() {
            "ada" => Ok(()),
            "bob" if reads || in_team => Ok(()),
            "eve" if reads => Ok(()),
            "mallory" => Err(Problem::new(Reason::ServiceUnavailable, "nobody can be asked")),
            _ if target.resource == "runners" => Err(Problem::new(Reason::NotFound, "there are no runners")),
            _ => Err(Problem::new(Reason::Forbidden, "no")),
        }
    }
}

impl Serve<Widget> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Widget> {
        self.objects.clone()
    }
}

impl Serve<Runner> for Service {
    fn backend(&self, _: &Caller) -> impl Backend<Runner> {
        self.objects.clone()
    }
}

async fn ask(router: &Router, caller: Option<&str>, path: &str) -> (u16, Value) {
    let mut request = Request::get(path);
    if let Some(caller) = caller {
        request = request.header("x-user", caller);
    }
    let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap())
}

fn serve(service: &Service) -> Router {
    problems(router()).with_state(service.clone())
}

/// Returns the verbs of a resource, sorted; empty if the answer does not have the resource.
fn verbs<'a>(answer: &'a Value, resource: &str) -> Vec<&'a str> {
    let items = answer["items"].as_array().unwrap();
    let item = items.iter().find(|item| item["resource"] == resource);
    let mut verbs: Vec<_> = item.into_iter().flat_map(|item| item["verbs"].as_array().unwrap()).collect();
    verbs.sort_by_key(|verb| verb.as_str());
    verbs.into_iter().map(|verb| verb.as_str().unwrap()).collect()
}

const READS: [&str; 3] = ["get", "list", "watch"];
const ALL: [&str; 8] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

#[tokio::test]
async fn the_answer_has_what_the_policy_allows() {
    let router = serve(&Service::default());
    let (status, of_ada) = ask(&router, Some("ada"), "/permissions").await;
    assert_eq!((status, of_ada.get("namespace")), (200, None));
    assert_eq!(verbs(&of_ada, "widgets"), ALL);
    assert_eq!(verbs(&of_ada, "widgets/status"), ["get", "patch", "update"]);
    assert_eq!(verbs(&of_ada, "widgets/scale"), ["get", "patch", "update"]);
    let widget = json!({ "group": "ci.example.com", "version": "v1", "kind": "Widget" });
    assert!(widget.as_object().unwrap().iter().all(|(key, value)| of_ada["items"][0][key] == *value));

    let (_, of_eve) = ask(&router, Some("eve"), "/permissions").await;
    assert_eq!(verbs(&of_eve, "widgets"), READS);
    let (_, of_nobody) = ask(&router, Some("nobody"), "/permissions").await;
    assert_eq!(of_nobody, json!({ "items": [] }));
}

#[tokio::test]
async fn the_answer_is_about_one_namespace() {
    let router = serve(&Service::default());
    let (_, in_team) = ask(&router, Some("bob"), "/permissions?namespace=team").await;
    assert_eq!((&in_team["namespace"], verbs(&in_team, "widgets")), (&json!("team"), ALL.to_vec()));
    assert_eq!(verbs(&in_team, "runners"), READS, "a cluster-scoped kind has no namespace");
    let (_, elsewhere) = ask(&router, Some("bob"), "/permissions?namespace=other").await;
    assert_eq!(verbs(&elsewhere, "widgets"), READS);
}

#[tokio::test]
async fn questions_that_have_no_answer_are_refused() {
    let router = serve(&Service::default());
    assert_eq!(ask(&router, None, "/permissions").await.0, 401);
    for query in ["namespace=No", "namespace=a&namespace=b", "name=a", "caller=ada"] {
        assert_eq!(ask(&router, Some("eve"), &format!("/permissions?{query}")).await.0, 400, "{query}");
    }
    // A policy that fails must not look like one that forbids.
    assert_eq!(ask(&router, Some("mallory"), "/permissions").await.0, 503);
}

#[tokio::test]
async fn the_policy_is_asked_once_for_each_verb() {
    let service = Service::default();
    ask(&serve(&service), Some("ada"), "/permissions").await;
    let asked = service.asked.lock().unwrap();
    assert!(asked.iter().all(|(_, target)| target.name.is_none() && target.namespace.is_none()));
    let questions: Vec<_> = asked.iter().map(|(verb, target)| (*verb, target.resource, target.subresource)).collect();
    let mut different = questions.clone();
    different.sort_by_key(|question| format!("{question:?}"));
    different.dedup();
    assert_eq!(questions.len(), different.len());
}

#[tokio::test]
async fn an_operation_that_is_not_offered_is_no_permission() {
    let permissions = Permissions::new().of::<Widget>(&operations::<Service>().without("deleteWidget"));
    let router = Router::from(permissions).with_state(Service::default());
    let (_, answer) = ask(&router, Some("ada"), "/permissions").await;
    assert!(!verbs(&answer, "widgets").contains(&"delete"));
    assert_eq!(answer["items"].as_array().unwrap().len(), 3);
}
