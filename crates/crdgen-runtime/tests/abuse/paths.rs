//! Invalid names in paths, and paths that lead elsewhere.

use crate::service::{Abused, JSON, MERGE_PATCH, WIDGET, ada};

/// Invalid names, as they appear in a path.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        ".",
        "..",
        "...",
        "%2e",
        "%2e%2e",
        "%2E%2e",
        ".%2e",
        "%2f",
        "%2F",
        "a%2fb",
        "..%2f..%2fsecrets",
        "%5c",
        "a%5cb",
        "%252e%252e",
        "%00",
        "a%00",
        "%0d%0a",
        "a%0d%0ax-user:%20root",
        "%0a",
        "%09",
        "%20",
        "a%20",
        "%20a",
        "+",
        "a+b",
        "%zz",
        "%",
        "%2",
        "A",
        "Team",
        "a_b",
        "-a",
        "a-",
        "a%3fb",
        "a%23b",
        "a;b",
        "a:b",
        "a,b",
        "a=b",
        "a&b",
        "a@b",
        "*",
        "$a",
        "(a)",
        "{name}",
        "%7Bname%7D",
        "~",
        "a~b",
        "'",
        "%22",
        "%3Cscript%3E",
        "%ff",
        "%c0%ae",
        "%e2%80%8b",
        "%C3%BC",
        "%d0%b0",
        "%ef%bc%8e",
        "%f0%9f%92%a9",
        "a..b",
        ".a",
        "a.",
        "a.-b",
        "a%2",
        "%u0061",
        "&lt;",
        "a%7f",
    ]
    .map(str::to_owned)
    .into();
    names.push("a".repeat(254));
    names.push(format!("{}.{}", "a".repeat(127), "b".repeat(126)));
    names.push("a".repeat(7000));
    names.push("%61".repeat(254));
    names
}

#[tokio::test]
async fn what_is_no_name_is_refused_wherever_a_name_stands() {
    let abused = Abused::start().await;
    for name in names() {
        let namespaced = format!("/apis/ci.example.com/v1/namespaces/team/widgets/{name}");
        let paths = [
            namespaced.clone(),
            format!("{namespaced}/status"),
            format!("{namespaced}/scale"),
            format!("/apis/ci.example.com/v1/namespaces/{name}/widgets/a"),
            format!("/apis/ci.example.com/v1/namespaces/{name}/widgets"),
            format!("/apis/ci.example.com/v1/watch/namespaces/{name}/widgets"),
            format!("/apis/ci.example.com/v1/runners/{name}"),
        ];
        for path in paths {
            let problem = abused.ask(ada("GET", &path, &[], "")).await.problem(400, "BadRequest");
            assert!(problem["detail"].is_string(), "{path}");
        }
        for (method, headers, body) in
            [("PUT", &[JSON][..], WIDGET), ("PATCH", &[MERGE_PATCH], "{}"), ("DELETE", &[], "")]
        {
            abused.ask(ada(method, &namespaced, headers, body)).await.problem(400, "BadRequest");
        }
    }
    // A namespace is at most 63 characters long and has no dots.
    for namespace in ["a".repeat(64), "a.b".to_owned(), "127.0.0.1".to_owned()] {
        let path = format!("/apis/ci.example.com/v1/namespaces/{namespace}/widgets/a");
        abused.ask(ada("GET", &path, &[], "")).await.problem(400, "BadRequest");
    }
    abused.assert_intact().await;
}

#[tokio::test]
async fn what_is_no_name_in_a_body_is_refused() {
    let abused = Abused::start().await;
    // Invalid names, as they appear in JSON.
    for name in ["..", "a/b", "\\u0000", "a\\r\\nb", "A", "ü", "a b", "", &"a".repeat(254)] {
        for (field, body) in [
            ("name", format!(r#"{{"metadata": {{"name": "{name}"}}, "spec": {{"color": "red"}}}}"#)),
            (
                "namespace",
                format!(r#"{{"metadata": {{"name": "a", "namespace": "{name}"}}, "spec": {{"color": "red"}}}}"#),
            ),
        ] {
            let answer = abused.ask(ada("POST", crate::service::WIDGETS, &[JSON], body)).await;
            // The object was decoded, but not stored: the backend refuses invalid names.
            assert!(matches!(answer.status, 201 | 400 | 422), "{field} {name:?}: {}", answer.text());
            assert!(
                answer.status != 201 || (field == "namespace" && name.is_empty()),
                "{field} {name:?}: {}",
                answer.text()
            );
        }
    }
}

#[tokio::test]
async fn there_is_nothing_beside_the_routes() {
    let abused = Abused::start().await;
    for path in [
        "/",
        "//",
        "/apis",
        "/apis/",
        "/apis/ci.example.com/v1",
        "/apis//v1/widgets",
        "//apis/ci.example.com/v1/widgets",
        "/apis/ci.example.com/v1/widgets/",
        "/apis/ci.example.com/v1/widgets//",
        "/apis/ci.example.com/v1/./widgets",
        "/apis/ci.example.com/v1/../v1/widgets",
        "/apis/ci.example.com/v1/namespaces/team/../team/widgets",
        "/apis/ci.example.com/v1/namespaces//widgets",
        "/apis/ci.example.com/v1/namespaces/team/widgets/",
        "/apis/ci.example.com/v1/namespaces/team/widgets/a/",
        "/apis/ci.example.com/v1/namespaces/team/widgets/a/b",
        "/apis/ci.example.com/v1/namespaces/team/widgets/a/status/",
        "/apis/ci.example.com/v1/namespaces/team/widgets/a/status/scale",
        "/apis/ci.example.com/v1/namespaces/team/widgets/a/finalize",
        "/apis/ci.example.com/v1/namespaces/team/widgets/../runners",
        "/apis/ci.example.com/v1/namespaces/team/secrets",
        "/apis/ci.example.com/v1/namespaces/team",
        "/apis/CI.example.com/v1/widgets",
        "/apis/ci.example.com/v1/Widgets",
        "/apis/ci.example.com/v1/widget%73x",
        "/api/v1/namespaces/kube-system/secrets",
        "/%61pis/ci.example.com/v1/widgets",
        "/apis%2fci.example.com%2fv1%2fwidgets",
        "/apis/ci.example.com/v1/widgets%00",
        "/apis\\ci.example.com\\v1\\widgets",
        "/.git/config",
        "/etc/passwd",
        "*",
    ] {
        let answer = abused.ask(ada("GET", path, &[], "")).await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {} {}", answer.status, answer.text());
        if answer.status == 404 {
            answer.problem(404, "NotFound");
        }
    }
    for method in ["OPTIONS", "TRACE", "POST", "CONNECT", "PROPFIND", "get", "X-METHOD"] {
        let path = format!("{}/a", crate::service::WIDGETS);
        let answer = abused.ask(ada(method, &path, &[JSON], "")).await;
        assert!(matches!(answer.status, 400 | 405), "{method}: {} {}", answer.status, answer.text());
    }
    let long = format!("/apis/ci.example.com/v1/{}", "a/".repeat(10_000));
    abused.ask(ada("GET", &long, &[], "")).await.problem(414, "BadRequest");
    // No header overrides the method.
    let tricks =
        [("x-http-method-override", "DELETE"), ("x-method-override", "DELETE"), ("x-original-url", "/metrics")];
    abused
        .ask(ada("POST", &format!("{}/a", crate::service::WIDGETS), &tricks, ""))
        .await
        .problem(405, "MethodNotAllowed");
    abused.assert_intact().await;
}
