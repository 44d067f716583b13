//! Calls of the service by a client that is made of its OpenAPI document alone.

use ci_service::service::Service;
use ci_service_client::types::{ObjectMetaInput, PipelineInput, PipelineSpecInput, ProblemReason, TaskInput};
use ci_service_client::{Client, Error};
use crdgen_runtime::backend::memory::MemoryBackend;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::json;

/// Starts a service and returns a client of it.
async fn client() -> Client {
    let tokens = include_str!("../../tokens.example").parse().expect("callers");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, Service::new(MemoryBackend::new(), tokens).router()).await });
    let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static("Bearer ada-secret"))]);
    let http = reqwest::Client::builder().default_headers(headers).build().expect("a client");
    Client::new_with_client(&format!("http://{address}"), http)
}

fn pipeline(name: &str) -> PipelineInput {
    let script = Some("cargo test".parse().expect("a script"));
    let task = TaskInput::builder().name("test").image("rust:1").script(script);
    let spec = PipelineSpecInput::builder().project("web").tasks(vec![task.try_into().expect("a task")]);
    let metadata = ObjectMetaInput::builder().name(Some(name.parse().expect("a name")));
    PipelineInput::builder().metadata(metadata).spec(spec).try_into().expect("a pipeline")
}

/// Returns the reason of a refusal.
fn reason<T>(answer: Result<T, Error<ci_service_client::types::Problem>>) -> ProblemReason {
    match answer {
        Err(Error::ErrorResponse(problem)) => problem.into_inner().reason,
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the service does it"),
    }
}

#[tokio::test]
async fn what_is_created_is_read_changed_listed_and_deleted() {
    let api = client().await;
    let created = api.create_pipeline().namespace("shop").body(pipeline("build")).send().await.expect("is created");
    let etag = created.headers()["etag"].to_str().expect("text").to_owned();
    assert_eq!(*created.spec.tasks[0].image, "rust:1");

    let patch = json!({ "metadata": { "labels": { "team": "web" } } }).as_object().cloned().expect("an object");
    let patched = api.patch_pipeline().namespace("shop").name("build").if_match(etag.clone()).body(patch).send().await;
    assert_eq!(patched.expect("is changed").metadata.labels["team"], "web");

    let late =
        api.replace_pipeline().namespace("shop").name("build").if_match(etag).body(pipeline("build")).send().await;
    assert_eq!(reason(late), ProblemReason::PreconditionFailed);

    let list = api.list_pipelines().namespace("shop").limit(10).send().await.expect("are listed");
    let names: Vec<_> = list.items.iter().map(|pipeline| pipeline.metadata.name.as_str()).collect();
    assert_eq!(names, ["build"]);

    api.delete_pipeline().namespace("shop").name("build").send().await.expect("is deleted");
    assert_eq!(reason(api.get_pipeline().namespace("shop").name("build").send().await), ProblemReason::NotFound);
}

#[tokio::test]
async fn a_second_object_of_a_name_is_a_problem_with_its_reason() {
    let api = client().await;
    let create = || api.create_pipeline().namespace("shop").body(pipeline("build")).send();
    create().await.expect("is created");
    assert_eq!(reason(create().await), ProblemReason::AlreadyExists);
}
