//! Tests of the service as its users see it: started as a process and called over HTTP. With `CI_SERVICE_KUBECONFIG`
//! all tests run on an API server instead of memory.

mod client;

use std::thread;

use client::Server;
use serde_json::{Value, json};

const RUNNERS: &str = "/apis/ci.example.com/v1/runners";

fn project(name: &str) -> Value {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "Project",
        "metadata": {"name": name, "labels": {"team": "web"}},
        "spec": {"repository": {"url": "https://git.example.com/shop/web.git"}, "limits": {"cpu": 4, "memory": "8Gi"}}
    })
}

fn pipeline() -> Value {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "Pipeline",
        "metadata": {"name": "build"},
        "spec": {
            "project": "web",
            "params": [{"name": "target", "choices": ["staging", "production"], "default": "staging"}],
            "tasks": [{"name": "test", "image": "rust:1", "script": "cargo test", "limits": {"cpu": 2}}]
        }
    })
}

fn run(name: &str, branch: &str) -> Value {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "PipelineRun",
        "metadata": {"name": name},
        "spec": {"pipeline": "build", "source": {"branch": branch}}
    })
}

fn runner(name: &str) -> Value {
    json!({
        "apiVersion": "ci.example.com/v1",
        "kind": "Runner",
        "metadata": {"name": name},
        "spec": {"image": "runner:1", "replicas": 2, "cache": null}
    })
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["metadata"]["name"].as_str().unwrap()).collect()
}

#[test]
fn objects_are_created_read_and_listed_in_pages() {
    let server = Server::start();
    let projects = server.collection("projects");
    let operator = server.client("ada-secret");
    for name in ["web", "api", "docs"] {
        let created = operator.post(&projects, &project(name));
        assert_eq!(created.status, 201, "{}", created.body);
        assert_eq!(created.body["metadata"]["namespace"], server.namespace());
        assert!(created.body["metadata"]["uid"].is_string());
    }
    let again = operator.post(&projects, &project("web"));
    again.assert_problem(409, "AlreadyExists");

    let read = operator.get(&format!("{projects}/web"));
    assert_eq!(
        (read.status, &read.body["spec"]["limits"]),
        (200, &json!({"concurrentRuns": 4, "cpu": 4, "memory": "8Gi"})),
        "with the default that the CRD has"
    );
    operator.get(&format!("{projects}/nope")).assert_problem(404, "NotFound");

    let first = operator.get(&format!("{projects}?limit=2")).body;
    assert_eq!((first["kind"].as_str(), names(&first)), (Some("ProjectList"), vec!["api", "docs"]));
    let token = first["metadata"]["continue"].as_str().unwrap();
    let second = operator.get(&format!("{projects}?limit=2&continue={token}")).body;
    assert_eq!(names(&second), ["web"]);
    assert!(second["metadata"].get("continue").is_none_or(|token| token == ""));

    let selected = operator.get(&format!("{projects}?labelSelector=team%3Dweb&fieldSelector=metadata.name%3Dapi"));
    assert_eq!(names(&selected.body), ["api"]);
    operator.get(&format!("{projects}?continue=nonsense")).assert_problem(400, "BadRequest");
}

#[test]
fn callers_learn_what_their_roles_allow() {
    let server = Server::start();
    let path = format!("/permissions?namespace={}", server.namespace());
    let may = |token: &str, verb: &str, resource: &str| {
        let permissions = server.client(token).get(&path).body;
        let item = permissions["items"].as_array().unwrap().iter().find(|item| item["resource"] == resource).cloned();
        item.is_some_and(|item| item["verbs"].as_array().unwrap().contains(&json!(verb)))
    };
    for (resource, verb, by_role) in [
        ("pipelineruns", "watch", [true, true, true]),
        ("pipelineruns", "create", [false, true, true]),
        ("pipelineruns/status", "patch", [false, false, true]),
        ("runners", "delete", [false, false, true]),
    ] {
        let allowed = ["eve-secret", "bob-secret", "ada-secret"].map(|token| may(token, verb, resource));
        assert_eq!(allowed, by_role, "{verb} {resource}");
    }
    server.client("guessed").get(&path).assert_problem(401, "Unauthorized");
}

#[test]
fn a_stale_write_is_a_conflict_and_a_patch_is_not() {
    let server = Server::start();
    let projects = server.collection("projects");
    let operator = server.client("ada-secret");
    let url = format!("{projects}/web");
    let created = operator.post(&projects, &project("web")).body;

    let patch = json!({"spec": {"visibility": "Public", "limits": {"cpu": null}}});
    let patched = operator.patch(&url, &patch);
    assert_eq!(patched.status, 200, "{}", patched.body);
    assert_eq!(patched.body["spec"]["visibility"], "Public");
    assert_eq!(patched.body["spec"]["limits"], json!({"concurrentRuns": 4, "memory": "8Gi"}));
    assert_ne!(patched.body["metadata"]["resourceVersion"], created["metadata"]["resourceVersion"]);

    operator.put(&url, &created).assert_problem(409, "Conflict");
    let mut current = patched.body;
    current["spec"]["displayName"] = json!("Web shop");
    let replaced = operator.put(&url, &current);
    assert_eq!((replaced.status, &replaced.body["spec"]["displayName"]), (200, &json!("Web shop")));
}

#[test]
fn a_run_starts_from_its_pipeline_and_one_branch_has_one() {
    let server = Server::start();
    let pipelines = server.collection("pipelines");
    let runs = server.collection("pipelineruns");
    let (operator, developer) = (server.client("ada-secret"), server.client("bob-secret"));
    let orphan = developer.post(&runs, &run("first", "main"));
    orphan.assert_problem(422, "Invalid");
    assert_eq!(orphan.body["causes"][0]["field"], "spec.pipeline");

    let pipeline = developer.post(&pipelines, &pipeline());
    assert_eq!(pipeline.status, 201, "{}", pipeline.body);
    let first = developer.post(&runs, &run("first", "main"));
    assert_eq!(first.status, 201, "{}", first.body);
    assert_eq!(first.body["spec"]["tasks"], pipeline.body["spec"]["tasks"]);
    assert_eq!(first.body["spec"]["params"], json!([{"name": "target", "value": "staging"}]));

    let mut wrong = run("wrong", "other");
    wrong["spec"]["params"] = json!([{"name": "target", "value": "moon"}]);
    let wrong = developer.post(&runs, &wrong);
    wrong.assert_problem(422, "Invalid");
    assert_eq!(wrong.body["causes"][0]["field"], "spec.params[0].value");

    let busy = developer.post(&runs, &run("second", "main"));
    busy.assert_problem(409, "Conflict");
    assert_eq!(busy.body["type"], "urn:ci-service:branch-busy");
    assert_eq!(developer.post(&runs, &run("second", "other")).status, 201);

    let finished =
        json!({"status": {"phase": "Succeeded", "tasks": {"test": {"phase": "Succeeded", "exitCode": null}}}});
    let status = format!("{runs}/first/status");
    developer.patch(&status, &finished).assert_problem(403, "Forbidden");
    let patched = operator.patch(&status, &finished);
    assert_eq!(patched.status, 200, "{}", patched.body);
    assert_eq!(patched.body["status"]["phase"], "Succeeded");
    assert_eq!(developer.post(&runs, &run("third", "main")).status, 201);

    let mut forged = patched.body;
    forged["status"]["phase"] = json!("Running");
    let replaced = developer.put(&format!("{runs}/first"), &forged);
    assert_eq!(replaced.body["status"]["phase"], "Succeeded", "only /status changes the status");
}

#[test]
fn two_starts_at_once_give_one_run() {
    let server = Server::start();
    let pipelines = server.collection("pipelines");
    let runs = server.collection("pipelineruns");
    let developer = server.client("bob-secret");
    assert_eq!(developer.post(&pipelines, &pipeline()).status, 201);
    let mut statuses: Vec<_> = thread::scope(|scope| {
        let start = |index| {
            let (developer, runs) = (&developer, &runs);
            scope.spawn(move || developer.post(runs, &run(&format!("run-{index}"), "main")).status)
        };
        let starts: Vec<_> = (0..8).map(start).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [vec![201], vec![409; 7]].concat());
}

#[test]
fn runners_are_scaled_and_deleted() {
    let server = Server::start();
    let operator = server.client("ada-secret");
    // Runners are cluster-scoped, so the name contains the namespace of this test.
    let name = format!("large-{}", server.namespace());
    let created = operator.post(RUNNERS, &runner(&name));
    assert_eq!(created.status, 201, "{}", created.body);
    assert_eq!(created.body["spec"]["cache"], Value::Null);
    assert!(created.body["spec"].as_object().unwrap().contains_key("cache"), "null is not absent");

    let runner = format!("{RUNNERS}/{name}");
    let url = format!("{runner}/scale");
    assert_eq!(operator.get(&url).body["spec"]["replicas"], 2);
    let scaled = operator.patch(&url, &json!({"spec": {"replicas": 5}}));
    assert_eq!((scaled.status, &scaled.body["spec"]["replicas"]), (200, &json!(5)));
    assert_eq!(operator.get(&runner).body["spec"]["replicas"], 5);

    server.client("bob-secret").delete(&runner).assert_problem(403, "Forbidden");
    assert_eq!(operator.delete(&runner).status, 200);
    operator.get(&runner).assert_problem(404, "NotFound");
}

#[test]
fn every_refusal_is_a_problem_document() {
    let server = Server::start();
    let projects = server.collection("projects");
    let operator = server.client("ada-secret");
    server.client("wrong").get(&projects).assert_problem(401, "Unauthorized");
    let viewer = server.client("eve-secret");
    assert_eq!(viewer.get(&projects).status, 200);
    viewer.post(&projects, &project("web")).assert_problem(403, "Forbidden");

    operator.get("/nowhere").assert_problem(404, "NotFound");
    operator.delete(&projects).assert_problem(405, "MethodNotAllowed");
    operator.send("POST", &projects, Some(("text/plain", "{}"))).assert_problem(415, "UnsupportedMediaType");
    operator.send("POST", &projects, Some(("application/json", "{"))).assert_problem(400, "BadRequest");

    let mut wrong_type = project("web");
    wrong_type["spec"]["repository"]["url"] = json!(1);
    let wrong_type = operator.post(&projects, &wrong_type);
    wrong_type.assert_problem(422, "Invalid");
    assert_eq!(wrong_type.body["causes"][0]["field"], "spec.repository.url");
    operator.post(&projects, &pipeline()).assert_problem(422, "Invalid");
}

#[test]
fn the_document_is_served_and_names_the_routes() {
    let server = Server::start();
    let document = server.client("").get("/openapi.json");
    assert_eq!(document.status, 200);
    assert_eq!(document.body["openapi"], "3.0.3");
    assert!(document.body["paths"]["/apis/ci.example.com/v1/namespaces/{namespace}/pipelineruns"]["post"].is_object());
    assert!(document.body["components"]["schemas"]["PipelineRun"].is_object());
}

/// The OpenAPI document is generated with the routes, so no route is missing here.
#[test]
fn nobody_gets_through_on_any_route() {
    let server = Server::start();
    let nobody = server.client("wrong");
    let document = nobody.get("/openapi.json").body;
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys().filter(|key| *key != "parameters");
        methods.map(move |method| (method.to_uppercase(), path.replace("{namespace}", "shop").replace("{name}", "a")))
    });
    let mut tried = 0;
    for (method, path) in operations.filter(|(_, path)| path.starts_with("/apis/")) {
        nobody.send(&method, &path, None).assert_problem(401, "Unauthorized");
        tried += 1;
    }
    assert!(tried > 40, "{tried}");
}

#[test]
fn the_service_says_how_it_is() {
    let server = Server::start();
    let projects = server.collection("projects");
    let anyone = server.client("");
    assert_eq!((anyone.get("/healthz").status, anyone.get("/readyz").status), (200, 200));
    server.client("ada-secret").get(&format!("{projects}/web")).assert_problem(404, "NotFound");
    let counted = r#"http_requests_total{method="GET",route="/apis/ci.example.com/v1/namespaces/{namespace}/projects/{name}",status="404"} 1"#;
    let metrics = anyone.text("/metrics");
    assert!(metrics.lines().any(|line| line == counted), "{metrics}");
}

#[cfg(unix)]
#[test]
fn the_service_ends_when_asked_to() {
    assert!(Server::start().stop().success());
}

/// Runs on an API server only: replicas share no objects in memory.
#[test]
fn replicas_never_start_two_runs_of_a_branch() {
    let first = Server::start();
    let Some(second) = first.replica() else { return };
    let runs = first.collection("pipelineruns");
    first.client("ada-secret").post(&first.collection("pipelines"), &pipeline());
    for round in 0..20 {
        let branch = format!("branch-{round}");
        let start = |server: &Server, name: &str| {
            server.client("bob-secret").post(&runs, &run(&format!("{name}-{round}"), &branch)).status
        };
        let statuses = thread::scope(|scope| {
            let starts =
                [(&first, "first"), (&second, "second")].map(|(server, name)| scope.spawn(move || start(server, name)));
            starts.map(|start| start.join().expect("an answer"))
        });
        let stored = first.client("eve-secret").get(&format!("{runs}?fieldSelector=spec.source.branch%3D{branch}"));
        let created = statuses.iter().filter(|status| **status == 201).count();
        assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
        assert!(created <= 1 && names(&stored.body).len() == created, "{statuses:?} {}", stored.body);
    }
}
