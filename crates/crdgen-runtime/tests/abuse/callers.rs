//! Requests of unknown callers and of callers without rights, on every route.

use crdgen_runtime::server::route;
use crdgen_runtime::{Resource, View};

use crate::sample::ci_example_com::v1::runner::Runner;
use crate::sample::ci_example_com::v1::widget::{Widget, WidgetSummary};
use crate::service::{Abused, JSON, MERGE_PATCH, WIDGET, WIDGETS, ada};
use crate::wire::request;

/// Source of the generated routes, so that no route is missing from this test.
const WIDGET_API: &str = include_str!("../sample/api/ci_example_com/v1/widget.rs");
const RUNNER_API: &str = include_str!("../sample/api/ci_example_com/v1/runner.rs");

/// Returns the method and path of every route.
fn routes() -> Vec<(String, String)> {
    let widgets = written(WIDGET_API)
        .map(|(method, name)| (method, of_kind::<Widget>(name).or_else(|| of_view::<WidgetSummary>(name))));
    let runners = written(RUNNER_API).map(|(method, name)| (method, of_kind::<Runner>(name)));
    let routes = widgets.chain(runners).map(|(method, path)| {
        let path = path.expect("a route that this test does not know");
        (method.to_uppercase(), path.replace("{namespace}", "team").replace("{name}", "a"))
    });
    routes.collect()
}

/// Returns the methods and names in lines of the form `.route(&name, routing::method(...))`.
fn written(source: &str) -> impl Iterator<Item = (&str, &str)> {
    source.lines().filter_map(|line| {
        let (name, method) = line.trim().strip_prefix(".route(&")?.split_once(", routing::")?;
        Some((method.split('(').next()?, name))
    })
}

fn of_kind<K: Resource>(name: &str) -> Option<String> {
    Some(match name {
        "all" => route::all::<K>(),
        "all_changes" => route::all_changes::<K>(),
        "changes" => route::changes::<K>(),
        "collection" => route::collection::<K>(),
        "object" => route::object::<K>(),
        "scale" => route::scale::<K>(),
        "status" => route::status::<K>(),
        _ => return None,
    })
}

fn of_view<V: View>(name: &str) -> Option<String> {
    Some(match name {
        "view_all" => route::view_all::<V>(),
        "view_all_changes" => route::view_all_changes::<V>(),
        "view_changes" => route::view_changes::<V>(),
        "view_collection" => route::view_collection::<V>(),
        "view_object" => route::view_object::<V>(),
        _ => return None,
    })
}

#[tokio::test]
async fn nobody_gets_through_on_any_route() {
    let abused = Abused::start().await;
    let routes = routes();
    let mentions = [WIDGET_API, RUNNER_API].map(|source| source.matches("routing::").count());
    assert_eq!(routes.len(), mentions.iter().sum::<usize>(), "a route in a form that this test does not read");
    for (method, path) in &routes {
        let (media_type, body) = match (method.as_str(), path) {
            ("PATCH", _) => (MERGE_PATCH, "{}"),
            ("PUT", path) if path.ends_with("/scale") => {
                (JSON, r#"{"metadata": {"name": "a"}, "spec": {"replicas": 1}}"#)
            }
            ("POST" | "PUT", path) if path.contains("/widgets") => {
                (JSON, r#"{"metadata": {"name": "a"}, "spec": {"color": "red"}}"#)
            }
            ("POST" | "PUT", _) => (JSON, r#"{"metadata": {"name": "a"}, "spec": {"image": "runner:1"}}"#),
            _ => (("x-none", ""), ""),
        };
        let send = |headers: &[(&str, &str)]| {
            let headers: Vec<_> = headers.iter().copied().chain([media_type]).collect();
            request(method, path, &headers, body)
        };
        for user in ["guest", "Ada", "ada,root", "root"] {
            let answer = abused.ask(send(&[("x-user", user)])).await;
            assert_eq!(answer.status, 403, "{method} {path}: {}", answer.text());
            answer.problem(403, "Forbidden");
        }
        for headers in
            [&[][..], &[("x-user", "\u{fc}")], &[("x-forwarded-user", "ada")], &[("impersonate-user", "ada")]]
        {
            let answer = abused.ask(send(headers)).await;
            assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text());
            answer.problem(401, "Unauthorized");
        }
    }
    abused.assert_intact().await;
}

/// A refusal does not tell whether the object exists.
#[tokio::test]
async fn a_refusal_is_the_same_whatever_is_there() {
    let abused = Abused::start().await;
    let created = abused.ask(ada("POST", WIDGETS, &[JSON], WIDGET)).await;
    assert_eq!(created.status, 201);
    let detail = |answer: crate::wire::Answer| answer.problem(403, "Forbidden")["detail"].clone();
    let there = abused.ask(request("GET", &format!("{}/a", WIDGETS), &[("x-user", "guest")], "")).await;
    let not_there = abused.ask(request("GET", &format!("{}/b", WIDGETS), &[("x-user", "guest")], "")).await;
    assert_eq!(detail(there), detail(not_there));
}
